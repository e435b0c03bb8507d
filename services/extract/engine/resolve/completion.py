"""A mention that a finder cut inside a name gets the rest of it: „Verleger Jan“ „zu Salm“."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.resolve.people import name_end
from services.extract.engine.resolve.phrases import FACULTIES, HONORIFICS

if TYPE_CHECKING:
    from services.extract.engine.resolve.frames import Frame
    from services.extract.engine.text import Document

_LONGEST_DEGREE = 8


def completed(document: Document, frame: Frame) -> tuple[int, ...]:
    """Give the tokens of a frame's source, with those of a name that goes on behind them."""
    source = frame.source
    if not source:
        return source
    first = _past_degrees(document, source[-1] + 1)
    start = source[-1] if first == source[-1] + 1 else first
    end = name_end(document, start) if start < len(document) else None
    rest = range(source[-1] + 1, end or 0)
    taken = frozenset((*frame.content, *frame.cue))
    return source if taken.intersection(rest) else (*source, *rest)


def _past_degrees(document: Document, end: int) -> int:
    """Skip the rest of a title that a mention ends in: „Amtsärztin Dr.“ „med.“."""
    words = document.words
    if words[end - 1] not in HONORIFICS or end >= len(words):
        return end
    index = end
    while index < min(len(words), end + _LONGEST_DEGREE) and (
        words[index] in FACULTIES or words[index] in HONORIFICS or words[index] == "."
    ):
        index += 1
    return index
