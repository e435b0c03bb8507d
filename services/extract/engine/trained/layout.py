"""Layout: what tokens show, and how sentences fall into segments at their punctuation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import marks
from services.extract.engine.trained.marks import Mark
from services.extract.engine.trained.reporting import Reporting
from services.extract.engine.trained.vocabulary import Mood

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Bools, Hashes, Ints
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary


# How often a lemma was a cue, or a source, among its occurrences in training.
OFTEN, SOMETIMES, SELDOM, ONCE = 1, 2, 3, 4

_CUE_MARKS = np.array([0, Mark.CUE, Mark.CUE, Mark.RARE_CUE, Mark.RARE_CUE])
_MOOD_MARKS = np.array([0, Mark.SUBJUNCTIVE_1, Mark.SUBJUNCTIVE_2, Mark.SHALL])
_REPORTING_MARKS = np.array([0, Mark.SAY, Mark.THINK, Mark.WRITE, Mark.NOUN, Mark.COMPOUND])


@dataclass(frozen=True, slots=True)
class Bins:
    """For each token, how often its lemma was a cue and how often a source in training."""

    cue: Ints
    source: Ints

    @staticmethod
    def of(reading: Reading, vocabulary: Vocabulary) -> Bins:
        """Look the bins up in the vocabulary."""
        return Bins(
            vocabulary.lemmas["cue"][reading.lemma].astype(np.int64),
            vocabulary.lemmas["source"][reading.lemma].astype(np.int64),
        )


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments part a sentence at its punctuation, each such sign being one of its own.

    `of` gives each token's segment; `before` and `after` the nearest segment of words on either
    side, with `has_before` and `has_after` telling whether it lies in the same sentence.
    """

    of: Ints
    starts: Ints
    ends: Ints
    is_sign: Bools
    marks: Ints
    before: Ints
    after: Ints
    has_before: Bools
    has_after: Bools


@dataclass(frozen=True, slots=True)
class Layout:
    """What tokens show (`lower` and `lemma` are hashes), segments, and sentences' marks."""

    lower: Hashes
    lemma: Hashes
    mood: Ints
    cue: Ints
    source: Ints
    reporting: Ints
    finite: Bools
    marks: Ints
    segments: Segments
    sentence_marks: Ints

    @property
    def is_cue_like(self) -> Bools:
        """Whether the token's lemma is a listed word of speech or was often a cue."""
        return np.asarray((self.reporting > 0) | (self.cue == OFTEN) | (self.cue == SOMETIMES))


def lay_out(reading: Reading, vocabulary: Vocabulary, bins: Bins) -> Layout:
    """Work out what the tokens of `reading` show."""
    words, lemmas = vocabulary.words, vocabulary.lemmas
    tags = vocabulary.tagger.tags
    tag, word, lemma = reading.tag, reading.word, reading.lemma
    finite = np.array(["FIN" in t for t in tags])[tag]
    can_report = np.array([t.startswith(("V", "NN", "NE")) for t in tags])[tag]
    reporting = np.where(can_report, lemmas["reporting"][lemma], int(Reporting.NONE)).astype(
        np.int64
    )
    mood = _moods(reading, vocabulary)
    shown = words["marks"][word].astype(np.int64)
    shown |= _MOOD_MARKS[mood] | _CUE_MARKS[bins.cue] | _REPORTING_MARKS[reporting]
    shown |= np.where(lemmas["is_statement"][lemma], int(Mark.STATEMENT), 0)
    shown |= np.where(finite, int(Mark.FINITE), 0)
    shown |= np.where(np.array(["ZU" in t for t in tags])[tag], int(Mark.INFINITIVE), 0)
    shown |= np.where(bins.source == OFTEN, int(Mark.SOURCE), 0)
    return Layout(
        lower=words["lower"][word].astype(np.uint32),
        lemma=lemmas["hash"][lemma].astype(np.uint32),
        mood=mood,
        cue=bins.cue,
        source=bins.source,
        reporting=reporting,
        finite=finite,
        marks=shown,
        segments=_segments(reading, vocabulary, shown),
        sentence_marks=np.bitwise_or.reduceat(shown, reading.sentence_starts),
    )


def _moods(reading: Reading, vocabulary: Vocabulary) -> Ints:
    """Take the mood that the form shows, else what the tagger says of it."""
    shown = vocabulary.words["mood"][reading.word].astype(np.int64)
    subjunctive = np.array([tag.endswith(".S") for tag in vocabulary.tagger.tags])[reading.tag]
    past = vocabulary.words["past_like"][reading.word].astype(np.bool_)
    tagged = np.where(past, int(Mood.SECOND), int(Mood.FIRST))
    return np.where(shown > 0, shown, np.where(subjunctive, tagged, int(Mood.NONE)))


def _segments(reading: Reading, vocabulary: Vocabulary, shown: Ints) -> Segments:
    is_break = vocabulary.words["is_break"][reading.word].astype(np.bool_)
    opens = is_break.copy()
    opens[reading.sentence_starts] = True
    opens[1:] |= is_break[:-1]
    starts = np.flatnonzero(opens)
    is_sign = is_break[starts]
    sentence = reading.sentence[starts]
    before, after = _word_segments_around(~is_sign)
    count = len(starts)
    return Segments(
        of=np.cumsum(opens) - 1,
        starts=starts,
        ends=np.append(starts[1:], len(reading)),
        is_sign=is_sign,
        marks=np.bitwise_or.reduceat(shown, starts),
        before=np.maximum(before, 0),
        after=np.minimum(after, count - 1),
        has_before=(before >= 0) & (sentence[np.maximum(before, 0)] == sentence),
        has_after=(after < count) & (sentence[np.minimum(after, count - 1)] == sentence),
    )


def _word_segments_around(is_words: Bools) -> tuple[Ints, Ints]:
    """Give for each segment the nearest one of words before (-1: none) and after (n: none)."""
    count = len(is_words)
    numbers = np.arange(count)
    upto = np.maximum.accumulate(np.where(is_words, numbers, -1))
    onwards = np.minimum.accumulate(np.where(is_words, numbers, count)[::-1])[::-1]
    return np.append(-1, upto[:-1]), np.append(onwards[1:], count)


def kinds_of(mask: Ints, kind: Mark) -> Hashes:
    """Keep the marks of `kind`, as values of a feature."""
    return (mask & int(kind)).astype(np.uint32)


__all__ = ["Bins", "Layout", "Segments", "kinds_of", "lay_out", "marks"]
