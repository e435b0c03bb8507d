"""Statements that a phrase attributes to a source: the rest of the clause around the phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import end_of, extent
from services.extract.engine.rules.found import Found, without
from services.extract.engine.rules.marks import marks
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.marks import Mark
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View


def according(view: View, sentence: Sentence) -> Iterator[Found]:
    """Find the statements that a phrase attributes."""
    found = marks(view, sentence)
    marked = {mark.clause for mark in found}
    for mark in found:
        if _says_itself(view, sentence, mark):
            continue
        content = _content(view, sentence, mark, marked)
        if content:
            yield Found(content, Type.INDIRECT, mark.medium, mark.source, mark.cue, (mark.phrase,))


def _says_itself(view: View, sentence: Sentence, mark: Mark) -> bool:
    """Whether the clause says who says it and what: "befürchtet nach eigenen Worten „…“"."""
    saying = sentence.sayings[mark.clause]
    if saying is None or not saying.source or mark.source == saying.source:
        return False
    own = any(view.lower[first].startswith("eigen") for first, _ in mark.source)
    following = sentence.clauses[mark.clause + 1 : mark.clause + 2]
    quotes = bool(following) and following[0].kind is Kind.QUOTE and saying.cue.takes("quote")
    return own or quotes


def _content(view: View, sentence: Sentence, mark: Mark, marked: set[int]) -> Ranges:
    """What the phrase attributes: the rest of its clause with what depends on it."""
    clause = sentence.clauses[mark.clause]
    if _is_bounded(clause):
        whole = clause.first, extent(view, sentence, mark.clause)
    else:
        whole = _begin(sentence, mark.clause), _end(sentence, mark.clause, marked)
    pieces = without(whole, [_with_commas(view, sentence, mark.phrase)])
    return tuple(piece for piece in pieces if _has_word(view, piece))


def _is_bounded(clause: Clause) -> bool:
    """Whether a phrase in the clause attributes no more than the clause."""
    dependent = clause.kind in (Kind.RELATIVE, Kind.SUBORDINATE)
    return (dependent and clause.opener not in ("wie", "so")) or clause.opener == "wonach"


def _begin(sentence: Sentence, index: int) -> int:
    """Where the main clause begins, with the dependent clauses before it."""
    while index > 0:
        clause, before = sentence.clauses[index], sentence.clauses[index - 1]
        if clause.mark in (";", ":") or before.kind is Kind.QUOTE:
            break
        inserted = clause.opener in ("wie", "so")
        if clause.kind is Kind.MAIN and before.kind is Kind.MAIN and not inserted:
            break
        index -= 1
    return sentence.clauses[index].first


def _end(sentence: Sentence, index: int, marked: set[int]) -> int:
    """Where the statement ends: before the next one, or with the sentence."""
    last = index
    for following in range(index + 1, len(sentence.clauses)):
        clause = sentence.clauses[following]
        if clause.kind is Kind.QUOTE or clause.mark == ":":
            break
        if following in marked and clause.mark in words("joints"):
            break
        if sentence.clauses[index].kind is Kind.MAIN and _says_who(sentence, following):
            break
        said = sentence.sayings[following]
        if clause.kind is Kind.MAIN and last > index and said and not said.cue.takes("weak"):
            break
        last = following
    return end_of(sentence, last)


def _says_who(sentence: Sentence, index: int) -> bool:
    """Whether the clause says who passes it on: "Experten zufolge fehlt Geld, schreibt die taz"."""
    clause, said = sentence.clauses[index], sentence.sayings[index]
    if said is None or clause.kind is not Kind.MAIN or clause.mark != ",":
        return False
    return clause.finite[0] == clause.first and said.cue.takes("dass") and bool(said.source)


def _with_commas(view: View, sentence: Sentence, phrase: Range) -> Range:
    """Take the commas around the phrase out as well."""
    first, end = phrase
    if first > sentence.unit.first and view.words[first - 1] == ",":
        first -= 1
    if end < sentence.unit.body_end and view.words[end] == ",":
        end += 1
    return first, end


def _has_word(view: View, piece: Range) -> bool:
    return any(view.words[i][0].isalnum() for i in range(*piece))
