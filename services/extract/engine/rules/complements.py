"""Indirect statements that a verb of saying governs.

Clauses with dass, ob or a w-word, verb-second clauses, infinitives with zu; behind the verb or in
front of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.speaker import addressee_of, source_of
from services.extract.engine.rules.verbs import is_reporting_mood, is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.view import View

# How many clauses may stand between a verb of saying and what is said.
_REACH = 4
_PURPOSE = frozenset(["um", "ohne", "anstatt", "statt"])
# Relative words that take up a whole clause: behind an indicative the article speaks again.
_CONTINUING = frozenset(["was", "womit", "woraufhin", "wobei", "weshalb", "weswegen", "wodurch"])
_DASS = frozenset(["dass", "daß", "ob"])


def complements(view: View, unit: Unit) -> Iterator[Found]:
    """Find the clauses that say what was said."""
    for index, clause in enumerate(unit.clauses):
        cue = cue_of(view, unit, index)
        if cue is None or _is_parenthesis(clause):
            continue
        source = source_of(view, unit, index, cue)
        # A phrase behind the clause can only be an apposition where the clause ends in its source.
        apposition = any(end == clause.end for _, end in source)
        at = _complement(view, unit, index, cue, apposition=apposition)
        if at is not None:
            yield _behind(view, unit, index, cue, at)
        elif _is_fronted(view, unit, index, cue):
            yield _in_front(view, unit, index, cue)


def _is_parenthesis(clause: Clause) -> bool:
    """Whether the clause is one like "wie X sagte", which other rules read."""
    return clause.opener in ("wie", "so") and clause.kind is Kind.SUBORDINATE


def _complement(view: View, unit: Unit, index: int, cue: Cue, *, apposition: bool) -> int | None:
    """Find the clause at which the complement behind clause `index` begins."""
    begin: int | None = None
    for at in range(index + 1, min(index + 1 + _REACH, len(unit.clauses))):
        clause = unit.clauses[at]
        if clause.kind is Kind.QUOTE or clause.mark not in (",", ":", "–"):
            return None
        if _says_what(view, clause, cue):
            return at if apposition else _infinitive_start(unit, index, at)
        if clause.kind is Kind.MAIN:
            return begin if _closes_front(view, clause, cue) else None
        if begin is None and (_opens_front(view, clause) or not apposition):
            begin = at
    return None


def _infinitive_start(unit: Unit, index: int, at: int) -> int:
    """Where an infinitive begins that commas cut: "..., das Land, darunter X, zu verlassen"."""
    if unit.clauses[at].kind is Kind.INFINITIVE:
        while at - 1 > index and unit.clauses[at - 1].kind is Kind.PHRASE:
            at -= 1
    return at


def _says_what(view: View, clause: Clause, cue: Cue) -> bool:
    """Whether the clause is a complement that the cue's verb takes."""
    if clause.kind is Kind.RELATIVE:
        return False
    if clause.opener in words("complementizers"):
        return cue.takes("dass") and clause.kind is not Kind.MAIN and _is_question(cue, clause)
    if clause.kind is Kind.INFINITIVE:
        return (cue.takes("zu") or cue.takes("dass")) and clause.opener not in _PURPOSE
    if clause.kind is not Kind.MAIN or not cue.takes("dass") or clause.mark == "–":
        return False
    second = clause.finite[0] > clause.first
    if not second or view.lower[clause.first] in words("conjunctions"):
        return False
    return is_subjunctive(view, clause.finite[0]) or (
        cue.takes("ind") and _plain_second(view, clause)
    )


def _plain_second(view: View, clause: Clause) -> bool:
    """Whether an indicative clause is short before its verb: "er rufe an", not a new sentence."""
    return clause.mark == "," and clause.opener not in words("relatives") | words("adverbs")


def _is_question(cue: Cue, clause: Clause) -> bool:
    """Whether the clause fits the verb: w-clauses need one that can ask or tell."""
    return (
        clause.opener in _DASS
        or (clause.opener != "wie" and not cue.takes("weak"))
        or (clause.opener == "wie" and clause.mark == "," and not cue.takes("weak"))
    )


def _opens_front(view: View, clause: Clause) -> bool:
    """Whether the clause can open a verb-second complement: "sagte, wenn X komme, werde Y"."""
    return clause.kind is Kind.SUBORDINATE or (
        clause.kind is Kind.PHRASE and clause.opener in words("prepositions")
    )


