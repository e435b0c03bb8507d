"""A small network beside the tagger of messages: it sees the same features, but over stretches.

Every token has a vector, the sum of the vectors of its features, its segment's and its
sentence's; layers of convolution that reach ever farther pass on what stands around it. What the
network thinks and what the field thinks err in different places, so both are asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.arrays import product
from services.extract.engine.trained.crf import counts, index_of, softmax

if TYPE_CHECKING:
    from scipy import sparse

    from services.extract.engine.trained.arrays import Floats, Ints, SlotMatrix
    from services.extract.engine.trained.features import Features

DISTANCES = (1, 2, 4, 8)
"""How far apart the three tokens are that each layer looks at."""
GAP = max(DISTANCES)
"""Empty places between documents, so that no layer looks across."""

_TINY = 1e-5


@dataclass(frozen=True, slots=True)
class Tokens:
    """Features of tokens, and where each token belongs: segment, sentence, and document."""

    features: Features
    segment: Ints
    sentence: Ints
    document: Ints


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of the network.

    `slots` are sorted and `vectors` has a row for each of them after row 0, for slots unknown.
    `inner` is d by c; `layers` are 3 c by c; `out` is (c + d) by labels. Each has its bias.
    """

    labels: tuple[str, ...]
    slots: SlotMatrix
    vectors: Floats
    gain: Floats
    shift: Floats
    inner: Floats
    inner_bias: Floats
    layers: tuple[Floats, ...]
    layer_biases: tuple[Floats, ...]
    out: Floats
    out_bias: Floats
    _index: SlotMatrix = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", index_of(self.slots))

    def odds(self, tokens: Tokens) -> Floats:
        """Give the probability of each label at each token."""
        if not len(tokens.document):
            return np.zeros((0, len(self.labels)), np.float32)
        seen = normalised(self._summed(tokens)) * self.gain + self.shift
        places = padded(tokens.document)
        rows = np.zeros((int(places[-1]) + 1 + GAP, self.inner.shape[1]), np.float32)
        rows[places] = np.maximum(product(seen, self.inner) + self.inner_bias, 0)
        for distance, weights, bias in zip(DISTANCES, self.layers, self.layer_biases, strict=True):
            around = beside(rows, distance)[places]
            rows[places] += np.maximum(product(around, weights) + bias, 0)
        both = np.concatenate([rows[places], seen], axis=1)
        return softmax(product(both, self.out) + self.out_bias)

    def _summed(self, tokens: Tokens) -> Floats:
        features = tokens.features
        total: Floats = self._design(features.tokens) @ self.vectors
        total += (self._design(features.segments) @ self.vectors)[tokens.segment]
        total += (self._design(features.sentences) @ self.vectors)[tokens.sentence]
        return total

    def _design(self, matrix: SlotMatrix) -> sparse.csr_matrix:
        return counts(self._index, matrix, len(self.vectors))


def normalised(rows: Floats) -> Floats:
    """Bring each row to mean 0 and variance 1."""
    centred = rows - rows.mean(1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(1, keepdims=True) + _TINY))


def padded(document: Ints) -> Ints:
    """Give each token's place in a sequence with GAP empty ones before, between and after."""
    opened = np.cumsum(np.append(True, document[1:] != document[:-1]))
    return np.asarray(np.arange(len(document)) + GAP * opened, np.int64)


def beside(rows: Floats, distance: int) -> Floats:
    """Put each row beside those `distance` before and after it: n by c becomes n by 3 c."""
    count, width = rows.shape
    wide = np.zeros((count, 3, width), np.float32)
    wide[distance:, 0] = rows[:-distance]
    wide[:, 1] = rows
    wide[:-distance, 2] = rows[distance:]
    return wide.reshape(count, -1)


def agreed(first: Floats, second: Floats) -> Floats:
    """Give the probabilities on which two opinions agree best: their geometric mean."""
    product = np.sqrt((first + _DOUBT) * (second + _DOUBT))
    return np.asarray(product / product.sum(1, keepdims=True), np.float32)


_DOUBT = np.float32(1e-6)
"""Nobody is surer than this, so that one opinion alone never decides."""
