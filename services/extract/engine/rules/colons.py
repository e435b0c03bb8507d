"""Statements in the subjunctive behind a colon and a clause that does not govern them.

"Die Firma reagierte zurückhaltend: Man werde prüfen", "Kritik kam von der FDP: Der Plan sei teuer".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import statement_nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import extent
from services.extract.engine.rules.found import Found
from services.extract.engine.rules.phrases import noun_phrase
from services.extract.engine.rules.speaker import names_a_thing, subject_of
from services.extract.engine.rules.verbs import is_reporting_mood, is_subjunctive
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.rules.found import Ranges
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View

# How many clauses may lie between the colon and the verb on either side of it.
_REACH = 3


def colons(view: View, sentence: Sentence, around: Sequence[Found]) -> Iterator[Found]:
    """Find the sentences behind colons that are nobody's so far; `around` are the others."""
    for index, clause in enumerate(sentence.clauses):
        if not index or clause.mark != ":" or not _reports(view, sentence, index):
            continue
        if any(f.first <= clause.first < f.end or f.first > clause.first for f in around):
            continue
        yield Found(
            content=((clause.first, extent(view, sentence, index)),),
            type=Type.FREE_INDIRECT,
            medium=Medium.SPEECH_WRITING,
            source=_source(view, sentence, index),
            confidence=0.6,
        )


def _reports(view: View, sentence: Sentence, index: int) -> bool:
    """Whether the main verb behind the colon is in the mood of reported speech."""
    for clause in sentence.clauses[index : index + _REACH]:
        if clause.kind is Kind.QUOTE:
            return False
        if clause.kind is Kind.MAIN:
            verb = clause.finite[0]
            if any(view.lower[i] in words("first_person") for i in range(clause.first, clause.end)):
                return False
            told = _speaks_of_talk(view, sentence, index) and is_subjunctive(view, verb)
            return verb > sentence.clauses[index].first and (told or is_reporting_mood(view, verb))
    return False


def _speaks_of_talk(view: View, sentence: Sentence, index: int) -> bool:
    """Whether a verb or noun of saying stands before the colon."""
    before = sentence.clauses[index - 1]
    said = sentence.sayings[index - 1] is not None
    return said or view.lower[before.first] in statement_nouns()


def _source(view: View, sentence: Sentence, index: int) -> Ranges:
    """Who is named before the colon: the subject, the giver of a criticism, a name alone."""
    for at in range(index - 1, max(-1, index - 1 - _REACH), -1):
        clause, saying = sentence.clauses[at], sentence.sayings[at]
        if clause.kind is Kind.QUOTE:
            return ()
        if clause.kind is not Kind.MAIN:
            continue
        if saying is not None and saying.source:
            return saying.source
        found = subject_of(view, sentence.unit, at, clause.finite[0])
        if found and not _is_no_speaker(view, found):
            return found
        return _giver(view, clause.finite[0], clause.end)
    first, end = sentence.unit.first, sentence.clauses[index - 1].end
    return ((first, end),) if noun_phrase(view, first, end) == end else ()


def _is_no_speaker(view: View, found: Ranges) -> bool:
    first, end = found[0]
    return view.lower[first] in ("es", "das", "dies") or names_a_thing(view, first, end)


def _giver(view: View, first: int, end: int) -> Ranges:
    """From whom it comes: "Kritik kam von der FDP"."""
    for at in range(first, end - 1):
        if view.lower[at] in words("agents"):
            after = noun_phrase(view, at + 1, end)
            if after > at + 1:
                return ((at + 1, after),)
    return ()
