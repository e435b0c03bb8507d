"""Trains conditional random fields: exact gradients, L-BFGS, the same weights every time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.crf import Field, counts, index_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from scipy import sparse

    from services.extract.engine.trained.arrays import Floats, Ints, SlotMatrix


_WORTH_WHILE = 1e-6
"""The share of its value that a step has to gain for the search to go on."""


@dataclass(frozen=True, slots=True)
class Factor:
    """Slots of rows, and which row each place of the sequences belongs to (None: its own)."""

    matrix: SlotMatrix
    owner: Ints | None = None


@dataclass(frozen=True, slots=True)
class Sequences:
    """Features and gold labels of places in sequences; `weight` counts a place more or less."""

    factors: Sequence[Factor]
    gold: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True, slots=True)
class Fit:
    """How hard to fit: penalty on squared weights, iterations, and the rarest feature learnt."""

    penalty: float = 1.0
    iterations: int = 70
    rarest: int = 2
    chained: bool = True


def train_field(
    labels: Sequence[str], data: Sequences, fit: Fit, progress: Callable[[float], None]
) -> Field:
    """Find the weights that make the gold labels likeliest, less the penalty."""
    slots = frequent([factor.matrix for factor in data.factors], fit.rarest)
    objective = _Objective(len(labels), slots, data, fit)
    solution = minimise(objective, objective.size, fit.iterations, progress)
    weights, transitions = objective.unpack(solution)
    return Field(tuple(labels), slots, weights.copy(), transitions.copy())


def frequent(matrices: Sequence[SlotMatrix], rarest: int) -> SlotMatrix:
    """Give the slots that occur in at least `rarest` rows, sorted."""
    size = 1 + max((int(matrix.max(initial=0)) for matrix in matrices), default=0)
    seen = np.zeros(size, np.int64)
    for matrix in matrices:
        seen += np.bincount(matrix[matrix >= 0], minlength=size)
    return np.flatnonzero(seen >= rarest).astype(np.int32)


class _Objective:
    """The negative log likelihood with its gradient, as a function of one long vector."""

    def __init__(self, labels: int, slots: SlotMatrix, data: Sequences, fit: Fit) -> None:
        self._labels, self._fit, self._data = labels, fit, data
        self._rows = len(slots) + 1
        index = index_of(slots)
        self._designs = [counts(index, factor.matrix, self._rows) for factor in data.factors]
        self._transposed = [design.T.tocsr() for design in self._designs]
        self._owners = [factor.owner for factor in data.factors]
        self._lattice = _Lattice(data.starts, data.ends)
        self._gold_pairs = _pair_counts(data, labels) if fit.chained else np.zeros((labels, labels))
        self.size = self._rows * labels + labels * labels

    def unpack(self, vector: Floats) -> tuple[Floats, Floats]:
        """Cut the vector into weights by slot and between labels."""
        cut = self._rows * self._labels
        return vector[:cut].reshape(self._rows, -1), vector[cut:].reshape(self._labels, -1)

    def __call__(self, vector: Floats) -> tuple[float, Floats]:
        """Give the objective and its gradient."""
        weights, transitions = self.unpack(vector)
        scores = self._scores(weights)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            # A step of the search that goes much too far gives a loss that is not a number.
            log_total, odds, pairs = self._lattice.expectations(
                scores, transitions, self._fit.chained
            )
        gold = self._data.gold
        places = np.arange(len(gold))
        loss = log_total - float(scores[places, gold].sum(dtype=np.float64))
        loss -= float((self._gold_pairs * transitions).sum())
        odds[places, gold] -= 1
        gradient = np.empty_like(vector)
        on_weights, on_transitions = self.unpack(gradient)
        on_weights[:] = self._gathered(odds)
        on_transitions[:] = pairs - self._gold_pairs
        loss += self._fit.penalty * float(vector @ vector)
        gradient += np.float32(2 * self._fit.penalty) * vector
        on_weights[0] = 0
        return loss, gradient

    def _scores(self, weights: Floats) -> Floats:
        total = np.zeros((len(self._data.gold), self._labels), np.float32)
        for design, owner in zip(self._designs, self._owners, strict=True):
            part = design @ weights
            total += part if owner is None else part[owner]
        return total

    def _gathered(self, residual: Floats) -> Floats:
        gathered = np.zeros((self._rows, self._labels), np.float32)
        for design, owner in zip(self._transposed, self._owners, strict=True):
            gathered += design @ (residual if owner is None else _summed(residual, owner, design))
        return gathered


def _summed(residual: Floats, owner: Ints, transposed: sparse.csr_matrix) -> Floats:
    """Add up the rows of each owner; owners rise along the sequences."""
    sums = np.zeros((transposed.shape[1], residual.shape[1]), np.float32)
    opens = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    sums[owner[opens]] = np.add.reduceat(residual, opens, axis=0)
    return sums


def _pair_counts(data: Sequences, labels: int) -> NDArray[np.float64]:
    """Count how often one label follows another inside sequences."""
    follows = np.ones(len(data.gold), np.bool_)
    follows[data.starts[data.starts < len(follows)]] = False
    at = np.flatnonzero(follows)
    pairs = np.zeros((labels, labels))
    np.add.at(pairs, (data.gold[at - 1], data.gold[at]), 1)
    return pairs


class _Lattice:
    """Sequences side by side, so that each step of the sums is one array operation."""

    def __init__(self, starts: Ints, ends: Ints) -> None:
        lengths = ends - starts
        order = np.argsort(-lengths, kind="stable")
        starts, lengths = starts[order], lengths[order]
        active = np.searchsorted(-lengths, -np.arange(int(lengths[0])), side="left")
        self._order = np.concatenate([starts[:n] + t for t, n in enumerate(active)])
        self._offsets = np.concatenate([[0], np.cumsum(active)])

    def expectations(
        self, scores: Floats, transitions: Floats, chained: bool
    ) -> tuple[float, Floats, NDArray[np.float64]]:
        """Give the log of the sum over labellings, marginals by place, and expected pairs."""
        highest = scores.max(1, keepdims=True)
        odds = np.exp(scores - highest)
        if not chained:
            total = odds.sum(1, keepdims=True)
            log_total = float((highest + np.log(total)).sum(dtype=np.float64))
            return log_total, odds / total, np.zeros(transitions.shape)
        odds = odds[self._order]
        step = np.exp(transitions)
        forward, scale = self._forward(odds, step)
        log_total = float(highest.sum(dtype=np.float64) + np.log(scale).sum(dtype=np.float64))
        backward = self._backward(odds, step, scale)
        ahead = backward * odds / scale
        pairs = step * sum(
            forward[low:high].T.astype(np.float64) @ ahead[next_low:next_high]
            for low, high, next_low, next_high in self._pairs()
        )
        found = np.empty_like(odds)
        found[self._order] = forward * backward
        return log_total, found, pairs

    def _slices(self) -> list[tuple[int, int]]:
        return list(zip(self._offsets[:-1].tolist(), self._offsets[1:].tolist(), strict=True))

    def _pairs(self) -> list[tuple[int, int, int, int]]:
        return [
            (low, low + next_high - next_low, next_low, next_high)
            for (low, _), (next_low, next_high) in pairwise(self._slices())
        ] or [(0, 0, 0, 0)]

    def _forward(self, odds: Floats, step: Floats) -> tuple[Floats, Floats]:
        forward, scale = odds.copy(), np.empty((len(odds), 1), np.float32)
        previous: Floats | None = None
        for low, high in self._slices():
            current = forward[low:high]
            if previous is not None:
                current *= previous[: high - low] @ step
            scale[low:high] = current.sum(1, keepdims=True)
            current /= scale[low:high]
            previous = current
        return forward, scale

    def _backward(self, odds: Floats, step: Floats, scale: Floats) -> Floats:
        backward = np.ones_like(odds)
        back = step.T.copy()
        for low, high, next_low, next_high in reversed(self._pairs()):
            ahead = backward[next_low:next_high] * odds[next_low:next_high]
            backward[low:high] = (ahead / scale[next_low:next_high]) @ back
        return backward


def minimise(
    function: Callable[[Floats], tuple[float, Floats]],
    size: int,
    iterations: int,
    progress: Callable[[float], None],
    memory: int = 6,
) -> Floats:
    """Minimise by L-BFGS from zero; stop early when nothing is gained any more."""
    point = np.zeros(size, np.float32)
    value, gradient = function(point)
    pairs: deque[tuple[Floats, Floats, float]] = deque(maxlen=memory)
    for iteration in range(iterations):
        direction = _direction(gradient, pairs)
        slope = float(gradient @ direction)
        length = 1.0 if pairs else min(1.0, 1.0 / float(np.abs(gradient).sum()) * 10)
        gained = False
        for _ in range(20):
            candidate = point + np.float32(length) * direction
            new_value, new_gradient = function(candidate)
            # Not true either of a value that is not a number.
            if new_value <= value + 1e-4 * length * slope:
                gained = True
                break
            length *= 0.5
        if not gained:
            break
        moved, turned = candidate - point, new_gradient - gradient
        curvature = float(moved @ turned)
        if curvature > 0:
            pairs.append((moved, turned, curvature))
        improvement = (value - new_value) / max(1.0, abs(new_value))
        point, value, gradient = candidate, new_value, new_gradient
        progress((iteration + 1) / iterations)
        if improvement < _WORTH_WHILE:
            break
    progress(1.0)
    return point


def _direction(gradient: Floats, pairs: deque[tuple[Floats, Floats, float]]) -> Floats:
    """Multiply the gradient by the approximate inverse curvature, downhill."""
    direction = -gradient
    shares: list[float] = []
    for moved, turned, curvature in reversed(pairs):
        share = float(moved @ direction) / curvature
        shares.append(share)
        direction -= np.float32(share) * turned
    if pairs:
        moved, turned, curvature = pairs[-1]
        direction *= np.float32(curvature / float(turned @ turned))
    for (moved, turned, curvature), share in zip(pairs, reversed(shares), strict=True):
        direction += np.float32(share - float(turned @ direction) / curvature) * moved
    return direction
