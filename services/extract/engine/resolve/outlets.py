"""Outlets and agencies: by the table of names, or by the pattern of an unknown name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from services.extract.engine.quotes import QUOTATION_MARKS
from services.extract.engine.resolve import names
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.tables import padded, table, word_set
from services.extract.engine.resolve.vocabulary import noun, nouns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ARTICLES = word_set("der die das den dem des")
# How a paper's name ends when no table knows it; a word of place or kind stands before it.
_LAST_WORDS = word_set(
    "zeitung nachrichten anzeiger tageblatt tagblatt rundschau kurier morgenpost abendpost "
    "abendblatt volksblatt volksstimme volkszeitung merkur echo bote allgemeine presse rundfunk "
    "wochenblatt zeiger telegraf blatt stimme magazin times herald tribune observer chronicle "
    "gazette news radio tv fernsehen post"
)
_LAST_PARTS = (
    "-zeitung", "zeitung", "anzeiger", "tageblatt", "tagblatt", "rundschau", "kurier",
    "morgenpost", "abendblatt", "volksblatt", "volksstimme", "bote", "-radio", "-tv",
    "-fernsehen", "-online", "-magazin",
)  # fmt: skip
_FEMININE_LAST = ("zeitung", "rundschau", "post", "presse", "allgemeine", "volksstimme", "stimme")
_LONGEST_NAME = 6
_SHORTEST_COMPOUND = 5
# Titles that are everyday words: they are outlets only where the words around say so.
_EVERYDAY = word_set(
    "Zeit Welt Bild Post Focus Standard Monitor Kurier Express Blick Stern Spiegel Profil Capital "
    "Time Sun Science Nature Panorama Phoenix Times Independent Sky Falter Golem Frontal Krone "
    "Presse Telegraph Observer Atlantic Forbes Watson Marca Cicero Bunte Sana Fars stern profil "
    "Allgemeine Süddeutsche Freitag Volkskrant Newsweek Sender Bilds Welts"
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet or agency, as the table gives it; unknown ones have a name alone."""

    name: str
    kind: str = ""
    home_page: str = ""
    wikidata: str = ""


@cache
def all_outlets() -> tuple[Outlet, ...]:
    """The outlets of the table."""
    rows = (padded(row, 5) for row in table("outlets"))
    return tuple(Outlet(name, kind, home, wikidata) for name, _, kind, home, wikidata in rows)


@cache
def _by_name() -> dict[str, Outlet]:
    """Every spelling and case form of every outlet of the table."""
    found: dict[str, Outlet] = {}
    for outlet, row in zip(all_outlets(), table("outlets"), strict=True):
        variants = padded(row, 2)[1].split("|")
        for variant in (outlet.name, *variants):
            for spelling in _case_forms(variant):
                found.setdefault(spelling, outlet)
                found.setdefault(spelling.upper(), outlet)
    return found


def _case_forms(name: str) -> Iterator[str]:
    """A name without its article, with weak adjective and genitive endings."""
    words = name.split()
    if not words:
        return
    if words[0].lower() in _ARTICLES and len(words) > 1:
        words = words[1:]
    firsts = {words[0]}
    if len(words) > 1 and words[0].endswith(("er", "es", "e")):
        stem = words[0].removesuffix("r").removesuffix("s")
        firsts |= {stem, stem + "n", stem + "r"} if not name.startswith(_PLACE_NAMES) else set()
    lasts = {words[-1], words[-1] + "s"} | ({"Allgemeinen"} if words[-1] == "Allgemeine" else set())
    for first in sorted(firsts):
        for last in sorted(lasts) if len(words) > 1 else ():
            yield " ".join([first, *words[1:-1], last])
        if len(words) == 1:
            yield from (first, first + "s")


# First words that are adjectives of places, never declined.
_PLACE_NAMES = (
    "Berliner", "Hamburger", "Kölner", "Osnabrücker", "Leipziger", "Stuttgarter", "Mannheimer",
    "Saarbrücker", "Münchner", "Augsburger", "Nürnberger", "Passauer", "Schweriner",
    "Grafschafter", "Kieler", "Lübecker", "Salzburger", "Wiener", "Basler", "Aargauer",
    "Luzerner", "Luxemburger", "Zürcher",
)  # fmt: skip


def known(words: Sequence[str]) -> Outlet | None:
    """The outlet of the table that the words name, article and quotation marks set aside."""
    bare = [word for word in words if word not in QUOTATION_MARKS]
    if bare and bare[0].lower() in _ARTICLES:
        bare = bare[1:]
    if not bare or len(bare) > _LONGEST_NAME:
        return None
    return _by_name().get(" ".join(bare))


