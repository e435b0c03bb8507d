"""Trains the tagger: backpropagation by hand, so that training needs nothing but numpy."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from services.extract.engine.trained.tagger import (
    BUCKETS,
    REACH,
    Tagger,
    padded_positions,
    spelling,
    windows,
)
from training.adam import Adam
from training.treebanks import CASES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.extract.engine.trained.arrays import Floats, Ints
    from training.treebanks import Sentence

_UNKNOWN = -1
_FEWEST = 3
"""A tag seen less often than this is not learnt."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is decided about the training beforehand."""

    dimensions: int = 64
    inner: int = 128
    outer: int = 128
    epochs: int = 5
    batch_words: int = 3000
    rate: float = 3e-3
    vector_dropout: float = 0.3
    feature_dropout: float = 0.2
    case_weight: float = 0.3
    seed: int = 7


@dataclass(frozen=True, slots=True)
class _Example:
    """One batch: distinct words, and for each place of the padded sequence word and targets."""

    words: list[str]
    word_at: Ints
    tag_at: Ints
    case_at: Ints


def train_tagger(
    sentences: Sequence[Sentence], recipe: Recipe, progress: Callable[[float], None]
) -> Tagger:
    """Train on `sentences`; `progress` hears of the fraction done."""
    counts = Counter(word.tag for sentence in sentences for word in sentence)
    tags = tuple(sorted(tag for tag, count in counts.items() if count >= _FEWEST))
    random = np.random.default_rng(recipe.seed)
    net = _Net(tags, recipe, random)
    total = sum(len(sentence) for sentence in sentences) * recipe.epochs
    done = 0
    for _ in range(recipe.epochs):
        order = random.permutation(len(sentences))
        for batch in _batches([sentences[i] for i in order], recipe.batch_words):
            rate = recipe.rate * max(0.03, 1 - done / total)
            net.learn(_example(batch, tags), rate)
            done += sum(len(sentence) for sentence in batch)
            progress(done / total)
    return net.frozen()


def accuracy(tagger: Tagger, sentences: Sequence[Sentence]) -> dict[str, float]:
    """Measure on tagged sentences: STTS, STTS with mood, and case where the corpus tells."""
    words = [word for sentence in sentences for word in sentence]
    sentence_of = np.repeat(np.arange(len(sentences)), [len(sentence) for sentence in sentences])
    distinct, word_of = np.unique([word.word for word in words], return_inverse=True)
    nowhere = np.zeros_like(sentence_of)
    vectors = tagger.vectors(distinct.tolist())
    tags, cases = tagger.tag(vectors, word_of, sentence_of, nowhere)
    found = [tagger.tags[i] for i in tags]
    same = [a == b.tag for a, b in zip(found, words, strict=True)]
    bare = [
        a.split(".")[0] == b.tag.split(".")[0] if a[0] == "V" else a == b.tag
        for a, b in zip(found, words, strict=True)
    ]
    cased = [
        tagger.cases[i] == w.case
        for i, w in zip(cases, words, strict=True)
        if w.case not in ("-", None)
    ]
    return {
        "stts": float(np.mean(bare)),
        "stts_mood": float(np.mean(same)),
        "case": float(np.mean(cased)),
    }


def _batches(sentences: Sequence[Sentence], words: int) -> list[list[Sentence]]:
    batches: list[list[Sentence]] = [[]]
    size = 0
    for sentence in sentences:
        if size >= words:
            batches.append([])
            size = 0
        batches[-1].append(sentence)
        size += len(sentence)
    return batches


def _example(batch: Sequence[Sentence], tags: Sequence[str]) -> _Example:
    words = [word for sentence in batch for word in sentence]
    sentence_of = np.repeat(np.arange(len(batch)), [len(sentence) for sentence in batch])
    places = padded_positions(sentence_of)
    size = int(places[-1]) + 1 + REACH
    distinct, inverse = np.unique([word.word for word in words], return_inverse=True)
    tag_index = {tag: i for i, tag in enumerate(tags)}
    example = _Example(
        distinct.tolist(), np.full(size, -1), np.full(size, _UNKNOWN), np.full(size, _UNKNOWN)
    )
    example.word_at[places] = inverse
    example.tag_at[places] = [tag_index.get(word.tag, _UNKNOWN) for word in words]
    example.case_at[places] = [
        _UNKNOWN if word.case not in CASES else CASES.index(word.case) for word in words
    ]
    return example


