"""Indirect statements that a verb of saying governs.

Clauses with dass, ob or a w-word, verb-second clauses in the subjunctive, infinitives with zu;
behind the verb or in front of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import SUBJUNCTIVE, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.speaker import source_of
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause, Text, Unit
    from services.extract.engine.rules.cues import Cue

# How many clauses may stand between a verb of saying and what is said.
_REACH = 3


def complements(text: Text, unit: Unit) -> Iterator[Found]:
    """Find the clauses that say what was said."""
    for index, clause in enumerate(unit.clauses):
        if clause.kind is Kind.QUOTE:
            continue
        cue = cue_of(text, clause)
        if cue is None:
            continue
        at = _complement(text, unit, index, cue)
        if at is not None:
            yield _behind(text, unit, index, cue, at)
        elif _is_fronted(text, unit, index, cue):
            yield _in_front(text, unit, index, cue)


def _complement(text: Text, unit: Unit, index: int, cue: Cue) -> int | None:
    """Find the clause behind clause `index` that the cue governs."""
    for at in range(index + 1, min(index + 1 + _REACH, len(unit.clauses))):
        clause = unit.clauses[at]
        if clause.mark not in (",", ":") or clause.kind is Kind.QUOTE:
            return None
        if _says_what(text, clause, cue):
            return at
        if clause.kind not in (Kind.PHRASE, Kind.RELATIVE):
            return None
    return None


def _says_what(text: Text, clause: Clause, cue: Cue) -> bool:
    """Whether the clause is a complement that the cue's verb takes."""
    takes = cue.verb.takes
    if text.lower[clause.first] in words("complementizers") and clause.kind is not Kind.RELATIVE:
        return "dass" in takes and not _as_reported(text, clause)
    if clause.kind is Kind.INFINITIVE:
        return "zu" in takes and text.lower[clause.first] not in ("um", "ohne", "anstatt", "statt")
    return "dass" in takes and clause.kind is Kind.MAIN and subjunctive(text, clause)


def _as_reported(text: Text, clause: Clause) -> bool:
    """Whether a wie-clause names another speaker: "wie die Polizei mitteilte"."""
    return text.lower[clause.first] == "wie" and cue_of(text, clause) is not None


def subjunctive(text: Text, clause: Clause) -> bool:
    """Whether a finite verb of the clause stands in the subjunctive."""
    return any(text.forms[verb].form & SUBJUNCTIVE for verb in clause.finite)


def _extent(text: Text, unit: Unit, at: int) -> int:
    """Find the end of the complement that begins with clause `at`."""
    last = at
    verb_first = unit.clauses[at].kind is Kind.MAIN
    for following in range(at + 1, len(unit.clauses)):
        if not _goes_on(text, unit.clauses[following], verb_first):
            break
        last = following
    if last == len(unit.clauses) - 1:
        return unit.body_end
    return unit.clauses[last].end


def _goes_on(text: Text, clause: Clause, verb_second: bool) -> bool:
    """Whether the clause belongs to the complement before it."""
    if clause.kind is Kind.QUOTE or clause.mark in (":", ";"):
        return False
    if clause.kind is Kind.MAIN:
        return subjunctive(text, clause) or (
            not verb_second and clause.mark == "," and clause.finite[-1] == clause.end - 1
        )
    word = text.lower[clause.first]
    if word == "so" and clause.kind is Kind.PHRASE:
        return False
    return not (word == "wie" and cue_of(text, clause))


def _behind(text: Text, unit: Unit, index: int, cue: Cue, at: int) -> Found:
    """Make the statement of a complement behind its verb."""
    first = unit.clauses[at].first
    return Found(
        content=((first, _extent(text, unit, at)),),
        type=Type.INDIRECT,
        medium=cue.verb.medium,
        source=source_of(text, unit, index, cue),
        cue=tokens(cue.tokens),
        frame=((_frame_start(unit, index), first),),
    )


def _frame_start(unit: Unit, index: int) -> int:
    """Where the main clause around clause `index` begins."""
    for position in range(index, 0, -1):
        if unit.clauses[position].mark not in (",", "(", ")", "–"):
            return unit.clauses[position].first
    return unit.first


def _is_fronted(text: Text, unit: Unit, index: int, cue: Cue) -> bool:
    """Whether what was said stands before ", sagte X"."""
    clause = unit.clauses[index]
    if not index or clause.mark != "," or cue.finite != clause.first:
        return False
    if "dass" not in cue.verb.takes and "zu" not in cue.verb.takes:
        return False
    head = unit.clauses[0]
    if head.kind is Kind.MAIN:
        return "weak" not in cue.verb.takes
    if head.kind is Kind.SUBORDINATE:
        return text.lower[head.first] in ("dass", "daß", "ob")
    return head.kind is Kind.INFINITIVE and "zu" in cue.verb.takes


def _in_front(text: Text, unit: Unit, index: int, cue: Cue) -> Found:
    """Make the statement of a complement in front of its verb."""
    clause = unit.clauses[index]
    return Found(
        content=((unit.first, clause.first - 1),),
        type=Type.INDIRECT,
        medium=cue.verb.medium,
        source=source_of(text, unit, index, cue),
        cue=tokens(cue.tokens),
        frame=((clause.first - 1, unit.body_end),),
    )
