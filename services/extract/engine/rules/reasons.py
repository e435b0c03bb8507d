"""Clauses in the subjunctive that depend on a clause of saying without being its complement.

"kritisierte den Plan, weil er zu teuer sei", "prangert Gewalt an, die verübt werde".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import extent, frame_start
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.speaker import addressee_of, source_of
from services.extract.engine.rules.verbs import is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Unit
    from services.extract.engine.rules.view import View

_REASONS = frozenset(["weil", "da", "obwohl", "wenn", "denn"])


def reasons(view: View, unit: Unit, taken: set[int]) -> Iterator[Found]:
    """Find such clauses; cues in `taken` have their complement already."""
    for index, clause in enumerate(unit.clauses[:-1]):
        following = unit.clauses[index + 1]
        if following.kind not in (Kind.RELATIVE, Kind.SUBORDINATE, Kind.MAIN):
            continue
        if following.kind is not Kind.RELATIVE and following.opener not in _REASONS:
            continue
        if not any(is_subjunctive(view, verb) for verb in following.finite):
            continue
        cue = cue_of(view, unit, index)
        if cue is None or cue.finite in taken or clause.kind is Kind.QUOTE:
            continue
        source = source_of(view, unit, index, cue)
        yield Found(
            content=((following.first, extent(view, unit, index + 1)),),
            type=Type.INDIRECT,
            medium=cue.verb.medium,
            source=source,
            cue=tokens(cue.tokens),
            frame=((frame_start(unit, index), following.first),),
            addressee=addressee_of(view, unit, index, cue, source),
            confidence=0.6,
        )
