"""What the rules and the model find, as one answer.

The two read reported statements differently. The corpus that the model learnt from takes the
whole clause („Huber kritisierte die Pläne“); the record wants what is stated, apart from who
states it and how („die Pläne“), and so do the rules. So where the rules find a statement of
their own, they have the word; where both find the same, the model draws its boundaries and the
rules, which look for a subject, name its source. docs/accuracy.md has the figures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.types import Spans, Statement

SAME: Final = 0.5
"""Overlap (F1 of code points) from which two contents are one statement."""
RULES_ALONE: Final = 0.35
"""Confidence of what only the rules find; the model has looked at it and thought less of it."""


def joined(by_model: Sequence[Statement], by_rules: Sequence[Statement]) -> list[Statement]:
    """Join the statements of both, in reading order, with their nesting worked out anew."""
    partners = _partners(by_model, by_rules)
    paired = {id(partner) for partner in partners.values()}
    alone = [statement for statement in by_rules if id(statement) not in paired]
    kept = [
        _with_source_of(statement, partners.get(number))
        for number, statement in enumerate(by_model)
        if number in partners or not _gives_way(statement, by_rules)
    ]
    added = [replace(statement, confidence=RULES_ALONE) for statement in alone]
    return nested(_one_of_each([*kept, *added]))


def nested(statements: Sequence[Statement]) -> list[Statement]:
    """Put statements in reading order, each with the smallest that holds it as its parent."""
    ordered = sorted(statements, key=lambda s: (s.content[0].start, -s.content[-1].end))
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
    return 2 * common / (_length(one) + _length(other)) if common else 0.0


def _partners(by_model: Sequence[Statement], by_rules: Sequence[Statement]) -> dict[int, Statement]:
    """Give for each of the model's statements the rules' that is the same, where there is one."""
    partners = {}
    for number, statement in enumerate(by_model):
        near = [r for r in by_rules if _touch(statement.content, r.content)]
        best = max(near, key=lambda r: overlap(statement.content, r.content), default=None)
        if best is not None and overlap(statement.content, best.content) >= SAME:
            partners[number] = best
    return partners


def _with_source_of(statement: Statement, partner: Statement | None) -> Statement:
    if partner is None or not partner.source:
        return statement
    return replace(statement, source=partner.source)


def _gives_way(statement: Statement, by_rules: Sequence[Statement]) -> bool:
    """Tell whether this is the clause around what the rules find to be reported in it."""
    return statement.type == Type.REPORTED and any(
        rule.type == Type.REPORTED and overlap(statement.content, rule.content) > 0
        for rule in by_rules
        if _touch(statement.content, rule.content)
    )


def _one_of_each(statements: Sequence[Statement]) -> list[Statement]:
    return list({statement.content: statement for statement in reversed(statements)}.values())


def _holds(outer: Statement, inner: Statement) -> bool:
    first, last = outer.content[0].start, outer.content[-1].end
    return (
        first <= inner.content[0].start
        and inner.content[-1].end <= last
        and _length(outer.content) > _length(inner.content)
    )


def _touch(one: Spans, other: Spans) -> bool:
    return one[0].start < other[-1].end and other[0].start < one[-1].end


def _length(spans: Spans) -> int:
    return sum(span.end - span.start for span in spans)
