"""Trains the network beside the tagger of messages, by backpropagation with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from services.extract.engine.trained.crf import counts, index_of, softmax
from services.extract.engine.trained.network import (
    DISTANCES,
    GAP,
    Network,
    beside,
    padded,
)
from training.adam import Adam
from training.crf import frequent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from services.extract.engine.trained.arrays import Bools, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.network import Tokens

_TINY = 1e-5
_WARMING_UP = 50
_COLDEST = 0.02
_POOL = 100


@dataclass(frozen=True, slots=True)
class NetworkRecipe:
    """What is decided about the training beforehand.

    The network would learn the articles by heart: half of what it sees is hidden from it at
    every step, and it stops early. `side_weight` is that of its second task.
    """

    dimensions: int = 64
    channels: int = 64
    epochs: int = 6
    batch_tokens: int = 4000
    rate: float = 6e-3
    feature_dropout: float = 0.5
    dropout: float = 0.5
    layer_dropout: float = 0.25
    side_weight: float = 0.5
    rarest: int = 3
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Targets:
    """Gold labels of tokens; the second task only makes the network notice more."""

    labels: tuple[str, ...]
    gold: Ints
    side_labels: tuple[str, ...]
    side_gold: Ints


def train_network(
    tokens: Tokens, targets: Targets, recipe: NetworkRecipe, progress: Callable[[float], None]
) -> Network:
    """Train on `tokens`; `progress` hears of the fraction done. The same input, the same net."""
    random = np.random.default_rng(recipe.seed)
    matrices = [tokens.features.tokens, tokens.features.segments, tokens.features.sentences]
    slots = frequent(matrices, recipe.rarest)
    shelf = _Shelf.of(tokens, slots)
    net = _Net(targets, recipe, len(slots) + 1, random)
    sizes = np.bincount(tokens.document)
    total = len(tokens.document) * recipe.epochs
    done = steps = 0
    for _ in range(recipe.epochs):
        for documents in _batches(sizes, recipe.batch_tokens, random):
            at = shelf.places(documents)
            rate = min(1, (steps + 1) / _WARMING_UP) * max(_COLDEST, 1 - done / total)
            net.learn(shelf.batch(at), at, recipe.rate * rate)
            done, steps = done + len(at), steps + 1
            progress(done / total)
    return net.frozen(slots)


def _batches(sizes: Ints, tokens: int, random: np.random.Generator) -> list[list[int]]:
    """Group documents of like length, in an order of its own each time."""
    shuffled = random.permutation(len(sizes))
    batches: list[list[int]] = []
    for low in range(0, len(shuffled), _POOL):
        pool = shuffled[low : low + _POOL]
        batches += _filled(pool[np.argsort(sizes[pool], kind="stable")].tolist(), sizes, tokens)
    return [batches[i] for i in random.permutation(len(batches))]


def _filled(documents: Sequence[int], sizes: Ints, tokens: int) -> Iterator[list[int]]:
    batch: list[int] = []
    for document in documents:
        batch.append(document)
        if sizes[batch].sum() >= tokens:
            yield batch
            batch = []
    if batch:
        yield batch


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some documents: `bags` holds features of their tokens, segments and sentences by row.

    `join` adds up, for each token, the rows that describe it; `document` numbers the tokens.
    """

    bags: sparse.csr_matrix
    join: sparse.csr_matrix
    document: Ints


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All the training articles."""

    tokens: Tokens
    designs: tuple[sparse.csr_matrix, ...]
    starts: Ints

    @staticmethod
    def of(tokens: Tokens, slots: SlotMatrix) -> _Shelf:
        index, width = index_of(slots), len(slots) + 1
        features = tokens.features
        matrices = (features.tokens, features.segments, features.sentences)
        starts = np.concatenate([[0], np.cumsum(np.bincount(tokens.document))])
        return _Shelf(tokens, tuple(counts(index, m, width) for m in matrices), starts)

    def places(self, documents: Sequence[int]) -> Ints:
        """Give the tokens of some documents."""
        return np.concatenate([np.arange(self.starts[d], self.starts[d + 1]) for d in documents])

    def batch(self, at: Ints) -> _Batch:
        """Take out the documents that the tokens `at` make up."""
        segments, segment = np.unique(self.tokens.segment[at], return_inverse=True)
        sentences, sentence = np.unique(self.tokens.sentence[at], return_inverse=True)
        chosen = zip(self.designs, (at, segments, sentences), strict=True)
        bags = sparse.vstack([design[rows] for design, rows in chosen], format="csr")
        places = np.arange(len(at))
        columns = np.stack([places, len(at) + segment, len(at) + len(segments) + sentence], 1)
        ones = np.ones(columns.size, np.float32)
        ends = np.arange(0, columns.size + 1, 3)
        join = sparse.csr_matrix((ones, columns.ravel(), ends), (len(at), bags.shape[0]))
        return _Batch(bags, join, self.tokens.document[at])


@dataclass(frozen=True, slots=True)
class _Pass:
    """What came up on the way forward and is needed on the way back."""

    seen: Floats
    seen_keep: Floats
    inner: Floats
    wides: list[Floats]
    steps: list[Floats]
    keeps: list[Floats]
    both: Floats
    both_keep: Floats


class _Net:
    """The network in training."""

    def __init__(
        self, targets: Targets, recipe: NetworkRecipe, width: int, random: np.random.Generator
    ) -> None:
        self._targets, self._recipe, self._random = targets, recipe, random
        d, c = recipe.dimensions, recipe.channels
        out = len(targets.labels) + len(targets.side_labels)
        self._vectors = Adam(self._normal(width, d, 0.05))
        self._gain, self._shift = Adam(np.ones(d, np.float32)), Adam(np.zeros(d, np.float32))
        self._inner = Adam(self._normal(d, c, np.sqrt(2 / d)))
        self._layers = [Adam(self._normal(3 * c, c, np.sqrt(1 / (3 * c)))) for _ in DISTANCES]
        self._out = Adam(self._normal(c + d, out, np.sqrt(1 / (c + d))))
        self._inner_bias = Adam(np.zeros(c, np.float32))
        self._layer_biases = [Adam(np.zeros(c, np.float32)) for _ in DISTANCES]
        self._out_bias = Adam(np.zeros(out, np.float32))

    def _normal(self, rows: int, columns: int, scale: float) -> Floats:
        drawn = self._random.standard_normal((rows, columns), np.float32)
        return np.asarray(drawn * np.float32(scale))

    def _keep(self, size: tuple[int, ...], rate: float) -> Floats:
        kept = self._random.random(size, np.float32) >= rate
        return kept.astype(np.float32) / np.float32(1 - rate)

    def learn(self, batch: _Batch, at: Ints, rate: float) -> None:
        """Take one step down the gradient of one batch."""
        rows, bags = self._thinned(batch.bags)
        summed = batch.join @ (bags @ self._vectors.value[rows])
        centred = summed - summed.mean(1, keepdims=True)
        spread = np.sqrt((centred**2).mean(1, keepdims=True) + _TINY)
        unit = centred / spread
        seen = unit * self._gain.value + self._shift.value
        places = padded(batch.document)
        way = self._forward(seen, places)
        shown = way.both * way.both_keep
        scores = np.asarray(shown @ self._out.value + self._out_bias.value, np.float32)
        d_seen = self._backward(way, places, self._loss_gradient(scores, at), rate)
        d_unit = d_seen * self._gain.value
        self._gain.step((d_seen * unit).sum(0), rate)
        self._shift.step(d_seen.sum(0), rate)
        along = (d_unit * unit).mean(1, keepdims=True)
        d_summed = (d_unit - d_unit.mean(1, keepdims=True) - unit * along) / spread
        self._vectors.step(bags.T @ (batch.join.T @ d_summed), rate, rows)

    def _thinned(self, bags: sparse.csr_matrix) -> tuple[Ints, sparse.csr_matrix]:
        """Hide some features, and leave out the columns of those that do not occur."""
        occurs: Bools = np.zeros(bags.shape[1], np.bool_)
        occurs[bags.indices] = True
        rows = np.flatnonzero(occurs)
        renumbered = (np.cumsum(occurs) - 1)[bags.indices]
        keep = self._keep((len(renumbered),), self._recipe.feature_dropout)
        shape = (bags.shape[0], len(rows))
        return rows, sparse.csr_matrix((keep, renumbered, bags.indptr), shape)

    def _forward(self, seen: Floats, places: Ints) -> _Pass:
        recipe = self._recipe
        seen_keep = self._keep(seen.shape, recipe.dropout)
        inner = np.maximum((seen * seen_keep) @ self._inner.value + self._inner_bias.value, 0)
        rows = np.zeros((int(places[-1]) + 1 + GAP, recipe.channels), np.float32)
        rows[places] = inner
        way = _Pass(seen, seen_keep, inner, [], [], [], seen, seen)
        for distance, layer, bias in zip(DISTANCES, self._layers, self._layer_biases, strict=True):
            wide = beside(rows, distance)[places]
            step = np.maximum(wide @ layer.value + bias.value, 0)
            keep = self._keep(step.shape, recipe.layer_dropout)
            rows[places] += step * keep
            way.wides.append(wide)
            way.steps.append(step)
            way.keeps.append(keep)
        both = np.concatenate([rows[places], seen], axis=1)
        both_keep = self._keep(both.shape, recipe.dropout)
        return _Pass(seen, seen_keep, inner, way.wides, way.steps, way.keeps, both, both_keep)

    def _backward(self, way: _Pass, places: Ints, d_scores: Floats, rate: float) -> Floats:
        """Bring the gradient back to what is seen of each token, and take all steps above."""
        channels = self._recipe.channels
        d_both = (d_scores @ self._out.value.T) * way.both_keep
        self._step(self._out, self._out_bias, way.both * way.both_keep, d_scores, rate)
        d_rows = np.zeros((int(places[-1]) + 1 + GAP, channels), np.float32)
        d_rows[places] = d_both[:, :channels]
        for k in reversed(range(len(DISTANCES))):
            layer = self._layers[k]
            d_step = d_rows[places] * way.keeps[k] * (way.steps[k] > 0)
            d_wide = np.asarray(d_step @ layer.value.T, np.float32)
            self._step(layer, self._layer_biases[k], way.wides[k], d_step, rate)
            _add_beside(d_rows, places, d_wide, DISTANCES[k])
        d_inner = d_rows[places] * (way.inner > 0)
        d_seen = d_both[:, channels:] + (d_inner @ self._inner.value.T) * way.seen_keep
        self._step(self._inner, self._inner_bias, way.seen * way.seen_keep, d_inner, rate)
        return np.asarray(d_seen)

    @staticmethod
    def _step(weights: Adam, bias: Adam, given: Floats, gradient: Floats, rate: float) -> None:
        weights.step(given.T @ gradient, rate)
        bias.step(gradient.sum(0), rate)

    def _loss_gradient(self, scores: Floats, at: Ints) -> Floats:
        targets, cut = self._targets, len(self._targets.labels)
        main = _less_gold(softmax(scores[:, :cut]), targets.gold[at])
        side = _less_gold(softmax(scores[:, cut:]), targets.side_gold[at])
        joined = np.concatenate([main, side * np.float32(self._recipe.side_weight)], axis=1)
        return np.asarray(joined / len(at), np.float32)

    def frozen(self, slots: SlotMatrix) -> Network:
        """Give the network as it is used; the second task is over."""
        cut = len(self._targets.labels)
        vectors = self._vectors.value.copy()
        vectors[0] = 0
        return Network(
            labels=self._targets.labels,
            slots=slots,
            vectors=vectors,
            gain=self._gain.value,
            shift=self._shift.value,
            inner=self._inner.value,
            inner_bias=self._inner_bias.value,
            layers=tuple(layer.value for layer in self._layers),
            layer_biases=tuple(bias.value for bias in self._layer_biases),
            out=self._out.value[:, :cut].copy(),
            out_bias=self._out_bias.value[:cut].copy(),
        )


def _less_gold(odds: Floats, gold: Ints) -> Floats:
    odds[np.arange(len(gold)), gold] -= 1
    return odds


def _add_beside(rows: Floats, places: Ints, wide: Floats, distance: int) -> None:
    """Add gradients of triples to the rows that stood in them; empty places stay empty."""
    parts = wide.reshape(len(wide), 3, -1)
    rows[places] += parts[:, 1]
    before, behind = places - distance, places + distance
    filled = np.zeros(len(rows), np.bool_)
    filled[places] = True
    rows[before[filled[before]]] += parts[filled[before], 0]
    known = behind < len(rows)
    known[known] = filled[behind[known]]
    rows[behind[known]] += parts[known, 2]
