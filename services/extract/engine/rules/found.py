"""What a rule hands over: token ranges, not yet checked against the other rules' finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.types import Medium, Span, Spans, Statement, Type

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.extract.engine.text import Document

Range = tuple[int, int]
Ranges = tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A statement in tokens; every range is first and end, exclusive, in reading order."""

    content: Ranges
    type: Type
    medium: Medium
    source: Ranges = ()
    cue: Ranges = ()
    frame: Ranges = ()
    addressee: Ranges = ()
    confidence: float = 0.8

    @property
    def first(self) -> int:
        """The first token of the content."""
        return self.content[0][0]

    @property
    def end(self) -> int:
        """The end of the content's last token range."""
        return self.content[-1][1]

    def size(self) -> int:
        """Count the tokens of the content."""
        return sum(end - first for first, end in self.content)


def tokens(indices: Iterable[int]) -> Ranges:
    """Join single tokens to ranges."""
    ranges: list[Range] = []
    for index in sorted(set(indices)):
        if ranges and ranges[-1][1] == index:
            ranges[-1] = (ranges[-1][0], index + 1)
        else:
            ranges.append((index, index + 1))
    return tuple(ranges)


def without(whole: Range, holes: Iterable[Range]) -> Ranges:
    """Cut the holes out of the range."""
    pieces: list[Range] = []
    begin, stop = whole
    for first, end in sorted(holes):
        if first > begin:
            pieces.append((begin, min(first, stop)))
        begin = max(begin, end)
    if begin < stop:
        pieces.append((begin, stop))
    return tuple(pieces)


def statement(document: Document, found: Found, parent: int | None) -> Statement:
    """Turn tokens into code points."""

    def spans(ranges: Ranges) -> Spans:
        return tuple(document.span(first, end) for first, end in ranges if first < end)

    return Statement(
        content=spans(found.content),
        type=found.type,
        medium=found.medium,
        source=spans(found.source),
        cue=spans(found.cue),
        frame=spans(found.frame),
        addressee=spans(found.addressee),
        confidence=found.confidence,
        parent=parent,
    )


__all__ = ["Found", "Range", "Ranges", "Span", "statement", "tokens", "without"]
