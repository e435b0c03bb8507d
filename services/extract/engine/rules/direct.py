"""Direct speech: quotations that somebody is named for.

Sentences in quotation marks are given the cue beside them; words in quotation marks inside a
clause are direct speech when that clause says that somebody used them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import frame_start
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.phrases import following_subject, noun_phrase
from services.extract.engine.rules.speaker import addressee_of, source_of
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Unit
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.view import View

# How many clauses back the cue of a quotation behind a colon is looked for.
_REACH = 4


def direct(view: View, unit: Unit, last: Found | None) -> Iterator[Found]:
    """Find the quotations with somebody to say them; `last` is the statement before the unit."""
    here: Found | None = None
    for index, clause in enumerate(unit.clauses):
        if clause.kind is not Kind.QUOTE:
            continue
        found = (
            _so(view, unit, index)
            or _after(view, unit, index)
            or _before(view, unit, index)
            or _headed(view, unit, index)
            or _carried(unit, index, here or last)
        )
        if found is not None:
            here = found
            yield found


def _so(view: View, unit: Unit, index: int) -> Found | None:
    """The quotation with ", so X" behind it."""
    if index + 1 >= len(unit.clauses):
        return None
    clause = unit.clauses[index + 1]
    if view.lower[clause.first] != "so" or clause.finite or clause.kind is Kind.QUOTE:
        return None
    named = following_subject(view, clause.first + 1, clause.end)
    quote = unit.clauses[index]
    return Found(
        content=((quote.first, quote.end),),
        type=Type.DIRECT,
        medium=Medium.SPEECH,
        source=(named,) if named else (),
        cue=((clause.first, clause.first + 1),),
        frame=((quote.end, clause.end),),
    )


def _after(view: View, unit: Unit, index: int) -> Found | None:
    """The quotation with ", sagte X" behind it."""
    if index + 1 >= len(unit.clauses):
        return None
    clause, quote = unit.clauses[index + 1], unit.clauses[index]
    cue = cue_of(view, unit, index + 1)
    if cue is None or clause.mark not in (",", "", "–", "-") or cue.finite > clause.first + 1:
        return None
    return _found(view, unit, index, index + 1, cue, (quote.end, _frame_end(unit, index + 1)))


def _frame_end(unit: Unit, index: int) -> int:
    """Where the clause with the cue ends, with what is set off by commas behind it."""
    end = unit.clauses[index].end
    for clause in unit.clauses[index + 1 :]:
        if clause.kind not in (Kind.PHRASE, Kind.RELATIVE) or clause.mark != ",":
            break
        end = clause.end
    return end


def _before(view: View, unit: Unit, index: int) -> Found | None:
    """The quotation that "X sagte:" introduces."""
    quote = unit.clauses[index]
    for before in range(index - 1, max(-1, index - _REACH), -1):
        if unit.clauses[before].kind is Kind.QUOTE:
            return None
        cue = cue_of(view, unit, before)
        if cue is not None and (quote.mark == ":" or cue.takes("quote")):
            frame = (frame_start(unit, before), quote.first)
            return _found(view, unit, index, before, cue, frame)
    return None


def _headed(view: View, unit: Unit, index: int) -> Found | None:
    """The quotation behind nothing but a name: "Minister Huber: „…“"."""
    quote = unit.clauses[index]
    if not index or quote.mark != ":" or unit.clauses[index - 1].kind is not Kind.PHRASE:
        return None
    clause = unit.clauses[index - 1]
    after = noun_phrase(view, clause.first, clause.end)
    rest = view.lower[after : clause.end]
    if after == clause.first or any(word not in words("adverbs") for word in rest):
        return None
    return Found(
        content=((quote.first, quote.end),),
        type=Type.DIRECT,
        medium=Medium.SPEECH,
        source=((clause.first, after),),
        frame=((frame_start(unit, index - 1), quote.first),),
        confidence=0.7,
    )


def _found(view: View, unit: Unit, quote: int, at: int, cue: Cue, frame: tuple[int, int]) -> Found:
    """Make the statement of clause `quote` whose cue stands in clause `at`."""
    source = source_of(view, unit, at, cue)
    clause = unit.clauses[quote]
    return Found(
        content=((clause.first, clause.end),),
        type=Type.DIRECT,
        medium=cue.verb.medium,
        source=source,
        cue=tokens(cue.tokens),
        frame=(frame,),
        addressee=addressee_of(view, unit, at, cue, source),
    )


def _carried(unit: Unit, index: int, last: Found | None) -> Found | None:
    """A quotation that is a sentence by itself goes on with who spoke last."""
    if last is None or len(unit.clauses) > 1:
        return None
    quote = unit.clauses[index]
    if last.type is Type.DIRECT:
        return replace(last, content=((quote.first, quote.end),), addressee=())
    return Found(((quote.first, quote.end),), Type.DIRECT, last.medium, last.source, confidence=0.6)
