"""A small part-of-speech tagger: STTS tags with the mood of finite verbs, and case.

Every word has a vector, the sum of the vectors of its hashed spelling features; two layers of
convolution over the words of a sentence give scores for each tag and each case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained.arrays import product
from services.extract.engine.trained.hashing import text_hash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.trained.arrays import Floats, Ints


BUCKETS = 1 << 17
REACH = 2
"""Words that the first layer sees on either side; sentences are parted by as many pads."""

_LONGEST_SUFFIX = 6
_LONGEST_PREFIX = 4


def shape(word: str) -> str:
    """Give the outline of a word: `Merkel-Regierung` becomes `Xxx-Xx`."""
    outline = re.sub("[A-ZÄÖÜ]", "X", word)
    outline = re.sub("[a-zäöüß]", "x", outline)
    outline = re.sub("[0-9]", "d", outline)
    return re.sub(r"(.)\1{2,}", r"\1\1", outline)[:6]


def spelling(word: str) -> list[int]:
    """Give the buckets of a word's spelling features; bucket 0 belongs to the pad."""
    lower = word.lower()
    initial = "U" if word[:1].isupper() else "l" if word[:1].islower() else "o"
    features = [f"w={word}", f"l={lower}", f"s={shape(word)}", f"n={min(len(word), 12)}"]
    features += [f"x{n}={lower[-n:]}" for n in range(1, _LONGEST_SUFFIX + 1) if len(lower) > n]
    features += [f"p{n}={lower[:n]}" for n in range(1, _LONGEST_PREFIX + 1) if len(lower) > n]
    features.append(f"c={initial}{lower[-2:]}")
    if "-" in word[1:-1]:
        features.append("hyphen=" + ("U" if word.rsplit("-", 1)[-1][:1].isupper() else "l"))
    return [text_hash(feature) % (BUCKETS - 1) + 1 for feature in features]


def padded_positions(sentence_of: Ints) -> Ints:
    """Give each token's place in a sequence with `REACH` pads before, between and after."""
    return np.arange(len(sentence_of)) + REACH * (sentence_of + 1)


def windows(rows: Floats, reach: int) -> Floats:
    """Put each row beside its neighbours up to `reach`: n by d becomes n by (2 reach + 1) d."""
    count, width = rows.shape
    wide = np.zeros((count, 2 * reach + 1, width), np.float32)
    for offset in range(-reach, reach + 1):
        low, high = max(0, -offset), min(count, count - offset)
        wide[low:high, offset + reach] = rows[low + offset : high + offset]
    return wide.reshape(count, -1)


@dataclass(frozen=True, slots=True)
class Tagger:
    """Weights of the tagger, and the names of what it tells apart.

    `buckets` is BUCKETS by d; `first` 5 d by h, `second` 3 h by k and `out` (h + k) by the
    number of tags and cases, each followed by its bias.
    """

    tags: tuple[str, ...]
    cases: tuple[str, ...]
    buckets: Floats
    first: Floats
    first_bias: Floats
    second: Floats
    second_bias: Floats
    out: Floats
    out_bias: Floats

    def vectors(self, words: Sequence[str]) -> Floats:
        """Give each word's vector, n by d."""
        if not words:
            return np.zeros((0, self.buckets.shape[1]), np.float32)
        return np.stack([self.buckets[spelling(word)].sum(0) for word in words])

    def tag(
        self,
        vectors: Floats,
        word_of: Ints,
        sentence_of: Ints,
        document_of: Ints,
    ) -> tuple[Ints, Ints]:
        """Give the index of each token's tag and case.

        `vectors` holds one row for each distinct word; `word_of`, `sentence_of` and `document_of`
        say for each token which word it is and where it stands (from 0, rising).
        """
        if not len(word_of):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        places = padded_positions(sentence_of) + (REACH + 1) * document_of
        rows = np.empty((int(places[-1]) + 1 + REACH, vectors.shape[1]), np.float32)
        rows[:] = self.buckets[0]
        # The layers together see one word further than there are pads between sentences. Between
        # documents stands what stands before and behind a single one: nothing.
        rows[places[np.flatnonzero(np.diff(document_of)) + 1] - REACH - 1] = 0
        rows[places] = vectors[word_of]
        inner = np.maximum(product(windows(rows, REACH), self.first) + self.first_bias, 0)
        outer = np.maximum(product(windows(inner, 1), self.second) + self.second_bias, 0)
        both = np.concatenate([inner[places], outer[places]], axis=1)
        scores = product(both, self.out) + self.out_bias
        tags = len(self.tags)
        return scores[:, :tags].argmax(1), scores[:, tags:].argmax(1)
