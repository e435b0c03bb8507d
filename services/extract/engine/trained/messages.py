"""Messages: the contents of statements as labels of tokens, and back.

Every token gets one label: nothing, a gap inside a message (", so der Minister,"), or the
beginning or the inside of a message of one type. Messages inside others are found elsewhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.trained.arrays import Floats, Ints


TYPES = (
    Type.DIRECT,
    Type.INDIRECT,
    Type.REPORTED,
    Type.FREE_INDIRECT,
    Type.INDIRECT_FREE_INDIRECT,
)
NOTHING, GAP = 0, 1
LABELS = ("O", "G", *(f"{edge}-{kind}" for kind in TYPES for edge in "BI"))

_LONGEST_WITH_GAP = 120
_FORBIDDEN = -1e4
# A token so surely outside any message is not worth deciding over.
_SURELY_NOTHING = 0.97


@dataclass(slots=True)
class Message:
    """A message under way: sorted tokens of the reading, its type, its parts as they are found.

    `outer` is the message around it, `certainty` the mean probability of its tokens' labels.
    """

    tokens: list[int]
    type: Type
    certainty: float = 1.0
    outer: Message | None = None
    parts: dict[str, list[int]] = field(default_factory=dict)


def begins(kind: Type) -> int:
    """Give the number of the label of the first token of a message of this type."""
    return 2 + 2 * TYPES.index(kind)


def encode(count: int, messages: Sequence[tuple[Sequence[int], Type]]) -> Ints:
    """Label `count` tokens with messages that do not overlap; tokens are sorted."""
    labels = np.full(count, NOTHING)
    for tokens, kind in messages:
        first, last = tokens[0], tokens[-1]
        if last - first < _LONGEST_WITH_GAP:
            between = np.arange(first, last + 1)
            labels[between[labels[between] == NOTHING]] = GAP
        labels[list(tokens)] = begins(kind) + 1
        labels[first] = begins(kind)
    return labels


def decode(labels: Sequence[int], offset: int) -> list[Message]:
    """Read messages off the labels of one document whose first token is `offset`."""
    found: list[tuple[list[int], Counter[int]]] = []
    current: tuple[list[int], Counter[int]] | None = None
    for place, label in enumerate(labels, offset):
        if label == NOTHING:
            current = None
        elif label == GAP:
            continue
        elif label % 2 == 0 or current is None:
            current = [place], Counter({label // 2 - 1: 1})
            found.append(current)
        else:
            tokens, votes = current
            tokens.append(place)
            votes[label // 2 - 1] += 1
    return [Message(tokens, TYPES[votes.most_common(1)[0][0]]) for tokens, votes in found]


def _moves() -> tuple[Floats, Floats, Floats]:
    """Give what may follow what, what may open a sequence, and what may end it."""
    count = len(LABELS)
    between = np.zeros((count, count), np.float32)
    opening, ending = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for after in range(count):
        inside = after > GAP and after % 2 == 1
        for before in range(count):
            same_type = before > GAP and before // 2 == after // 2
            allowed = not inside or before == GAP or same_type
            allowed &= not (after == GAP and before == NOTHING)
            allowed &= not (before == GAP and not inside and after != GAP)
            between[before, after] = 0 if allowed else _FORBIDDEN
        if inside or after == GAP:
            opening[after] = _FORBIDDEN
    ending[GAP] = _FORBIDDEN
    return between, opening, ending


_BETWEEN, _OPENING, _ENDING = _moves()


def best_labels(odds: Floats, reluctances: Sequence[float], starts: Ints, ends: Ints) -> Ints:
    """Give the likeliest allowed labels by the tokens' probabilities: reluctances by tokens.

    A higher reluctance takes fewer tokens for part of a message; all are searched side by side.
    Only stretches that are not surely outside are searched.
    """
    count = len(odds)
    labels = np.zeros((len(reluctances), count), np.int64)
    open_ = odds[:, NOTHING] <= _SURELY_NOTHING
    begin, end = open_.copy(), open_.copy()
    begin[1:] &= ~open_[:-1]
    begin[starts] = open_[starts]
    end[:-1] &= ~open_[1:]
    end[ends - 1] = open_[ends - 1]
    first, last = np.flatnonzero(begin), np.flatnonzero(end) + 1
    if not len(first):
        return labels
    scores = np.tile(np.log(odds + 1e-7), (len(reluctances), 1))
    scores[:, NOTHING] += np.repeat(np.array(reluctances, scores.dtype), count)
    offsets = np.arange(len(reluctances))[:, None] * count
    found = _viterbi(scores, (first + offsets).ravel(), (last + offsets).ravel())
    return np.where(open_, found.reshape(labels.shape), NOTHING)


def _viterbi(scores: Floats, starts: Ints, ends: Ints) -> Ints:
    lengths = ends - starts
    order = np.argsort(-lengths, kind="stable")
    starts, lengths = starts[order], lengths[order]
    active = np.searchsorted(-lengths, -np.arange(int(lengths[0])), side="left")
    best = scores[starts] + _OPENING
    final = np.empty_like(best)
    origins = [np.empty(0, np.int64)]
    incoming = _BETWEEN.T[None]
    for t in range(1, len(active)):
        running = int(active[t])
        final[running : len(best)] = best[running:]
        routes = best[:running, None, :] + incoming
        origin = routes.argmax(2)
        origins.append(origin)
        best = routes.max(2)
        best += scores[starts[:running] + t]
    final[: len(best)] = best
    current = (final + _ENDING).argmax(1)
    labels = np.zeros(len(scores), np.int64)
    labels[starts + lengths - 1] = current
    for t in range(len(active) - 1, 0, -1):
        running = int(active[t])
        current[:running] = origins[t][np.arange(running), current[:running]]
        labels[starts[:running] + t - 1] = current[:running]
    return labels
