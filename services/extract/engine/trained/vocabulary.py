"""What is known about each distinct word and lemma, worked out once and kept in columns."""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.hashing import text_hash
from services.extract.engine.trained.lemmas import Lemmas, WordClass, word_class
from services.extract.engine.trained.lists import listed
from services.extract.engine.trained.marks import marks_of_word
from services.extract.engine.trained.reporting import reporting
from services.extract.engine.trained.tagger import Tagger, shape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import DTypeLike

    from services.extract.engine.trained.arrays import Column, Floats, Ints


class Mood(IntEnum):
    """The mood that a form shows by itself: first or second subjunctive, or `soll`."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    SHALL = 3


_MOODS = {
    **dict.fromkeys(listed("subjunctive 1"), Mood.FIRST),
    **dict.fromkeys(listed("subjunctive 2"), Mood.SECOND),
    **dict.fromkeys(listed("shall"), Mood.SHALL),
}
_BREAKS = frozenset(listed("break"))
_PARTICLES = frozenset(listed("particle"))
_STATEMENTS = frozenset(listed("statement"))
_PAST_LIKE = re.compile("t(e|en|est|et)$|[äöü].*en?$")

_SHORT = 5

CAPACITY = 150_000
"""Distinct words kept at most; beyond it the vocabulary starts afresh, so that memory is bound."""


class Columns:
    """Arrays that grow together, one row for each thing known."""

    def __init__(self, **kinds: tuple[DTypeLike, tuple[int, ...]]) -> None:
        self._arrays: dict[str, Column] = {
            name: np.zeros((1024, *size), kind) for name, (kind, size) in kinds.items()
        }
        self.count = 0

    def __getitem__(self, name: str) -> Column:
        return self._arrays[name]

    def add(self, **values: object) -> int:
        """Append a row, with a value for every column, and give its number."""
        row = self.count
        for name, value in values.items():
            array = self._arrays[name]
            if row == len(array):
                array = np.concatenate([array, np.zeros_like(array)])
                self._arrays[name] = array
            array[row] = value
        self.count += 1
        return row


class Vocabulary:
    """Numbers for words and lemmas, and their columns; grows as texts are read."""

    def __init__(self, tagger: Tagger, lemmas: Lemmas, bins: Mapping[str, tuple[int, int]]) -> None:
        self.tagger = tagger
        self._lemmas = lemmas
        self._bins = bins
        self.class_of_tag = np.array([word_class(tag) for tag in tagger.tags])
        self.reset()

    def reset(self) -> None:
        """Forget everything that was read."""
        self.word_numbers: dict[str, int] = {}
        self.lemma_numbers: dict[str, int] = {}
        self.word_texts: list[str] = []
        self.lemma_texts: list[str] = []
        self._joined: dict[tuple[int, int], int] = {}
        width = self.tagger.buckets.shape[1]
        self.words = Columns(
            lower=(np.uint32, ()),
            shape=(np.uint32, ()),
            prefix=(np.uint32, ()),
            suffix2=(np.uint32, ()),
            suffix3=(np.uint32, ()),
            suffix4=(np.uint32, ()),
            is_break=(np.bool_, ()),
            mood=(np.int8, ()),
            past_like=(np.bool_, ()),
            marks=(np.int64, ()),
            ends=(np.bool_, ()),
            is_particle=(np.bool_, ()),
            capital=(np.bool_, ()),
            lemma=(np.int64, (len(WordClass),)),
            vector=(np.float32, (width,)),
        )
        self.lemmas = Columns(
            hash=(np.uint32, ()),
            suffix=(np.uint32, ()),
            is_long=(np.bool_, ()),
            cue=(np.int8, ()),
            source=(np.int8, ()),
            reporting=(np.int8, ()),
            is_statement=(np.bool_, ()),
        )

    def number(self, words: Sequence[str]) -> Ints:
        """Give each word its number, learning those that are new."""
        numbers = self.word_numbers
        new = [word for word in dict.fromkeys(words) if word not in numbers]
        if new:
            for word, vector in zip(new, self.tagger.vectors(new), strict=True):
                self._learn(word, vector)
        return np.fromiter((numbers[word] for word in words), np.int64, len(words))

    def _learn(self, word: str, vector: Floats) -> None:
        lower = word.lower()
        self.word_texts.append(word)
        self.word_numbers[word] = self.words.add(
            lower=text_hash(lower),
            shape=text_hash(shape(word)),
            prefix=text_hash(lower[:3]),
            suffix2=text_hash(lower[-2:]),
            suffix3=text_hash(lower[-3:]),
            suffix4=text_hash(lower[-4:]),
            is_break=word in _BREAKS,
            mood=_MOODS.get(lower, Mood.NONE),
            past_like=_PAST_LIKE.search(lower) is not None,
            marks=marks_of_word(word),
            ends=word in ".!?",
            is_particle=lower in _PARTICLES,
            capital=word[:1].isupper(),
            lemma=-1,
            vector=vector,
        )

    def lemma_of(self, words: Ints, tags: Ints) -> Ints:
        """Give the number of each token's lemma, by its word and tag."""
        classes = self.class_of_tag[tags]
        known = self.words["lemma"]
        lemmas = known[words, classes].astype(np.int64)
        for i in np.flatnonzero(lemmas < 0):
            word, kind = words[i], WordClass(classes[i])
            if known[word, kind] < 0:
                known[word, kind] = self.lemma_number(
                    self._lemmas.lemma(self.word_texts[word], kind)
                )
            lemmas[i] = known[word, kind]
        return np.asarray(lemmas)

    def lemma_number(self, lemma: str) -> int:
        """Give the number of a lemma, learning it if it is new."""
        number = self.lemma_numbers.get(lemma)
        if number is None:
            cue, source = self._bins.get(lemma, (0, 0))
            number = self.lemma_numbers[lemma] = self.lemmas.add(
                hash=text_hash(lemma),
                suffix=text_hash(lemma[-4:]),
                is_long=len(lemma) > _SHORT,
                cue=cue,
                source=source,
                reporting=reporting(lemma),
                is_statement=lemma in _STATEMENTS,
            )
            self.lemma_texts.append(lemma)
        return number

    def joined(self, particle: int, verb: int) -> int:
        """Give the lemma of a verb with the particle that stands apart from it."""
        number = self._joined.get((particle, verb))
        if number is None:
            before, stem = self.lemma_texts[particle], self.lemma_texts[verb]
            number = self.lemma_number(stem if stem.startswith(before) else before + stem)
            self._joined[particle, verb] = number
        return number
