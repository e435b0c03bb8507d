"""Trains the judge of findings on two sets of articles, whose annotators drew different lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bench.measure import Labelled, pair
from services.extract.engine.trained import findings as findings_
from services.extract.engine.trained.findings import describe_findings, describe_offset
from services.extract.engine.trained.hashing import ABSENT
from services.extract.engine.types import Type
from training.crf import train_field
from training.project import tokens_of
from training.stages import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Column, Ints, SlotMatrix
    from services.extract.engine.trained.crf import Field
    from services.extract.engine.trained.finder import Texts
    from services.extract.engine.trained.joined import Finding
    from services.extract.engine.trained.spans import Opinions
    from services.extract.engine.types import Statement
    from training.crf import Fit

_TIMES = 4
"""How finely the share in which a finding is right is rounded."""
_WEIGHT = 2
"""How much more a finding in one of the few articles of the project counts."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Findings as the judge sees them, and the share in which each is right."""

    described: SlotMatrix
    share: Column


def of_corpus(
    texts: Texts,
    opinions: Opinions,
    findings: Sequence[Sequence[Finding]],
    stated: Sequence[Sequence[Labelled]],
) -> Judged:
    """Describe findings in articles of the corpus, those of nobody else among `findings`."""
    described = describe_findings(texts.reading, texts.layout, opinions, findings)
    unknown = np.full_like(describe_offset(findings), ABSENT)
    share = shares_right(texts.reading.documents, findings, stated, as_the_corpus)
    return Judged(np.concatenate([described, unknown], axis=1), share)


def of_project(
    texts: Texts,
    opinions: Opinions,
    findings: Sequence[Sequence[Finding]],
    recorded: Sequence[Sequence[Labelled]],
) -> Judged:
    """Describe findings in the project's articles, those of nobody else among `findings`."""
    described = describe_findings(texts.reading, texts.layout, opinions, findings)
    share = shares_right(texts.reading.documents, findings, recorded, as_recorded)
    return Judged(np.concatenate([described, describe_offset(findings)], axis=1), share)


def train_findings(
    corpus: Judged, project: Judged, fit: Fit, progress: Callable[[float], None]
) -> Field:
    """Train the judge; every finding is learnt from several times, as right in its share."""
    weighed = ((corpus, _TIMES), (project, _TIMES * _WEIGHT))
    parts = [_repeated(judged, times) for judged, times in weighed if len(judged.share)]
    matrix = np.concatenate([matrix for matrix, _ in parts])
    gold = np.concatenate([gold for _, gold in parts])
    return train_field(findings_.LABELS, rows(matrix, gold), fit, progress)


def _repeated(judged: Judged, times: int) -> tuple[SlotMatrix, Ints]:
    right = np.round(judged.share * times).astype(np.int64)
    gold = np.tile(np.arange(times), len(right)) < np.repeat(right, times)
    return np.repeat(judged.described, times, axis=0), gold.astype(np.int64)


def shares_right(
    documents: Sequence[Document],
    findings: Sequence[Sequence[Finding]],
    stated: Sequence[Sequence[Labelled]],
    terms: Callable[[Document, Statement], Labelled],
) -> Column:
    """Give the overlap (F1) of each finding with the statement it is paired with, or 0.

    `terms` puts a finding as those who annotated would.
    """
    shares = [
        share
        for document, found, gold in zip(documents, findings, stated, strict=True)
        for share in _shares_of(gold, [terms(document, finding.statement) for finding in found])
    ]
    return np.array(shares, np.float64)


def _shares_of(gold: Sequence[Labelled], found: Sequence[Labelled]) -> list[float]:
    shares = [0.0] * len(found)
    for i, j in pair(gold, found):
        both = len(gold[i].content & found[j].content)
        shares[j] = 2 * both / (len(gold[i].content) + len(found[j].content))
    return shares


def as_recorded(document: Document, statement: Statement) -> Labelled:
    """Put a statement as the project's annotators would: as a record has it."""
    return Labelled(tokens_of(document, statement.content), statement.type, "", {})


def as_the_corpus(document: Document, statement: Statement) -> Labelled:
    """Put a statement as the corpus's annotators would: reported ones are whole clauses."""
    spans = (statement.extent,) if statement.type is Type.REPORTED else statement.content
    return Labelled(tokens_of(document, spans), statement.type, "", {})
