"""Which of the outlets that an article names may pass which statement on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.resolve.frames import Frame, cue_lemma
from services.extract.engine.resolve.mentions import Form
from services.extract.engine.resolve.tables import word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.resolve.mentions import Mention
    from services.extract.engine.resolve.spots import Spot
    from services.extract.engine.text import Document
    from services.extract.engine.types import Spans, Statement

# What these verbs judge and how may have between them where it was said.
_JUDGING = word_set("nennen bezeichnen zurückweisen kritisieren werten bewerten loben")
# With these verbs an outlet passes on what others say in the same sentence.
_REPORTING = word_set("berichten melden zitieren schreiben vermelden erwähnen")


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement, by its index in the finder's list, with what was read off the text around it.

    `speaks_elsewhere` says that it carries on a statement of an earlier sentence; `pointed_at` is
    the source as the finder gave it.
    """

    index: int
    statement: Statement
    frame: Frame
    mention: Mention | None
    speaks_elsewhere: bool
    pointed_at: Spans

    @property
    def by_anybody(self) -> bool:
        """Whether the source is everybody and nobody: „nennt man“."""
        return self.mention is not None and self.mention.form is Form.NOBODY

    @property
    def first(self) -> int:
        """The content's first token."""
        return min(self.frame.content, default=0)

    @property
    def last(self) -> int:
        """The content's last token."""
        return max(self.frame.content, default=0)


class Reporters:
    """The outlets of an article, by sentence, and the statements that they stand in or make."""

    def __init__(
        self, document: Document, spots: Sequence[Spot], readings: Sequence[Reading]
    ) -> None:
        self._document = document
        self._readings = {reading.index: reading for reading in readings}
        self._sources = {
            token: reading.index
            for reading in readings
            if not reading.speaks_elsewhere
            for token in reading.frame.source
        }
        self._by_sentence: dict[int, list[Spot]] = {}
        for spot in spots:
            self._by_sentence.setdefault(document.sentence_of[spot.first], []).append(spot)
        self._inside = _statements_around(spots, readings)

    def of(self, reading: Reading) -> list[Spot]:
        """Outlets in the frame that are neither its source nor inside what another one says."""
        ancestors = set(self._ancestors(reading))
        return [
            spot
            for sentence in reading.frame.sentences
            for spot in self._by_sentence.get(sentence, ())
            if self._inside.get(spot.end - 1, set()) <= ancestors | self._judged_in(spot, reading)
            and self._passes_on(spot.end - 1, reading, ancestors)
        ]

    def _judged_in(self, spot: Spot, reading: Reading) -> set[int]:
        """The statement itself, where it holds the outlet: „nennt den Plan in der Zeit falsch“."""
        lower, before = self._document.lower, max(spot.first - 1, 0)
        placed = "im" in lower[before : spot.first + 1] or lower[before] == "in"
        judges = cue_lemma(self._document, reading.frame) in _JUDGING
        return {reading.index} if placed and judges and spot.end - 1 < reading.last else set()

    def _ancestors(self, reading: Reading) -> Iterator[int]:
        parent = reading.statement.parent
        seen: set[int] = set()
        while parent is not None and parent in self._readings and parent not in seen:
            seen.add(parent)
            yield parent
            parent = self._readings[parent].statement.parent

    def _passes_on(self, token: int, reading: Reading, ancestors: set[int]) -> bool:
        """Whether an outlet that is the source of another statement reports this one as well."""
        stated = self._sources.get(token)
        if stated is None:
            return True
        if self._readings[stated].statement.source == reading.statement.source:
            return self._in_relative_clause(token, reading)
        lemma = cue_lemma(self._document, self._readings[stated].frame)
        return stated in ancestors or lemma in _REPORTING

    def _in_relative_clause(self, token: int, reading: Reading) -> bool:
        """Whether an outlet only stands beside the source: „ein Brief, den die Zeit zitiert“."""
        behind = [each for each in reading.frame.source if each < token]
        by_outlet = reading.mention is not None and reading.mention.form is Form.OUTLET
        return not by_outlet and any(self._document.words[each] == "," for each in behind)


def _statements_around(spots: Sequence[Spot], readings: Sequence[Reading]) -> dict[int, set[int]]:
    """For an outlet's last token, the statements whose content it stands in."""
    wanted = {spot.end - 1 for spot in spots}
    around: dict[int, set[int]] = {}
    for reading in readings:
        for token in wanted & reading.frame.content:
            around.setdefault(token, set()).add(reading.index)
    return around
