"""Windows: for each message the sentences in which its source, cue and addressee may stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.hints import PART_BITS
from services.extract.engine.trained.layout import OFTEN, SOMETIMES
from services.extract.engine.trained.messages import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.extract.engine.trained.arrays import Bools, Ints
    from services.extract.engine.trained.hints import Hints
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.reading import Reading


PARTS = ("source", "cue", "frame", "addressee")

# Where a token stands, seen from the message.
IN, GAP, BEFORE, AFTER, EARLIER_1, EARLIER_2, EARLIER, BETWEEN, NEXT = 0, 1, 2, 3, 4, 5, 6, 7, 8

_SENTENCES_BEFORE = 2
_SENTENCES_AFTER = 1
_FARTHEST_SOURCE = 8
"""Sentences between a message and the one before it whose source may still be its own."""
_NEARLY = 2
"""Tokens from the last of a message to the end of its sentence, if it closes that."""
_FARTHEST = 300
"""Tokens on either side of a message that are looked at, however long its sentences are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message with the one before it on the same level, if any."""

    message: Message
    previous: Message | None


@dataclass(frozen=True, slots=True)
class Windows:
    """Tokens of the windows of all messages, one window after the other.

    `token` is a number in the reading, `owner` the number of the candidate. By token: `region`,
    `distance` from the message, `previous` and `outer` (bits of the parts that the message
    before and the one around have there), `other` (1 + type of another message there).
    By candidate: `kind` (type, whether it opens and ends its sentences, is nested), `context`
    (the same with whether there is a cue around and a source before), `cue` (the nearest
    cue-like token, or -1). `hint` are bits of the parts that the rules say the message has, and
    `hinted` tells what kind of statement they took it for, or 0. `starts` has one
    entry more than there are candidates.
    """

    starts: Ints
    owner: Ints
    token: Ints
    region: Ints
    distance: Ints
    previous: Ints
    outer: Ints
    other: Ints
    type: Ints
    kind: Ints
    context: Ints
    cue: Ints
    begin: Ints
    end: Ints
    beside: Ints
    hint: Ints
    hinted: Ints


def order(messages: Sequence[Message]) -> list[Candidate]:
    """Pair each message of a document with the one before it; those around come first."""
    in_order = sorted(messages, key=lambda m: (m.tokens[0], -len(m.tokens)))
    candidates: list[Candidate] = []
    before: dict[int, Message | None] = {}
    previous: Message | None = None
    for message in in_order:
        if message.outer is None:
            candidates.append(Candidate(message, previous))
            before[id(message)] = previous
            previous = message
    candidates += [
        Candidate(message, before.get(id(message.outer)))
        for message in in_order
        if message.outer is not None
    ]
    return candidates


def open_windows(
    reading: Reading, layout: Layout, hints: Hints, documents: Sequence[Sequence[Candidate]]
) -> Windows:
    """Open a window for each candidate; `documents` groups them by document."""
    views = _Views(reading, layout, hints)
    for number, candidates in enumerate(documents):
        types = _types_at(candidates)
        for candidate in candidates:
            views.add(number, candidate, types)
    return views.windows()


def _types_at(candidates: Sequence[Candidate]) -> dict[int, list[tuple[int, int]]]:
    """Give for each token the messages that it is in, by identity, with 1 + their type."""
    types: dict[int, list[tuple[int, int]]] = {}
    for candidate in candidates:
        message = candidate.message
        kind = 1 + TYPES.index(message.type)
        for token in message.tokens:
            types.setdefault(token, []).append((id(message), kind))
    return types


class _Views:
    """Collects windows one by one."""

    def __init__(self, reading: Reading, layout: Layout, hints: Hints) -> None:
        self._reading = reading
        self._hints = hints
        self._strong = (layout.cue == OFTEN) | (layout.cue == SOMETIMES)
        self._any = layout.cue > 0
        self._cue_like = layout.is_cue_like
        self._segment_start = layout.segments.starts[layout.segments.of]
        self._segment_end = layout.segments.ends[layout.segments.of]
        self._word = ~layout.segments.is_sign[layout.segments.of]
        self._columns: dict[str, list[Ints]] = {
            name: []
            for name in (
                "token",
                "region",
                "distance",
                "previous",
                "outer",
                "other",
                "beside",
                "hint",
            )
        }
        self._facts: list[tuple[int, ...]] = []

    def add(
        self, document: int, candidate: Candidate, types: dict[int, list[tuple[int, int]]]
    ) -> None:
        reading, message = self._reading, candidate.message
        begin, end = message.tokens[0], message.tokens[-1]
        first, last = int(reading.sentence[begin]), int(reading.sentence[end])
        low, high = self._bounds(document, candidate.previous, first, last)
        low, high = max(low, begin - _FARTHEST), min(high, end + _FARTHEST)
        token = np.arange(low, high)
        inside = np.zeros(high - low + 2, np.bool_)
        inside[np.array(message.tokens) - low] = True
        own = inside[: high - low]
        sentence = reading.sentence[low:high]
        region = _regions(token, sentence, own, (begin, end), (first, last))
        around = ((sentence == first) | (sentence == last)) & ~own
        columns = {
            "token": token,
            "region": region,
            "distance": np.where(token < begin, begin - token, np.maximum(token - end, 0)),
            "previous": _bits(candidate.previous.parts if candidate.previous else {}, low, high),
            "outer": _bits(message.outer.parts if message.outer else {}, low, high),
            "other": self._others(message, types, low, high),
            "beside": self._beside(inside, low, high),
        }
        for name, column in columns.items():
            self._columns[name].append(column)
        hint, hinted = self._hint(message, low, high)
        self._columns["hint"].append(hint)
        cue = self._nearest_cue(around, low, begin, end)
        self._facts.append(
            (*self._kinds(candidate, around, low, (first, last)), cue, begin, end, hinted)
        )

    def _hint(self, message: Message, low: int, high: int) -> tuple[Ints, int]:
        """Give the parts (bits) that the rules say the message has, and whether they know it."""
        hint = self._hints.like(message.tokens)
        if hint is None:
            return np.zeros(high - low, np.int64), 0
        return _bits(hint.parts, low, high), 1 + TYPES.index(message.type) * 8 + hint.type

    def _bounds(
        self, document: int, previous: Message | None, first: int, last: int
    ) -> tuple[int, int]:
        reading = self._reading
        low = max(int(reading.document_sentences[document]), first - _SENTENCES_BEFORE)
        source = previous.parts.get("source") if previous is not None else None
        if source:
            at = int(reading.sentence[source[0]])
            low = min(low, at) if first - at <= _FARTHEST_SOURCE else low
        high = min(int(reading.document_sentences[document + 1]) - 1, last + _SENTENCES_AFTER)
        return int(reading.sentence_starts[low]), int(reading.sentence_ends[high])

    def _kinds(
        self, candidate: Candidate, around: Bools, low: int, sentences: tuple[int, int]
    ) -> tuple[int, int, int]:
        reading, message = self._reading, candidate.message
        where = np.flatnonzero(around) + low
        near = (
            1
            if self._strong[where].any()
            else 2
            if self._any[where].any()
            else 4
            if self._word[where].any()
            else 3
        )
        opens = int(reading.sentence_starts[sentences[0]]) == message.tokens[0]
        closes = int(reading.sentence_ends[sentences[1]]) - message.tokens[-1] <= _NEARLY
        kind = TYPES.index(message.type)
        form = ((kind * 2 + opens) * 2 + closes) * 2 + (message.outer is not None)
        has_source = candidate.previous is not None and bool(candidate.previous.parts.get("source"))
        return kind, form, (form * 5 + near) * 2 + has_source

    def _nearest_cue(self, around: Bools, low: int, begin: int, end: int) -> int:
        cues = np.flatnonzero(around & self._cue_like[low : low + len(around)]) + low
        if not len(cues):
            return -1
        return int(cues[np.minimum(abs(cues - begin), abs(cues - end)).argmin()])

    def _others(
        self, message: Message, types: dict[int, list[tuple[int, int]]], low: int, high: int
    ) -> Ints:
        other = np.zeros(high - low, np.int64)
        for token in range(low, high):
            for owner, kind in types.get(token, ()):
                if owner != id(message):
                    other[token - low] = kind
        return other

    def _beside(self, inside: Bools, low: int, high: int) -> Ints:
        """Tell whether a token's segment touches the message: on its right (1), its left (2)."""
        count = high - low

        def touches(places: Ints) -> Bools:
            known = (places >= 0) & (places < count)
            return inside[np.where(known, places, count)]

        end, start = self._segment_end[low:high] - low, self._segment_start[low:high] - low
        right = touches(end) | touches(end + 1)
        left = touches(start - 1) | touches(start - 2)
        return right * 1 + left * 2

    def windows(self) -> Windows:
        sizes = [len(token) for token in self._columns["token"]]
        facts = np.array(self._facts, np.int64).reshape(-1, 7)
        columns = {
            name: np.concatenate(parts) if parts else np.zeros(0, np.int64)
            for name, parts in self._columns.items()
        }
        return Windows(
            starts=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]),
            owner=np.repeat(np.arange(len(sizes)), np.array(sizes, np.int64)),
            type=facts[:, 0],
            kind=facts[:, 1],
            context=facts[:, 2],
            cue=facts[:, 3],
            begin=facts[:, 4],
            end=facts[:, 5],
            hinted=facts[:, 6],
            **columns,
        )


def _regions(
    token: Ints, sentence: Ints, own: Bools, edges: tuple[int, int], sentences: tuple[int, int]
) -> Ints:
    (begin, end), (first, last) = edges, sentences
    region = np.full(len(token), BETWEEN)
    # The later ones have the word.
    region[sentence > last] = NEXT
    region[sentence < first] = EARLIER
    region[sentence == first - 2] = EARLIER_2
    region[sentence == first - 1] = EARLIER_1
    region[(sentence == last) & (token > end)] = AFTER
    region[(sentence == first) & (token < begin)] = BEFORE
    region[(token > begin) & (token < end)] = GAP
    region[own] = IN
    return region


def _bits(parts: Mapping[str, Sequence[int]], low: int, high: int) -> Ints:
    bits = np.zeros(high - low, np.int64)
    for part, bit in PART_BITS.items():
        for token in parts.get(part, ()):
            if low <= token < high:
                bits[token - low] |= bit
    return bits
