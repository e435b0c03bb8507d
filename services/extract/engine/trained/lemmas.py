"""Lemmas by table and, for words not in it, by the table's compounds and endings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from services.extract.engine.trained.lists import listed


class WordClass(IntEnum):
    """What a tag means for the lemma of a word."""

    VERB = 0
    NOUN = 1
    ADJECTIVE = 2
    OTHER = 3


def word_class(tag: str) -> WordClass:
    """Give the class of an STTS tag."""
    if tag.startswith("V"):
        return WordClass.VERB
    if tag.startswith(("NN", "NE")):
        return WordClass.NOUN
    return WordClass.ADJECTIVE if tag.startswith("ADJ") else WordClass.OTHER


_PREFIXES = listed("prefix")

_LONGEST_ENDING = 6
_SHORTEST_STEM = 4


@dataclass(frozen=True, slots=True)
class Lemmas:
    """Tables from a lower-case word, or an ending, of a class to its lemma.

    `endings` says how many letters to cut off a word that ends so, and what to put there.
    """

    words: dict[tuple[str, WordClass], str]
    endings: dict[tuple[str, WordClass], tuple[int, str]]

    def lemma(self, word: str, kind: WordClass) -> str:
        """Give the lemma of `word` in lower case; the word itself where nothing is known."""
        lower = word.lower()
        known = self.words.get((lower, kind))
        if known is not None or kind is WordClass.OTHER:
            return known or lower
        if kind is WordClass.VERB and (found := self._prefixed(lower)):
            return found
        if kind is WordClass.NOUN and (found := self._compound(lower)):
            return found
        return self._by_ending(lower, kind)

    def _prefixed(self, word: str) -> str | None:
        for prefix in _PREFIXES:
            if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST_STEM:
                stem = self.words.get((word[len(prefix) :], WordClass.VERB))
                if stem is not None:
                    return prefix + stem
        return None

    def _compound(self, word: str) -> str | None:
        for cut in range(2, min(len(word) - _SHORTEST_STEM + 1, 40)):
            head = self.words.get((word[cut:], WordClass.NOUN))
            if head is not None:
                return word[:cut] + head
        return None

    def _by_ending(self, word: str, kind: WordClass) -> str:
        for length in range(min(_LONGEST_ENDING, len(word) - 1), 0, -1):
            rule = self.endings.get((word[-length:], kind))
            if rule is not None:
                cut, instead = rule
                return word[: len(word) - cut] + instead
        return word
