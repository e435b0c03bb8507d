"""Hashed features: a feature is a name and small integers, and becomes a slot of 22 bits.

Strings are hashed once, when a word is seen for the first time; after that features are made
and combined by integer arithmetic on whole columns, so that no Python runs for each token.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Bools, Column, Hashes, SlotMatrix

BITS = 22
ABSENT = -1

_MIX = np.uint32(0x9E3779B1)
_FINISH = np.uint32(0x85EBCA6B)
_FOLD = np.uint32(15)
_DROP = np.uint32(32 - BITS)


@cache
def seed(name: str) -> int:
    """Give every feature name a starting value of its own."""
    return crc32(b"feature:" + name.encode())


def text_hash(text: str) -> int:
    """Hash a string to 32 bits, alike on every machine."""
    return crc32(text.encode("utf-8", "surrogatepass"))


class Slots:
    """Collects the features of rows of one kind (tokens, segments, sentences, ...).

    Features are hashed together, by the number of values they combine, because the cost of one
    short article lies in the number of array operations rather than in their size.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._groups: dict[int, list[tuple[int, tuple[Hashes, ...]]]] = {}
        self._masks: dict[int, list[Bools | None]] = {}

    def add(self, name: str, *values: Column, where: Bools | None = None) -> None:
        """Add one feature: one value for each row from each of `values`, absent unless `where`."""
        columns = tuple(value.astype(np.uint32, copy=False) for value in values)
        self._groups.setdefault(len(values), []).append((seed(name), columns))
        self._masks.setdefault(len(values), []).append(where)

    def matrix(self) -> SlotMatrix:
        """Give the slots of every row, one column for each feature added."""
        if not self._groups:
            return np.empty((self._rows, 0), np.int32)
        return np.concatenate([self._hashed(arity) for arity in sorted(self._groups)], axis=1)

    def _hashed(self, arity: int) -> SlotMatrix:
        features = self._groups[arity]
        shape = (len(features), self._rows)
        hashes = np.empty(shape, np.uint32)
        hashes[:] = np.array([start for start, _ in features], np.uint32)[:, None]
        for place in range(arity):
            hashes ^= np.concatenate([columns[place] for _, columns in features]).reshape(shape)
            hashes *= _MIX
            hashes ^= hashes >> _FOLD
        if not arity:
            hashes *= _MIX
        slots = ((hashes * _FINISH) >> _DROP).astype(np.int32)
        for row, mask in zip(slots, self._masks[arity], strict=True):
            if mask is not None:
                row[~mask] = ABSENT
        return slots.T
