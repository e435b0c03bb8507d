"""Reading: documents become columns over all their tokens, with tags, lemmas and quotations.

Several documents are read at once because the cost of a short one lies in the number of array
operations. Nothing crosses from one document to the next.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Bools, Column, Ints
    from services.extract.engine.trained.vocabulary import Vocabulary


_EMPTY = 2
"""Tokens of a quotation with nothing in it: its two marks."""
LONGEST_QUOTATION = 150
"""Tokens; what stands between marks farther apart is not treated as one quotation."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of several documents, one after the other.

    Columns over tokens: `word`, `tag`, `case`, `lemma` (numbers in the vocabulary),
    `sentence` (of each token), `first` and `end` (its bounds, repeated for each token).
    `sentence_starts` and `sentence_ends` are the bounds of sentences, `opens_paragraph` tells
    for each sentence, `document` gives each sentence's document. `document_starts` has one entry
    more than there are documents, and `document_sentences` likewise.
    `quotes` are token ranges, n by 2, marks included; `quote_inside` tells those that lie inside
    another one; `quote` gives each token's outermost quotation or -1.
    """

    documents: tuple[Document, ...]
    word: Ints
    tag: Ints
    case: Ints
    lemma: Ints
    sentence: Ints
    first: Ints
    end: Ints
    sentence_starts: Ints
    sentence_ends: Ints
    opens_paragraph: Bools
    document: Ints
    document_starts: Ints
    document_sentences: Ints
    quotes: Ints
    quote_inside: Bools
    quote: Ints
    _known_outside: dict[int, Bools] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.word)

    def shifted(self, column: Column, offset: int, outside: int) -> Column:
        """Give for each token what `column` says `offset` tokens on in its sentence."""
        if not offset:
            return column
        moved = np.empty_like(column)
        if offset < 0:
            moved[-offset:] = column[:offset]
        else:
            moved[:-offset] = column[offset:]
        moved[self._outside(offset)] = outside
        return moved

    def before(self, column: Column, place: Ints, away: int, outside: int) -> Column:
        """Give what `column` says `away` tokens before each place, in the same document."""
        starts = self.document_starts
        first = starts[np.searchsorted(starts, place, side="right") - 1]
        return np.where(place - away >= first, column[np.maximum(place - away, 0)], outside)

    def after(self, column: Column, place: Ints, away: int, outside: int) -> Column:
        """Give what `column` says `away` tokens after each place, in the same document."""
        starts = self.document_starts
        end = starts[np.searchsorted(starts, place, side="right")]
        behind = np.minimum(place + away, len(column) - 1)
        return np.where(place + away < end, column[behind], outside)

    def _outside(self, offset: int) -> Bools:
        """Tell which tokens have none `offset` tokens on in their sentence; remembered."""
        if offset not in self._known_outside:
            places = np.arange(len(self)) + offset
            self._known_outside[offset] = (places < self.first) | (places >= self.end)
        return self._known_outside[offset]


def read(documents: Sequence[Document], vocabulary: Vocabulary) -> Reading:
    """Read documents that hold at least one token each."""
    sizes = np.array([len(document) for document in documents])
    starts = np.concatenate([[0], np.cumsum(sizes)])
    sentence_counts = np.array([len(document.sentences) for document in documents])
    bounds = np.concatenate(
        [np.array(d.sentences) + start for d, start in zip(documents, starts, strict=False)]
    )
    lengths = bounds[:, 1] - bounds[:, 0]
    sentence = np.repeat(np.arange(len(bounds)), lengths)
    word = vocabulary.number([word for document in documents for word in document.words])
    document = np.repeat(np.arange(len(documents)), sentence_counts)
    tag, case = _tags(vocabulary, word, sentence, document[sentence])
    quotes, inside = _quotes(documents, starts)
    return Reading(
        documents=tuple(documents),
        word=word,
        tag=tag,
        case=case,
        lemma=_lemmas(
            vocabulary,
            word,
            tag,
            np.repeat(bounds[:, 0], lengths),
            np.repeat(bounds[:, 1], lengths),
        ),
        sentence=sentence,
        first=np.repeat(bounds[:, 0], lengths),
        end=np.repeat(bounds[:, 1], lengths),
        sentence_starts=bounds[:, 0],
        sentence_ends=bounds[:, 1],
        opens_paragraph=np.concatenate([_paragraph_openers(d) for d in documents]),
        document=document,
        document_starts=starts,
        document_sentences=np.concatenate([[0], np.cumsum(sentence_counts)]),
        quotes=quotes,
        quote_inside=inside,
        quote=_quote_of(quotes, inside, len(word)),
    )


def _tags(vocabulary: Vocabulary, word: Ints, sentence: Ints, document: Ints) -> tuple[Ints, Ints]:
    distinct, place = np.unique(word, return_inverse=True)
    vectors = vocabulary.words["vector"][distinct]
    return vocabulary.tagger.tag(vectors.astype(np.float32, copy=False), place, sentence, document)


def _paragraph_openers(document: Document) -> Bools:
    first = {start for start, _ in document.paragraphs}
    return np.array([start in first for start, _ in document.sentences])


def _quotes(documents: Sequence[Document], starts: Ints) -> tuple[Ints, Bools]:
    """Give the quotations as token ranges, those too long left out."""
    ranges: list[tuple[int, int]] = []
    inside: list[bool] = []
    for document, offset in zip(documents, starts.tolist(), strict=False):
        kept: set[int] = set()
        for number, quote in enumerate(document.quotes):
            low, high = document.tokens_of(quote.start, quote.end)
            if _EMPTY < high - low <= LONGEST_QUOTATION:
                kept.add(number)
                ranges.append((low + offset, high + offset))
                inside.append(quote.parent in kept)
    return np.array(ranges, np.int64).reshape(-1, 2), np.array(inside, np.bool_)


def _quote_of(quotes: Ints, inside: Bools, count: int) -> Ints:
    quote = np.full(count, -1)
    for number in np.flatnonzero(~inside):
        start, end = quotes[number]
        quote[start:end] = number
    return quote


def _lemmas(vocabulary: Vocabulary, word: Ints, tag: Ints, first: Ints, end: Ints) -> Ints:
    """Give lemmas, with particles joined to the finite verb before them ("gab ... bekannt")."""
    lemma = vocabulary.lemma_of(word, tag)
    kinds = _TagKinds.of(vocabulary)
    places = np.arange(len(word))
    verb = np.maximum.accumulate(np.where(kinds.finite[tag], places, -1))
    breaks = vocabulary.words["is_break"][word].astype(np.bool_)
    before_break = np.append(breaks[1:], True) | (places + 1 == end)
    particle = kinds.particle[tag] | (
        kinds.like_particle[tag]
        & vocabulary.words["is_particle"][word].astype(np.bool_)
        & before_break
    )
    used = -1
    for i in np.flatnonzero(particle & (verb >= first)).tolist():
        if verb[i] != used:
            used = int(verb[i])
            lemma[used] = vocabulary.joined(int(lemma[i]), int(lemma[used]))
    return lemma


@dataclass(frozen=True, slots=True)
class _TagKinds:
    """What joining particles asks of a tag."""

    finite: Bools
    particle: Bools
    like_particle: Bools

    @staticmethod
    def of(vocabulary: Vocabulary) -> _TagKinds:
        tags = vocabulary.tagger.tags
        return _TagKinds(
            np.array([tag.startswith("V") and ("FIN" in tag or "IMP" in tag) for tag in tags]),
            np.array([tag == "PTKVZ" for tag in tags]),
            np.array([tag in ("APPR", "ADV", "ADJD") for tag in tags]),
        )