def in_phrase(run: Sequence[str], tail: Sequence[str] = ()) -> Outlet | None:
    """The outlet that a run of capitalised words and what follows it name, or None."""
    after_noun = _after_noun(run)
    if after_noun is not None and run[after_noun:]:
        return _with_tail(run[after_noun:], tail) or Outlet(_nominative(run[after_noun:]))
    return _with_tail(run, tail) or by_pattern(run)


def _after_noun(run: Sequence[str]) -> int | None:
    """The index behind a noun that says that an outlet's name follows: „die Zeitung X“."""
    for index, word in enumerate(run[:2]):
        if any(reading.sort is Sort.OUTLET for reading in nouns(word)):
            return index + 1
    return None


def _with_tail(run: Sequence[str], tail: Sequence[str]) -> Outlet | None:
    """Look the run up with as much of what follows as makes a known name."""
    for more in range(min(len(tail), 3), -1, -1):
        if outlet := known([*run, *tail[:more]]):
            return outlet
    return None


_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:de|com|at|ch|org|net|info|eu|news|tv|fm)")


def is_site(word: str) -> bool:
    """Whether a word is the address of a site, which serves as its name: „bildblog.de“."""
    return "." in word and _SITE.fullmatch(word) is not None


def by_pattern(run: Sequence[str]) -> Outlet | None:
    """Recognise an outlet that no table knows by the last word of its name."""
    if len(run) == 1 and is_site(run[0]):
        return Outlet(run[0])
    end = name_end(run[-1])
    if end is NameEnd.WORD and len(run) > 1 and not any(noun(word) for word in run[:-1]):
        return Outlet(_nominative(run))
    if end is NameEnd.COMPOUND and len(run) == 1:
        return Outlet(names.without_genitive(run[0]))
    return None


def kinds_of(noun_base: str) -> tuple[str, ...]:
    """The kinds of outlet that a general noun takes up; empty where it fits any."""
    return _kinds().get(noun_base, ())


@cache
def _kinds() -> dict[str, tuple[str, ...]]:
    return {noun: tuple(kinds.split("|")) for noun, kinds in table("outlet_kinds")}


def fits(outlet: Outlet, noun_base: str) -> bool:
    """Whether „das Blatt“ or „der Sender“ can mean an outlet, as far as its kind is known."""
    kinds = kinds_of(noun_base)
    return not kinds or not outlet.kind or outlet.kind in kinds


class NameEnd(Enum):
    """How a word may end the name of an outlet: as a word of its own, or as a compound alone."""

    NONE = 0
    WORD = 1
    COMPOUND = 2


@lru_cache(maxsize=1 << 16)
def name_end(word: str) -> NameEnd:
    """Tell whether a word may end an unknown outlet's name."""
    last = names.without_genitive(word).lower()
    last = last.removesuffix("n") if last.endswith("boten") else last
    if last in _LAST_WORDS or word.lower() in _LAST_WORDS:
        return NameEnd.WORD
    long_enough = len(last) > len("zeitung") + _SHORTEST_COMPOUND
    if long_enough and last.endswith(_LAST_PARTS) and noun(word) is None:
        return NameEnd.COMPOUND
    return NameEnd.NONE


def _nominative(run: Sequence[str]) -> str:
    """An unknown outlet's name in the nominative."""
    plural = run[-1].lower() in _LAST_WORDS
    words = [*run[:-1], run[-1] if plural else names.without_genitive(run[-1])]
    if words[-1].lower().endswith("boten"):
        words[-1] = words[-1][:-1]
    if len(words) > 1 and words[0].endswith("en") and words[-1].lower().endswith(_FEMININE_LAST):
        words[0] = words[0][:-1]
    if words[0].endswith("ischer") and words[-1].lower().endswith(_FEMININE_LAST):
        words[0] = words[0][:-1]
    return names.joined(words)


def is_everyday_word(words: Sequence[str]) -> bool:
    """Whether an outlet's name is also an everyday word."""
    bare = [word for word in words if word.lower() not in _ARTICLES]
    return len(bare) == 1 and names.without_genitive(bare[0]) in _EVERYDAY


@cache
def first_words() -> dict[str, int]:
    """The words that outlets' names begin with, each with the length of the longest such name."""
    longest: dict[str, int] = {}
    for spelling in _by_name():
        words = spelling.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def outlet_gender(name: str) -> str | None:
    """Give the grammatical gender that an outlet's name tells, m f or p; None where it does not."""
    first, _, rest = name.partition(" ")
    if rest and first in ("Der", "Die"):
        return "m" if first == "Der" else "f"
    last = name.rsplit(maxsplit=1)[-1].lower()
    if last == "nachrichten":
        return "p"
    if last.endswith(_FEMININE_LAST):
        return "f"
    return "m" if last.endswith(("rundfunk", "funk", "anzeiger", "kurier", "merkur")) else None
