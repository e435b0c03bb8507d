"""A sentence that points back at the statement before it: "Das teilte die Polizei mit."."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.speaker import addressee_of, source_of
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Unit
    from services.extract.engine.rules.view import View

_POINTERS = frozenset(["das", "dies", "dieses"])


def pointing(view: View, unit: Unit, before: Unit | None) -> Found | None:
    """Find the statement in the sentence `before` that this one says who made."""
    if before is None or unit.opens_paragraph or not unit.clauses:
        return None
    clause = unit.clauses[0]
    if view.lower[clause.first] not in _POINTERS or clause.kind is not Kind.MAIN:
        return None
    if clause.finite[0] != clause.first + 1 or any(c.kind is Kind.QUOTE for c in before.clauses):
        return None
    cue = cue_of(view, unit, 0)
    if cue is None or not cue.takes("dass") or cue.takes("weak"):
        return None
    source = source_of(view, unit, 0, cue)
    if not source and not cue.passive and cue.verb.lemma != "hervorgehen":
        return None
    return Found(
        content=((before.first, before.body_end), (clause.first, clause.first + 1)),
        type=Type.INDIRECT,
        medium=cue.verb.medium,
        source=source,
        cue=tokens(cue.tokens),
        frame=((clause.first + 1, unit.body_end),),
        addressee=addressee_of(view, unit, 0, cue, source),
        confidence=0.7,
    )
