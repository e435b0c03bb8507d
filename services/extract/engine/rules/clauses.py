"""Cuts sentences into clauses: what stands between two signs, with its verbs.

A quotation that is a statement of its own is one piece, however many sentences it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, Form, VerbForms, verb_forms, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.text import Document

_SIGNS = frozenset([",", ";", ":", "–", "—", "-", "(", ")", "[", "]", ".", "!", "?", "…", "..."])
_CLOSERS = frozenset([".", "!", "?", "…"])
_CONJUNCTIONS = frozenset(["und", "oder", "aber", "sowie", "sondern", "doch"])


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
    second predicate was split off). `finite` are its finite verbs.
    """

    first: int
    end: int
    mark: str
    kind: Kind
    finite: tuple[int, ...]


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


@dataclass(frozen=True, slots=True)
class Text:
    """A document with its verb forms, token by token, and its quotations as token ranges.

    `blocks` maps the first token of a quotation that is a statement of its own to its end.
    """

    document: Document
    forms: list[VerbForms]
    blocks: dict[int, int]

    @property
    def words(self) -> list[str]:
        """The tokens as they stand."""
        return self.document.words

    @property
    def lower(self) -> list[str]:
        """The tokens in lower case."""
        return self.document.lower

    def is_verb(self, token: int, form: Form) -> bool:
        """Whether the token can be `form`; nouns written large are not."""
        return bool(self.forms[token].form & form) and not self._is_noun(token)

    def _is_noun(self, token: int) -> bool:
        if not self.words[token][0].isupper():
            return False
        document = self.document
        return document.sentences[document.sentence_of[token]][0] != token and not (
            token and self.words[token - 1] in '„“»«":'
        )


def tag(document: Document) -> list[VerbForms]:
    """Look every token up."""
    table = verb_forms()
    return [table.get(word, NO_VERB) for word in document.lower]


def units(text: Text) -> Iterator[Unit]:
    """Cut the text into sentences, and these into clauses."""
    document = text.document
    paragraph_starts = {first for first, _ in document.paragraphs}
    index = 0
    while index < len(document.sentences):
        first, end = document.sentences[index]
        pieces = _pieces(text, first, end)
        end = max(end, pieces[-1][1] if pieces else end)
        while index < len(document.sentences) and document.sentences[index][0] < end:
            index += 1
        end = max(end, document.sentences[index - 1][1])
        if pieces and pieces[-1][1] < end and pieces[-1][2] is Kind.QUOTE:
            pieces = _pieces(text, first, end)
        yield _unit(text, first, end, pieces, first in paragraph_starts)


_Piece = tuple[int, int, Kind | None, str]


def _pieces(text: Text, first: int, end: int) -> list[_Piece]:
    """Cut tokens at signs; a quotation of its own is one piece even when it runs past `end`."""
    pieces: list[_Piece] = []
    begin = index = first
    mark = ""
    while index < end:
        word = text.words[index]
        past = text.blocks.get(index)
        if past is None and word not in _SIGNS:
            index += 1
            continue
        if index > begin:
            pieces.append((begin, index, None, mark))
            mark = ""
        if past is not None:
            pieces.append((index, past, Kind.QUOTE, mark))
            index = begin = past
            end = max(end, _sentence_end(text, past))
            mark = ""
        else:
            mark = word
            index = begin = index + 1
    if index > begin:
        pieces.append((begin, index, None, mark))
    return pieces


def _sentence_end(text: Text, past: int) -> int:
    """The end of the sentence that the last token before `past` stands in."""
    document = text.document
    return document.sentences[document.sentence_of[past - 1]][1]


def _unit(
    text: Text, first: int, end: int, pieces: Sequence[_Piece], opens_paragraph: bool
) -> Unit:
    """Make a unit of the pieces."""
    body_end = end
    while body_end > first + 1 and text.words[body_end - 1] in _CLOSERS:
        body_end -= 1
    clauses: list[Clause] = []
    for begin, stop, kind, mark in pieces:
        if kind is Kind.QUOTE:
            clauses.append(Clause(begin, stop, mark, Kind.QUOTE, ()))
        else:
            clauses.extend(_clauses(text, begin, stop, mark))
    return Unit(first, end, body_end, tuple(clauses), opens_paragraph)


