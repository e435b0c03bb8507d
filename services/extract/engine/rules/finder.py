"""Puts the rules together: one pass over the sentences, then nesting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.rules.according import according
from services.extract.engine.rules.carried import carried
from services.extract.engine.rules.clauses import Text, tag, units
from services.extract.engine.rules.complements import complements
from services.extract.engine.rules.direct import blocks, direct
from services.extract.engine.rules.found import Found, statement

if TYPE_CHECKING:
    from services.extract.engine.text import Document
    from services.extract.engine.types import Statement


def find_statements(document: Document) -> list[Statement]:
    """Find the statements of a document by rules; spans only, in reading order."""
    forms = tag(document)
    text = Text(document, forms, blocks(document, forms))
    found: list[Found] = []
    last: Found | None = None
    for unit in units(text):
        if unit.opens_paragraph:
            last = None
        here = [*direct(text, unit), *according(text, unit), *complements(text, unit)]
        if not here:
            going_on = carried(text, unit, last)
            if going_on:
                here = [going_on]
            else:
                last = None
        if here:
            last = here[-1]
        found.extend(here)
    found.sort(key=lambda f: (f.first, -f.end))
    return [statement(document, f, None) for f in found]
