"""Sentences that carry a statement on: no cue, but the verb in the subjunctive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import Form, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import Found
from services.extract.engine.rules.verbs import is_reporting_mood, is_subjunctive
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.view import View


def carried(view: View, unit: Unit, before: Found | None) -> Found | None:
    """Take the whole sentence as a statement when its main verb is in the subjunctive.

    The second subjunctive alone says little: it counts only right behind another statement.
    """
    main = unit.main
    if main is None or any(c.kind is Kind.QUOTE for c in unit.clauses):
        return None
    if not _reports(view, unit, main, before):
        return None
    return Found(
        content=((unit.first, unit.end),),
        type=Type.INDIRECT_FREE_INDIRECT,
        medium=before.medium if before else Medium.SPEECH_WRITING,
        source=before.source if before else (),
        confidence=0.7,
    )


def is_told_itself(view: View, unit: Unit, found: Found) -> bool:
    """Whether a statement hangs on the sentence's own verb, and that is in the subjunctive.

    „Er rechne damit, dass …“ behind a statement is what the speaker goes on to say.
    """
    main = unit.main
    if main is None or not is_reporting_mood(view, main.finite[0]):
        return False
    return any(first <= main.finite[0] < end for first, end in found.cue)


def _reports(view: View, unit: Unit, main: Clause, before: Found | None) -> bool:
    """Whether the mood of the main verb says that somebody else is speaking."""
    verb = main.finite[0]
    if any(view.lower[i] in words("first_person") for i in range(main.first, main.end)):
        return False
    if is_reporting_mood(view, verb):
        return not (view.opens_sentence(verb) and view.forms[verb].auxiliary is None)
    if before is None or not is_subjunctive(view, verb) or verb == main.first:
        return False
    conditional = any(c.opener in words("conditions") for c in unit.clauses)
    return bool(view.forms[verb].form & Form.K2) and not conditional
