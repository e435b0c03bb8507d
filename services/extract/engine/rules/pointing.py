"""A sentence that points back at the statement before it: "Das teilte die Polizei mit."."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.found import Found
    from services.extract.engine.rules.sayings import Saying, Sentence
    from services.extract.engine.rules.view import View


def pointing(view: View, sentence: Sentence, before: Unit | None) -> Found | None:
    """Find the statement in the sentence `before` that this one says who made."""
    if before is None or sentence.unit.opens_paragraph or not sentence.clauses:
        return None
    clause, saying = sentence.clauses[0], sentence.sayings[0]
    if saying is None or not _points_back(view, clause):
        return None
    if any(c.kind is Kind.QUOTE for c in before.clauses):
        return None
    if not _says_of_before(saying):
        return None
    pointer = (clause.first, clause.finite[0])
    content = ((before.first, before.body_end), pointer)
    frame = (pointer[1], sentence.unit.body_end)
    return saying.found(content, Type.INDIRECT, frame, confidence=0.7)


def _says_of_before(saying: Saying) -> bool:
    """Whether the verb can state what a whole sentence before it says, and somebody does."""
    cue = saying.cue
    states = cue.takes("points") or (cue.takes("dass") and not cue.takes("weak"))
    if cue.takes("das") or not states:
        return False
    return bool(saying.source) or cue.passive or cue.verb.lemma in words("placed")


def _points_back(view: View, clause: Clause) -> bool:
    """Whether the clause opens with "das", "dies", "zu diesem Ergebnis" and a verb behind it."""
    if clause.kind is not Kind.MAIN:
        return False
    front = view.lower[clause.first : clause.finite[0]]
    pronoun = len(front) == 1 and front[0] in words("back")
    return pronoun or (front[:2] == ["zu", "diesem"] and front[-1] in words("conclusions"))
