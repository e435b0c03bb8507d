"""Cuts sentences into clauses: what stands between two signs, with its verbs.

A quotation is never cut. One that is a statement of its own is a clause by itself, however many
sentences it holds; any other belongs to the clause around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, Form, function_words, words
from services.extract.engine.rules.phrases import noun_phrase
from services.extract.engine.rules.verbs import ends_in_zu, finite_verbs, is_declined_participle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.rules.view import View

_SIGNS = frozenset([",", ";", ":", "–", "—", "-", "(", ")", "[", "]", ".", "!", "?", "…", "..."])
_CLOSERS = frozenset([".", "!", "?", "…"])
_BRACKETS = {"(": ")", "[": "]"}
# Sentences that quotations hold together stop growing at so many tokens.
_LONGEST = 800
_PARTS = 4
# How far behind a conjunction the verb of a second clause may stand.
_SUBJECT = 8
# The longest bracket that is read as part of its clause, in tokens.
_BRACKET = 14
_APPOSITION_AND_REST = 2


class Kind(Enum):
    """What a clause is, by where its finite verb stands and what opens it."""

    MAIN = "main"
    SUBORDINATE = "subordinate"
    RELATIVE = "relative"
    INFINITIVE = "infinitive"
    PHRASE = "phrase"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Clause:
    """The tokens `first` up to `end`, without the signs around them.

    `mark` is the sign before it ("" at the start of a sentence, "und" and its like where a
    second predicate was split off). `finite` are its finite verbs; `opener` is its first word
    behind "und" and the like.
    """

    first: int
    end: int
    mark: str
    kind: Kind
    finite: tuple[int, ...] = ()
    opener: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or several that one quotation holds together.

    `end` is past the closing sign, `body_end` before it. `opens_paragraph` is true for the first
    one of a paragraph.
    """

    first: int
    end: int
    body_end: int
    clauses: tuple[Clause, ...]
    opens_paragraph: bool

    @property
    def main(self) -> Clause | None:
        """The first main clause."""
        return next((clause for clause in self.clauses if clause.kind is Kind.MAIN), None)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Tokens between two signs, with the sign before them."""

    first: int
    end: int
    mark: str
    quote: bool = False


def units(view: View) -> Iterator[Unit]:
    """Cut the text into sentences, and these into clauses."""
    document = view.document
    paragraph_starts = {first for first, _ in document.paragraphs}
    index = 0
    while index < len(document.sentences):
        first, end = document.sentences[index]
        end = _past_quotes(view, first, end)
        while index < len(document.sentences) and document.sentences[index][0] < end:
            index += 1
        yield _unit(view, first, end, first in paragraph_starts)


def _past_quotes(view: View, first: int, end: int) -> int:
    """Find the end of the sentence that the last quotation of this one ends in."""
    index = first
    while index < end and end - first < _LONGEST:
        past = view.quotes.get(index)
        if past is None:
            index += 1
        else:
            end = max(end, view.sentence_end(past))
            index = past
    return end


def _unit(view: View, first: int, end: int, opens_paragraph: bool) -> Unit:
    """Make a unit of the tokens."""
    body_end = end
    while body_end > first + 1 and view.words[body_end - 1] in _CLOSERS:
        body_end -= 1
    clauses: list[Clause] = []
    for piece in _pieces(view, first, end):
        if piece.quote:
            clauses.append(Clause(piece.first, piece.end, piece.mark, Kind.QUOTE))
        else:
            clauses.extend(_clauses(view, piece))
    joined = _resumed(view, _completed(clauses))
    return Unit(first, end, body_end, tuple(joined), opens_paragraph)


def _resumed(view: View, clauses: list[Clause]) -> list[Clause]:
    """Join a main clause that goes on behind its subject's apposition.

    "äußerte der Leiter, Paul Kern, die Sorge".
    """
    joined: list[Clause] = []
    index = 0
    while index < len(clauses):
        clause = clauses[index]
        if _goes_on(view, clauses, index):
            index += 2
            clause = replace(clause, end=clauses[index].end)
        joined.append(clause)
        index += 1
    return joined


def _goes_on(view: View, clauses: list[Clause], index: int) -> bool:
    """Whether an apposition and then the object or an adverbial follow the clause's subject."""
    clause, following = clauses[index], clauses[index + 1 : index + 3]
    if clause.kind is not Kind.MAIN or len(following) < _APPOSITION_AND_REST:
        return False
    if any(part.kind is not Kind.PHRASE or part.mark != "," for part in following):
        return False
    apposition, rest = following
    subject = noun_phrase(view, clause.finite[0] + 1, clause.end) == clause.end
    names = noun_phrase(view, apposition.first, apposition.end) == apposition.end
    opener = view.lower[rest.first]
    goes_on = opener in words("determiners") or opener in words("prepositions")
    return subject and names and goes_on and apposition.opener not in words("conjunctions")


def _completed(clauses: list[Clause]) -> list[Clause]:
    """Join the parts of a dependent clause that an apposition cuts: "wie X, der Chef, sagte"."""
    joined: list[Clause] = []
    index = 0
    while index < len(clauses):
        clause = clauses[index]
        last = _completing(clauses, index)
        if last is not None:
            rest = clauses[last]
            clause = replace(clause, end=rest.end, kind=Kind.SUBORDINATE, finite=rest.finite)
            index = last
        joined.append(clause)
        index += 1
    return joined


def _completing(clauses: list[Clause], index: int) -> int | None:
    """Find the clause that brings the verb of the dependent clause at `index`."""
    clause = clauses[index]
    if clause.kind is not Kind.PHRASE or clause.opener not in words("completed"):
        return None
    for last in range(index + 1, min(index + _PARTS, len(clauses))):
        rest = clauses[last]
        if rest.mark != "," or rest.kind is Kind.QUOTE:
            return None
        if rest.kind is Kind.MAIN:
            return last if rest.finite[-1] == rest.end - 1 else None
    return None


