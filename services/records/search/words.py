"""Words as the search sees them: as they stand, without their endings, and as parts of compounds.

Every word of a record becomes terms, told apart by their first letter:

    wraketentechnik    the word itself
    sraketentechn      its stem, which all its inflections share
    prak, ptechn       the stems of the words it is made of

so that a search for „Rakete“ (stem „rak“) finds „Rakete“ by `w`, „Raketen“ by `s` and
„Raketentechnik“ by `p`, and can tell which of them it found. A compound is taken apart where a
line could be broken; not every such piece is a word, which does no harm while nobody asks for it.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

import pyphen
import Stemmer

# Unicode letters and digits, with hyphens inside.
_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LONGEST: Final = 60
_SHORTEST_PART: Final = 3
_MOST_SYLLABLES: Final = 12
_HYPHENATION: Final = pyphen.Pyphen(lang="de_DE", left=2, right=2)
_STEMMERS: Final = threading.local()

# What a search leaves out unless it consists of nothing else: words that nearly every record has.
_STOP_WORDS: Final = (
    "ab aber als am an auch auf aus bei beim bis da dann das dass dem den der des die dies "
    "diese diesem diesen dieser dieses doch dort durch ein eine einem einen einer eines er es "
    "für gegen hat hatte ich ihr im in ins ist ja kann mit nach nicht noch nun nur ob oder "
    "ohne sein seine seinem seinen seiner seit sich sie sind so über um und uns unter vom von "
    "vor war was weil wenn wer wie wir wird wo zu zum zur zwischen "
    "a and are as at be by for from has he it of on or she that the they this to was were with"
)
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word that is asked for: its own term, and the stems by which its kin is found."""

    word: str
    stems: tuple[str, ...]


def index_terms(text: str, language: str | None) -> str:
    """Give all terms of a text, each once, with spaces between them; German by default."""
    english = _is_english(language)
    terms: set[str] = set()
    for word in _words(text):
        terms.update(_terms(word, english=english))
    return " ".join(sorted(terms))


def query_words(q: str) -> list[QueryWord]:
    """Give the words of a query that count, each once; none if there is no word in it."""
    words = list(dict.fromkeys(_words(q)))
    telling = [word for word in words if word not in STOP_WORDS] or words
    return [
        QueryWord(whole, tuple(dict.fromkeys(stem(whole, name) for name in ("german", "english"))))
        for whole in (word.replace("-", "") for word in telling)
    ]


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text.casefold())
    return [word[:_LONGEST].rstrip("-") for word in _WORD.findall(folded)]


def _is_english(language: str | None) -> bool:
    return (language or "").lower().split("-")[0] == "en"


@lru_cache(maxsize=50_000)
def _terms(word: str, *, english: bool) -> tuple[str, ...]:
    name = "english" if english else "german"
    whole = word.replace("-", "")
    pieces = set(word.split("-")) if "-" in word else set()
    if not english:
        pieces.update(*map(_runs, word.split("-")))
    parts = {stem(piece, name) for piece in pieces - {whole}}
    return (f"w{whole}", f"s{stem(whole, name)}", *(f"p{part}" for part in parts))


def _runs(word: str) -> list[str]:
    """Give every run of syllables that may be a word, with as much left before and behind it."""
    breaks = _HYPHENATION.positions(word)[: _MOST_SYLLABLES - 1]
    edges = [0, *breaks, len(word)]
    return [
        word[start:end]
        for start, end in combinations(edges, 2)
        if end - start >= _SHORTEST_PART
        and (start == 0 or start >= _SHORTEST_PART)
        and (end == len(word) or len(word) - end >= _SHORTEST_PART)
        and end - start < len(word)
    ]


def stem(word: str, language: str) -> str:
    """Give what a folded word and its inflections have in common; `german` or `english`."""
    # A stemmer keeps state while it works, so every thread has its own.
    stemmer = getattr(_STEMMERS, language, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(language)
        setattr(_STEMMERS, language, stemmer)
    return str(stemmer.stemWord(word))
