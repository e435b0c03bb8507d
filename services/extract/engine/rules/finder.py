"""Puts the rules together: one pass over the sentences, then nesting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.rules.according import according
from services.extract.engine.rules.carried import carried
from services.extract.engine.rules.clauses import units
from services.extract.engine.rules.complements import complements
from services.extract.engine.rules.direct import direct
from services.extract.engine.rules.found import Found, statement
from services.extract.engine.rules.quoted import quoted
from services.extract.engine.rules.reported import reported
from services.extract.engine.rules.view import view
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Unit
    from services.extract.engine.rules.view import View
    from services.extract.engine.text import Document
    from services.extract.engine.types import Statement


def find_statements(document: Document) -> list[Statement]:
    """Find the statements of a document by rules; spans only, in reading order."""
    looked_at = view(document)
    found: list[Found] = []
    last: Found | None = None
    for unit in units(looked_at):
        here = _in_unit(looked_at, unit, last)
        if last is not None and here and _continues(here[0], last):
            found[found.index(last)] = last = _joined(last, here[0])
            found.extend(here[1:])
            continue
        found.extend(here)
        last = _latest(here)
    found.sort(key=lambda f: (f.first, -f.end))
    return [statement(document, f, None) for f in found]


def _in_unit(looked_at: View, unit: Unit, last: Found | None) -> list[Found]:
    """Find the statements of one sentence."""
    here = [
        *direct(looked_at, unit, last),
        *according(looked_at, unit),
        *complements(looked_at, unit),
    ]
    taken = {token for f in here for first, end in f.cue for token in range(first, end)}
    here += list(reported(looked_at, unit, taken))
    if not here:
        going_on = carried(looked_at, unit, last)
        here = [going_on] if going_on else []
    here += list(quoted(looked_at, unit, here))
    return sorted(here, key=lambda f: (f.first, -f.end))


def _continues(found: Found, last: Found | None) -> bool:
    """Whether the sentence goes on with the carried-on sentence before it."""
    carried_on = Type.INDIRECT_FREE_INDIRECT
    return last is not None and found.type is carried_on and last.type is carried_on and last.end == found.first


def _latest(here: list[Found]) -> Found | None:
    """Pick the statement that the next sentence may carry on: the last that is not inside one."""
    outer = [f for f in here if not any(_is_inside(f, other) for other in here)]
    return outer[-1] if outer else None


def _is_inside(found: Found, other: Found) -> bool:
    return other is not found and other.first <= found.first and found.end <= other.end


def _joined(last: Found, found: Found) -> Found:
    return replace(last, content=((last.first, found.end),))
