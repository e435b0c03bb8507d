"""Quotations: which stretches between quotation marks are direct speech.

Nearly every direct message is exactly one such stretch; the others are titles, names, scare
quotes and single words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.messages import TYPES
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Floats, Ints, SlotMatrix
    from services.extract.engine.trained.hints import Hint, Hints
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary


LABELS = ("other", "direct")

_INNER = 30
_AROUND = 3
_CUES = 4
_STEPS = np.array([0.05, 0.15, 0.3, 0.5, 0.75], np.float32)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where quotations stand: the reading, what its tokens show, and what the rules say."""

    reading: Reading
    layout: Layout
    hints: Hints


def describe_quotations(
    setting: Setting, vocabulary: Vocabulary, outer: Ints, cues: Floats
) -> SlotMatrix:
    """Give the slots of every quotation.

    `outer` holds for each token the label number of the message that it stands in, and `cues`
    the probability that it is part of a cue.
    """
    reading, layout = setting.reading, setting.layout
    quotes = reading.quotes
    start, end = quotes[:, 0], quotes[:, 1]
    slots = Slots(len(quotes))
    size = np.searchsorted([4, 5, 6, 8, 11, 21], end - start, side="right")
    total = np.append(0, np.cumsum(layout.finite))
    finite = total[end] > total[start]
    total = np.append(0, np.cumsum(vocabulary.words["ends"][reading.word]))
    terminal = total[end] > total[start]
    opens = reading.first[start] == start
    slots.add("qu size", size)
    slots.add("qu finite", finite)
    slots.add("qu terminal", terminal)
    slots.add("qu shape", size, finite, terminal)
    slots.add("qu opens", opens, finite)
    slots.add("qu inside", reading.quote_inside, size)
    total = np.append(0, np.cumsum(vocabulary.words["capital"][reading.word]))
    capitals = total[end - 1] - total[start + 1]
    slots.add("qu capitals", capitals == end - start - 2, size)
    for name, place in (("first", start + 1), ("last", end - 2)):
        slots.add(f"qu {name}", layout.lower[place])
        slots.add(f"qu {name} tag", reading.tag[place], size)
    slots.add("qu capital first", vocabulary.words["capital"][reading.word[start + 1]], finite)
    for away in range(1, _AROUND + 1):
        inside = start - away >= reading.first[start]
        before = np.maximum(start - away, 0)
        slots.add(f"qu before{away}", layout.lemma[before], where=inside)
        slots.add(f"qu before tag{away}", np.where(inside, reading.tag[before], 98))
        slots.add(f"qu after{away}", reading.after(layout.lemma, end - 1, away, 5))
        slots.add(f"qu after tag{away}", reading.after(reading.tag, end - 1, away, 99))
    tag_before = reading.before(reading.tag, start, 1, 98)
    slots.add("qu between", tag_before, reading.after(reading.tag, end - 1, 1, 99), size)
    shown = layout.sentence_marks[reading.sentence[start]]
    for bit in range(26):
        slots.add("qu sentence", np.full(len(start), bit), where=(shown >> bit) & 1 > 0)
    slots.add("qu outer", outer[start], size)
    slots.add("qu outer in", outer[start + 1], outer[end - 2])
    slots.add("qu outer before", reading.before(outer, start, 1, 98), outer[start])
    _evidence(slots, reading, cues, size)
    _hinted(slots, setting)
    return np.concatenate([slots.matrix(), _inner(reading, layout), _repeats(reading)], axis=1)


def _hinted(slots: Slots, setting: Setting) -> None:
    """Add whether the rules take the quotation for direct speech, by whom and with what cue."""
    found = {
        (hint.tokens[0], hint.tokens[-1] + 1): _with_parts(hint)
        for hint in setting.hints.statements
        if TYPES[hint.type] is Type.DIRECT
    }
    quotes = setting.reading.quotes
    said = np.array([found.get((start, end), 0) for start, end in quotes.tolist()], np.int64)
    slots.add("qu hint", said)
    slots.add("qu hint kind", said, setting.hints.kind[quotes[:, 0]])


def _with_parts(hint: Hint) -> int:
    return 1 + 2 * bool(hint.parts["source"]) + bool(hint.parts["cue"])


def _evidence(slots: Slots, reading: Reading, cues: Floats, size: Ints) -> None:
    """Add how likely the nearest tokens and the sentence around are to hold a cue."""
    start, end = reading.quotes[:, 0], reading.quotes[:, 1]
    last = len(reading) - 1
    near = np.zeros(len(start), np.float32)
    for away in range(1, 6):
        before, after = start - away, np.minimum(end - 1 + away, last)
        near = np.maximum(
            near, np.where(before >= reading.first[start], cues[np.maximum(before, 0)], 0)
        )
        near = np.maximum(near, np.where(after < reading.end[end - 1], cues[after], 0))
    level = np.searchsorted(_STEPS, near)
    slots.add("qu cue near", level)
    slots.add("qu cue near size", level, size)


def _inner(reading: Reading, layout: Layout) -> SlotMatrix:
    """Give the lemma and the tag of each of the first words inside."""
    start, end = reading.quotes[:, 0], reading.quotes[:, 1]
    places = start[:, None] + 1 + np.arange(_INNER)
    inside = places < end[:, None] - 1
    flat = np.where(inside, places, 0).ravel()
    slots = Slots(len(flat))
    slots.add("qu word", layout.lemma[flat], where=inside.ravel())
    slots.add("qu tag", reading.tag[flat], where=inside.ravel())
    return slots.matrix().reshape(len(start), -1)


def _repeats(reading: Reading) -> SlotMatrix:
    """Tell those whose words stand between marks elsewhere in the same document, as names do."""
    document = reading.document[reading.sentence[reading.quotes[:, 0]]].tolist()
    keys = [
        (number, tuple(reading.word[start + 1 : end - 1].tolist()))
        for number, (start, end) in zip(document, reading.quotes.tolist(), strict=True)
    ]
    seen: dict[tuple[int, tuple[int, ...]], int] = {}
    for key in keys:
        seen[key] = seen.get(key, 0) + 1
    repeated = np.array([seen[key] > 1 for key in keys], np.bool_)
    slots = Slots(len(keys))
    slots.add("qu repeated", repeated)
    return slots.matrix()
