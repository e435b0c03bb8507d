"""Spans: what is known about a candidate as a whole, to judge whether it is a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.candidates import whole_sentences
from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.hints import alike
from services.extract.engine.trained.marks import Mark
from services.extract.engine.trained.messages import NOTHING, TYPES
from services.extract.engine.trained.outline import LABELS as SENTENCE_LABELS
from services.extract.engine.trained.outline import PARTLY
from services.extract.engine.trained.vocabulary import Mood

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Bools, Column, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.candidates import Candidates
    from services.extract.engine.trained.hints import Hints
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading

LABELS = ("other", "message")

_STEPS = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98])
_SIZES = np.array([2, 3, 5, 8, 12, 20, 35, 60])
_COARSE, _HALF = 3, 2
_ORIGINS = 7
_LIKE = np.array([0.01, 0.3, 0.5, 0.7, 0.85, 0.95, 0.999])
_NO_HINT = 9
_MANY = 3

_CROSSED = (
    ("mean", "cue around"),
    ("mean", "source around"),
    ("cue around", "source around"),
    ("mean", "inner source"),
    ("begin", "behind"),
    ("mean", "least"),
    ("any", "mean"),
    ("cue around", "source earlier"),
    ("in front", "begin"),
    ("last", "behind"),
    ("begins inside", "begin"),
    ("cue left", "cue right"),
    ("sentence", "mean"),
    ("sentence earlier", "sentence"),
    ("inner source", "cue inside"),
)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What the taggers say: probabilities of cues, of messages, and of sentences.

    `cues` is tokens by evidence.LABELS, `tokens` tokens by messages.LABELS, `mixed` the same
    with what the sentences say mixed in, `sentences` sentences by outline.LABELS.
    """

    cues: Floats
    tokens: Floats
    mixed: Floats
    sentences: Floats


