"""Names and phrases brought into the nominative.

„des Landesamtes für Umwelt“ is the Landesamt für Umwelt, „dem ehemaligen Umweltminister“ an
ehemaliger Umweltminister, „Ruttes“ is Rutte where Rutte is known, and „Hans“ stays Hans.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import countries, given_names, is_numbered

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_STRONG = {"m": "er", "f": "e", "n": "es", "p": "e"}
_ENDING = re.compile(r"(?:e[nmrs]?)$")
_NO_SPACE_BEFORE = frozenset(",.;:!?)]“”«’/")
_NO_SPACE_AFTER = frozenset("([„»/")
# Endings in which an s is more often part of a name than its genitive.
_OWN_S = ("ss", "us", "is", "as", "os", "ns", "es", "ys", "rs", "ers", "ls")
# How the genitives of states and lands end: „Vorwurf Kandoriens“.
_OF_STATES = ("iens", "lands", "stans", "burgs", "bergs", "heims", "hausens", "furts", "dorfs")
_SHORTEST_STEM = 3


def joined(words: Iterable[str]) -> str:
    """Put words and signs together as they are printed."""
    text = ""
    for word in words:
        glue = "" if not text or word in _NO_SPACE_BEFORE or text[-1] in _NO_SPACE_AFTER else " "
        text += glue + word
    return text


def strong(adjective: str, gender: str) -> str:
    """Decline an adjective for a nominative without article; gender is m, f, n or p.

    Adjectives made of places ("Berliner") never change.
    """
    if adjective[:1].isupper() and adjective.endswith("er"):
        return adjective
    stem = _ENDING.sub("", adjective)
    return stem + _STRONG[gender] if stem != adjective else adjective


def without_genitive(word: str, known: Container[str] = ()) -> str:
    """Take the genitive's s or apostrophe off a name, when it carries one.

    A `known` name wins over every guess, one without the s over one with it; a name whose last
    sound speaks against a genitive keeps its s.
    """
    stem = word.removesuffix("s")
    if stem != word and stem in known and stem not in given_names():  # „Peters“ is no Peter's
        return stem
    if word in known:
        return word
    if word.endswith(("’", "'")):
        return word[:-1]
    if not word.endswith("s") or len(word) <= _SHORTEST_STEM:
        return word
    if stem in countries() or word.endswith(_OF_STATES):
        return stem
    return word if word.endswith(_OWN_S) else word[:-1]


_ARTICLE_INSIDE = re.compile(r"(?:al|as|ad|ar|el|et|ben|bin|asch|d|l)[-’'][A-ZÀ-Þ]")


@lru_cache(maxsize=1 << 16)
def in_capitals(word: str) -> bool:
    """Whether a word is written as a noun is: „Hamdan“, „al-Hamdan“, „58-Jähriger“."""
    if word[0].isupper() or _ARTICLE_INSIDE.match(word) is not None:
        return True
    return is_numbered(word) or is_spelt_small(word)


def is_spelt_small(word: str) -> bool:
    """Whether a name begins with a small letter: „eBay“, „bildblog.de“."""
    if not word[0].islower() or not word[-1].isalnum():
        return False
    inner = any(letter.isupper() for letter in word[1:])
    return inner or ("." in word and len(word) > _LONGEST_ABBREVIATION)


# „e.V“ and „z.B“ are no names.
_LONGEST_ABBREVIATION = 5


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, as a name is shown."""
    return text[:1].upper() + text[1:]


def of_genitive(noun: str) -> str:
    """Take the ending off an unknown noun behind „des“: Übergangsrates, Konsortiums."""
    long_ending = noun.endswith(("tes", "des", "ches", "ges", "bes", "ßes", "ses", "zes", "mes"))
    return noun[:-2] if long_ending else noun.removesuffix("s")


_INDEFINITE = word_set("ein eine einer eines einem einen")


def bare(name: str) -> str:
    """A name without an indefinite article."""
    first, _, rest = name.partition(" ")
    return capitalised(rest) if rest and first.lower() in _INDEFINITE else name
