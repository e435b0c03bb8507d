"""Headlines that report.

"Verband besorgt über Pläne", "Pläne der Stadt: Verband zeigt sich besorgt".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import expressions
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import Found
from services.extract.engine.rules.phrases import noun_phrase
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.sayings import Saying, Sentence
    from services.extract.engine.rules.view import View

_TOPIC_AND_CLAUSE = 2


def headline(view: View, sentence: Sentence) -> Found | None:
    """Find the statement that a line without a full stop reports."""
    unit = sentence.unit
    if not unit.opens_paragraph or unit.body_end != unit.end:
        return None
    if len(unit.clauses) == 1:
        return _without_verb(view, unit.clauses[0])
    if len(unit.clauses) == _TOPIC_AND_CLAUSE and unit.clauses[1].mark == ":":
        return _behind_topic(view, unit.clauses[0], sentence.sayings[1])
    return None


def _without_verb(view: View, clause: Clause) -> Found | None:
    """Source, adjective and "über" with what it is about, no verb."""
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


def _behind_topic(view: View, topic: Clause, saying: Saying | None) -> Found | None:
    """A topic before the colon and behind it who says something about it."""
    if topic.kind is not Kind.PHRASE or saying is None or not saying.source:
        return None
    if saying.cue.noun is not None or max(saying.cue.tokens) != saying.clause.end - 1:
        return None
    if noun_phrase(view, topic.first, topic.end) < topic.end:
        return None
    return saying.found(((topic.first, topic.end),), Type.REPORTED, confidence=0.6)
