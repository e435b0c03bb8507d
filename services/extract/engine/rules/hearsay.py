"""Hearsay: "soll" with what is said to have happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import Form, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import Found, without
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.view import View

_HEARSAY = frozenset(("soll", "sollen"))
_PERFECT = frozenset(("haben", "sein", "werden"))


def hearsay(view: View, unit: Unit, before: Found | None) -> Found | None:
    """Take the sentence as a statement when its main verb is the "soll" of hearsay."""
    main = unit.main
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


def rumoured(view: View, unit: Unit) -> Found | None:
    """Take what a main clause with "angeblich" states; nobody is named for it."""
    main = unit.main
    if main is None or any(c.kind is Kind.QUOTE for c in unit.clauses):
        return None
    for at in range(main.first, main.end):
        if view.lower[at] == "angeblich" and (at == main.first or at > main.finite[0]):
            if at > main.first and view.lower[at - 1] in words("determiners"):
                return None
            return Found(
                content=without((main.first, unit.body_end), [(at, at + 1)]),
                type=Type.INDIRECT,
                medium=Medium.SPEECH_WRITING,
                cue=((at, at + 1),),
                confidence=0.5,
            )
    return None


def _is_perfect(view: View, clause: Clause) -> bool:
    """Whether the clause ends in a perfect infinitive: "getötet haben", "gewesen sein"."""
    last = clause.end - 1
    if view.lower[last] not in ("haben", "sein") or last == clause.first:
        return False
    before = view.lower[last - 1]
    return bool(view.forms[last - 1].form & Form.PARTICIPLE) or before.endswith(("t", "en"))
