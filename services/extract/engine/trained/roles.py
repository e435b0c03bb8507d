"""Roles: who says a message, by which words, in which frame, to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import marks, windows
from services.extract.engine.trained.features import OUTSIDE
from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.hints import PART_BITS
from services.extract.engine.trained.layout import kinds_of
from services.extract.engine.trained.lists import listed
from services.extract.engine.trained.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.extract.engine.trained.arrays import Bools, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.evidence import Evidence
    from services.extract.engine.trained.hints import Hints
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary
    from services.extract.engine.trained.windows import Windows


LABELS = ("O", "S", "Sf", "Cf", "Xf", "A", "Af", "Of")
"""Source, cue, addressee, inside the frame (f) or not; X is source and cue in one word."""

OF_PART = {
    "source": [1, 2, 4],
    "cue": [3, 4],
    "frame": [2, 3, 4, 6, 7],
    "addressee": [5, 6],
}
"""Which labels say that a token belongs to a part."""

_NOMINAL = frozenset(listed("nominal tag"))
_OPENS_PHRASE = frozenset(listed("tag that opens a phrase"))
_DISTANCES = np.array([0, 1, 2, 4, 8, 15])
_SEGMENT = marks.SEGMENT | Mark.SOURCE | Mark.RARE_CUE
_SENTENCE = Mark.SUBJUNCTIVE_1 | Mark.CUE | Mark.STATEMENT | Mark.SOURCE


def label_of(source: bool, cue: bool, frame: bool, addressee: bool) -> int:
    """Give the number of the label of a token with these parts."""
    if cue:
        return LABELS.index("Xf" if source else "Cf")
    if source:
        return LABELS.index("Sf" if frame else "S")
    if addressee:
        return LABELS.index("Af" if frame else "A")
    return LABELS.index("Of" if frame else "O")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Noun phrases, roughly: for each token whether it is in one, its bounds and its head."""

    inside: Bools
    start: Ints
    end: Ints
    head: Ints
    has_name: Bools
    is_first: Bools

    @staticmethod
    def of(reading: Reading, vocabulary: Vocabulary) -> Phrases:
        """Take runs of articles, adjectives, nouns and names for noun phrases."""
        tags = vocabulary.tagger.tags
        tag = reading.tag
        places = np.arange(len(reading))
        inside = np.array([t in _NOMINAL for t in tags])[tag]
        continues = np.append(False, inside[:-1]) & (places > reading.first)
        opens = inside & (~continues | np.array([t in _OPENS_PHRASE for t in tags])[tag])
        starts = np.flatnonzero(opens)
        if not len(starts):
            return Phrases(inside, places, places + 1, places, inside, inside)
        outside = np.where(inside, len(reading), places)
        next_outside = np.minimum.accumulate(outside[::-1])[::-1]
        ends = np.minimum(np.append(starts[1:], len(reading)), next_outside[starts])
        ends = np.minimum(ends, reading.end[starts])
        noun = np.maximum.accumulate(
            np.where(np.array([t in ("NN", "NE") for t in tags])[tag], places, -1)
        )
        head = np.where(noun[ends - 1] >= starts, noun[ends - 1], ends - 1)
        names = np.append(0, np.cumsum(np.array([t == "NE" for t in tags])[tag]))
        before = np.append(0, np.cumsum(inside))
        own = np.maximum(np.cumsum(opens) - 1, 0)
        return Phrases(
            inside=inside,
            start=starts[own],
            end=ends[own],
            head=head[own],
            has_name=(names[ends] > names[starts])[own],
            is_first=(before[starts] == before[reading.first[starts]])[own],
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """All that is known about the tokens of a reading when roles are assigned."""

    reading: Reading
    layout: Layout
    hints: Hints
    vocabulary: Vocabulary
    evidence: Evidence
    phrases: Phrases


def describe_windows(scene: Scene, view: Windows) -> SlotMatrix:
    """Give the slots of each token of each window."""
    slots = Slots(len(view.token))
    _place(slots, scene, view)
    _words(slots, scene, view)
    _segment(slots, scene, view)
    _phrase(slots, scene, view)
    _cue(slots, scene, view)
    _other_messages(slots, view)
    _evidence(slots, scene, view)
    _hinted(slots, scene, view)
    return slots.matrix()


def _bin(distance: Ints) -> Ints:
    return np.searchsorted(_DISTANCES, distance)


def _place(slots: Slots, scene: Scene, view: Windows) -> None:
    region, context = view.region, view.context[view.owner]
    distance = _bin(view.distance)
    tag = scene.reading.tag[view.token]
    slots.add("r region", region)
    slots.add("r region type", region, view.type[view.owner])
    slots.add("r region context", region, context)
    slots.add("r region distance", region, distance)
    slots.add("r region distance kind", region, distance, view.kind[view.owner])
    slots.add("r region tag", region, tag)
    slots.add("r region tag context", region, tag, context)
    slots.add("r region case context", region, scene.reading.case[view.token], context)


def _words(slots: Slots, scene: Scene, view: Windows) -> None:
    reading, layout, words = scene.reading, scene.layout, scene.vocabulary.words
    token, region = view.token, view.region
    lower, lemma = layout.lower[token], layout.lemma[token]
    word = reading.word[token]
    tag = reading.tag.astype(np.uint32)
    slots.add("r word", lower)
    slots.add("r tag", tag[token])
    slots.add("r region lemma", region, lemma)
    slots.add("r region word", region, lower)
    slots.add("r suffix", words["suffix3"][word])
    slots.add("r region shape", region, words["shape"][word])
    slots.add("r region case", region, tag[token], reading.case[token])
    around = {offset: reading.shifted(tag, offset, 99)[token] for offset in (-2, -1, 1, 2)}
    for offset, value in around.items():
        slots.add(f"r tag{offset}", region, value)
    for offset in (-1, 1):
        slots.add(f"r word{offset}", region, reading.shifted(layout.lower, offset, OUTSIDE)[token])
    slots.add("r tags-1,0", region, around[-1], tag[token])
    slots.add("r tags0,1", region, tag[token], around[1])
    columns = {
        "mood": layout.mood,
        "cue": layout.cue,
        "source": layout.source,
        "reporting": layout.reporting,
    }
    for name, column in columns.items():
        for offset in (-1, 0, 1):
            value = reading.shifted(column, offset, 0)[token]
            slots.add(f"r {name}{offset}", region, value, where=value > 0)


def _segment(slots: Slots, scene: Scene, view: Windows) -> None:
    segments = scene.layout.segments
    own = segments.of[view.token]
    region, sign = view.region, segments.is_sign[own]
    shown = kinds_of(segments.marks, _SEGMENT)[own]
    slots.add("r sign", region, scene.layout.lower[view.token], view.beside, where=sign)
    slots.add("r segment", region, shown, where=~sign)
    slots.add("r segment opener", region, scene.layout.lower[segments.starts[own]], where=~sign)
    slots.add("r segment beside", region, view.beside, shown, where=~sign)
    sentence = scene.reading.sentence[view.token]
    slots.add("r sentence", region, kinds_of(scene.layout.sentence_marks, _SENTENCE)[sentence])
    slots.add("r quoted", region, where=scene.reading.quote[view.token] >= 0)


def _phrase(slots: Slots, scene: Scene, view: Windows) -> None:
    reading, layout, phrases = scene.reading, scene.layout, scene.phrases
    token, region = view.token, view.region
    inside = phrases.inside[token]
    start, end, head = phrases.start[token], phrases.end[token], phrases.head[token]
    last = len(reading) - 1
    closed = end < reading.end[token]
    following, preceding = np.minimum(end, last), np.maximum(start - 1, 0)
    opened = start > reading.first[token]
    after = np.where(closed, reading.tag[following], 99)
    before = np.where(opened, reading.tag[preceding], 98)
    cue_after = np.where(closed, layout.cue[following], 0)
    cue_before = np.where(opened, layout.cue[preceding], 0)
    edge = (token == start) * 2 + (token == end - 1)
    context = view.context[view.owner]
    slots.add("r phrase between", region, before, after, where=inside)
    slots.add("r phrase opener", region, reading.tag[start], end - start == 1, where=inside)
    slots.add("r phrase head bin", region, layout.source[head], where=inside)
    slots.add("r phrase head", layout.lemma[head], where=inside)
    slots.add("r phrase cues", region, cue_before, cue_after, where=inside)
    slots.add("r phrase edge", region, edge, before, where=inside)
    slots.add(
        "r phrase suffix", scene.vocabulary.lemmas["suffix"][reading.lemma][head], where=inside
    )
    slots.add("r phrase name", region, phrases.has_name[token], before, where=inside)
    slots.add("r phrase first", region, phrases.is_first[token], context, where=inside)
    slots.add("r phrase case", region, reading.case[head], phrases.is_first[token], where=inside)


def _cue(slots: Slots, scene: Scene, view: Windows) -> None:
    """Where the token stands to the nearest cue-like word around the message, and its lemma."""
    cue = view.cue[view.owner]
    near = np.maximum(cue, 0)
    region, token = view.region, view.token
    has = (cue >= 0) & ((region <= windows.AFTER) | (region == windows.BETWEEN))
    side = np.where(token < cue, 1, np.where(token == cue, 2, 3))
    lemma = scene.layout.lemma[near]
    slots.add("r cue side", region, side, _bin(abs(token - near)), where=has)
    slots.add("r cue lemma", region, lemma, side, where=has)
    slots.add("r cue lemma tag", lemma, scene.reading.tag[token], side, where=has)


def _other_messages(slots: Slots, view: Windows) -> None:
    other = view.other
    before = np.append(0, other[:-1])
    before[view.starts[:-1]] = 0
    opens = (other > 0) & (before == 0)
    context = view.context[view.owner]
    slots.add("r other", view.region, other, where=other > 0)
    slots.add("r other opens", opens, where=opens)
    for part, bit in PART_BITS.items():
        before, around = (view.previous & bit) > 0, (view.outer & bit) > 0
        slots.add(f"r previous {part}", where=before)
        slots.add(f"r previous {part} context", context, where=before)
        slots.add(f"r previous {part} region", view.region, where=before)
        slots.add(f"r outer {part}", where=around)
        slots.add(f"r outer {part} type", view.type[view.owner], where=around)


def _evidence(slots: Slots, scene: Scene, view: Windows) -> None:
    evidence, token, region = scene.evidence, view.token, view.region
    context = view.context[view.owner]
    cue, source = evidence.cue[token], evidence.source[token]
    slots.add("r evidence cue", region, cue)
    slots.add("r evidence source", region, source)
    slots.add("r evidence inner", region, evidence.inner_source[token])
    slots.add("r evidence addressee", region, evidence.addressee[token])
    slots.add("r evidence both", region, context, cue, source)
    slots.add("r evidence far", region, context, source, _bin(view.distance))


def _hinted(slots: Slots, scene: Scene, view: Windows) -> None:
    """Add the parts that the rules say this message has, and any other statement has."""
    hint, hinted = view.hint, view.hinted[view.owner]
    region, of_any = view.region, scene.hints.parts[view.token]
    slots.add("r hint", hint, hinted)
    slots.add("r hint region", hint, region, hinted > 0)
    slots.add("r hint tag", hint, scene.reading.tag[view.token])
    slots.add("r hint any", of_any, region, hinted > 0)
    slots.add("r hint any context", of_any, region, view.context[view.owner])
    slots.add("r hint source", hint, scene.evidence.source[view.token])


def assign(message: Message, first: int, odds: Floats, least: Mapping[str, float]) -> None:
    """Give `message` its parts: tokens likelier than `least` says, counted from `first`.

    `odds` are the label probabilities of the window's tokens. If no token is likely enough to be
    the source, the likeliest stretch is taken if it reaches `least["likeliest source"]`.
    """
    for part, labels in OF_PART.items():
        chance = odds[:, labels].sum(1)
        chosen = np.flatnonzero(chance > least[part])
        if part == "source" and not len(chosen):
            chosen = _likeliest(chance, least["likeliest source"])
        message.parts[part] = (chosen + first).tolist()


def _likeliest(chance: Floats, least: float) -> Ints:
    """Give the stretch around the likeliest token in which no token is half as likely."""
    peak = int(chance.argmax())
    if chance[peak] <= least:
        return np.zeros(0, np.int64)
    low, high = peak, peak + 1
    while low > 0 and chance[low - 1] > chance[peak] / 2:
        low -= 1
    while high < len(chance) and chance[high] > chance[peak] / 2:
        high += 1
    return np.arange(low, high)
