"""Where something is said: behind "in", "aus", "von", or before a relative clause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import endings, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.phrases import bare_phrase, noun_phrase

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Ranges
    from services.extract.engine.rules.view import View

# How many clauses back a place is looked for.
_REACH = 12


def place_of(view: View, clause: Clause, cue: Cue) -> Ranges:
    """Where it is said: behind "in" and its like, or a relative pronoun behind one of them."""
    places = words("places") - words("agents") if cue.takes("topic") else words("places")
    first = clause.first
    relative = clause.kind is Kind.RELATIVE and view.lower[first] in places
    if relative and view.lower[first + 1] in words("relatives"):
        return ((first + 1, first + 2),)
    return behind(view, first, clause.end, places)


def place_before(view: View, unit: Unit, index: int) -> Ranges:
    """A place before a relative clause: "In einem Brief, der vorliegt, ist von X die Rede"."""
    start = index
    while start > max(0, index - _REACH) and goes_back(unit, start):
        start -= 1
    head = unit.clauses[start]
    cut = start < index and unit.clauses[index].finite[0] == unit.clauses[index].first
    if not cut or head.kind is not Kind.PHRASE or view.lower[head.first] not in ("in", "im"):
        return ()
    whole = noun_phrase(view, head.first + 1, head.end) == head.end
    return ((head.first + 1, unit.clauses[index - 1].end),) if whole else ()


def in_writing(view: View, unit: Unit, index: int) -> Ranges:
    """The document or the circles in which a passive says it: "wird in dem Brief gefordert"."""
    clause = unit.clauses[index]
    found = behind(view, clause.first, clause.end, frozenset(("in", "im")))
    for first, end in found or place_before(view, unit, index):
        nouns = [i for i in range(first, bare_phrase(view, first, end)) if not view.is_small(i)]
        if nouns and view.lower[nouns[-1]].endswith(endings("in_writing")):
            return ((first, end),)
    return ()


def behind(view: View, first: int, end: int, prepositions: frozenset[str]) -> Ranges:
    """The noun phrase behind one of the prepositions."""
    for position in range(first, end - 1):
        if view.lower[position] in prepositions:
            after = noun_phrase(view, position + 1, end)
            if after > position + 1:
                return ((position + 1, after),)
    return ()


def goes_back(unit: Unit, index: int) -> bool:
    """Whether an apposition or relative clause stands before clause `index`, set off by commas."""
    before = unit.clauses[index - 1]
    return unit.clauses[index].mark == "," and before.kind in (Kind.PHRASE, Kind.RELATIVE)
