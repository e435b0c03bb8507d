"""Hearsay: "soll" with what is said to have happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import Form
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import Found
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.view import View

_HEARSAY = frozenset(("soll", "sollen"))
_PERFECT = frozenset(("haben", "sein", "werden"))


def hearsay(view: View, unit: Unit, before: Found | None) -> Found | None:
    """Take the sentence as a statement when its main verb is the "soll" of hearsay."""
    main = next((c for c in unit.clauses if c.kind is Kind.MAIN), None)
    if main is None or not any(view.lower[verb] in _HEARSAY for verb in main.finite):
        return None
    if not _is_perfect(view, main):
        return None
    return Found(
        content=((unit.first, unit.end),),
        type=Type.FREE_INDIRECT,
        medium=before.medium if before else Medium.SPEECH_WRITING,
        source=before.source if before else (),
        confidence=0.5,
    )


def _is_perfect(view: View, clause: Clause) -> bool:
    """Whether the clause ends in a perfect infinitive: "getötet haben", "gewesen sein"."""
    last = clause.end - 1
    if view.lower[last] not in ("haben", "sein") or last == clause.first:
        return False
    before = view.lower[last - 1]
    return bool(view.forms[last - 1].form & Form.PARTICIPLE) or before.endswith(("t", "en"))