def _closes_front(view: View, clause: Clause, cue: Cue) -> bool:
    """Whether the clause is the verb-first rest of such a complement."""
    return (
        cue.takes("dass")
        and clause.finite[0] == clause.first
        and is_subjunctive(view, clause.finite[0])
    )


def extent(view: View, unit: Unit, at: int) -> int:
    """Find the end of the statement that begins with clause `at`."""
    last = at
    first = unit.clauses[at]
    complete = bool(first.finite) or first.kind is Kind.INFINITIVE
    subjunctive = any(is_subjunctive(view, verb) for verb in first.finite)
    for following in range(at + 1, len(unit.clauses)):
        clause = unit.clauses[following]
        if complete and not _goes_on(view, unit, following, subjunctive=subjunctive):
            break
        if not complete and (clause.kind is Kind.QUOTE or clause.mark in (":", ";")):
            break
        last = following
        complete = complete or bool(clause.finite)
        subjunctive = subjunctive or any(is_subjunctive(view, verb) for verb in clause.finite)
    return unit.body_end if last == len(unit.clauses) - 1 else unit.clauses[last].end


def _goes_on(view: View, unit: Unit, following: int, *, subjunctive: bool) -> bool:
    """Whether the clause belongs to the statement before it."""
    clause = unit.clauses[following]
    if clause.kind is Kind.QUOTE or clause.mark == ":":
        return False
    mood = any(is_subjunctive(view, verb) for verb in clause.finite)
    if clause.kind is Kind.MAIN or clause.mark == ";":
        verb_last = clause.finite and clause.finite[-1] == clause.end - 1 and clause.mark != ";"
        return mood or bool(verb_last and clause.finite[0] > clause.first + 1)
    if clause.opener == "so" and clause.kind is Kind.PHRASE:
        return False
    if clause.opener in _CONTINUING and clause.kind is Kind.SUBORDINATE:
        return mood or subjunctive
    return not (clause.opener == "wie" and cue_of(view, unit, following))


def _behind(view: View, unit: Unit, index: int, cue: Cue, at: int) -> Found:
    """Make the statement of a complement behind its verb."""
    first = unit.clauses[at].first
    source = source_of(view, unit, index, cue)
    return Found(
        content=((first, extent(view, unit, at)),),
        type=Type.INDIRECT,
        medium=cue.verb.medium,
        source=source,
        cue=tokens((*cue.tokens, *_correlates(view, unit.clauses[index]))),
        frame=((frame_start(unit, index), first),),
        addressee=addressee_of(view, unit, index, cue, source),
    )


def _correlates(view: View, clause: Clause) -> list[int]:
    """Words like "davon" that point ahead to the complement."""
    places = range(clause.first + 1, clause.end)
    return [i for i in places if view.lower[i] in words("correlates")]


def frame_start(unit: Unit, index: int) -> int:
    """Where the main clause around clause `index` begins."""
    for position in range(index, 0, -1):
        if unit.clauses[position].mark not in (",", "(", ")", "–", "["):
            return unit.clauses[position].first
    return unit.first


def _is_fronted(view: View, unit: Unit, index: int, cue: Cue) -> bool:
    """Whether what was said stands before ", sagte X"."""
    clause = unit.clauses[index]
    if not index or clause.mark not in (",", "–") or cue.finite != clause.first:
        return False
    if not (cue.takes("dass") or cue.takes("zu")):
        return False
    before = unit.clauses[:index]
    if any(c.kind is Kind.QUOTE for c in before):
        return False
    if any(c.kind is Kind.MAIN for c in before):
        return not cue.takes("weak") and not is_reporting_mood(view, cue.finite)
    head = before[0]
    if head.kind is Kind.SUBORDINATE:
        return head.opener in _DASS or (
            head.opener in words("complementizers") and head.opener != "wie"
        )
    return head.kind is Kind.INFINITIVE and cue.takes("zu") and head.opener not in _PURPOSE


def _in_front(view: View, unit: Unit, index: int, cue: Cue) -> Found:
    """Make the statement of a complement in front of its verb."""
    clause = unit.clauses[index]
    source = source_of(view, unit, index, cue)
    return Found(
        content=((unit.first, clause.first - 1),),
        type=Type.INDIRECT,
        medium=cue.verb.medium,
        source=source,
        cue=tokens(cue.tokens),
        frame=((clause.first - 1, unit.body_end),),
        addressee=addressee_of(view, unit, index, cue, source),
    )
