"""The published measure of the WIKINEWS quotation corpus (GermEval 2023 SpkAtt, task 2).

Stated and found messages of a document are paired one to one so that the sum of their token
overlaps (F1) is largest, equal types and media breaking ties. Every pair, and every message left
over, gives a token precision and a token recall for each part; a figure is the mean over all of
them, so that every statement weighs the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROLES = ("source", "cue", "frame", "addressee")
_TYPE_WEIGHT = 0.01
_MEDIUM_WEIGHT = 0.001


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement in token numbers, as an annotator or an engine sees it."""

    content: frozenset[int]
    type: str
    medium: str
    roles: dict[str, frozenset[int]]
    nested: bool = False


_NOTHING = Labelled(frozenset(), "", "", {role: frozenset() for role in ROLES})


class Score(NamedTuple):
    """Precision, recall and their harmonic mean, in percent."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Tally:
    """What is counted over the documents; `scores` turns it into figures."""

    precision: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    recall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Sequence[Labelled], predicted: Sequence[Labelled]) -> None:
        """Count one document."""
        predicted = [p for p in predicted if p.content]
        pairs = pair(gold, predicted)
        paired_gold, paired_predicted = {i for i, _ in pairs}, {j for _, j in pairs}
        for i, j in pairs:
            self._count(gold[i], predicted[j])
        for i, statement in enumerate(gold):
            if i not in paired_gold:
                self._count(statement, None)
        for j, statement in enumerate(predicted):
            if j not in paired_predicted:
                self._count(None, statement)

    def _count(self, gold: Labelled | None, predicted: Labelled | None) -> None:
        """Count a pair, or one that is left over."""
        stated, found = gold or _NOTHING, predicted or _NOTHING
        self._overlap("message", stated.content, found.content)
        for role in ROLES:
            self._overlap(role, stated.roles[role], found.roles[role])
        if gold is not None:
            hit = len(gold.content & found.content)
            self.recall[f"type {gold.type}"].append(hit / len(gold.content))
        if predicted is not None:
            hit = len(stated.content & predicted.content)
            self.precision[f"type {predicted.type}"].append(hit / len(predicted.content))
        self._label("form", stated.type, found.type)
        self._label("STWR", stated.medium, found.medium)

    def _overlap(self, part: str, gold: frozenset[int], predicted: frozenset[int]) -> None:
        hit = len(gold & predicted)
        if predicted:
            self.precision[part].append(hit / len(predicted))
        if gold:
            self.recall[part].append(hit / len(gold))

    def _label(self, name: str, gold: str, predicted: str) -> None:
        self.right[name] += bool(gold) and gold == predicted
        self.found[name] += bool(predicted)
        self.stated[name] += bool(gold)

    def scores(self) -> dict[str, Score]:
        """Give the figures: message, roles, joint, form, STWR, each role, each type."""
        scores = {
            "message": self._mean(["message"]),
            "roles": self._mean(ROLES),
            "joint": self._mean(["message", *ROLES]),
            "form": self._share("form"),
            "STWR": self._share("STWR"),
        }
        scores |= {role: self._mean([role]) for role in ROLES}
        types = sorted(n for n in {*self.precision, *self.recall} if n.startswith("type "))
        return scores | {name: self._mean([name]) for name in types}

    def _mean(self, parts: Iterable[str]) -> Score:
        parts = list(parts)
        precision = [value for part in parts for value in self.precision[part]]
        recall = [value for part in parts for value in self.recall[part]]
        return Score(_percent(precision), _percent(recall))

    def _share(self, name: str) -> Score:
        right = self.right[name]
        found, stated = max(1, self.found[name]), max(1, self.stated[name])
        return Score(100 * right / found, 100 * right / stated)


def pair(gold: Sequence[Labelled], predicted: Sequence[Labelled]) -> list[tuple[int, int]]:
    """Pair stated and found messages so that the sum of their overlaps is largest."""
    if not gold or not predicted:
        return []
    likeness = np.zeros((len(gold), len(predicted)))
    for i, stated in enumerate(gold):
        for j, found in enumerate(predicted):
            likeness[i, j] = _likeness(stated, found)
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True)]


def _likeness(gold: Labelled, predicted: Labelled) -> float:
    both = len(gold.content & predicted.content)
    if not both:
        return 0.0
    overlap = 2 * both / (len(gold.content) + len(predicted.content))
    same_type = _TYPE_WEIGHT * (gold.type == predicted.type)
    return overlap + same_type + _MEDIUM_WEIGHT * (gold.medium == predicted.medium)


def _percent(values: Sequence[float]) -> float:
    return 100 * sum(values) / len(values) if values else 0.0