class _Net:
    """The network in training."""

    def __init__(self, tags: tuple[str, ...], recipe: Recipe, random: np.random.Generator) -> None:
        self.tags, self.recipe, self.random = tags, recipe, random
        d, h, k, out = recipe.dimensions, recipe.inner, recipe.outer, len(tags) + len(CASES)
        wide = (2 * REACH + 1) * d
        self.buckets = Adam(self._normal(BUCKETS, d, 0.1))
        self.first = Adam(self._normal(wide, h, np.sqrt(2 / wide)))
        self.second = Adam(self._normal(3 * h, k, np.sqrt(2 / (3 * h))))
        self.out = Adam(self._normal(h + k, out, np.sqrt(1 / (h + k))))
        self.biases = [Adam(np.zeros(size, np.float32)) for size in (h, k, out)]

    def _normal(self, rows: int, columns: int, scale: float) -> Floats:
        return (
            self.random.standard_normal((rows, columns), np.float32) * np.float32(scale)
        ).astype(np.float32)

    def _dropout(self, size: tuple[int, ...], rate: float) -> Floats:
        return (self.random.random(size, np.float32) >= rate).astype(np.float32) / np.float32(
            1 - rate
        )

    def learn(self, example: _Example, rate: float) -> None:
        """Take one step down the gradient of one batch."""
        bag, rows = self._bag(example.words)
        vectors = bag @ self.buckets.value[rows]
        at = np.where(example.word_at < 0, len(example.words), example.word_at)
        drop = self.recipe.vector_dropout
        x = vectors[at]
        x_keep = self._dropout(x.shape, drop)
        x_wide = windows(x * x_keep, REACH)
        inner = np.maximum(x_wide @ self.first.value + self.biases[0].value, 0)
        inner_keep = self._dropout(inner.shape, drop)
        inner_wide = windows(inner * inner_keep, 1)
        outer = np.maximum(inner_wide @ self.second.value + self.biases[1].value, 0)
        both = np.concatenate([inner, outer], axis=1)
        both_keep = self._dropout(both.shape, drop)
        scores = (both * both_keep) @ self.out.value + self.biases[2].value

        d_scores = self._loss_gradient(scores, example)
        d_both = (d_scores @ self.out.value.T) * both_keep
        h = self.recipe.inner
        d_outer = d_both[:, h:] * (outer > 0)
        d_inner_wide = d_outer @ self.second.value.T
        d_inner = (d_both[:, :h] + _unwindow(d_inner_wide, 1) * inner_keep) * (inner > 0)
        d_x = _unwindow(d_inner @ self.first.value.T, REACH) * x_keep
        pick = sparse.csr_matrix(
            (np.ones(len(at), np.float32), at, np.arange(len(at) + 1)),
            (len(at), len(example.words) + 1),
        )
        self.out.step((both * both_keep).T @ d_scores, rate)
        self.second.step(inner_wide.T @ d_outer, rate)
        self.first.step(x_wide.T @ d_inner, rate)
        for bias, gradient in zip(self.biases, (d_inner, d_outer, d_scores), strict=True):
            bias.step(gradient.sum(0), rate)
        self.buckets.step(bag.T @ (pick.T @ d_x), rate, rows)

    def _bag(self, words: Sequence[str]) -> tuple[sparse.csr_matrix, Ints]:
        """Give a matrix words by distinct buckets, some dropped; the last row is the pad's."""
        lists = [*[spelling(word) for word in words], [0]]
        ends = np.cumsum([0, *[len(buckets) for buckets in lists]])
        rows, columns = np.unique(np.concatenate(lists), return_inverse=True)
        weights = self._dropout((len(columns),), self.recipe.feature_dropout)
        return sparse.csr_matrix((weights, columns, ends), (len(lists), len(rows))), rows

    def _loss_gradient(self, scores: Floats, example: _Example) -> Floats:
        tags = len(self.tags)
        gradient = np.empty_like(scores)
        gradient[:, :tags] = _softmax_gradient(scores[:, :tags], example.tag_at)
        gradient[:, tags:] = (
            _softmax_gradient(scores[:, tags:], example.case_at) * self.recipe.case_weight
        )
        return gradient

    def frozen(self) -> Tagger:
        first_bias, second_bias, out_bias = (bias.value for bias in self.biases)
        return Tagger(
            self.tags,
            CASES,
            self.buckets.value,
            self.first.value,
            first_bias,
            self.second.value,
            second_bias,
            self.out.value,
            out_bias,
        )


def _softmax_gradient(scores: Floats, target: Ints) -> Floats:
    known = target != _UNKNOWN
    odds = np.exp(scores - scores.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    odds[np.flatnonzero(known), target[known]] -= 1
    return np.asarray(odds * known[:, None] / max(1, known.sum()), np.float32)


def _unwindow(wide: Floats, reach: int) -> Floats:
    """Bring gradients of windows back to the rows that stood in them."""
    count = len(wide)
    parts = wide.reshape(count, 2 * reach + 1, -1)
    rows = np.zeros((count, parts.shape[2]), np.float32)
    for offset in range(-reach, reach + 1):
        low, high = max(0, -offset), min(count, count - offset)
        rows[low + offset : high + offset] += parts[low:high, offset + reach]
    return rows