def describe_spans(
    reading: Reading, layout: Layout, hints: Hints, opinions: Opinions, candidates: Candidates
) -> SlotMatrix:
    """Give the slots of every candidate."""
    slots = Slots(len(candidates))
    levels = {
        name: np.searchsorted(_STEPS, value)
        for name, value in _probabilities(reading, opinions, candidates).items()
    }
    forms = _forms(reading, layout, candidates)
    kind, opens, closes = candidates.type, forms["opens"], forms["closes"]
    for name, level in levels.items():
        slots.add(f"sp {name}", level)
        slots.add(f"sp {name} type", level, kind)
        slots.add(f"sp {name} coarse", level // _COARSE, kind, opens, closes)
    for one, other in _CROSSED:
        slots.add(f"sp {one} {other}", levels[one] // _HALF, levels[other] // _HALF, kind)
    for name, form in forms.items():
        slots.add(f"sp {name}", form)
        slots.add(f"sp {name} type", form, kind)
    edges = (forms["at segment start"], forms["at segment end"], opens, closes)
    slots.add("sp edges", *edges)
    slots.add("sp edges type", *edges, kind)
    slots.add("sp start", forms["tag in front"], forms["first tag"])
    slots.add("sp end", forms["last tag"], forms["tag behind"])
    slots.add("sp verbs", forms["finite"], forms["subjunctive"], forms["infinitive"], kind)
    slots.add("sp finite whole", forms["finite"], opens, closes, kind)
    slots.add("sp origins", candidates.origin)
    for bit in range(_ORIGINS):
        come = (candidates.origin >> bit) & 1 > 0
        slots.add("sp origin", np.full(len(candidates), bit), where=come)
    for name, word in _words(reading, layout, candidates).items():
        slots.add(f"sp {name}", word, kind)
    _hinted(slots, hints, candidates)
    return slots.matrix()


def _hinted(slots: Slots, hints: Hints, candidates: Candidates) -> None:
    """Add what the rules say there, and how like it the candidate is."""
    likeness = alike(hints, candidates.start, candidates.end)
    facts = np.array(
        [
            (hint.type, len(hint.parts["source"]) > 0, len(hint.parts["cue"]) > 0)
            for hint in hints.statements
        ]
        + [(_NO_HINT, 0, 0)]
    )
    kind, has_source, has_cue = facts[likeness.number].T
    level = np.searchsorted(_LIKE, likeness.overlap)
    starts, ends = _edges_of(hints)
    same_start, same_end = np.isin(candidates.start, starts), np.isin(candidates.end, ends)
    own = candidates.type
    slots.add("sp hint", level)
    slots.add("sp hint type", level, own, kind)
    slots.add("sp hint parts", level, kind, has_source, has_cue)
    slots.add("sp hint edges", same_start, same_end, own)
    slots.add("sp hint edges type", same_start, same_end, own, kind)


def _edges_of(hints: Hints) -> tuple[Ints, Ints]:
    starts = [hint.tokens[0] for hint in hints.statements]
    return np.array(starts, np.int64), np.array(
        [hint.tokens[-1] + 1 for hint in hints.statements], np.int64
    )


def _probabilities(
    reading: Reading, opinions: Opinions, candidates: Candidates
) -> dict[str, Column]:
    start, end, kind = candidates.start, candidates.end, candidates.type
    return {
        **_of_content(opinions, start, end, kind),
        **_of_edges(reading, opinions, start, end),
        **_of_cues(reading, opinions, start, end),
        **_of_sentences(reading, opinions, start),
    }


def _of_content(opinions: Opinions, start: Ints, end: Ints, kind: Ints) -> dict[str, Column]:
    """How surely the tokens are in a message, of this type and of any."""
    mixed, count = opinions.mixed, len(opinions.mixed)
    by_type = mixed[:, 2:].reshape(count, len(TYPES), 2)
    of_types = _sum(by_type.sum(2), start, end)
    own = of_types[np.arange(len(start)), kind]
    inside = 1 - mixed[:, NOTHING]
    length = end - start
    return {
        "mean": own / length,
        "any": _sum(inside, start, end) / length,
        "tagger": _sum(1 - opinions.tokens[:, NOTHING], start, end) / length,
        "least": _extreme(np.minimum, inside, start, end),
        "begin": by_type[start, kind, 0],
        "begins inside": _begins_inside(by_type[:, :, 0].sum(1), start, end),
        "type": own / np.maximum(of_types.sum(1), 1e-6),
    }


def _sum(values: Column, start: Ints, end: Ints) -> Column:
    """Add up the values of each range.

    They are rounded to steps in which running totals are exact, so that a range's sum does not
    depend on what stands before it: articles must not be read otherwise in company.
    """
    steps = np.rint(values * _STEPS_OF_SUMS).astype(np.int64)
    total = np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)])
    return np.asarray((total[end] - total[start]) / _STEPS_OF_SUMS)


_STEPS_OF_SUMS = 2.0**20


def _extreme(function: np.ufunc, values: Column, start: Ints, end: Ints) -> Column:
    """Give the highest or lowest value of each range."""
    padded = np.append(values, values[-1:])
    return np.asarray(function.reduceat(padded, np.stack([start, end], 1).ravel())[::2])


def _begins_inside(begins: Column, start: Ints, end: Ints) -> Column:
    second = np.minimum(start + 1, len(begins) - 1)
    highest = _extreme(np.maximum, begins, second, np.maximum(end, second + 1))
    return np.where(end - start > 1, highest, 0)


def _of_edges(reading: Reading, opinions: Opinions, start: Ints, end: Ints) -> dict[str, Column]:
    inside = np.append(1 - opinions.mixed[:, NOTHING], 0)
    return {
        "in front": np.where(_has_left(reading, start), inside[start - 1], 0),
        "behind": np.where(_has_right(reading, end), inside[end], 0),
        "last": inside[end - 1],
    }


def _has_left(reading: Reading, start: Ints) -> Bools:
    return start > reading.first[start]


def _has_right(reading: Reading, end: Ints) -> Bools:
    return end < reading.end[end - 1]