def _clauses(text: Text, first: int, end: int, mark: str) -> Iterator[Clause]:
    """Split a piece where a conjunction brings a second finite verb: "... und warnte vor ..."."""
    begin = first
    for index in range(first + 1, end - 1):
        if text.lower[index] in _CONJUNCTIONS and _second_predicate(text, begin, index):
            yield _clause(text, begin, index, mark)
            begin, mark = index, text.lower[index]
    yield _clause(text, begin, end, mark)


def _second_predicate(text: Text, first: int, conjunction: int) -> bool:
    """Whether a finite verb follows the conjunction and another one precedes it."""
    following = conjunction + 1
    if not text.is_verb(following, FINITE) or not text.words[following].islower():
        return False
    form = text.forms[following].form
    if form & (Form.PARTICIPLE | Form.INFINITIVE) and text.forms[following].auxiliary is None:
        return False
    return bool(_finite(text, first, conjunction))


def _clause(text: Text, first: int, end: int, mark: str) -> Clause:
    """Say what kind of clause the tokens are."""
    finite = _finite(text, first, end)
    return Clause(first, end, mark, _kind(text, first, end, mark, finite), finite)


def _finite(text: Text, first: int, end: int) -> tuple[int, ...]:
    """Find the finite verbs; what may also be an infinitive or participle counts only alone."""
    sure: list[int] = []
    maybe: list[int] = []
    for index in range(first, end):
        form = text.forms[index].form
        if not form & FINITE or not text.is_verb(index, FINITE) or _attributive(text, index, end):
            continue
        if form & (Form.INFINITIVE | Form.PARTICIPLE):
            if index == first or text.lower[index - 1] != "zu":
                maybe.append(index)
        else:
            sure.append(index)
    if sure:
        return tuple(sure)
    return (_likeliest(text, maybe),) if maybe else ()


def _likeliest(text: Text, maybe: Sequence[int]) -> int:
    """Of several forms that may be finite, the auxiliary, else the first."""
    return next((i for i in maybe if text.forms[i].auxiliary), maybe[0])


def _attributive(text: Text, index: int, end: int) -> bool:
    """Whether a form is an adjective here: "zwei bestätigte Fälle", "die geplante"."""
    if index + 1 >= end or not text.words[index + 1][0].isupper() or text.forms[index].auxiliary:
        return False
    before = text.lower[index - 1] if index else ""
    return (before in words("determiners") or before[:1].isdigit()) and text.words[index][
        -1
    ] in "enrms"


def _kind(text: Text, first: int, end: int, mark: str, finite: tuple[int, ...]) -> Kind:
    """Tell the kinds of clause apart."""
    opener = first + 1 if text.lower[first] in _CONJUNCTIONS and end - first > 1 else first
    word = text.lower[opener]
    if not finite:
        return Kind.INFINITIVE if _has_zu(text, opener, end) else Kind.PHRASE
    if word in words("subordinators") and finite[0] > opener + 1:
        return Kind.SUBORDINATE
    if mark == "," and _relative(text, opener, end, finite):
        return Kind.RELATIVE
    return Kind.MAIN


def _relative(text: Text, opener: int, end: int, finite: tuple[int, ...]) -> bool:
    """Whether the clause opens with a relative pronoun and ends in its verb."""
    if text.lower[opener] in words("prepositions") and opener + 1 < end:
        opener += 1
    last = finite[-1]
    return text.lower[opener] in words("relatives") and last >= end - 2 and last > opener + 1


def _has_zu(text: Text, first: int, end: int) -> bool:
    """Whether an infinitive with zu stands at the end of the tokens."""
    for index in range(end - 1, max(first, end - 4) - 1, -1):
        word = text.lower[index]
        if word == "zu" and index + 1 < end and text.lower[index + 1].endswith("n"):
            return True
        if text.forms[index].form & Form.ZU or (
            "zu" in word[2:-4] and word.endswith("en") and text.words[index].islower()
        ):
            return True
    return False
