"""What the rules and the model find, as one answer.

The two read reported statements differently. The corpus that the model learnt from takes the
whole clause („Huber kritisierte die Pläne“); the record wants what is stated, apart from who
states it and how („die Pläne“), and so do the rules. So where either takes a statement for a
reported one, the rules have the word; where both find the same, the model draws its boundaries
and the rules, which look for verb and subject, name its parts. docs/accuracy.md has the figures.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.types import Spans, Statement

SAME: Final = 0.5
"""Overlap (F1 of code points) from which two contents are one statement."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement as it would be answered, and what each of the two found there, if anything.

    `beside` is what the model found that overlaps a statement of the rules alone.
    """

    statement: Statement
    by_model: Statement | None
    by_rules: Statement | None
    beside: Statement | None = None


def joined(by_model: Sequence[Statement], by_rules: Sequence[Statement]) -> list[Finding]:
    """Join the statements of both, in reading order; no content comes twice."""
    rules, model = _Row.of(by_rules), _Row.of(by_model)
    partners = {n: p for n, s in enumerate(by_model) if (p := _partner(s, rules)) is not None}
    paired = {id(partner) for partner in partners.values()}
    kept = [
        Finding(_agreed(statement, partners.get(number)), statement, partners.get(number))
        for number, statement in enumerate(by_model)
        if number in partners or not (_gives_way(statement, rules) or _is_piece(statement, rules))
    ]
    added = [
        Finding(statement, None, statement, _most_like(statement, model))
        for statement in by_rules
        if id(statement) not in paired
    ]
    alone = {finding.statement.content: finding for finding in reversed([*kept, *added])}
    return sorted(alone.values(), key=lambda finding: _reading_order(finding.statement))


def nested(statements: Sequence[Statement]) -> list[Statement]:
    """Put statements in reading order, each with the smallest that holds it as its parent."""
    ordered = sorted(statements, key=_reading_order)
    open_ones: list[int] = []
    placed: list[Statement] = []
    for number, statement in enumerate(ordered):
        while open_ones and not _holds(ordered[open_ones[-1]], statement):
            open_ones.pop()
        placed.append(replace(statement, parent=open_ones[-1] if open_ones else None))
        open_ones.append(number)
    return placed


def overlap(one: Spans, other: Spans) -> float:
    """Tell how much two contents have in common: F1 of their code points."""
    common = sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in one for b in other)
    return 2 * common / (length(one) + length(other)) if common else 0.0


def length(spans: Spans) -> int:
    """Count code points."""
    return sum(span.end - span.start for span in spans)


def _reading_order(statement: Statement) -> tuple[int, int]:
    return statement.content[0].start, -statement.content[-1].end


@dataclass(frozen=True, slots=True)
class _Row:
    """Statements by their start, and up to where any of those before reaches."""

    statements: Sequence[Statement]
    starts: Sequence[int]
    reached: Sequence[int]

    @staticmethod
    def of(statements: Sequence[Statement]) -> _Row:
        ordered = sorted(statements, key=_reading_order)
        ends = (statement.content[-1].end for statement in ordered)
        return _Row(ordered, [s.content[0].start for s in ordered], list(accumulate(ends, max)))

    def overlapping(self, spans: Spans) -> list[Statement]:
        """Give those that have something in common with `spans`, in reading order."""
        last = first = bisect_left(self.starts, spans[-1].end)
        while first and self.reached[first - 1] > spans[0].start:
            first -= 1
        return [s for s in self.statements[first:last] if overlap(spans, s.content) > 0]


def _partner(statement: Statement, others: _Row) -> Statement | None:
    """Give the one that is the same, where there is one."""
    best = _most_like(statement, others)
    return best if best is not None and _likeness(statement, best) >= SAME else None


def _most_like(statement: Statement, others: _Row) -> Statement | None:
    near = others.overlapping(statement.content)
    return max(near, key=lambda other: _likeness(statement, other), default=None)


def _likeness(one: Statement, other: Statement) -> float:
    """Tell how much two statements have in common; of reported ones, their whole clauses."""
    if one.type is other.type is Type.REPORTED:
        return overlap((one.extent,), (other.extent,))
    return overlap(one.content, other.content)


def _agreed(statement: Statement, partner: Statement | None) -> Statement:
    """Take content, type and medium from the model, and the parts that the rules know."""
    if partner is None:
        return statement
    if Type.REPORTED in (statement.type, partner.type) or _is_interrupted(partner):
        return partner
    if statement.type is Type.INDIRECT and overlap(statement.content, partner.cue):
        return partner  # the word that says it is no part of what is said
    return replace(
        statement,
        source=partner.source or statement.source,
        cue=partner.cue or statement.cue,
        frame=partner.frame or statement.frame,
        addressee=partner.addressee or statement.addressee,
    )


def _is_interrupted(statement: Statement) -> bool:
    """Tell whether words in quotation marks go on behind who says them: two pieces, one whole."""
    return statement.type is Type.DIRECT and len(statement.content) > 1


def _gives_way(statement: Statement, rules: _Row) -> bool:
    """Tell whether this is the clause around what the rules find to be reported in it."""
    return statement.type == Type.REPORTED and any(
        rule.type == Type.REPORTED for rule in rules.overlapping(statement.content)
    )


def _is_piece(statement: Statement, rules: _Row) -> bool:
    """Tell whether this is one piece of what the rules know to be interrupted."""
    return statement.type is Type.DIRECT and any(
        _is_interrupted(rule) for rule in rules.overlapping(statement.content)
    )


def _holds(outer: Statement, inner: Statement) -> bool:
    first, last = outer.content[0].start, outer.content[-1].end
    return (
        first <= inner.content[0].start
        and inner.content[-1].end <= last
        and length(outer.content) > length(inner.content)
    )