def _pieces(view: View, first: int, end: int) -> Iterator[_Piece]:
    """Cut tokens at signs and around quotations that are statements of their own."""
    begin = index = first
    mark = ""
    while index < end:
        block = view.blocks.get(index)
        if block is None and not _cuts(view, index, end):
            index = _past_atom(view, index, end)
            continue
        if index > begin:
            yield _Piece(begin, index, mark)
            mark = ""
        if block is not None:
            block = min(block, end)
            yield _Piece(index, block, mark, quote=True)
            mark = ""
            index = begin = block
        else:
            mark = view.words[index]
            index = begin = index + 1
    if end > begin:
        yield _Piece(begin, end, mark)


def _cuts(view: View, index: int, end: int) -> bool:
    """Whether the sign at `index` ends a clause; a short bracket does not."""
    if view.words[index] not in _SIGNS or _joins_adjectives(view, index, end):
        return False
    return _past_bracket(view, index, end) == index


def _joins_adjectives(view: View, index: int, end: int) -> bool:
    """Whether a comma stands between two adjectives of one noun: "eine zweite, größere Studie"."""
    if view.words[index] != "," or not 1 < index < end - 2:
        return False
    second = index + 1 + (view.lower[index + 1] in words("contrasts"))
    one, other = view.lower[index - 1], view.lower[second]
    adjectives = view.is_small(index - 1) and view.is_small(second)
    alike = one[-1] == other[-1] and one.endswith(("e", "en", "er", "es", "em"))
    noun = view.words[second + 1 : second + 2]
    opens = noun != [] and noun[0][0].isupper() and view.lower[index - 2] in words("determiners")
    return adjectives and alike and opens and other not in function_words()


def _past_atom(view: View, index: int, end: int) -> int:
    """Pass one word, one quotation or one short bracket."""
    past = view.quotes.get(index) or max(_past_bracket(view, index, end), index + 1)
    return min(past, end)


def _past_bracket(view: View, index: int, end: int) -> int:
    """Find the end of a short bracket that opens at `index`; `index` when none does."""
    closing = _BRACKETS.get(view.words[index])
    if closing is not None:
        for position in range(index + 1, min(index + _BRACKET, end)):
            if view.words[position] == closing:
                return position + 1
    return index


def _clauses(view: View, piece: _Piece) -> Iterator[Clause]:
    """Split a piece where a conjunction brings a second finite verb: "... und warnte vor ..."."""
    begin, mark = piece.first, piece.mark
    for index in range(piece.first + 1, piece.end - 1):
        if view.lower[index] in words("conjunctions") and _second_predicate(view, begin, index):
            yield _clause(view, begin, index, mark)
            begin, mark = index, view.lower[index]
    yield _clause(view, begin, piece.end, mark)


def _second_predicate(view: View, first: int, conjunction: int) -> bool:
    """Whether a finite verb follows the conjunction and another one precedes it."""
    following = view.forms[conjunction + 1]
    if is_declined_participle(view, conjunction + 1):
        return False
    if not following.form & FINITE or not view.is_small(conjunction + 1):
        return _second_clause(view, first, conjunction)
    if following.form & (Form.PARTICIPLE | Form.INFINITIVE) and following.auxiliary is None:
        return False
    return bool(finite_verbs(view, first, conjunction))


def _second_clause(view: View, first: int, conjunction: int) -> bool:
    """Whether a subject and its verb follow the conjunction: "... und die Polizei warnt ..."."""
    verb = noun_phrase(view, conjunction + 1, min(conjunction + _SUBJECT, len(view.words)))
    if verb == conjunction + 1 or verb >= len(view.words):
        return False
    form = view.forms[verb].form
    if not form & FINITE or not view.is_small(verb) or form & Form.PARTICIPLE:
        return False
    before = finite_verbs(view, first, conjunction)
    if not before or before[0] == first:
        return False
    return not form & Form.INFINITIVE or view.forms[before[0]].auxiliary in (None, "sein", "haben")


def _clause(view: View, first: int, end: int, mark: str) -> Clause:
    """Say what kind of clause the tokens are."""
    finite = finite_verbs(view, first, end)
    opener = view.opener(first, end)
    kind = _kind(view, opener, end, mark, finite)
    return Clause(first, end, mark, kind, finite, view.lower[opener])


def _kind(view: View, opener: int, end: int, mark: str, finite: Sequence[int]) -> Kind:
    """Tell the kinds of clause apart."""
    if not finite:
        return Kind.INFINITIVE if ends_in_zu(view, opener, end) else Kind.PHRASE
    word = view.lower[opener]
    if word in words("subordinators") and (
        word not in words("doubtful") or _verb_last(end, finite)
    ):
        return Kind.SUBORDINATE
    if mark == "," and _is_relative(view, opener, end, finite):
        return Kind.RELATIVE
    return Kind.MAIN


def _verb_last(end: int, finite: Sequence[int]) -> bool:
    """Whether the finite verb ends the clause, or all but ends it."""
    return finite[-1] >= end - 2 and len(finite) > 0


def _is_relative(view: View, opener: int, end: int, finite: Sequence[int]) -> bool:
    """Whether the clause opens with a relative pronoun and ends in its verb."""
    if view.lower[opener] in words("prepositions") and opener + 1 < end:
        opener += 1
    last = finite[-1]
    return view.lower[opener] in words("relatives") and last == end - 1 and last > opener + 1
