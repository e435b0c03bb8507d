"""The words in a clause that say that something is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, Form, Reading, Verb

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Text

# How far behind its verb a separable prefix is looked for.
_PARTICLE_REACH = 40


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of saying in a clause: its tokens, which of them is finite, and its voice."""

    verb: Verb
    tokens: tuple[int, ...]
    finite: int
    passive: bool = False


def cue_of(text: Text, clause: Clause) -> Cue | None:
    """Find the verb of saying that governs the clause."""
    for finite in clause.finite:
        found = (
            _with_auxiliary(text, clause, finite)
            if text.forms[finite].auxiliary
            else _simple(text, clause, finite)
        )
        if found is not None:
            return found
    return None


def _simple(text: Text, clause: Clause, finite: int) -> Cue | None:
    """A finite verb of saying, with its separable prefix when it has one."""
    alone: Reading | None = None
    for reading in text.forms[finite].readings:
        if not reading.form & FINITE:
            continue
        if reading.particle is None:
            alone = alone or reading
            continue
        particle = _particle(text, clause, finite, reading.particle)
        if particle is not None:
            return Cue(reading.verb, (finite, particle), finite)
    if alone is None or _other_particle(text, clause, finite):
        return None
    return Cue(alone.verb, (finite,), finite)


def _particle(text: Text, clause: Clause, finite: int, particle: str) -> int | None:
    """Find the prefix at the end of the clause."""
    last = clause.end - 1
    for index in range(last, max(finite, last - _PARTICLE_REACH), -1):
        if text.lower[index] == particle and (index == last or _ends_here(text, index + 1)):
            return index
    return None


def _ends_here(text: Text, index: int) -> bool:
    """Whether a prefix may stand before this token: a conjunction or a preposition follows."""
    return text.lower[index] in ("und", "oder", "sowie", "als", "wie")


def _other_particle(text: Text, clause: Clause, finite: int) -> bool:
    """Whether a prefix at the end of the clause makes another verb of it."""
    last = clause.end - 1
    return last > finite and text.lower[last] in (
        "ab", "an", "auf", "aus", "ein", "vor", "zu", "zurück", "nach", "fest", "durch", "um", "bei", "mit", "statt", "teil"
    )  # fmt: skip


def _with_auxiliary(text: Text, clause: Clause, finite: int) -> Cue | None:
    """A participle or infinitive of saying with its auxiliary or modal."""
    auxiliary = text.forms[finite].auxiliary
    wanted = Form.PARTICIPLE if auxiliary in ("haben", "sein", "werden") else Form.INFINITIVE
    if auxiliary == "werden":
        wanted |= Form.INFINITIVE
    for index in range(clause.end - 1, clause.first - 1, -1):
        if index == finite or not text.is_verb(index, wanted):
            continue
        for reading in text.forms[index].readings:
            if reading.particle is None and reading.form & wanted:
                passive = auxiliary in ("werden", "sein") and bool(reading.form & Form.PARTICIPLE)
                return Cue(reading.verb, _verb_tokens(text, clause, finite, index), finite, passive)
        return None
    return None


def _verb_tokens(text: Text, clause: Clause, finite: int, verb: int) -> tuple[int, ...]:
    """The auxiliaries around the verb belong to the cue."""
    around = [
        i
        for i in (verb - 1, verb + 1)
        if clause.first <= i < clause.end and text.forms[i].auxiliary
    ]
    return tuple(sorted({finite, verb, *around}))
