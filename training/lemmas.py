"""Makes the lemma table from tagged corpora."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from services.extract.engine.trained.lemmas import Lemmas, WordClass, word_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.treebanks import Sentence

_UNKNOWN = frozenset({"", "_", "-"})
_LONGEST_CUT = 5
_LONGEST_ENDING = 6
_FEWEST_WITNESSES = 2


def learn_lemmas(sentences: Sequence[Sentence]) -> Lemmas:
    """Take each word's most frequent lemma, and the changes that endings most often undergo."""
    seen: dict[tuple[str, WordClass], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word in sentence:
            if word.lemma not in _UNKNOWN and "|" not in word.lemma:
                seen[word.word.lower(), word_class(word.tag)][word.lemma.lower()] += 1
    words = {key: _most_common(counts) for key, counts in sorted(seen.items())}
    return Lemmas(words, _pruned(_endings(words)))


def _most_common(counts: Counter[str]) -> str:
    return min(counts, key=lambda lemma: (-counts[lemma], lemma))


def _endings(
    words: dict[tuple[str, WordClass], str],
) -> dict[tuple[str, WordClass], tuple[int, str]]:
    changes: dict[tuple[str, WordClass], Counter[tuple[int, str]]] = defaultdict(Counter)
    for (word, kind), lemma in words.items():
        if kind is WordClass.OTHER:
            continue
        shared = next(
            (i for i, (a, b) in enumerate(zip(word, lemma, strict=False)) if a != b),
            min(len(word), len(lemma)),
        )
        cut = len(word) - shared
        if cut <= _LONGEST_CUT:
            for length in range(max(1, cut), min(_LONGEST_ENDING, len(word) - 1) + 1):
                changes[word[-length:], kind][cut, lemma[shared:]] += 1
    return {
        key: min(counts, key=lambda change: (-counts[change], change))
        for key, counts in changes.items()
        if counts.total() >= _FEWEST_WITNESSES
    }


def _pruned(
    endings: dict[tuple[str, WordClass], tuple[int, str]],
) -> dict[tuple[str, WordClass], tuple[int, str]]:
    """Drop what the next shorter ending says as well."""
    return {
        (ending, kind): change
        for (ending, kind), change in sorted(endings.items())
        if len(ending) == 1 or endings.get((ending[1:], kind)) != change
    }
