"""Statements marked by a phrase: "laut X", "nach Angaben von X", "X zufolge", "wie X mitteilte"."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from services.extract.engine.lexicon import nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, without
from services.extract.engine.rules.phrases import following_subject, noun_phrase
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Text, Unit
    from services.extract.engine.rules.found import Range, Ranges


class _Mark(NamedTuple):
    """The phrase: its own tokens, its cue and source, and the clause it stands in."""

    phrase: Range
    cue: Ranges
    source: Ranges
    clause: int
    medium: Medium


def according(text: Text, unit: Unit) -> Iterator[Found]:
    """Find the statements that a phrase attributes."""
    for index, clause in enumerate(unit.clauses):
        if clause.kind is Kind.QUOTE:
            continue
        mark = _wie(text, unit, index) or _so(text, unit, index) or _phrase(text, unit, index)
        if mark is None:
            continue
        content = _content(text, unit, mark)
        if content:
            yield Found(content, Type.INDIRECT, mark.medium, mark.source, mark.cue, (mark.phrase,))


def _wie(text: Text, unit: Unit, index: int) -> _Mark | None:
    """A clause "wie X mitteilte"."""
    clause = unit.clauses[index]
    if text.lower[clause.first] != "wie" or clause.kind is Kind.PHRASE or not clause.finite:
        return None
    cue = cue_of(text, clause)
    if cue is None:
        return None
    named = following_subject(text, clause.first + 1, cue.finite)
    if clause.mark == "" and index == 0:
        phrase = (clause.first, min(clause.end + 1, unit.end))
    else:
        phrase = (clause.first - 1, clause.end)
    opener = ((clause.first, clause.first + 1),)
    verb = tuple((i, i + 1) for i in sorted(cue.tokens))
    return _Mark(phrase, opener + verb, (named,) if named else (), index, cue.verb.medium)


def _so(text: Text, unit: Unit, index: int) -> _Mark | None:
    """A phrase ", so X"."""
    clause = unit.clauses[index]
    if text.lower[clause.first] != "so" or clause.mark != "," or clause.kind is not Kind.PHRASE:
        return None
    named = following_subject(text, clause.first + 1, clause.end)
    if named is None:
        return None
    phrase = (clause.first - 1, clause.end)
    return _Mark(phrase, ((clause.first, clause.first + 1),), (named,), index, Medium.SPEECH)


def _phrase(text: Text, unit: Unit, index: int) -> _Mark | None:
    """A preposition that names the source, inside the clause."""
    clause = unit.clauses[index]
    for position in range(clause.first, clause.end):
        word = text.lower[position]
        if word in ("laut", "lt.") and position + 1 < clause.end:
            after = noun_phrase(text, position + 1, clause.end)
            return _marked(text, index, (position, after), (position + 1, after), position)
        if word == "zufolge":
            first = _back(text, clause.first, position)
            return _marked(text, index, (first, position + 1), (first, position), position)
        if word in ("nach", "gemäß") and _names_statement(text, position + 1, clause.end):
            after = noun_phrase(text, position + 1, clause.end)
            return _marked(text, index, (position, after), (position + 1, after), position)
        if word == "demnach" or word == "demzufolge":
            phrase = (position, position + 1)
            return _marked(text, index, phrase, phrase, position)
    return None


def _marked(text: Text, index: int, phrase: Range, source: Range, cue: int) -> _Mark | None:
    if source[0] >= source[1]:
        return None
    written = any(
        word.endswith(
            ("bericht", "berichte", "berichten", "zeitung", "studie", "mitteilung", "meldung")
        )
        for word in text.lower[slice(*source)]
    )
    medium = Medium.WRITING if written else Medium.SPEECH_WRITING
    return _Mark(phrase, ((cue, cue + 1),), (source,), index, medium)


def _back(text: Text, first: int, end: int) -> int:
    """Find where the noun phrase before "zufolge" begins."""
    for start in range(max(first, end - 12), end):
        if noun_phrase(text, start, end) == end:
            return start
    return end


def _names_statement(text: Text, first: int, end: int) -> bool:
    """Whether a noun like "Angaben" follows, at most a few words on."""
    return any(text.lower[i] in _sources() for i in range(first, min(first + 4, end)))


@cache
def _sources() -> frozenset[str]:
    return frozenset(form for noun in nouns() if "angabe" in noun.takes for form in noun.forms)


def _content(text: Text, unit: Unit, mark: _Mark) -> Ranges:
    """What the phrase attributes: the rest of the sentence from its clause's beginning."""
    first = unit.first
    begin = mark.clause
    while begin > 0:
        if unit.clauses[begin].mark in (";", ":") or unit.clauses[begin].mark in words(
            "function_marks"
        ):
            first = unit.clauses[begin].first
            break
        begin -= 1
    holes = [_with_commas(text, unit, mark.phrase)]
    last = unit.body_end
    return _trim(text, without((first, last), holes))


def _with_commas(text: Text, unit: Unit, phrase: Range) -> Range:
    first, end = phrase
    if first > unit.first and text.words[first - 1] == ",":
        first -= 1
    if end < unit.body_end and text.words[end] == ",":
        end += 1
    return first, end


def _trim(text: Text, ranges: Ranges) -> Ranges:
    """Drop pieces that hold no word."""
    return tuple(r for r in ranges if any(text.words[i][0].isalnum() for i in range(*r)))
