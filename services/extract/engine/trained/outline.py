"""Outline: which sentences stand wholly inside a message, seen sentence by sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import marks, messages
from services.extract.engine.trained.evidence import SentenceEvidence
from services.extract.engine.trained.features import neighbour, rank_in_group
from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.layout import ONCE, kinds_of
from services.extract.engine.trained.marks import Mark
from services.extract.engine.trained.vocabulary import Mood
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.trained.arrays import (
        Bools,
        Column,
        Floats,
        Hashes,
        Ints,
        SlotMatrix,
    )
    from services.extract.engine.trained.evidence import Evidence
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary

    Pairs = tuple[Ints, SlotMatrix]

WHOLE = (Type.REPORTED, Type.FREE_INDIRECT, Type.INDIRECT_FREE_INDIRECT)
"""Types of message that whole sentences, and rows of them, make up."""
PARTLY = (Type.INDIRECT, Type.DIRECT)
LABELS = ("O", *(f"{edge}-{kind}" for kind in WHOLE for edge in "BI"), *PARTLY)

_SUMMED = marks.SENTENCE | Mark.COMPOUND
_FINITE_VERBS = 2
_OPENERS = 5
_EDGE = 2


def pairs(
    reading: Reading, layout: Layout, vocabulary: Vocabulary, evidence: Evidence
) -> SlotMatrix:
    """Give the distinct slots of each sentence, padded with -1 to a matrix."""
    found = [
        *_of_tokens(reading, layout, vocabulary),
        *_of_sentences(reading, layout),
        *_of_evidence(reading, layout, SentenceEvidence.of(reading, evidence)),
    ]
    rows = np.concatenate([row for row, _ in found]).astype(np.int64)
    slots = np.concatenate([slot for _, slot in found]).astype(np.int64)
    keys = np.unique(rows << 32 | slots)
    rows, slots = keys >> 32, keys & 0xFFFFFFFF
    place = rank_in_group(rows)
    matrix = np.full((len(reading.sentence_starts), int(place.max()) + 1), -1, np.int32)
    matrix[rows, place] = slots
    return matrix


def _hashed(name: str, rows: Ints, *values: Column) -> Pairs:
    slots = Slots(len(rows))
    slots.add(name, *values)
    return rows, slots.matrix()[:, 0]


def _of_tokens(reading: Reading, layout: Layout, vocabulary: Vocabulary) -> Iterator[Pairs]:
    sentence, lemma = reading.sentence, layout.lemma
    places = np.arange(len(reading))

    def those(mask: Bools, name: str, *values: Column) -> Pairs:
        at = np.flatnonzero(mask)
        return _hashed(name, sentence[at], *(value[at] for value in values))

    everywhere = np.ones(len(reading), np.bool_)
    is_long = vocabulary.lemmas["is_long"][reading.lemma].astype(np.bool_)
    participle = np.array([t[0] == "V" and t.endswith("PP") for t in vocabulary.tagger.tags])
    cue = ((layout.cue > 0) & (layout.cue < ONCE)) | (layout.reporting > 0)
    yield those(everywhere, "o lemma", lemma)
    yield those(places + 1 < reading.end, "o lemmas", lemma, np.append(lemma[1:], np.uint32(0)))
    yield those(is_long, "o suffix", vocabulary.lemmas["suffix"][reading.lemma])
    yield those(participle[reading.tag], "o participle", lemma)
    yield those(layout.cue > 0, "o cue bin", layout.cue)
    yield those(cue, "o cue", lemma)
    yield those(layout.reporting > 0, "o reporting", layout.reporting)
    yield those(layout.reporting > 0, "o reporting tag", layout.reporting, reading.tag)
    yield those(layout.source > 0, "o source", lemma)
    for offset in (-2, -1, 1):
        yield _cues_beside(reading, np.flatnonzero(cue), lemma, offset)
    finite = _shows_verb(layout)
    at = np.flatnonzero(finite)
    at = at[rank_in_group(sentence[at]) < _FINITE_VERBS] if len(at) else at
    yield _hashed("o finite", sentence[at], lemma[at], layout.mood[at] == 1)


def _cues_beside(reading: Reading, cues: Ints, lemma: Hashes, offset: int) -> Pairs:
    rows = reading.sentence[cues] - offset
    inside = (rows >= 0) & (rows < len(reading.sentence_starts))
    rows, cues = rows[inside], cues[inside]
    same = reading.document[rows] == reading.document[reading.sentence[cues]]
    return _hashed(f"o cue{offset}", rows[same], lemma[cues[same]])


def _of_sentences(reading: Reading, layout: Layout) -> Iterator[Pairs]:
    count = len(reading.sentence_starts)
    every = np.arange(count)
    start, length = reading.sentence_starts, reading.sentence_ends - reading.sentence_starts
    shown = layout.sentence_marks
    for bit in Mark:
        at = np.flatnonzero(shown & int(bit))
        yield _hashed("o shows", at, np.full(len(at), int(bit)))
    summed, verb = kinds_of(shown, _SUMMED), _main_verb(reading, layout)
    first_tag = reading.tag[start].astype(np.uint32)
    yield _hashed("o sentence", every, summed)
    yield _hashed("o verb", every, verb)
    yield _hashed("o first", every, layout.lemma[start])
    yield _hashed("o first tag", every, first_tag)
    second = np.minimum(start + 1, len(reading) - 1)
    second_lemma = np.where(length > 1, layout.lemma[second], np.uint32(0))
    yield _hashed("o first two", every, layout.lemma[start], second_lemma)
    yield _hashed("o length", every, np.minimum(8, length // 5))
    yield _hashed("o place", every, _place(reading))
    opens = np.flatnonzero(reading.opens_paragraph)
    yield _hashed("o paragraph", opens, np.ones(len(opens), np.int64))
    ends_in_colon = (layout.marks[reading.sentence_ends - 1] & int(Mark.COLON)) > 0
    yield _hashed("o colon", every, (shown & int(Mark.COLON)) > 0, ends_in_colon)
    quoted = np.add.reduceat((reading.quote >= 0).astype(np.int64), start)
    yield _hashed("o quoted", every, 4 * quoted // length)
    for offset in (-2, -1, 1):
        for name, value in (("sentence", summed), ("verb", verb), ("first", first_tag)):
            yield _hashed(
                f"o {name}{offset}", every, neighbour(reading, value, offset, _NO_SENTENCE)
            )
    yield from _of_segments(reading, layout)


_NO_SENTENCE = 0x7FFFFFFF


def _shows_verb(layout: Layout) -> Bools:
    return np.asarray(layout.finite | (layout.mood == Mood.FIRST) | (layout.mood == Mood.SECOND))


def _main_verb(reading: Reading, layout: Layout) -> Hashes:
    """Give for each sentence its first finite verb with its mood, mixed; 1 where there is none."""
    at = np.flatnonzero(_shows_verb(layout))[::-1]
    verb = np.ones(len(reading.sentence_starts), np.uint32)
    verb[reading.sentence[at]] = layout.lemma[at] * np.uint32(4) + layout.mood[at].astype(np.uint32)
    return verb


def _place(reading: Reading) -> Ints:
    number = np.arange(len(reading.sentence_starts))
    from_start = number - reading.document_sentences[reading.document]
    to_end = reading.document_sentences[reading.document + 1] - number
    near_edge = np.where(to_end <= _EDGE, 3, 4)
    return np.where(from_start < _EDGE, from_start + 1, near_edge)


def _of_segments(reading: Reading, layout: Layout) -> Iterator[Pairs]:
    segments = layout.segments
    words = np.flatnonzero(~segments.is_sign)
    sentence = reading.sentence[segments.starts[words]]
    rank = rank_in_group(sentence) if len(words) else words
    few = words[rank < _OPENERS]
    yield _hashed(
        "o opener", reading.sentence[segments.starts[few]], layout.lemma[segments.starts[few]]
    )
    opening = words[rank == 0]
    shown = kinds_of(segments.marks[opening], marks.SEGMENT)
    yield _hashed("o segment", reading.sentence[segments.starts[opening]], shown)
    number = np.bincount(sentence, minlength=len(reading.sentence_starts))
    yield _hashed("o segments", np.arange(len(number)), np.minimum(number, 5))


def _of_evidence(reading: Reading, layout: Layout, evidence: SentenceEvidence) -> Iterator[Pairs]:
    every = np.arange(len(evidence.cue))
    cue, source, inner = evidence.cue, evidence.source, evidence.inner_source
    subjunctive = (layout.sentence_marks & int(Mark.SUBJUNCTIVE_1)) > 0
    before = [neighbour(reading, level.astype(np.uint32), -1, 9) for level in (cue, source)]
    yield _hashed("oe cue", every, cue)
    yield _hashed("oe inner", every, inner)
    yield _hashed("oe source", every, source)
    yield _hashed("oe cue inner", every, cue, inner)
    yield _hashed("oe cue source", every, cue, source)
    yield _hashed("oe all", every, cue, inner, source)
    yield _hashed("oe before", every, *before)
    yield _hashed("oe before own", every, *before, cue, source, subjunctive)


def spread(reading: Reading, odds: Floats, of_sentences: Floats, share: float) -> Floats:
    """Mix tokens' probabilities with what their sentences say, in the given share.

    A sentence says nothing about types that it only holds in part, so that their probabilities
    keep their proportions.
    """
    said = np.zeros_like(odds)
    whole = np.zeros(len(of_sentences), np.float32)
    first = np.arange(len(reading)) == reading.first
    for kind in WHOLE:
        begins, goes_on = (of_sentences[:, LABELS.index(f"{edge}-{kind}")] for edge in "BI")
        label = messages.begins(kind)
        said[reading.sentence_starts, label] = begins
        said[:, label + 1] = np.where(
            first, goes_on[reading.sentence], (begins + goes_on)[reading.sentence]
        )
        whole = whole + begins + goes_on
    others = [messages.NOTHING, messages.GAP]
    others += [messages.begins(kind) + edge for kind in PARTLY for edge in (0, 1)]
    rest = odds[:, others]
    said[:, others] = (
        rest / (rest.sum(1, keepdims=True) + 1e-6) * (1 - whole[reading.sentence])[:, None]
    )
    return np.asarray((1 - share) * odds + share * said, np.float32)
