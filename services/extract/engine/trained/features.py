"""Features of tokens, segments and sentences for the taggers that run over whole documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import marks
from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.layout import kinds_of
from services.extract.engine.trained.marks import Mark

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Bools, Hashes, Ints, SlotMatrix
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary


_INNER = 3
OUTSIDE = 7
"""Stands for what lies beyond the sentence."""

_CLAUSE_KINDS = (Mark.INFINITIVE, Mark.THAT, Mark.SUBJUNCTIVE_1)
_K_OR_CUE = Mark.SUBJUNCTIVE_1 | Mark.CUE
_CUES_OF_SEGMENT = 3
_SIDE_BITS = tuple(int(bit) for bit in Mark if bit & marks.SIDE)
_SUMMED_BITS = tuple(bit for bit in Mark if bit is not Mark.COLON)


@dataclass(frozen=True, slots=True)
class Features:
    """Slots of tokens, segments and sentences; a token has those of its segment and sentence."""

    tokens: SlotMatrix
    segments: SlotMatrix
    sentences: SlotMatrix

    def joined(self, other: Features) -> Features:
        """Put the features of `other` beside these."""
        return Features(
            np.concatenate([self.tokens, other.tokens], axis=1),
            np.concatenate([self.segments, other.segments], axis=1),
            np.concatenate([self.sentences, other.sentences], axis=1),
        )


def describe(reading: Reading, layout: Layout, vocabulary: Vocabulary) -> Features:
    """Work out the features of every token, segment and sentence."""
    return Features(
        _of_tokens(reading, layout, vocabulary),
        _of_segments(reading, layout),
        _of_sentences(reading, layout),
    )


def clause_kind(layout: Layout) -> Hashes:
    """Tell for each segment what opens or governs it: `zu`, `dass`, subjunctive, or its word."""
    segments = layout.segments
    kind = layout.lower[segments.starts].copy()
    for code, mark in reversed(list(enumerate(_CLAUSE_KINDS, 1))):
        kind[(segments.marks & int(mark)) > 0] = code
    return kind


def neighbour(reading: Reading, values: Hashes, offset: int, missing: int) -> Hashes:
    """Give for each sentence the value of the one `offset` away in the same document."""
    count = len(values)
    places = np.arange(count) + offset
    inside = (places >= 0) & (places < count)
    places = np.clip(places, 0, count - 1)
    inside &= reading.document[places] == reading.document
    return np.where(inside, values[places], np.uint32(missing)).astype(np.uint32)


def _of_tokens(reading: Reading, layout: Layout, vocabulary: Vocabulary) -> SlotMatrix:
    slots = Slots(len(reading))
    _spelling(slots, reading, vocabulary)
    _words_around(slots, reading, layout)
    _kinds_around(slots, reading, layout)
    _quotation(slots, reading, layout, vocabulary)
    _place_in_segment(slots, reading, layout)
    _sides(slots, reading, layout)
    return slots.matrix()


def _spelling(slots: Slots, reading: Reading, vocabulary: Vocabulary) -> None:
    for name in ("lower", "shape", "prefix", "suffix2", "suffix3", "suffix4"):
        slots.add(name, vocabulary.words[name][reading.word])


def _words_around(slots: Slots, reading: Reading, layout: Layout) -> None:
    tag = reading.tag.astype(np.uint32)
    tags = {offset: reading.shifted(tag, offset, 99) for offset in (-2, -1, 0, 1, 2)}
    lower = {offset: reading.shifted(layout.lower, offset, OUTSIDE) for offset in (-2, -1, 1, 2)}
    slots.add("lemma", layout.lemma)
    slots.add("case", tag, reading.case)
    for offset, value in tags.items():
        slots.add(f"tag{offset}", value)
    for offset, value in lower.items():
        slots.add(f"lower{offset}", value)
    slots.add("tag-1,0", tags[-1], tag)
    slots.add("tag0,1", tag, tags[1])
    places = np.arange(len(reading))
    slots.add("lower-1,0", lower[-1], layout.lower, where=places > reading.first)
    edge = edge_of_sentence(reading)
    slots.add("edge", edge, where=edge < _INNER)
    slots.add(
        "sentence,edge", kinds_of(layout.sentence_marks, marks.SENTENCE)[reading.sentence], edge
    )


def edge_of_sentence(reading: Reading) -> Ints:
    """Tell the first token of a sentence (1), its last (2), and the rest (3)."""
    places = np.arange(len(reading))
    return np.where(places == reading.first, 1, np.where(places == reading.end - 1, 2, 3))


def _kinds_around(slots: Slots, reading: Reading, layout: Layout) -> None:
    columns = {
        "mood": layout.mood,
        "cue": layout.cue,
        "source": layout.source,
        "reporting": layout.reporting,
    }
    for name, column in columns.items():
        for offset in (-1, 0, 1):
            value = reading.shifted(column, offset, 0)
            slots.add(f"{name}{offset}", value, where=value > 0)


def _quotation(slots: Slots, reading: Reading, layout: Layout, vocabulary: Vocabulary) -> None:
    inside = reading.quote >= 0
    slots.add("after quotation", inside, where=~inside & reading.shifted(inside, -1, 0))
    slots.add("before quotation", inside, where=~inside & reading.shifted(inside, 1, 0))
    touched = np.bitwise_or.reduceat(inside.astype(np.int64), reading.sentence_starts)
    slots.add("beside quotation", touched[reading.sentence], where=~inside)
    if not len(reading.quotes):
        return
    quotes = _QuoteFacts.of(reading, layout, vocabulary)
    own = np.maximum(reading.quote, 0)
    places = np.arange(len(reading))
    start, end = reading.quotes[own, 0], reading.quotes[own, 1]
    at = np.where(places == start, 1, np.where(places == end - 1, 2, 3))
    shown = kinds_of(layout.sentence_marks, _K_OR_CUE)[reading.sentence]
    slots.add("q", at, where=inside)
    slots.add("q size", at, quotes.size[own], where=inside)
    slots.add("q finite ends", at, quotes.finite[own], quotes.terminal[own], where=inside)
    slots.add("q size finite", at, quotes.size[own], quotes.finite[own], where=inside)
    slots.add("q after", at, quotes.after[own], where=inside)
    slots.add("q before", at, quotes.before[own], where=inside)
    slots.add("q opens", at, quotes.opens_sentence[own], quotes.finite[own], where=inside)
    slots.add("q sentence", at, quotes.finite[own], shown, where=inside)


@dataclass(frozen=True, slots=True)
class _QuoteFacts:
    """For each quotation: its size in bins, what it holds, what stands before and after it."""

    size: Ints
    finite: Ints
    terminal: Ints
    before: Hashes
    after: Hashes
    opens_sentence: Ints

    @staticmethod
    def of(reading: Reading, layout: Layout, vocabulary: Vocabulary) -> _QuoteFacts:
        start, end = reading.quotes[:, 0], reading.quotes[:, 1]
        finite = np.append(0, np.cumsum(layout.finite))
        terminal = np.append(0, np.cumsum(vocabulary.words["ends"][reading.word]))
        is_break = vocabulary.words["is_break"][reading.word].astype(np.bool_)
        sign_or_tag = np.where(is_break, layout.lower, reading.tag).astype(np.uint32)
        return _QuoteFacts(
            np.searchsorted([4, 6, 9, 16], end - start, side="right"),
            (finite[end] > finite[start]).astype(np.int64),
            (terminal[end] > terminal[start]).astype(np.int64),
            reading.before(sign_or_tag, start, 1, 98).astype(np.uint32),
            reading.after(sign_or_tag, end - 1, 1, 99).astype(np.uint32),
            (reading.first[start] == start).astype(np.int64),
        )


def _place_in_segment(slots: Slots, reading: Reading, layout: Layout) -> None:
    segments = layout.segments
    own = segments.of
    places = np.arange(len(reading))
    at = np.where(
        places == segments.starts[own], 1, np.where(places == segments.ends[own] - 1, 2, 3)
    )
    slots.add("segment,at", _outline(layout)[own], at)
    slots.add(
        "first,last,at", at, layout.lemma[segments.starts][own], reading.tag[segments.ends - 1][own]
    )
    reports = (segments.marks[segments.before] & int(marks.REPORTING))[own]
    has = (~segments.is_sign & segments.has_before)[own]
    slots.add("reports before,at", reports, clause_kind(layout)[own], at, where=has)


def _sides(slots: Slots, reading: Reading, layout: Layout) -> None:
    """Add what stands to the left and to the right of the token in its sentence."""
    count, sentences = len(reading), len(reading.sentence_starts)
    places = np.arange(count)
    left, right = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for bit in _SIDE_BITS:
        at = np.flatnonzero(layout.marks & bit)
        if len(at):
            earliest, latest = np.full(sentences, count + 1), np.full(sentences, -1)
            earliest[reading.sentence[at[::-1]]] = at[::-1]
            latest[reading.sentence[at]] = at
            left |= np.where(places > earliest[reading.sentence], bit, 0)
            right |= np.where(places < latest[reading.sentence], bit, 0)
    slots.add("left", left)
    slots.add("right", right)
    slots.add("left,right", left, right)
    before, after = nearest_cues(layout.is_cue_like)
    slots.add("cue before", layout.lemma[np.maximum(before, 0)], where=before >= reading.first)
    slots.add("cue after", layout.lemma[np.minimum(after, count - 1)], where=after < reading.end)


def nearest_cues(is_cue: Bools) -> tuple[Ints, Ints]:
    """Give the nearest cue-like token before (-1: none) and after (n: none) each token."""
    count = len(is_cue)
    places = np.arange(count)
    upto = np.maximum.accumulate(np.where(is_cue, places, -1))
    onwards = np.minimum.accumulate(np.where(is_cue, places, count)[::-1])[::-1]
    return np.append(-1, upto[:-1]), np.append(onwards[1:], count)


def _outline(layout: Layout) -> Hashes:
    """Give for each segment its marks, or the sign that it is."""
    segments = layout.segments
    shown = kinds_of(segments.marks, marks.SEGMENT) | np.uint32(1 << 30)
    return np.where(segments.is_sign, layout.lower[segments.starts], shown).astype(np.uint32)


def _of_segments(reading: Reading, layout: Layout) -> SlotMatrix:
    segments = layout.segments
    slots = Slots(len(segments.starts))
    own = _outline(layout)
    before, after = segments.before, segments.after
    has_before, has_after = segments.has_before, segments.has_after
    outline_before = np.where(has_before, own[before], np.uint32(5)).astype(np.uint32)
    outline_after = np.where(has_after, own[after], np.uint32(5)).astype(np.uint32)
    opener = layout.lower[segments.starts]
    slots.add("segment", own)
    slots.add("segment before", outline_before)
    slots.add("segment after", outline_after)
    slots.add("segments", own, outline_before, outline_after)
    slots.add("segment opener", opener)

    sign, words = segments.is_sign, ~segments.is_sign
    kind = clause_kind(layout)
    kind_after = np.where(has_after, kind[after], np.uint32(5))
    last_before = segments.ends[before] - 1
    first_after = segments.starts[after]
    opener_after = np.where(has_after, layout.lower[first_after], np.uint32(5))
    weight = layout.reporting[last_before] * 8 + layout.cue[last_before]
    tag_before = reading.tag[last_before]
    governed = sign & has_before
    slots.add("sign: last before", layout.lemma[last_before], kind_after, where=governed)
    slots.add("sign: kind before", weight, tag_before, outline_after, where=governed)
    slots.add("sign: finite before", _first_finite(layout)[before], where=governed)
    slots.add("sign: opener after", opener, opener_after, where=sign)
    slots.add("sign: around", opener, outline_after, outline_before, where=sign)
    slots.add("last before", layout.lemma[last_before], kind, where=words & has_before)
    slots.add("kind before", weight, tag_before, kind, where=words & has_before)
    slots.add(
        "opener after",
        layout.lower[first_after],
        layout.reporting[first_after],
        where=words & has_after,
    )
    for cue in _cues_of_segments(layout).T:
        there = np.maximum(cue, 0)
        slots.add(
            "cues before",
            layout.lemma[there[before]],
            kind,
            where=words & has_before & (cue[before] >= 0),
        )
        slots.add(
            "cues after", layout.lemma[there[after]], where=words & has_after & (cue[after] >= 0)
        )
    return slots.matrix()


def _first_finite(layout: Layout) -> Hashes:
    """Give the lemma of the first finite verb of each segment, or 3."""
    finite = np.flatnonzero(layout.finite)[::-1]
    lemmas = np.full(len(layout.segments.starts), 3, np.uint32)
    lemmas[layout.segments.of[finite]] = layout.lemma[finite]
    return lemmas


def _cues_of_segments(layout: Layout) -> Ints:
    """Give the first cue-like tokens of each segment, -1 where there are fewer."""
    cues = np.flatnonzero(layout.is_cue_like)
    found = np.full((len(layout.segments.starts), _CUES_OF_SEGMENT), -1)
    if len(cues):
        segment = layout.segments.of[cues]
        rank = rank_in_group(segment)
        few = rank < _CUES_OF_SEGMENT
        found[segment[few], rank[few]] = cues[few]
    return found


def rank_in_group(groups: Ints) -> Ints:
    """Count 0, 1, 2, ... inside each run of equal numbers."""
    places = np.arange(len(groups))
    opens = np.append(True, groups[1:] != groups[:-1])
    return places - np.maximum.accumulate(np.where(opens, places, 0))


def _of_sentences(reading: Reading, layout: Layout) -> SlotMatrix:
    slots = Slots(len(reading.sentence_starts))
    shown = layout.sentence_marks
    for bit in _SUMMED_BITS:
        slots.add("shows", np.full(len(shown), int(bit)), where=(shown & int(bit)) > 0)
    own = kinds_of(shown, marks.SENTENCE)
    slots.add("sentence", own)
    beside, key = kinds_of(shown, marks.NEIGHBOUR), kinds_of(shown, _K_OR_CUE)
    for offset in (-2, -1, 1):
        slots.add(f"sentence{offset}", neighbour(reading, beside, offset, 1 << 30))
        slots.add(f"sentence,sentence{offset}", own, neighbour(reading, key, offset, 1 << 30))
    start = reading.sentence_starts
    slots.add("paragraph", own, where=reading.opens_paragraph)
    slots.add("opens paragraph", reading.opens_paragraph)
    slots.add("first word", layout.lower[start])
    slots.add("first tag", reading.tag[start])
    opens_text = np.isin(np.arange(len(start)), reading.document_sentences)
    slots.add("opens text", opens_text, where=opens_text)
    return slots.matrix()
