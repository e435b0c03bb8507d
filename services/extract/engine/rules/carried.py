"""Sentences that carry a statement on: no cue, but the verb in the subjunctive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import SUBJUNCTIVE, Form
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Text, Unit


def carried(text: Text, unit: Unit, before: Found | None) -> Found | None:
    """Take the whole sentence as a statement when its main verb is in the subjunctive."""
    main = next((c for c in unit.clauses if c.kind is Kind.MAIN), None)
    if main is None or any(c.kind is Kind.QUOTE for c in unit.clauses):
        return None
    form = text.forms[main.finite[0]].form
    if not form & SUBJUNCTIVE or (form & Form.K2 and before is None):
        return None
    if cue_of(text, main) is not None and not form & Form.K1:
        return None
    return Found(
        content=((unit.first, unit.end),),
        type=Type.INDIRECT_FREE_INDIRECT,
        medium=before.medium if before else Medium.SPEECH_WRITING,
        source=before.source if before else (),
        confidence=0.7,
    )
