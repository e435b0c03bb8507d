"""Indirect statements that a noun announces.

"die Hoffnung, dass ...", "der Vorwurf, er habe ...", "die Forderung, ... zu ...".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import extent
from services.extract.engine.rules.found import Found
from services.extract.engine.rules.phrases import noun_phrase
from services.extract.engine.rules.sayings import frame_start
from services.extract.engine.rules.speaker import subject_of
from services.extract.engine.rules.verbs import is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.lexicon import Noun
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View

# How far before its clause the noun may stand: room for a genitive and a verb.
_REACH = 12
_POSSESSIVES = ("sein", "ihr", "unser", "mein")


def nominal(view: View, sentence: Sentence, taken: set[int]) -> Iterator[Found]:
    """Find clauses that a noun announces; those whose first token is `taken` are left out."""
    for index, clause in enumerate(sentence.clauses[:-1]):
        following = sentence.clauses[index + 1]
        if clause.kind is Kind.QUOTE or following.mark != "," or following.first in taken:
            continue
        wanted = _complement(view, following)
        at = _noun(view, clause, wanted) if wanted else None
        if at is not None:
            yield _found(view, sentence, index, at)


def _complement(view: View, clause: Clause) -> str | None:
    """Name the complement that the clause can be."""
    if clause.kind is Kind.INFINITIVE and clause.opener not in words("purpose"):
        return "zu"
    if clause.opener in words("that") and clause.kind is not Kind.MAIN:
        return "dass"
    if clause.kind is Kind.MAIN and is_subjunctive(view, clause.finite[0]):
        return "dass" if clause.finite[0] > clause.first else None
    return None


def _noun(view: View, clause: Clause, wanted: str) -> int | None:
    """Find the noun that announces it: the last of the clause but for what belongs to it."""
    table = _table()
    for position in range(clause.end - 1, max(clause.first, clause.end - _REACH) - 1, -1):
        noun = table.get(view.lower[position])
        if noun is None or not view.words[position][0].isupper():
            continue
        fits = wanted in noun.takes and "weak" not in noun.takes
        if not fits or _is_source(view, position):
            return None
        return position if _closes(view, position + 1, clause.end) else None
    return None


@cache
def _table() -> dict[str, Noun]:
    return {form: noun for noun in nouns() for form in noun.forms}


def _is_source(view: View, noun: int) -> bool:
    """Whether the noun names a source instead: "prüft nach eigenen Angaben noch, ob …"."""
    return "nach" in view.lower[max(0, noun - 2) : noun]


def _closes(view: View, first: int, end: int) -> bool:
    """Whether only an attribute and verbs follow the noun."""
    if first < end and view.lower[first] in ("von", "vom", "aus", "an"):
        first += 1
    after = noun_phrase(view, first, end)
    return all(view.forms[i].form or view.lower[i] in words("adverbs") for i in range(after, end))


def _found(view: View, sentence: Sentence, index: int, at: int) -> Found:
    """Make the statement behind the noun at token `at`."""
    clause = sentence.clauses[index]
    first = at
    while first > clause.first and _belongs(view, first - 1):
        first -= 1
    begin = sentence.clauses[index + 1].first
    return Found(
        content=((begin, extent(view, sentence, index + 1)),),
        type=Type.INDIRECT,
        medium=_table()[view.lower[at]].medium,
        source=_source(view, sentence.unit, index, (first, at + 1)),
        cue=((first, at + 1),),
        frame=((frame_start(sentence.unit, index), begin),),
        confidence=0.6,
    )


def _belongs(view: View, token: int) -> bool:
    """Whether the word stands between the noun and its determiner, or is that."""
    return view.lower[token] in words("determiners")


def _source(view: View, unit: Unit, index: int, noun: Range) -> Ranges:
    """The genitive behind the noun, a possessive before it, or the subject of its clause."""
    clause = unit.clauses[index]
    first = noun[1]
    if first < clause.end and view.lower[first] in ("von", "vom", "aus"):
        first += 1
    after = noun_phrase(view, first, clause.end)
    if after > first:
        return ((first, after),)
    if view.lower[noun[0]].startswith(_POSSESSIVES):
        return ((noun[0], noun[0] + 1),)
    if clause.kind is Kind.MAIN:
        subject = subject_of(view, unit, index, clause.finite[0])
        if subject and not subject[0][0] <= noun[0] < subject[-1][1]:
            return subject
    if clause.kind is Kind.PHRASE:
        after = noun_phrase(view, clause.first, clause.end)
        if clause.first < after <= noun[0]:
            return ((clause.first, after),)
    return ()
