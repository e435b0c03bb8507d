"""The published measure of the data set, for the log of figures written beside a model.

Predicted and gold messages of a document are paired so that the summed overlap is largest; every
pair, and every message left over, gives a token precision and recall for each part (Petersen-Frey
and Biemann 2024; GermEval 2023 SpkAtt task 2).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from services.extract.engine.types import Medium, Type
from training.corpus import PARTS, annotated_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from services.extract.engine.types import Spans, Statement
    from training.corpus import AnnotatedArticle

_TYPE_WEIGHT, _MEDIUM_WEIGHT = 0.01, 0.001


@dataclass(frozen=True, slots=True)
class Labelled:
    """One statement as sets of token numbers of the gold tokens."""

    type: Type
    medium: Medium
    parts: Mapping[str, frozenset[int]]

    @property
    def content(self) -> frozenset[int]:
        """Give the tokens of the message."""
        return self.parts["content"]


@dataclass(slots=True)
class _Tally:
    precision: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    recall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    label_hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    label_found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    label_gold: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def figures(pairs: Iterable[tuple[AnnotatedArticle, Sequence[Statement]]]) -> dict[str, float]:
    """Give F1, in per cent, of message, roles, joint, form, STWR, each part and each type."""
    tally = _Tally()
    for article, statements in pairs:
        _count(tally, _gold(article), _found(article, statements))
    groups = {
        "message": ["content"],
        "roles": list(PARTS),
        "joint": ["content", *PARTS],
        **{part: [part] for part in PARTS},
        **{f"message of {kind}": [f"type {kind}"] for kind in Type},
    }
    result = {name: _f1(tally, names) for name, names in groups.items()}
    for name, label in (("form", "type"), ("stwr", "medium")):
        total = tally.label_found[label] + tally.label_gold[label]
        result[name] = 200 * tally.label_hits[label] / total if total else 0.0
    return {name: round(value, 2) for name, value in result.items()}


def _gold(article: AnnotatedArticle) -> list[Labelled]:
    return [
        Labelled(a.type, a.medium, {part: frozenset(tokens) for part, tokens in parts.items()})
        for a, parts in annotated_parts(article)
    ]


def _found(article: AnnotatedArticle, statements: Sequence[Statement]) -> list[Labelled]:
    starts = np.array([start for start, _ in article.raw["tokens"]])
    ends = np.array([end for _, end in article.raw["tokens"]])

    def tokens(spans: Spans) -> frozenset[int]:
        found: set[int] = set()
        for span in spans:
            low = np.searchsorted(ends, span.start, side="right")
            found.update(range(int(low), int(np.searchsorted(starts, span.end, side="left"))))
        return frozenset(found)

    return [
        Labelled(s.type, s.medium, {part: tokens(getattr(s, part)) for part in ("content", *PARTS)})
        for s in statements
    ]


def paired(gold: Sequence[Labelled], found: Sequence[Labelled]) -> list[tuple[int, int]]:
    """Pair messages so that their summed overlap is largest; type and medium break ties."""
    if not gold or not found:
        return []
    overlap = np.zeros((len(gold), len(found)))
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            both = len(g.content & f.content)
            if both:
                overlap[i, j] = 2 * both / (len(g.content) + len(f.content))
                overlap[i, j] += _TYPE_WEIGHT * (g.type == f.type)
                overlap[i, j] += _MEDIUM_WEIGHT * (g.medium == f.medium)
    rows, columns = linear_sum_assignment(overlap, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _count(tally: _Tally, gold: Sequence[Labelled], found: Sequence[Labelled]) -> None:
    pairs = paired(gold, found)
    partner_of_gold, partner_of_found = dict(pairs), {j: i for i, j in pairs}
    for i, labelled in enumerate(gold):
        other = found[partner_of_gold[i]] if i in partner_of_gold else None
        _count_parts(tally.recall, labelled, other)
        for label in ("type", "medium"):
            tally.label_gold[label] += 1
            tally.label_hits[label] += other is not None and getattr(other, label) == getattr(
                labelled, label
            )
    for j, labelled in enumerate(found):
        _count_parts(
            tally.precision, labelled, gold[partner_of_found[j]] if j in partner_of_found else None
        )
        for label in ("type", "medium"):
            tally.label_found[label] += 1


def _count_parts(shares: dict[str, list[float]], own: Labelled, other: Labelled | None) -> None:
    for part, tokens in own.parts.items():
        if tokens:
            both = len(tokens & other.parts[part]) if other else 0
            shares[part].append(both / len(tokens))
    shares[f"type {own.type}"].append(shares["content"][-1])


def _f1(tally: _Tally, names: Sequence[str]) -> float:
    precision = _mean([share for name in names for share in tally.precision[name]])
    recall = _mean([share for name in names for share in tally.recall[name]])
    total = precision + recall
    return 200 * precision * recall / total if total else 0.0


def _mean(shares: Sequence[float]) -> float:
    return sum(shares) / len(shares) if shares else 0.0
