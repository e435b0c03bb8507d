"""Statements of an outlet that hold nothing but what it passes on.

„Wie die Zeit berichtete, äußerte der Minister Bedenken“ is the minister's statement, which reaches
us by the paper; what the paper says adds nothing of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.types import Kind, Type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.extract.engine.resolve.reporters import Reading
    from services.extract.engine.types import Report, Source

# How much of the outlet's statement the other one must fill with its frame, in tokens.
_FILLED = 0.6


def passed_on(
    readings: Sequence[Reading],
    sources: Mapping[int, Source | None],
    reports: Mapping[int, tuple[Report, ...]],
) -> dict[int, int | None]:
    """Map the index of each statement that gives way to the index of what it is nested in."""
    by_index = {reading.index: reading for reading in readings}
    found: dict[int, int | None] = {}
    for inner in readings:
        outer = by_index.get(inner.statement.parent) if inner.statement.parent is not None else None
        if outer is None or not _is_report(outer, sources[outer.index]):
            continue
        source = sources[outer.index]
        names = {report.entity.name for report in reports[inner.index]}
        if source is not None and source.entity.name in names and _fills(inner, outer):
            found[outer.index] = outer.statement.parent
    return found


def _is_report(outer: Reading, source: Source | None) -> bool:
    """Whether an outlet makes the statement in a frame of its own."""
    by_outlet = source is not None and source.entity.kind is Kind.OUTLET
    return by_outlet and outer.statement.type is Type.INDIRECT


def _fills(inner: Reading, outer: Reading) -> bool:
    """Whether cue, source and content of the inner statement make up most of the outer one."""
    if inner.mention is None or not inner.frame.cue:
        return False
    own = inner.frame.content | {*inner.frame.cue, *inner.frame.source}
    return len(own & outer.frame.content) >= _FILLED * len(outer.frame.content)
