"""Noun phrases, and which of them is the subject of a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import function_words, words

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Text

_GENITIVE = frozenset(["des", "der", "eines", "einer", "dessen", "deren"])
_ATTACHED = frozenset(["von", "vom", "aus", "für"])
_TITLES = frozenset(["Dr.", "Prof.", "Mag.", "Dipl.", "Ing.", "St.", "Hl."])
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")


def noun_phrase(text: Text, first: int, end: int) -> int:
    """Find the end of the noun phrase that opens at `first`; `first` itself when none does."""
    if first >= end:
        return first
    word = text.lower[first]
    after = _core(text, first, end)
    if after == first:
        return first + 1 if word in words("pronouns") else first
    return _attributes(text, after, end)


def _core(text: Text, first: int, end: int) -> int:
    """Determiner, adjectives, nouns; `first` when there is no noun."""
    index = first
    while index < end and (text.lower[index] in words("determiners") and not _noun(text, index)):
        index += 1
    while index < end and _adjective(text, index):
        index += 1
    nouns = index
    while index < end and _noun(text, index):
        index += 1
    return index if index > nouns else first


def _attributes(text: Text, index: int, end: int) -> int:
    """Genitives and "von", "aus", "für" phrases behind the noun, and what "und" adds."""
    while index < end:
        word = text.lower[index]
        start = index + 1 if word in _ATTACHED or word in ("und", "sowie") else index
        if start == index and word not in _GENITIVE and word not in ("in", "im"):
            break
        if word in ("in", "im"):
            start = index + 1
            if index + 2 < end and _noun(text, index + 2):
                break
        after = _core(text, start, end)
        if after == start:
            break
        index = after
    return index


def _noun(text: Text, index: int) -> bool:
    """Whether the token is a noun, a name, a number in it or a mark around it."""
    word = text.words[index]
    if word[0].isupper():
        return text.lower[index] not in function_words()
    return word in '„“»«"'


def _adjective(text: Text, index: int) -> bool:
    """Whether a small word or number can stand between a determiner and its noun."""
    word = text.words[index]
    if word[0].isdigit():
        return True
    if not word[0].islower() or text.lower[index] in function_words():
        return False
    return word.endswith(_ADJECTIVE_ENDINGS) or word in ("rund", "etwa", "mehr")


def subject(text: Text, clause: Clause, verb: int) -> tuple[int, int] | None:
    """Find the subject of the finite verb at `verb` in its clause."""
    if verb > clause.first:
        first = _skip(text, clause.first, verb)
        if _starts_subject(text, first):
            after = noun_phrase(text, first, verb)
            if after == verb or (after > first and _only_adverbs(text, after, verb)):
                return first, after
    return following_subject(text, verb + 1, clause.end)


def following_subject(text: Text, index: int, end: int) -> tuple[int, int] | None:
    """Find the first noun phrase without a preposition from `index` on."""
    index = _skip_adverbs(text, index, end)
    after = noun_phrase(text, index, end)
    return (index, after) if after > index else None


def _skip(text: Text, first: int, end: int) -> int:
    """Pass a conjunction at the start of a clause."""
    while first < end and text.lower[first] in (
        "und",
        "aber",
        "doch",
        "auch",
        "oder",
        "denn",
        "sondern",
    ):
        first += 1
    return first


def _skip_adverbs(text: Text, index: int, end: int) -> int:
    while index < end and text.lower[index] in words("adverbs"):
        index += 1
    return index


def _only_adverbs(text: Text, first: int, end: int) -> bool:
    return all(word in words("adverbs") for word in text.lower[first:end])


def _starts_subject(text: Text, index: int) -> bool:
    """Whether what stands before the verb can be its subject: no preposition, no adverb."""
    word = text.lower[index]
    return word not in words("prepositions") and (
        word not in words("adverbs") or word in words("determiners")
    )
