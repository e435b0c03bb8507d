"""Sentences with what their clauses say about who speaks: read once, used by every rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.speaker import addressee_of, source_of

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.view import View
    from services.extract.engine.types import Type

# Signs before a clause that still belongs to the main clause before it.
_INNER_SIGNS = frozenset([",", "(", ")", "[", "–"])
# How many clauses back the beginning of a main clause is looked for.
_REACH = 24


@dataclass(frozen=True, slots=True)
class Saying:
    """A clause that says that somebody says something.

    `begin` is the token at which the main clause around it begins.
    """

    clause: Clause
    cue: Cue
    source: Ranges
    addressee: Ranges
    begin: int

    def found(
        self,
        content: Ranges,
        type_: Type,
        frame: Range | None = None,
        *,
        cue: Ranges | None = None,
        confidence: float = 0.8,
    ) -> Found:
        """Make the statement with this content; the cue is the clause's own unless given."""
        return Found(
            content=content,
            type=type_,
            medium=self.cue.verb.medium,
            source=self.source,
            cue=tokens(self.cue.tokens) if cue is None else cue,
            frame=(frame,) if frame else (),
            addressee=self.addressee,
            confidence=confidence,
        )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of text with the saying of each of its clauses, none where it has none."""

    unit: Unit
    sayings: tuple[Saying | None, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """The clauses in order."""
        return self.unit.clauses


def sentence(view: View, unit: Unit) -> Sentence:
    """Read what each clause of the unit says about who speaks."""
    return Sentence(unit, tuple(_saying(view, unit, index) for index in range(len(unit.clauses))))


def _saying(view: View, unit: Unit, index: int) -> Saying | None:
    cue = None if _is_perceived(view, unit, index) else cue_of(view, unit, index)
    if cue is None:
        return None
    source = source_of(view, unit, index, cue)
    addressee = addressee_of(view, unit, index, cue, source)
    return Saying(unit.clauses[index], cue, source, addressee, frame_start(unit, index))


def _is_perceived(view: View, unit: Unit, index: int) -> bool:
    """Whether the clause says what can be seen or heard: "Zu sehen ist, wie er sie abweist"."""
    if not index or unit.clauses[index].opener != "wie":
        return False
    before = unit.clauses[index - 1]
    return not words("perceived").isdisjoint(view.lower[before.first : before.end])


def frame_start(unit: Unit, index: int) -> int:
    """Find where the main clause around clause `index` begins."""
    for position in range(index, max(0, index - _REACH), -1):
        if unit.clauses[position].mark not in _INNER_SIGNS:
            return unit.clauses[position].first
    return unit.clauses[max(0, index - _REACH)].first if index > _REACH else unit.first
