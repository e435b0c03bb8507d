"""How a source stands to what it is reported to have said.

The words of the frame decide, not the content: „Wir müssen handeln“, sagte sie, is asserted.
Table and examples: docs/sources.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve.frames import PARTICLES, Frame, clause, cue_lemma
from services.extract.engine.resolve.tables import padded, table, word_set
from services.extract.engine.types import Stance, Type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Statement

_NEGATIONS = ("nicht", "nie", "niemals", "keineswegs", "keinesfalls", "kaum", "mitnichten")
_OBLIGATIONS = ("müsse", "müsst", "solle", "sollt", "dürfe", "dürft", "brauche", "bräucht", "möge")
_INTENTIONS = ("werde", "würde", "wolle")
_REPEATS_RUMOUR = word_set("soll sollen angeblich")
# Verbs of having or giving voice to a fear, a hope, a doubt of one's own.
_HOLDING = word_set(
    "äußern haben hegen bekunden teilen ausdrücken formulieren anmelden vorbringen bekräftigen "
    "erneuern wiederholen unterstreichen bringen"
)
# With „soll“ a perfect tells a rumour, and so do states: „sollen im Ausland sitzen“.
_RUMOURED = word_set(
    "haben sein worden sitzen leben wissen kennen gehören besitzen stammen existieren"
)
# How many words of a reported content are looked at for the noun that heads it.
_HEAD_REACH = 4
# How many words of the frame a content may begin with by mistake.
_CUT_OFF = 2


@dataclass(frozen=True, slots=True)
class _Cue:
    """A row of the table: what a cue says about its source's stance."""

    stance: Stance
    is_noun: bool
    beginnings: tuple[str, ...]
    needs: tuple[frozenset[str], ...]
    negated: Stance


@cache
def _cues() -> tuple[_Cue, ...]:
    found = []
    for row in table("stances"):
        stance, lemma, beginnings, needs, negated = padded(row, 5)
        alternatives = tuple(frozenset(word.split("/")) for word in needs.split())
        found.append(
            _Cue(
                Stance(stance),
                lemma[0].isupper(),
                tuple(beginnings.split("|")),
                alternatives,
                Stance(negated or Stance.ASSERTED),
            )
        )
    return tuple(found)


@cache
def _heads() -> tuple[tuple[Stance, tuple[str, ...]], ...]:
    return tuple(
        (Stance(stance), tuple(words.split("|"))) for stance, words in table("stance_nouns")
    )


def stance_of(
    document: Document, statement: Statement, frame: Frame, *, has_source: bool
) -> Stance:
    """Tell the stance of a statement that has a cue or stands alone."""
    if not has_source and _is_rumour(document, frame):
        return Stance.HEARSAY
    words = [document.words[token] for token in frame.cue]
    near = clause(document, frame)
    cue = _matching(words, [document.lower[token] for token in near])
    if cue is not None:
        own = [document.lower[token] for token in _own_predicate(document, frame, near)]
        own += _before_comma(document, frame)
        return cue.negated if _is_negated(own) else cue.stance
    if statement.type is Type.REPORTED:
        return _by_head(document, frame)
    return Stance.ASSERTED


def carried_stance(document: Document, frame: Frame, before: Stance) -> Stance:
    """Tell the stance of a statement that carries on one whose stance was `before`."""
    words = [document.lower[token] for token in frame.content]
    if before is Stance.DEMANDED and any(word.startswith(_OBLIGATIONS) for word in words):
        return Stance.DEMANDED
    if before is Stance.ANNOUNCED and any(word.startswith(_INTENTIONS) for word in words):
        return Stance.ANNOUNCED
    return Stance.ASSERTED


def _is_rumour(document: Document, frame: Frame) -> bool:
    """Whether a statement of nobody is hearsay: „soll“, „angeblich“, „es hieß“."""
    cue = {document.lower[token] for token in frame.cue}
    if [document.lower[token] for token in frame.source] == ["man"]:
        return True
    if cue & {"hieß", "heißt", "angeblich", "soll", "sollen"}:
        return True
    if any(
        document.lower[token].startswith(("gerücht", "spekul", "vernehm")) for token in frame.source
    ):
        return True
    return any(document.lower[token] in _REPEATS_RUMOUR for token in frame.content)


def is_hearsay(document: Document, frame: Frame) -> bool:
    """Whether the content itself says that it is only said: „soll geflohen sein“, „angeblich“.

    „Die Bewohner sollen ihre Häuser verlassen“ tells what they are to do.
    """
    words = [document.lower[token] for token in sorted(frame.content)]
    last = next((word for word in reversed(words) if word[0].isalnum()), "")
    said = "soll" in words or "sollen" in words
    return "angeblich" in words or (said and last in _RUMOURED)


def _matching(words: Sequence[str], around: Sequence[str]) -> _Cue | None:
    """The first row that the cue's words begin with and whose further words are there."""
    verbal = frozenset(word.lower() for word in words) | frozenset(around[-1:])
    near = frozenset(around) | verbal
    rows = _cues()
    for number in sorted(_rows_for(words)):
        if all(need & (verbal if need & PARTICLES else near) for need in rows[number].needs):
            return rows[number]
    return None


def _rows_for(words: Sequence[str]) -> set[int]:
    """The numbers of the rows that one of the words begins like; nouns only for capitals."""
    rows, found = _cues(), set()
    for word in words:
        lower = word.lower()
        for end in range(1, len(lower) + 1):
            for number in _by_beginning().get(lower[:end], ()):
                if word[0].isupper() or not rows[number].is_noun:
                    found.add(number)
    return found


@cache
def _by_beginning() -> Mapping[str, Sequence[int]]:
    """The numbers of the rows by each of their beginnings."""
    numbers: dict[str, list[int]] = {}
    for number, cue in enumerate(_cues()):
        for beginning in cue.beginnings:
            numbers.setdefault(beginning, []).append(number)
    return numbers


def _own_predicate(document: Document, frame: Frame, near: Sequence[int]) -> Sequence[int]:
    """Leave out what "und" sets before the cue: „traut dem nicht und fordert Garantien“."""
    first = min(frame.cue, default=0)
    joints = [token for token in near if token < first and document.lower[token] == "und"]
    if not joints or joints[-1] + 1 != first:
        return near
    return [token for token in near if token > joints[-1]]


def _before_comma(document: Document, frame: Frame) -> list[str]:
    """Words of the frame that a finder took into the content: „bestritt | nicht, dass es eilt“."""
    opening = [document.lower[token] for token in sorted(frame.content)[: _CUT_OFF + 1]]
    return opening[: opening.index(",")] if "," in opening else []


def _is_negated(around: Sequence[str]) -> bool:
    """Whether the clause of the cue is negated; „nicht nur“ negates nothing."""
    for index, word in enumerate(around):
        if word in _NEGATIONS and around[index + 1 : index + 2] != ["nur"]:
            return True
        if word.startswith("kein"):
            return True
    return False


def _by_head(document: Document, frame: Frame) -> Stance:
    """The stance that the head of a reported content names: „äußerte die Sorge, dass …“.

    Whoever points out the fear of others („hob die Sorge der Anwohner hervor“) asserts it; rumours
    stay rumours whoever mentions them.
    """
    has_it = cue_lemma(document, frame) in _HOLDING
    for token in sorted(frame.content)[:_HEAD_REACH]:
        for stance, beginnings in _heads():
            if not document.words[token][0].isupper():
                break
            named = document.lower[token].startswith(beginnings)
            if named and (has_it or stance is Stance.HEARSAY):
                return stance
    return Stance.ASSERTED
