"""Listed words of speech, writing and thought."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("reporting.txt")
_SHORTEST_HEAD = 5


class Reporting(IntEnum):
    """How a lemma can report: not at all, as a verb, as a noun, as a compound of one."""

    NONE = 0
    SAY = 1
    THINK = 2
    WRITE = 3
    NOUN = 4
    COMPOUND = 5


@cache
def _listed() -> dict[str, Reporting]:
    listed: dict[str, Reporting] = {}
    current = Reporting.NONE
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            current = Reporting[line.strip("[]").upper()]
        elif not line.startswith("#"):
            for word in line.split():
                listed.setdefault(word, current)
    return listed


@cache
def _heads() -> tuple[str, ...]:
    nouns = (word for word, kind in _listed().items() if kind is Reporting.NOUN)
    return tuple(word for word in nouns if len(word) >= _SHORTEST_HEAD)


def reporting(lemma: str) -> Reporting:
    """Give the class of a lemma in lower case."""
    known = _listed().get(lemma)
    if known is not None:
        return known
    return Reporting.COMPOUND if lemma.endswith(_heads()) else Reporting.NONE
