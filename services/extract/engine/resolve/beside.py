"""The role beside a name: where the noun phrase before or behind it begins and ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, verb_forms
from services.extract.engine.resolve import names
from services.extract.engine.resolve.dates import is_weekday
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.resolve.phrases import DEFINITE, HONORIFICS, PREPOSITIONS, possessor
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import is_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document

# How many tokens a role reaches to the left and right of its name.
_ROLE_REACH = 14
_TAILS = word_set("des der von vom für im in am an beim bei aus zum zur der eines einer")
# Prepositions that end as adjectives do: „über seinen Anwalt“.
_BEFORE_DETERMINER = word_set("über neben hinter gegen wegen zwischen trotz ohne während statt")
_INSIDE = _TAILS | word_set("die das dem den und einem ein eine sowie zu")


def with_role(document: Document, first: int, end: int) -> Mention | None:
    """Read a name with the role before or behind it; None where it has none."""
    start = _role_start(document, first)
    stop = _role_stop(document, end)
    for reach in ((start, end), (first, stop)):
        if None not in reach:
            mention = parse(document.words[slice(*reach)])
            if mention is not None and mention.form is Form.PERSON and mention.role:
                return mention
    return None


def _role_start(document: Document, first: int) -> int | None:
    """Find where the noun phrase of a role that ends before the name begins."""
    words = document.words
    bottom = max(document.sentences[document.sentence_of[first]][0], first - _ROLE_REACH)
    index = first - 1
    while index >= bottom and words[index] in HONORIFICS:
        index -= 1
    apart = index >= bottom and words[index] == ","
    index -= apart
    behind = index + 1
    while index >= bottom and _inside_phrase(words[index]):
        whose = apart and words[max(index - 1, 0)] == "des"  # „der Bruder des Papstes, Jan Ott,“
        ends = index + 1 == behind or words[index + 1] in _TAILS
        if is_role(words[index]) and ends and not whose:
            return phrase_start(words, index, bottom)
        index -= 1
    return None


def _inside_phrase(word: str) -> bool:
    """Whether a word may stand inside a role's noun phrase."""
    return word[0].isupper() or word in _INSIDE or word in ("„", "“", '"') or is_adjectival(word)


def is_adjectival(word: str) -> bool:
    """Whether a word has the ending of a declined adjective and is no plain -e or -te."""
    endings = ("en", "er", "es", "em", "ige", "sche", "liche", "ale")
    return word[0].isalnum() and word.endswith(endings)


def phrase_start(words: Sequence[str], role: int, bottom: int) -> int:
    """Go left from a role's head over adjectives, further roles, a genitive and the article."""
    start = role
    while start > bottom and _precedes_role(words[start - 1]):
        start -= 1
        if possessor(words[start].lower()) is not None:
            return start
    if start > bottom and words[start - 1].lower() in DEFINITE:
        return start - 1
    if start > bottom and words[start - 1] in _OPEN_PLACES and words[start].endswith("s"):
        return start - 1
    # „die aus Somalia [stammende] Politikerin“: what it governs is left behind.
    governs = start < role and words[start].endswith(("ende", "enden", "ender"))
    return start + 1 if governs and start > bottom else start


# First words of places: „[New] Yorks Bürgermeister“.
_OPEN_PLACES = word_set("New San Los Las Bad Sankt Rio Buenos Tel Hong Süd Nord")


def _precedes_role(word: str) -> bool:
    if word.lower() in PREPOSITIONS or word.lower() in _BEFORE_DETERMINER:
        return False
    if is_role(word) or (word[0].isupper() and word.endswith("s")):
        return True
    adjective = word[0].isalnum() and word.endswith(("e", "er", "en", "em", "es"))
    verb = word[0].islower() and word.endswith(("te", "ten"))
    return adjective and not verb and word.lower() not in _INSIDE


def _role_stop(document: Document, end: int) -> int | None:
    """Find where an apposition behind a name ends, when it is a role."""
    words = document.words
    top = min(document.sentences[document.sentence_of[end - 1]][1], end + _ROLE_REACH)
    index = _past_brackets(words, end, top)
    if index >= top or words[index] not in (",", "–", "("):
        return None
    stop = index + 1
    while stop < top and not _ends_apposition(words, stop):
        stop += 1
    return stop if _opens_with_role(words[index + 1 : min(index + 6, stop)]) else None


def _ends_apposition(words: Sequence[str], index: int) -> bool:
    word = words[index]
    verb = word.endswith("te") and verb_forms().get(word, NO_VERB).form & FINITE
    if verb and not any(names.in_capitals(following) for following in words[index + 1 : index + 2]):
        return True
    if word in ("am", "vom"):
        return is_weekday("".join(words[index + 1 : index + 2]))
    return word in (",", "–", ".", ":", ";", "!", "?", ")", "“", "gestern", "heute")


def _opens_with_role(opening: Sequence[str]) -> bool:
    """Whether an apposition's first noun is a role: „, der neue Chef des Verbands“."""
    for position, word in enumerate(opening):
        if is_role(word):
            return True
        if position and not is_adjectival(word) and not word.endswith("e"):
            return False
    return False


def _past_brackets(words: Sequence[str], index: int, top: int) -> int:
    """Skip a party or an age in brackets."""
    if index + 2 < top and words[index] == "(" and ")" in words[index : index + 4]:
        return words.index(")", index) + 1
    return index
