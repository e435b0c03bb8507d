"""Candidates: stretches of text that may be messages, more than can all be true.

The labels of tokens are read off several times, with less and less reluctance to call something
a message; the boundaries found are moved to those of segments and sentences nearby; and every
sentence that may stand wholly inside a message is taken as one. Which of them are messages is
judged for each as a whole (see spans.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import messages, outline
from services.extract.engine.trained.messages import TYPES, Message
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.extract.engine.trained.arrays import Floats, Ints
    from services.extract.engine.trained.hints import Hints
    from services.extract.engine.trained.layout import Segments
    from services.extract.engine.trained.reading import Reading

RELUCTANCES = (0.0, -0.5, -1.5, -3.0)
RULES = 1 << len(RELUCTANCES)
MOVED, SENTENCE = RULES << 1, RULES << 2
"""Where a candidate comes from: bit k for the k-th reluctance, then these."""

_LEAST_OF_SENTENCE = 0.05
_FARTHEST_MOVE = 80
"""Tokens by which a boundary may move; keeps the work linear in the length of the text."""

_Key = tuple[int, int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """By candidate, in order of the start: token range, number of the type, origin (bits).

    `gaps` are the tokens in the range that do not belong to the message.
    """

    start: Ints
    end: Ints
    type: Ints
    origin: Ints
    gaps: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.start)

    def tokens(self, number: int) -> list[int]:
        """Give the tokens of a candidate."""
        whole = range(int(self.start[number]), int(self.end[number]))
        gap = self.gaps[number]
        return [token for token in whole if token not in gap] if gap else list(whole)


def propose(
    reading: Reading, segments: Segments, hints: Hints, labels: Ints, of_sentences: Floats
) -> Candidates:
    """Propose stretches by tokens' labels and by the probabilities of sentences' labels.

    `labels` are those found with each of RELUCTANCES, by tokens.
    """
    found: dict[_Key, int] = {}
    for number, at_reluctance in enumerate(labels):
        for key in _decoded(reading, at_reluctance):
            found[key] = found.get(key, 0) | 1 << number
    for hint in hints.statements:
        if TYPES[hint.type] is not Type.DIRECT:
            key = _key(hint.tokens, hint.type)
            found[key] = found.get(key, 0) | RULES
    for key in [key for key in found if not key[3]]:
        for moved in _moved(reading, segments, key):
            found[moved] = found.get(moved, 0) | MOVED
    for key in _sentences(reading, of_sentences):
        found[key] = found.get(key, 0) | SENTENCE
    keys = sorted(found)
    columns = np.array([key[:3] for key in keys], np.int64).reshape(-1, 3)
    return Candidates(
        columns[:, 0],
        columns[:, 1],
        columns[:, 2],
        np.array([found[key] for key in keys], np.int64),
        tuple(key[3] for key in keys),
    )


def _decoded(reading: Reading, labels: Ints) -> Iterator[_Key]:
    """Give what the labels say; direct speech is judged by its marks instead."""
    for first, last in pairwise(reading.document_starts.tolist()):
        for message in messages.decode(labels[first:last].tolist(), first):
            if message.type is not Type.DIRECT:
                yield _key(message.tokens, TYPES.index(message.type))


def _key(tokens: Sequence[int], kind: int) -> _Key:
    start, end = tokens[0], tokens[-1] + 1
    gap = sorted(set(range(start, end)).difference(tokens))
    return start, end, kind, tuple(gap)


def _moved(reading: Reading, segments: Segments, key: _Key) -> Iterator[_Key]:
    start, end, kind, _ = key
    for new_start in _starts_near(reading, segments, start):
        for new_end in _ends_near(reading, segments, end):
            near = max(abs(new_start - start), abs(new_end - end)) <= _FARTHEST_MOVE
            if new_start < new_end and near and (new_start, new_end) != (start, end):
                yield new_start, new_end, kind, ()


def _starts_near(reading: Reading, segments: Segments, start: int) -> set[int]:
    """Give the edges of the segment, and the segment before the sign in front."""
    own = int(segments.of[start])
    first = int(segments.starts[own])
    starts = {start, first}
    if first < start or segments.is_sign[own]:
        starts.add(int(segments.ends[own]))
    if first == start > reading.first[start] and segments.is_sign[own - 1] and own > 1:
        starts.add(max(int(segments.starts[own - 2]), int(reading.first[start])))
    return {place for place in starts if place < len(reading)}


def _ends_near(reading: Reading, segments: Segments, end: int) -> set[int]:
    """Give the edges of the segment and of the sentence, and the segment behind the next sign."""
    own = int(segments.of[end - 1])
    close = int(reading.end[end - 1])
    last = int(segments.ends[own])
    ends = {end, last, int(segments.starts[own]), close, close - 1}
    if last == end and own + 2 < len(segments.ends) and segments.is_sign[own + 1]:
        ends.add(min(int(segments.ends[own + 2]), close))
    return ends


def _sentences(reading: Reading, of_sentences: Floats) -> Iterator[_Key]:
    """Give the sentences that may be messages, of the type likeliest for them."""
    by_type = whole_sentences(of_sentences)
    for number in np.flatnonzero(by_type.max(1) > _LEAST_OF_SENTENCE).tolist():
        kind = outline.WHOLE[int(by_type[number].argmax())]
        start, end = reading.sentence_starts[number], reading.sentence_ends[number]
        yield int(start), int(end), TYPES.index(kind), ()


def whole_sentences(of_sentences: Floats) -> Floats:
    """Give for each sentence the probability that it stands wholly in a message of each type."""
    edges = len("BI")
    inside = of_sentences[:, 1 : 1 + edges * len(outline.WHOLE)]
    return np.asarray(inside.reshape(len(inside), -1, edges).sum(2))


def choose(
    candidates: Candidates, chances: Floats, least: Mapping[str, float], count: int
) -> list[Message]:
    """Choose candidates that do not overlap, by how far they surpass what their type needs.

    `least` is the least chance by type; `count` is the number of tokens of the reading. The
    messages come in reading order.
    """
    used = np.zeros(count, np.bool_)
    chosen: list[Message] = []
    needed = np.array([least.get(kind, 1.0) for kind in TYPES], np.float32)[candidates.type]
    surplus = chances / needed
    for number in np.argsort(-surplus, kind="stable").tolist():
        if surplus[number] < 1:
            break
        tokens = candidates.tokens(number)
        if not used[tokens].any():
            used[tokens] = True
            kind = TYPES[int(candidates.type[number])]
            chosen.append(Message(tokens, kind, float(chances[number])))
    return sorted(chosen, key=lambda message: message.tokens[0])


def by_document(reading: Reading, found: Sequence[Message]) -> list[list[Message]]:
    """Part messages by the document they stand in."""
    starts = reading.document_starts
    parted: list[list[Message]] = [[] for _ in range(len(starts) - 1)]
    for message in found:
        number = int(np.searchsorted(starts, message.tokens[0], side="right")) - 1
        parted[number].append(message)
    return parted
