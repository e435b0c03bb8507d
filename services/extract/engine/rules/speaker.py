"""Who says it: the source that a cue's clause names, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.phrases import following_subject, noun_phrase, subject

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Text, Unit
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Ranges


def source_of(text: Text, unit: Unit, index: int, cue: Cue) -> Ranges:
    """Find who speaks in clause `index` of the unit, whose cue is given."""
    clause = unit.clauses[index]
    if cue.passive:
        return _agent(text, clause.first, clause.end)
    if clause.kind is Kind.RELATIVE:
        return _relative_subject(text, unit, index, cue)
    if clause.kind is Kind.SUBORDINATE:
        found = following_subject(text, clause.first + 1, cue.finite)
        return (found,) if found else ()
    if cue.finite == clause.first and clause.mark == "," and index:
        before = _interrupted(text, unit, index)
        if before:
            return before
    found = subject(text, clause, cue.finite)
    if found is None and cue.finite <= clause.first + 1:
        return _shared_subject(text, unit, index)
    return _with_apposition(text, unit, index, found) if found else ()


def _agent(text: Text, first: int, end: int) -> Ranges:
    """The "von" phrase of a passive."""
    for position in range(first, end - 1):
        if text.lower[position] in ("von", "vom", "seitens"):
            after = noun_phrase(text, position + 1, end)
            if after > position + 1:
                return ((position + 1, after),)
    return ()


def _relative_subject(text: Text, unit: Unit, index: int, cue: Cue) -> Ranges:
    """The relative pronoun when it is the subject, else the first noun phrase behind it."""
    clause = unit.clauses[index]
    opener = clause.first
    if text.lower[opener] in words("prepositions"):
        opener += 1
    elif text.lower[opener] in ("der", "die", "das", "welcher", "welche", "welches"):
        found = following_subject(text, opener + 1, cue.finite)
        if found is None or text.lower[opener] == "der" or found[1] < cue.finite:
            return ((opener, opener + 1),)
        return (found,)
    found = following_subject(text, opener + 1, cue.finite)
    return (found,) if found else ()


def _interrupted(text: Text, unit: Unit, index: int) -> Ranges:
    """The subject that an apposition or relative clause cuts off from its verb."""
    start = index - 1
    while start > 0 and unit.clauses[start].kind in (Kind.PHRASE, Kind.RELATIVE):
        if unit.clauses[start].mark != ",":
            break
        start -= 1
    head = unit.clauses[start]
    if head.kind is not Kind.PHRASE or noun_phrase(text, head.first, head.end) == head.first:
        return ()
    if any(unit.clauses[i].kind is Kind.RELATIVE for i in range(start, index)):
        return ((head.first, head.end),)
    return ((head.first, unit.clauses[index - 1].end),)


def _shared_subject(text: Text, unit: Unit, index: int) -> Ranges:
    """The subject of the clause before, when "und" only adds a second verb."""
    for before in range(index - 1, -1, -1):
        clause = unit.clauses[before]
        if clause.kind is Kind.MAIN and clause.finite:
            found = subject(text, clause, clause.finite[0])
            return (found,) if found else ()
    return ()


def _with_apposition(text: Text, unit: Unit, index: int, found: tuple[int, int]) -> Ranges:
    """Add "..., der Vorsitzende der Kommission," behind the subject."""
    if found[1] != unit.clauses[index].end or index + 1 >= len(unit.clauses):
        return (found,)
    following = unit.clauses[index + 1]
    if following.kind is not Kind.PHRASE or following.mark != ",":
        return (found,)
    after = noun_phrase(text, following.first, following.end)
    if after != following.end:
        return (found,)
    return ((found[0], following.end),)
