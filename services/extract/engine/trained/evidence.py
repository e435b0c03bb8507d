"""Evidence: features from a first tagger's opinion of where cues and sources stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.features import Features, clause_kind, neighbour
from services.extract.engine.trained.hashing import Slots

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Floats, Ints, SlotMatrix
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading


LABELS = ("O", "cue", "source", "addressee", "inner source")
"""What the first tagger tells apart; the source of a reported message often stands inside it."""

_STEPS = np.array([0.05, 0.15, 0.3, 0.5, 0.75], np.float32)
_LEVELS = len(_STEPS) + 1
_NOWHERE = 9


@dataclass(frozen=True, slots=True)
class Evidence:
    """How likely each token is part of a cue, a source, ...: in six levels."""

    cue: Ints
    source: Ints
    addressee: Ints
    inner_source: Ints

    @staticmethod
    def of(marginals: Floats) -> Evidence:
        """Cut probabilities, n by LABELS, into levels."""
        cue, source, addressee, inner = np.searchsorted(_STEPS, marginals[:, 1:].T)
        return Evidence(cue, source, addressee, inner)


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """The highest level in each sentence."""

    cue: Ints
    source: Ints
    inner_source: Ints

    @staticmethod
    def of(reading: Reading, evidence: Evidence) -> SentenceEvidence:
        """Take the highest level in each sentence."""
        starts = reading.sentence_starts
        return SentenceEvidence(
            np.maximum.reduceat(evidence.cue, starts),
            np.maximum.reduceat(evidence.source, starts),
            np.maximum.reduceat(evidence.inner_source, starts),
        )


def weigh(reading: Reading, layout: Layout, evidence: Evidence) -> Features:
    """Make features of the evidence, for tokens, segments and sentences."""
    return Features(
        _of_tokens(reading, evidence),
        _of_segments(layout, evidence),
        _of_sentences(reading, SentenceEvidence.of(reading, evidence)),
    )


def _of_tokens(reading: Reading, evidence: Evidence) -> SlotMatrix:
    slots = Slots(len(reading))
    for name, level in (("cue", evidence.cue), ("source", evidence.source)):
        for offset in (-1, 0, 1):
            slots.add(f"evidence {name}{offset}", reading.shifted(level, offset, _NOWHERE))
    slots.add("evidence inner", evidence.inner_source)
    left, right = _highest_beside(reading, evidence.cue)
    slots.add("evidence left", left)
    slots.add("evidence right", right)
    slots.add("evidence sides", left, right)
    return slots.matrix()


def _highest_beside(reading: Reading, level: Ints) -> tuple[Ints, Ints]:
    """Give the highest level left and right of each token in its sentence."""
    floor = reading.sentence * _LEVELS
    upto = np.append(-1, np.maximum.accumulate(floor + level)[:-1])
    floor_back = (reading.sentence[-1] - reading.sentence) * _LEVELS
    onwards = np.append(np.maximum.accumulate((floor_back + level)[::-1])[::-1][1:], -1)
    return np.maximum(upto - floor, 0), np.maximum(onwards - floor_back, 0)


def _of_segments(layout: Layout, evidence: Evidence) -> SlotMatrix:
    segments = layout.segments
    cue = np.maximum.reduceat(evidence.cue, segments.starts)
    source = np.maximum.reduceat(evidence.source, segments.starts)
    inner = np.maximum.reduceat(evidence.inner_source, segments.starts)

    def around(level: Ints) -> tuple[Ints, Ints]:
        return (
            np.where(segments.has_before, level[segments.before], _NOWHERE),
            np.where(segments.has_after, level[segments.after], _NOWHERE),
        )

    before, after = around(cue)
    kind = np.minimum(clause_kind(layout), np.uint32(4))
    slots = Slots(len(cue))
    slots.add("evidence of segment", cue)
    slots.add("evidence before", before)
    slots.add("evidence after", after)
    slots.add("evidence around", before, cue, after)
    slots.add("evidence around kind", before, cue, after, kind)
    slots.add("sources around", source, *around(source))
    slots.add("inner source of segment", inner)
    return slots.matrix()


def _of_sentences(reading: Reading, evidence: SentenceEvidence) -> SlotMatrix:
    slots = Slots(len(evidence.cue))
    slots.add("evidence of sentence", evidence.cue)
    slots.add("inner source of sentence", evidence.inner_source)
    slots.add("source of sentence", evidence.source)
    cue = evidence.cue.astype(np.uint32)
    for offset in (-1, 1):
        slots.add(f"evidence of sentence{offset}", neighbour(reading, cue, offset, _NOWHERE))
    return slots.matrix()
