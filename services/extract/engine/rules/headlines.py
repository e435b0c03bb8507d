"""Headlines that report: "Verband besorgt über Pläne", "Pläne der Stadt: Verband zeigt sich besorgt"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import expressions
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.phrases import noun_phrase
from services.extract.engine.rules.speaker import source_of
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Unit
    from services.extract.engine.rules.view import View

_TOPIC_AND_CLAUSE = 2


def headline(view: View, unit: Unit) -> Found | None:
    """Find the statement that a line without a full stop reports."""
    if not unit.opens_paragraph or unit.body_end != unit.end:
        return None
    if len(unit.clauses) == 1:
        return _without_verb(view, unit)
    if len(unit.clauses) == _TOPIC_AND_CLAUSE and unit.clauses[1].mark == ":":
        return _behind_topic(view, unit)
    return None


def _without_verb(view: View, unit: Unit) -> Found | None:
    """Source, adjective and "über" with what it is about, no verb."""
    clause = unit.clauses[0]
    if clause.finite or clause.kind is not Kind.PHRASE:
        return None
    adjective = noun_phrase(view, clause.first, clause.end)
    if not clause.first < adjective < clause.end - 2 or view.lower[adjective + 1] != "über":
        return None
    expression = expressions().get(view.lower[adjective])
    if expression is None or "+über" not in expression.verb.takes:
        return None
    return Found(
        content=((adjective + 2, clause.end),),
        type=Type.REPORTED,
        medium=expression.verb.medium,
        source=((clause.first, adjective),),
        cue=((adjective, adjective + 2),),
        confidence=0.6,
    )


def _behind_topic(view: View, unit: Unit) -> Found | None:
    """A topic before the colon and behind it who says something about it."""
    topic, clause = unit.clauses
    cue = cue_of(view, unit, 1)
    if topic.kind is not Kind.PHRASE or cue is None or cue.noun is not None:
        return None
    if max(cue.tokens) != clause.end - 1 or noun_phrase(view, topic.first, topic.end) < topic.end:
        return None
    source = source_of(view, unit, 1, cue)
    if not source:
        return None
    return Found(
        content=((topic.first, topic.end),),
        type=Type.REPORTED,
        medium=cue.verb.medium,
        source=source,
        cue=tokens(cue.tokens),
        confidence=0.6,
    )
