"""Linear-chain conditional random fields over hashed features: scores and exact marginals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from services.extract.engine.trained.hashing import ABSENT, BITS

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Bools, Doubles, Floats, Ints, SlotMatrix


BLOCK = 16
"""Tokens that forward and backward sums take in one step."""


def index_of(slots: SlotMatrix) -> SlotMatrix:
    """Give the row of each slot, 0 for one without weights; the last entry is for ABSENT."""
    index = np.zeros((1 << BITS) + 1, np.int32)
    index[slots] = np.arange(1, len(slots) + 1)
    return index


@dataclass(frozen=True, slots=True)
class Field:
    """Weights by slot, n + 1 by labels (row 0 is for slots unknown), and between labels.

    `slots` are sorted; without `transitions` each row is decided by itself.
    """

    labels: tuple[str, ...]
    slots: SlotMatrix
    weights: Floats
    transitions: Floats
    _index: SlotMatrix = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", index_of(self.slots))

    def scores(self, matrix: SlotMatrix) -> Floats:
        """Add up the weights of each row's slots: n by labels."""
        return np.asarray(counts(self._index, matrix, len(self.weights)) @ self.weights)

    def marginals(self, scores: Floats, starts: Ints, ends: Ints) -> Floats:
        """Give the probability of each label at each row; `starts` and `ends` bound sequences."""
        if len(self.labels) == 0 or not len(scores):
            return scores
        return marginals(scores, self.transitions, starts, ends)


def counts(index: SlotMatrix, matrix: SlotMatrix, width: int) -> sparse.csr_matrix:
    """Give the rows' known slots as a sparse matrix of ones, n by `width`."""
    rows = index[matrix]
    known = rows > 0
    ends = np.zeros(len(matrix) + 1, np.int32)
    np.cumsum(known.sum(1), out=ends[1:])
    columns = rows[known]
    return sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, ends), (len(matrix), width)
    )


def softmax(scores: Floats) -> Floats:
    """Turn each row's scores into probabilities."""
    odds = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(odds / odds.sum(1, keepdims=True), np.float32)


def marginals(scores: Floats, transitions: Floats, starts: Ints, ends: Ints) -> Floats:
    """Sum over all labellings, exactly, in blocks: about 2 BLOCK + n / BLOCK array steps.

    Every block's transfer matrix is multiplied out for all blocks at once; a short pass over
    blocks gives what comes in from left and right, and a last one the marginals inside.
    """
    blocks = _Blocks.of(starts, ends)
    odds = np.exp(scores - scores.max(1, keepdims=True)).astype(np.float32)
    emitted = odds[blocks.places]
    step = np.exp(transitions).astype(np.float32)
    left, right = _messages(blocks, _transfer(blocks, emitted, step))
    # In double precision, like `product` and for its reason.
    exact = step.astype(np.float64)
    forward = _forward(blocks, emitted, exact, left.astype(np.float64))
    _backward(blocks, emitted, exact.T.copy(), right.astype(np.float64), forward)
    found = np.empty_like(odds)
    found[blocks.places[blocks.valid]] = forward[blocks.valid]
    found /= found.sum(1, keepdims=True)
    return np.asarray(found)


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Sequences cut into blocks, the longest sequence first.

    `places` and `valid` are blocks by BLOCK; `first` tells the first block of a sequence,
    `offsets` is where each sequence's blocks start, `active[k]` how many have a k-th block.
    """

    places: Ints
    valid: Bools
    first: Bools
    offsets: Ints
    active: Ints

    @staticmethod
    def of(starts: Ints, ends: Ints) -> _Blocks:
        sizes = -(-(ends - starts) // BLOCK)
        order = np.argsort(-sizes, kind="stable")
        starts, ends, sizes = starts[order], ends[order], sizes[order]
        offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        sequence = np.repeat(np.arange(len(starts)), sizes)
        number = np.arange(len(sequence)) - offsets[sequence]
        places = (starts[sequence] + number * BLOCK)[:, None] + np.arange(BLOCK)
        valid = places < ends[sequence][:, None]
        active = np.searchsorted(-sizes, -np.arange(int(sizes[0]) + 1), side="left")
        return _Blocks(np.where(valid, places, 0), valid, number == 0, offsets, active)


def _transfer(blocks: _Blocks, emitted: Floats, step: Floats) -> Floats:
    """Multiply out each block's matrix: from the label before it to that of its last token."""
    labels = emitted.shape[2]
    matrix = np.where(blocks.first[:, None, None], np.eye(labels, dtype=np.float32), step)
    matrix = matrix * emitted[:, 0][:, None, :]
    for t in range(1, BLOCK):
        # Stacked, not as one product: then what comes out of a block depends on it alone.
        moved = matrix @ step
        moved *= emitted[:, t][:, None, :]
        moved /= moved.sum((1, 2), keepdims=True)
        matrix = np.where(blocks.valid[:, t, None, None], moved, matrix)
    return matrix


def _messages(blocks: _Blocks, transfer: Floats) -> tuple[Floats, Floats]:
    """Pass sums from block to block: what reaches each one from its left and its right."""
    count, labels, _ = transfer.shape
    left, right = np.ones((count, labels), np.float32), np.ones((count, labels), np.float32)
    longest = len(blocks.active) - 1
    for k in range(1, longest):
        rows = blocks.offsets[: blocks.active[k]] + k
        message = (left[rows - 1][:, None, :] @ transfer[rows - 1])[:, 0]
        left[rows] = message / message.sum(1, keepdims=True)
    for k in range(longest - 2, -1, -1):
        rows = blocks.offsets[: blocks.active[k + 1]] + k
        message = (transfer[rows + 1] @ right[rows + 1][:, :, None])[:, :, 0]
        right[rows] = message / message.sum(1, keepdims=True)
    return left, right


def _forward(blocks: _Blocks, emitted: Floats, step: Doubles, left: Doubles) -> Floats:
    forward = np.empty_like(emitted)
    current = left
    for t in range(BLOCK):
        moved = current @ step
        if t == 0:
            moved = np.where(blocks.first[:, None], current, moved)
        moved = moved * emitted[:, t]
        moved /= moved.sum(1, keepdims=True)
        forward[:, t] = current = moved
    return forward


def _backward(
    blocks: _Blocks, emitted: Floats, step_back: Doubles, right: Doubles, forward: Floats
) -> None:
    """Multiply the backward sums into `forward`."""
    current = right
    for t in range(BLOCK - 1, -1, -1):
        forward[:, t] *= current
        moved = (current * emitted[:, t]) @ step_back
        moved /= moved.sum(1, keepdims=True)
        current = np.where(blocks.valid[:, t, None], moved, current)


__all__ = ["ABSENT", "Field", "counts", "index_of", "marginals", "softmax"]
