"""Medium: whether a statement was said, written or thought, by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.hashing import ABSENT, Slots
from services.extract.engine.trained.messages import TYPES
from services.extract.engine.types import Medium

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.extract.engine.trained.arrays import Column, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary


LABELS = tuple(Medium)
_LONGEST_SOURCE = 12


def describe_media(
    reading: Reading, layout: Layout, vocabulary: Vocabulary, messages: Sequence[Message]
) -> SlotMatrix:
    """Give the slots of each message whose parts are known."""
    kinds = np.array([TYPES.index(message.type) for message in messages])
    facts = _Facts(len(messages))
    suffix = vocabulary.lemmas["suffix"][reading.lemma]
    for row, message in enumerate(messages):
        kind = kinds[row]
        cue, source = (
            message.parts.get("cue", []),
            message.parts.get("source", [])[:_LONGEST_SOURCE],
        )
        frame = message.parts.get("frame", [])
        facts.add(row, "m cue", layout.lemma[cue])
        facts.add(row, "m cue suffix", suffix[cue])
        facts.add(row, "m cue type", layout.lemma[cue] + np.uint32(kind))
        facts.add(row, "m reporting", layout.reporting[cue])
        facts.add(row, "m reporting type", layout.reporting[cue] * len(TYPES) + kind)
        facts.add(row, "m source", layout.lemma[source])
        facts.add(row, "m source suffix", suffix[source])
        facts.add(row, "m source tags", reading.tag[source[:1]])
        facts.add(row, "m frame", layout.lemma[frame])
        if not frame:
            first, last = message.tokens[0], message.tokens[-1]
            around = np.arange(reading.first[first], reading.end[last])
            around = around[(layout.cue[around] > 0) | (layout.reporting[around] > 0)]
            facts.add(row, "m around", layout.lemma[around])
            facts.add(row, "m around type", layout.reporting[around] * len(TYPES) + kind)
        facts.add(row, "m type", np.array([kind]))
        facts.add(row, "m mood", np.array([kind * 5 + layout.mood[message.tokens].max()]))
        facts.add(row, "m parts", np.array([kind * 4 + 2 * bool(cue) + bool(source)]))
    return facts.matrix()


class _Facts:
    """Collects features of which a row can have any number."""

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._found: dict[str, list[tuple[int, Column]]] = {}

    def add(self, row: int, name: str, values: Column) -> None:
        if len(values):
            self._found.setdefault(name, []).append((row, values))

    def matrix(self) -> SlotMatrix:
        rows, hashed = [], []
        for name, found in self._found.items():
            values = np.concatenate([value.astype(np.uint32) for _, value in found])
            slots = Slots(len(values))
            slots.add(name, values)
            rows += [np.full(len(value), row) for row, value in found]
            hashed.append(slots.matrix()[:, 0])
        return padded(np.concatenate(rows), np.concatenate(hashed), self._rows)


def padded(rows: Ints, slots: SlotMatrix, count: int) -> SlotMatrix:
    """Put distinct slots into their rows, the rest of each row ABSENT."""
    keys = np.unique(rows.astype(np.int64) << 32 | slots)
    rows, slots = keys >> 32, (keys & 0xFFFFFFFF).astype(np.int32)
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    matrix = np.full((count, int(place.max(initial=0)) + 1), ABSENT, np.int32)
    matrix[rows, place] = slots
    return matrix


def chosen(probabilities: Floats) -> Iterable[Medium]:
    """Give the likeliest medium of each row."""
    return (LABELS[i] for i in probabilities.argmax(1))
