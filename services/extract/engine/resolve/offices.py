"""Office holders whom news names by office and surname alone: „Bundeskanzler Scholz“."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.tables import padded, table

if TYPE_CHECKING:
    from services.extract.engine.resolve.mentions import Mention


@cache
def _holders() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    found: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for surname, name, offices in (padded(row, 3) for row in table("people")):
        found[surname] = (*found.get(surname, ()), (name, frozenset(offices.split("|"))))
    return found


def office_holder(mention: Mention) -> str | None:
    """Give the full name of somebody whom everybody knows by office and surname."""
    surname = names.without_genitive(mention.name, _holders())
    for name, offices in _holders().get(surname, ()):
        if mention.head is not None and mention.head.lemma in offices:
            return name
    return None
