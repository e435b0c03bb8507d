"""Counts how often a lemma is a cue or a source in annotated articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.layout import OFTEN, ONCE, SELDOM, SOMETIMES, Bins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.trained.arrays import Ints
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary
    from training.corpus import AnnotatedArticle


_CUE_SHARES = ((0.5, OFTEN), (0.2, SOMETIMES), (0.05, SELDOM))
_SOURCE_SHARES = ((0.4, OFTEN), (0.15, SOMETIMES))


@dataclass(frozen=True, slots=True)
class LemmaCounts:
    """By number of the lemma: its occurrences, and those inside a cue and inside a source."""

    seen: Ints
    cue: Ints
    source: Ints

    def bins(self, lemma: Ints) -> Bins:
        """Give the bins of tokens that were not counted."""
        known = np.minimum(lemma, len(self.seen) - 1)
        fresh = lemma >= len(self.seen)
        cue = np.where(fresh, 0, _cue_bin(self.cue[known], self.seen[known]))
        return Bins(cue, np.where(fresh, 0, _source_bin(self.source[known], self.seen[known])))

    def bins_leaving_one_out(self, lemma: Ints, is_cue: Ints, is_source: Ints) -> Bins:
        """Give the bins of tokens that were counted, each as if it had not been."""
        others = self.seen[lemma] - 1
        return Bins(
            _cue_bin(self.cue[lemma] - is_cue, others),
            _source_bin(self.source[lemma] - is_source, others),
        )

    def table(self, vocabulary: Vocabulary) -> dict[str, tuple[int, int]]:
        """Give the bins by lemma, where there is anything to say."""
        numbers = np.arange(len(self.seen))
        bins = self.bins(numbers)
        known = np.flatnonzero((bins.cue > 0) | (bins.source > 0))
        pairs = (
            (vocabulary.lemma_texts[i], (int(bins.cue[i]), int(bins.source[i]))) for i in known
        )
        return dict(sorted(pairs))


def _cue_bin(hits: Ints, seen: Ints) -> Ints:
    share = hits / np.maximum(seen, 1)
    found = np.zeros(len(hits), np.int64)
    for least, bin_ in reversed(_CUE_SHARES):
        found[share > least] = bin_
    found[hits == 1] = ONCE
    found[hits <= 0] = 0
    return found


def _source_bin(hits: Ints, seen: Ints) -> Ints:
    share = hits / np.maximum(seen, 1)
    found = np.zeros(len(hits), np.int64)
    for least, bin_ in reversed(_SOURCE_SHARES):
        found[share > least] = bin_
    found[hits <= 1] = 0
    return found


def is_part(articles: Sequence[AnnotatedArticle], starts: Ints, part: str) -> Ints:
    """Tell for each token of the articles, 0 or 1, whether it is in that part of a statement."""
    flags = np.zeros(int(starts[-1]), np.int64)
    for article, start in zip(articles, starts.tolist(), strict=False):
        for annotation in article.annotations:
            flags[[start + token for token in getattr(annotation, part)]] = 1
    return flags


def count_lemmas(
    reading: Reading, articles: Sequence[AnnotatedArticle], lemmas: int
) -> LemmaCounts:
    """Count over articles and the reading of them."""
    cue = is_part(articles, reading.document_starts, "cue")
    source = is_part(articles, reading.document_starts, "source")
    return LemmaCounts(
        np.bincount(reading.lemma, minlength=lemmas),
        np.bincount(reading.lemma, cue, minlength=lemmas).astype(np.int64),
        np.bincount(reading.lemma, source, minlength=lemmas).astype(np.int64),
    )
