"""Direct speech: quotations that somebody is named for.

Sentences in quotation marks are given the cue beside them; words in quotation marks inside a
clause are direct speech when that clause says that somebody used them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import Found
from services.extract.engine.rules.phrases import following_subject, noun_phrase
from services.extract.engine.rules.sayings import frame_start
from services.extract.engine.rules.speaker import subject_of
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View

# What may stand between commas behind who says it.
_SET_OFF = (Kind.PHRASE, Kind.RELATIVE, Kind.SUBORDINATE)
# How many clauses back the cue of a quotation behind a colon is looked for.
_REACH = 4


def direct(view: View, sentence: Sentence, last: Found | None) -> Iterator[Found]:
    """Find the quotations with somebody to say them; `last` is the statement before them."""
    here: Found | None = None
    for index, clause in enumerate(sentence.clauses):
        if clause.kind is not Kind.QUOTE:
            continue
        if here is not None and _resumes(sentence, index, here):
            here = replace(here, content=(*here.content, (clause.first, clause.end)))
            continue
        found = (
            _so(view, sentence, index)
            or _after(sentence, index)
            or _before(sentence, index)
            or _worded(view, sentence, index)
            or _headed(view, sentence, index)
            or _introduced(view, sentence, index)
            or _carried(sentence, index, here or last)
        )
        if found is not None:
            if here is not None:
                yield here
            here = found
    if here is not None:
        yield here


def _resumes(sentence: Sentence, index: int, here: Found) -> bool:
    """Whether a quotation goes on with `here` behind who says it: "„Ja“, sagte sie, „gern.“"."""
    frame = sentence.clauses[index - 1]
    said = any(first <= frame.first < end for first, end in here.frame)
    return sentence.clauses[index].mark == "," and here.end <= frame.first and said


def _so(view: View, sentence: Sentence, index: int) -> Found | None:
    """The quotation with ", so X" behind it."""
    if index + 1 >= len(sentence.clauses):
        return None
    clause = sentence.clauses[index + 1]
    if view.lower[clause.first] != "so" or clause.finite or clause.kind is Kind.QUOTE:
        return None
    named = following_subject(view, clause.first + 1, clause.end)
    quote = sentence.clauses[index]
    return Found(
        content=((quote.first, quote.end),),
        type=Type.DIRECT,
        medium=Medium.SPEECH,
        source=(named,) if named else (),
        cue=((clause.first, clause.first + 1),),
        frame=((quote.end, clause.end),),
    )


def _after(sentence: Sentence, index: int) -> Found | None:
    """The quotation with ", sagte X" behind it."""
    if index + 1 >= len(sentence.clauses):
        return None
    clause, quote = sentence.clauses[index + 1], sentence.clauses[index]
    saying = sentence.sayings[index + 1]
    if saying is None or clause.mark not in (",", "", "–", "-"):
        return None
    if saying.cue.finite > clause.first + 1:
        return None
    frame = (quote.end, _frame_end(sentence, index + 1))
    return saying.found(((quote.first, quote.end),), Type.DIRECT, frame)


def _frame_end(sentence: Sentence, index: int) -> int:
    """Where the clause with the cue ends, with what is set off by commas behind it."""
    end = sentence.clauses[index].end
    for clause in sentence.clauses[index + 1 :]:
        if clause.kind not in _SET_OFF or clause.mark != ",":
            break
        end = clause.end
    return end


def _before(sentence: Sentence, index: int) -> Found | None:
    """The quotation that "X sagte:" introduces."""
    quote = sentence.clauses[index]
    for before in range(index - 1, max(-1, index - _REACH), -1):
        if sentence.clauses[before].kind is Kind.QUOTE:
            return None
        saying = sentence.sayings[before]
        if saying is not None and (quote.mark == ":" or saying.cue.takes("quote")):
            frame = (saying.begin, quote.first)
            return saying.found(((quote.first, quote.end),), Type.DIRECT, frame)
    return None


def _worded(view: View, sentence: Sentence, index: int) -> Found | None:
    """The quotation behind "mit den Worten", whatever the verb: "Mit den Worten „…“ ging er"."""
    clause = sentence.clauses[index - 1]
    if not index or view.lower[clause.end - 1] != "worten" or clause.kind is Kind.QUOTE:
        return None
    source = _who_has_words(view, sentence, index)
    if source is None:
        return None
    found = _behind_frame(sentence, index, (source,), confidence=0.7)
    return replace(found, cue=((clause.end - 1, clause.end),))


def _who_has_words(view: View, sentence: Sentence, index: int) -> Range | None:
    """The noun phrase that opens the clause with the words, else the one behind the verb."""
    clause = sentence.clauses[index - 1]
    if view.lower[clause.first] != "mit":
        after = noun_phrase(view, clause.first, clause.end)
        return (clause.first, after) if after > clause.first else None
    if index + 1 == len(sentence.clauses):
        return None
    behind = sentence.clauses[index + 1]
    return following_subject(view, behind.first + 1, behind.end)


def _headed(view: View, sentence: Sentence, index: int) -> Found | None:
    """The quotation behind nothing but a name: "Minister Huber: „…“"."""
    quote = sentence.clauses[index]
    if not index or quote.mark != ":" or sentence.clauses[index - 1].kind is not Kind.PHRASE:
        return None
    clause = sentence.clauses[index - 1]
    after = noun_phrase(view, clause.first, clause.end)
    rest = view.lower[after : clause.end]
    if after == clause.first or any(word not in words("adverbs") for word in rest):
        return None
    return _behind_frame(sentence, index, ((clause.first, after),), confidence=0.7)


def _introduced(view: View, sentence: Sentence, index: int) -> Found | None:
    """The quotation behind what its speaker does: "Der Trainer ist zufrieden: „…“"."""
    quote = sentence.clauses[index]
    clause = sentence.clauses[index - 1]
    if not index or quote.mark != ":" or clause.kind is not Kind.MAIN:
        return None
    source = subject_of(view, sentence.unit, index - 1, clause.finite[0])
    if not source:
        return None
    return _behind_frame(sentence, index, source, confidence=0.6)


def _behind_frame(sentence: Sentence, index: int, source: Ranges, confidence: float) -> Found:
    """The quotation at `index`, its frame the clause before it, which has no cue."""
    quote = sentence.clauses[index]
    return Found(
        content=((quote.first, quote.end),),
        type=Type.DIRECT,
        medium=Medium.SPEECH,
        source=source,
        frame=((frame_start(sentence.unit, index - 1), quote.first),),
        confidence=confidence,
    )


def _carried(sentence: Sentence, index: int, last: Found | None) -> Found | None:
    """A quotation that is a sentence by itself goes on with who spoke last."""
    if last is None or len(sentence.clauses) > 1:
        return None
    quote = sentence.clauses[index]
    if last.type is Type.DIRECT:
        return replace(last, content=((quote.first, quote.end),), addressee=())
    return Found(((quote.first, quote.end),), Type.DIRECT, last.medium, last.source, confidence=0.6)
