"""Listed words of speech, writing and thought."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

from services.extract.engine.trained.lists import listed

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
def _classes() -> dict[str, Reporting]:
    classes: dict[str, Reporting] = {}
    for kind in (Reporting.SAY, Reporting.THINK, Reporting.WRITE, Reporting.NOUN):
        for word in listed(kind.name.lower()):
            classes.setdefault(word, kind)
    return classes


@cache
def _heads() -> tuple[str, ...]:
    nouns = (word for word, kind in _classes().items() if kind is Reporting.NOUN)
    return tuple(word for word in nouns if len(word) >= _SHORTEST_HEAD)


def reporting(lemma: str) -> Reporting:
    """Give the class of a lemma in lower case."""
    known = _classes().get(lemma)
    if known is not None:
        return known
    return Reporting.COMPOUND if lemma.endswith(_heads()) else Reporting.NONE