def _of_cues(reading: Reading, opinions: Opinions, start: Ints, end: Ints) -> dict[str, Column]:
    cue, source, inner = opinions.cues[:, 1], opinions.cues[:, 2], opinions.cues[:, 4]
    cue_left, cue_right = _beside(reading, cue, start, end)
    source_left, source_right = _beside(reading, source, start, end)
    return {
        "cue left": cue_left,
        "cue right": cue_right,
        "cue around": np.maximum(cue_left, cue_right),
        "source around": np.maximum(source_left, source_right),
        "cue inside": _extreme(np.maximum, cue, start, end),
        "source inside": _extreme(np.maximum, source, start, end),
        "inner source": _extreme(np.maximum, inner, start, end),
    }


def _beside(reading: Reading, values: Column, start: Ints, end: Ints) -> tuple[Column, Column]:
    """Give the highest value left and right of each range in its sentences."""
    floor = reading.sentence * 2.0
    upto = np.maximum.accumulate(floor + values) - floor
    floor = (reading.sentence[-1] - reading.sentence) * 2.0
    onwards = np.append(np.maximum.accumulate((floor + values)[::-1])[::-1] - floor, 0)
    left = np.where(_has_left(reading, start), upto[start - 1], 0)
    return left, np.where(_has_right(reading, end), onwards[end], 0)


def _of_sentences(reading: Reading, opinions: Opinions, start: Ints) -> dict[str, Column]:
    own = reading.sentence[start]
    earlier = np.maximum(own - 1, 0)
    has_earlier = (own > 0) & (reading.document[earlier] == reading.document[own])
    whole = whole_sentences(opinions.sentences).sum(1)
    indirect, direct = (opinions.sentences[:, SENTENCE_LABELS.index(kind)] for kind in PARTLY)
    starts = reading.sentence_starts
    source = np.maximum.reduceat(opinions.cues[:, 2], starts)
    inner = np.maximum.reduceat(opinions.cues[:, 4], starts)
    return {
        "sentence": whole[own],
        "sentence partly": indirect[own],
        "sentence earlier": np.where(has_earlier, (whole + indirect + direct)[earlier], 0),
        "source earlier": np.where(has_earlier, source[earlier], 0),
        "inner source earlier": np.where(has_earlier, inner[earlier], 0),
    }


def _forms(reading: Reading, layout: Layout, candidates: Candidates) -> dict[str, Column]:
    start, end = candidates.start, candidates.end
    segments, last = layout.segments, len(reading) - 1
    behind, front = np.minimum(end, last), np.maximum(start - 1, 0)
    quoted = (reading.quote >= 0).astype(np.int64)
    gap = np.array([len(gap) for gap in candidates.gaps], np.int64)
    return {
        "type": candidates.type,
        "opens": (start == reading.first[start]).astype(np.int64),
        "closes": np.minimum(reading.end[end - 1] - end, _MANY),
        "size": np.searchsorted(_SIZES, end - start - gap),
        "at segment start": segments.starts[segments.of[start]] == start,
        "at segment end": segments.ends[segments.of[end - 1]] == end,
        "quoted": quoted[start]
        + 2 * quoted[end - 1]
        + 4 * reading.before(quoted, start, 1, 0)
        + 8 * reading.after(quoted, end - 1, 1, 0),
        "has gap": gap > 0,
        "tag behind": np.where(_has_right(reading, end), reading.tag[behind], 99),
        "tag in front": np.where(_has_left(reading, start), reading.tag[front], 98),
        "first tag": reading.tag[start],
        "last tag": reading.tag[end - 1],
        "sentences": np.minimum(reading.sentence[end - 1] - reading.sentence[start], _MANY),
        "finite": np.minimum(_sum(layout.finite, start, end), 2),
        "subjunctive": np.minimum(_sum(layout.mood == Mood.FIRST, start, end), 1),
        "infinitive": np.minimum(_sum((layout.marks & int(Mark.INFINITIVE)) > 0, start, end), 1),
    }


def _words(reading: Reading, layout: Layout, candidates: Candidates) -> dict[str, Column]:
    start, end = candidates.start, candidates.end
    behind, front = np.minimum(end, len(reading) - 1), np.maximum(start - 1, 0)
    return {
        "first word": layout.lower[start],
        "last word": layout.lower[end - 1],
        "word in front": np.where(_has_left(reading, start), layout.lower[front], np.uint32(5)),
        "word behind": np.where(_has_right(reading, end), layout.lower[behind], np.uint32(5)),
    }
