"""Clauses in the subjunctive that depend on a clause of saying without being its complement.

"kritisierte den Plan, weil er zu teuer sei", "prangert Gewalt an, die verübt werde".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import extent
from services.extract.engine.rules.verbs import is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.found import Found
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View


def reasons(view: View, sentence: Sentence, taken: set[int]) -> Iterator[Found]:
    """Find such clauses; cues in `taken` have their complement already."""
    for index, saying in enumerate(sentence.sayings[:-1]):
        if saying is None or saying.cue.finite in taken:
            continue
        following = sentence.clauses[index + 1]
        if _depends(following) and any(is_subjunctive(view, verb) for verb in following.finite):
            content = ((following.first, extent(view, sentence, index + 1)),)
            frame = (saying.begin, following.first)
            yield saying.found(content, Type.INDIRECT, frame, confidence=0.6)


def _depends(clause: Clause) -> bool:
    """Whether the clause gives a reason or describes a noun."""
    return (clause.kind is Kind.RELATIVE and clause.opener not in ("nach", "laut")) or (
        clause.kind in (Kind.SUBORDINATE, Kind.MAIN) and clause.opener in words("reasons")
    )
