"""Hints: what the rules find, as evidence about tokens and as statements to compare with.

The rules were written without any training data, so what they say of an article is worth the
same whether a model was trained on it or not.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.features import Features
from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.messages import TYPES
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Column, Ints, SlotMatrix
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.types import Spans, Statement

PART_BITS = {"source": 1, "cue": 2, "frame": 4, "addressee": 8}
_BEGINS, _INSIDE, _ENDS = 1, 2, 3
_FARTHEST = 400
"""Tokens by which the starts of two stretches may differ for them to be compared."""
_LEAST_ALIKE = 0.3


@dataclass(frozen=True, slots=True)
class Hint:
    """A statement that the rules found: sorted tokens of the reading, number of the type."""

    tokens: tuple[int, ...]
    type: int
    parts: dict[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Hints:
    """The rules' statements in a reading.

    Columns over tokens: `kind` (1 + type of the outermost statement that is not direct, else 0),
    `edge` (whether it begins or ends there), `direct`, `parts` (bits of PART_BITS of any
    statement).
    """

    statements: tuple[Hint, ...]
    kind: Ints
    edge: Ints
    direct: Ints
    parts: Ints

    @staticmethod
    def of(reading: Reading, statements: Sequence[Sequence[Statement]]) -> Hints:
        """Bring statements, grouped by document, to the tokens of a reading."""
        found = tuple(
            _hint(document, start, statement)
            for document, start, of_document in zip(
                reading.documents, reading.document_starts.tolist(), statements, strict=False
            )
            for statement in of_document
        )
        found = tuple(sorted(found, key=lambda hint: (hint.tokens[0], -len(hint.tokens))))
        hints = Hints(found, *(np.zeros(len(reading), np.int64) for _ in range(4)))
        for hint in found:
            hints.note(hint)
        return hints

    def like(self, tokens: Sequence[int]) -> Hint | None:
        """Find the statement whose content overlaps most with these sorted tokens."""
        low, high = tokens[0], tokens[-1] + 1
        first = bisect_left(self.statements, low - _FARTHEST, key=_start_of)
        last = bisect_left(self.statements, high, first, key=_start_of)
        best, most = None, _LEAST_ALIKE
        for hint in self.statements[first:last]:
            both = min(high, hint.tokens[-1] + 1) - max(low, hint.tokens[0])
            likeness = 2 * both / (len(tokens) + len(hint.tokens))
            if likeness > most:
                best, most = hint, likeness
        return best

    def note(self, hint: Hint) -> None:
        """Mark the tokens of a statement; those around others come first and keep their marks."""
        for part, bit in PART_BITS.items():
            self.parts[list(hint.parts[part])] |= bit
        tokens = np.array(hint.tokens)
        if TYPES[hint.type] is Type.DIRECT:
            self.direct[tokens] = 1
        elif not self.kind[tokens].any():
            self.kind[tokens] = 1 + hint.type
            self.edge[tokens] = _INSIDE
            self.edge[tokens[-1]] = _ENDS
            self.edge[tokens[0]] = _BEGINS


def _start_of(hint: Hint) -> int:
    return hint.tokens[0]


def _hint(document: Document, start: int, statement: Statement) -> Hint:
    def tokens(spans: Spans) -> tuple[int, ...]:
        found: set[int] = set()
        for span in spans:
            found.update(range(*document.tokens_of(span.start, span.end)))
        return tuple(start + token for token in sorted(found))

    return Hint(
        tokens(statement.content),
        TYPES.index(statement.type),
        {part: tokens(getattr(statement, part)) for part in PART_BITS},
    )


def consider(reading: Reading, layout: Layout, hints: Hints) -> Features:
    """Make features of the hints, for tokens, segments and sentences."""
    return Features(
        _of_tokens(reading, hints), _of_segments(layout, hints), _of_sentences(reading, hints)
    )


def _of_tokens(reading: Reading, hints: Hints) -> SlotMatrix:
    slots = Slots(len(reading))
    place = hints.kind * 4 + hints.edge
    for offset in (-1, 0, 1):
        slots.add(f"hint{offset}", reading.shifted(place, offset, 99))
        slots.add(f"hint parts{offset}", reading.shifted(hints.parts, offset, 99))
    slots.add("hint tag", place, reading.tag)
    slots.add("hint direct", hints.direct, hints.kind)
    slots.add("hint parts tag", hints.parts, reading.tag)
    return slots.matrix()


def _of_segments(layout: Layout, hints: Hints) -> SlotMatrix:
    segments = layout.segments
    kinds = np.maximum.reduceat(hints.kind, segments.starts)
    parts = np.bitwise_or.reduceat(hints.parts, segments.starts)

    def around(values: Ints) -> tuple[Ints, Ints]:
        return (
            np.where(segments.has_before, values[segments.before], 98),
            np.where(segments.has_after, values[segments.after], 99),
        )

    slots = Slots(len(segments.starts))
    slots.add("hint of segment", kinds, parts)
    slots.add("hints around", kinds, *around(kinds))
    slots.add("hint parts around", parts, *around(parts))
    return slots.matrix()


def _of_sentences(reading: Reading, hints: Hints) -> SlotMatrix:
    starts = reading.sentence_starts
    kinds = np.bitwise_or.reduceat(1 << hints.kind, starts)
    parts = np.bitwise_or.reduceat(hints.parts, starts)
    direct = np.maximum.reduceat(hints.direct, starts)
    slots = Slots(len(starts))
    slots.add("hint of sentence", kinds)
    slots.add("hint parts of sentence", parts, direct)
    slots.add("hint first", hints.kind[starts], hints.kind[reading.sentence_ends - 1])
    return slots.matrix()


@dataclass(frozen=True, slots=True)
class Likeness:
    """For each range of tokens the hint most like it: its number or -1, and their overlap (F1)."""

    number: Ints
    overlap: Column


def alike(hints: Hints, start: Ints, end: Ints) -> Likeness:
    """Compare ranges, which rise by their start, with statements that are not direct."""
    number, overlap = np.full(len(start), -1), np.zeros(len(start))
    for which, hint in enumerate(hints.statements):
        if TYPES[hint.type] is not Type.DIRECT:
            low, high = hint.tokens[0], hint.tokens[-1] + 1
            near = slice(*np.searchsorted(start, [low - _FARTHEST, high]).tolist())
            both = np.minimum(end[near], high) - np.maximum(start[near], low)
            likeness = 2 * both / (end[near] - start[near] + len(hint.tokens))
            better = np.flatnonzero((both > 0) & (likeness > overlap[near])) + near.start
            number[better], overlap[better] = which, likeness[better - near.start]
    return Likeness(number, np.minimum(overlap, 1.0))
