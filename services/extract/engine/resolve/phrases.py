"""German noun phrases cut into article, adjectives, the run of capitalised words, and the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.inflection import Noun, Sort
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import given_names, is_numbered, noun, nouns

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFINITE = word_set(
    "der die das den dem des dieser diese dieses diesen diesem jener jene jenes jenen jenem "
    "derselbe dieselbe"
)
_INDEFINITE = word_set("ein eine einer eines einem einen kein keine keiner")
CONTRACTED = word_set("vom beim im am zum zur ins ans")
QUANTITIES = word_set(
    "mehrere mehreren mehrerer einige einigen einiger viele vielen vieler zahlreiche zahlreichen "
    "alle allen aller beide beiden beider manche manchen mancher verschiedene verschiedenen "
    "andere anderen anderer weitere weiteren weiterer wenige wenigen zwei drei vier fünf sechs "
    "sieben acht neun zehn elf zwölf etliche etlichen sämtliche sämtlichen"
)
PREPOSITIONS = word_set(
    "laut nach zufolge gemäß von vom bei beim gegenüber seitens aus in im durch für unter wie so "
    "auch selbst sogar mit an am auf seit zu zum zur entsprechend namens als"
)
PARTICLES = word_set(
    "von van de der den del della di da dos du la le el al bin ibn zu zur vom af ter ten y te thor "
    "ben abu bint do das dal dalla dello degli op 't"
)
# What stands between a doctorate and the name: „Dr. med. Ada Kern“.
FACULTIES = word_set(
    "med rer nat phil jur oec pol theol h c h.c habil med. rer. nat. phil. jur. oec. pol. theol. "
    "h. c. h.c. habil. -Ing. Ing. vet vet. dent dent. mult mult."
)
# Particles that are no words of German and so begin a surname behind any name or role.
_FOREIGN = PARTICLES - word_set("von der den zu zur vom das la do al af y ben")
# Ranks of the nobility, which stand between given name and surname: „Adalbert Graf von Halden“.
RANKS = word_set("Graf Gräfin Freiherr Freifrau Baron Baronin Prinz Prinzessin Fürst Ritter Edler")
_PARTICLES_INSIDE = PARTICLES - {"al", "el"}
HONORIFICS = {
    "Herr": "m", "Herrn": "m", "Frau": "f", "Dr.": "", "Prof.": "", "Dr": "", "Prof": "",
    "Mag.": "", "Dipl.-Ing.": "", "PD": "", "Sir": "m", "Lord": "m", "Lady": "f", "Gräfin": "f",
    "Baronin": "f", "Freifrau": "f",
}  # fmt: skip
_POSSESSIVES = {
    stem + ending: gender
    for stem, gender in (("sein", "mn"), ("ihr", "fp"), ("unser", "i"), ("mein", "i"))
    for ending in ("", "e", "en", "em", "er", "es")
} | {"dessen": "mn", "deren": "fp"}
# Articles of a form that alone may be either number, which make it a singular.
_SINGULAR_HERE = word_set("der dieser den sein ihr unser seinem ihrem unserem seinen ihren unseren")
_NUMERALS = word_set("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")


@dataclass(frozen=True, slots=True)
class Cut:
    """A noun phrase cut into its parts; `article` is as in Mention, `article_word` as printed."""

    article: str
    article_word: str
    possessor: str | None
    adjectives: tuple[str, ...]
    run: tuple[str, ...]
    tail: tuple[str, ...]


def cut(words: Sequence[str]) -> Cut:
    """Find article, adjectives, the run of capitalised words and what follows it."""
    index, article, article_word, possessor = _article(words)
    first = index
    while index < len(words) and _is_modifier(words, index):
        index += 1
    end = index
    while end < len(words) and _continues_run(words, end, index):
        end += 1
    adjectives = [
        words[at]
        for at in range(first, index)
        if "nicht" in words[first:at] or not words[at].lower().startswith(_POINTING)
    ]
    run, tail = words[index:end], words[end:]
    return Cut(article, article_word, possessor, tuple(adjectives), tuple(run), tuple(tail))


# Adjectives that point at somebody and are no part of a name: „das dortige Ministerium“, but not
# where they tell that nobody does: „zwei nicht genannte Offiziere“.
_POINTING = ("dortig", "hiesig", "zuständig", "besagt", "genannt", "erwähnt", "betreffend")


_DEGREES = ("nicht", "selbst", "bereits")
_PARTICIPLE = re.compile(r"[a-zäöüß]+(t|[^aeiou]en|end)e[nrsm]?")


def without_attribute(words: Sequence[str]) -> Sequence[str]:
    """Leave out what stands before an age or a participle.

    „der nicht an der Studie beteiligte Zoologe“, „die 61 Jahre alte Inhaberin“.
    """
    first, rest = words[:1], words[1:]
    if _opens_with_measure(rest):
        return [*first, *rest[3:]]
    determined = first and first[0].lower() in DEFINITE | _INDEFINITE
    if not determined or not rest or not (rest[0] in PREPOSITIONS or rest[0] in _DEGREES):
        return words
    for index in range(1, len(rest) - 1):
        if _PARTICIPLE.fullmatch(rest[index]) and rest[index + 1][0].isupper():
            return [*first, *rest[index + 1 :]]
    return words


def _opens_with_measure(words: Sequence[str]) -> bool:
    """Whether an age or another measure comes first: „61 Jahre alte Frau“, „9 Seiten starker“."""
    if len(words) <= len(("9", "Seiten", "starker")) or not words[0].isdigit():
        return False
    measured = words[1][0].isupper() and words[3][0].isupper()
    return measured and words[2][0].islower() and words[2].endswith(("e", "er", "en", "es"))


def without_possessor(words: Sequence[str]) -> Sequence[str]:
    """Leave out whose somebody named is: „Halms früherer Büroleiter Jan Ott“, „Lührs' Sohn …“."""
    marked = len(words) > 1 and words[1] in ("'", "’")
    if nouns(words[0]) or not (marked or words[0].endswith(("s", "’", "'"))):
        return words
    first = index = 1 + marked
    while index < len(words) and words[index][0].islower() and words[index].endswith(("er", "e")):
        index += 1
    named = (
        index + 2 < len(words) and words[index + 1][0].isupper() and words[index + 2][0].isupper()
    )
    described = (marked or index > first) and named
    is_role = described and any(each.sort is Sort.ROLE for each in nouns(words[index]))
    return words[first:] if is_role else words


def _article(words: Sequence[str]) -> tuple[int, str, str, str | None]:
    """Read the article: where the words behind it start, its sort, its form, the possessor."""
    index, sort, form = 0, "", ""
    while index < len(words) and words[index].lower() in PREPOSITIONS:
        if words[index].lower() in CONTRACTED:
            sort, form = "definite", "dem"
        index += 1
    lower = words[index].lower() if index < len(words) else ""
    if lower in DEFINITE:
        return index + 1, "definite", lower, None
    if lower in _INDEFINITE:
        return index + 1, "indefinite", lower, None
    if lower in _POSSESSIVES:
        return index + 1, "possessive", lower, _POSSESSIVES[lower]
    return index, sort, form, None


def possessor(lower: str) -> str | None:
    """Give the gender that a possessive points at; None for any other word."""
    return _POSSESSIVES.get(lower)


def _is_modifier(words: Sequence[str], index: int) -> bool:
    """Whether a word stands before the head: small, a number, or an adjective in capitals."""
    word = words[index]
    if index + 1 >= len(words) or is_numbered(word):
        return False
    if word.lower() in QUANTITIES:
        return True
    if not word[0].isupper():
        return word[0].isalnum() and (word not in _PARTICLES_INSIDE or index + 2 < len(words))
    return _is_adjective_in_capitals(word) and _noun_follows(words[index + 1 : index + 4])


# Endings of adjectives before a neuter; other words in -es are names in the genitive.
_NEUTER = ("sches", "iges", "liches", "tes", "ues", "ßes", "eres")


def _is_adjective_in_capitals(word: str) -> bool:
    return (
        word[0].isupper()
        and word.endswith(("e", "en", "er", "em", *_NEUTER))
        and word not in given_names()
        and noun(word) is None
    )


def _noun_follows(words: Sequence[str]) -> bool:
    """Whether a known noun comes next, perhaps behind further adjectives."""
    for word in words:
        if noun(word) is not None:
            return True
        if not _is_adjective_in_capitals(word):
            return False
    return False


def _continues_run(words: Sequence[str], index: int, first: int) -> bool:
    """Whether a word belongs to the run of capitalised words that holds the head."""
    word = words[index]
    if names.in_capitals(word) or word[0].isdigit() or word in ("&", "/", "+"):
        return True
    if word == "und" and index > first and words[index - 1].endswith("-"):
        return True
    if index == first or word.lower() not in PARTICLES:
        return False
    # „Ursula von der Leyen“ goes on, „Sprecher der Polizei“ and „Chef von Airbus“ do not.
    after = next((w for w in words[index + 1 : index + 3] if w.lower() not in PARTICLES), "")
    goes_on = index > first + 1 and words[index - 1] in PARTICLES
    begun = goes_on or word in _FOREIGN or _name_begun(words[first:index])
    return after[:1].isupper() and begun and noun(after) is None


def _name_begun(words: Sequence[str]) -> bool:
    """Whether a name has begun and no surname has come yet."""
    bare = words[:-1] if words[-1].lower() in PARTICLES else words
    return bool(bare) and (bare[-1] in given_names() or bare[-1] in RANKS)


def first_head(
    run: Sequence[str], *sorts: Sort, article: str = ""
) -> tuple[int, Noun] | tuple[int, None]:
    """Find the first word of a run that has a reading of one of `sorts`."""
    for index, word in enumerate(run):
        fitting = [reading for reading in nouns(word) if reading.sort in sorts]
        if fitting:
            return index, _agreeing(fitting, word, article)
    return 0, None


def _agreeing(readings: Sequence[Noun], word: str, article: str) -> Noun:
    """Choose the reading that the article allows: „die Vorsitzende“ is a woman."""
    for reading in readings:
        if article == "" and reading.only_plural and reading.lemma == word:
            return reading  # „westliche Militärs“
    feminine = article in ("die", "eine", "einer", "diese") or (article == "" and word[-1] == "e")
    if feminine and not (article == "die" and word.endswith("n")):
        for reading in readings:
            if reading.sort is Sort.ROLE and reading.gender == "f" and len(readings) > 1:
                return reading
    return readings[0]


def is_plural(phrase: Cut, head: Noun) -> bool:
    """Decide the number of a form by the words before it."""
    if any(word.lower() in QUANTITIES or word[0].isdigit() for word in phrase.adjectives):
        return not any("jährig" in word for word in phrase.adjectives)
    if head.only_plural or head.plural is None:
        return head.only_plural
    if phrase.article == "indefinite" or phrase.article_word in (
        "des",
        "dem",
        "das",
        "diesem",
        "dieses",
        "jenem",
    ):
        return False
    if phrase.article_word in _SINGULAR_HERE:
        return False
    if phrase.article_word in ("die", "diese"):
        return head.gender in "mn"
    return True


def phrase_name(phrase: Cut, index: int, head: Noun) -> str:
    """Bring a phrase into the nominative, without a definite article and with an indefinite."""
    plural = is_plural(phrase, head)
    gender = "p" if plural else head.gender
    adjectives = [_declined(word, gender) for word in phrase.adjectives]
    lemma = (head.plural or head.lemma) if plural else head.lemma
    run = [*phrase.run[:index], lemma, *phrase.run[index + 1 :]]
    article = indefinite_article(gender) if phrase.article == "indefinite" else []
    return names.capitalised(names.joined([*article, *adjectives, *run, *phrase.tail]))


def role_name(phrase: Cut, head: Noun) -> str:
    """Bring a role into the nominative, with adjectives before and what depends on it."""
    adjectives = [_declined(word, head.gender) for word in phrase.adjectives]
    run = [
        head.lemma if _is_reading(word, head) else word
        for word in phrase.run
        if word not in HONORIFICS
    ]
    return names.joined([*adjectives, *run, *phrase.tail])


def _is_reading(word: str, head: Noun) -> bool:
    return any((r.lemma, r.sort) == (head.lemma, head.sort) for r in nouns(word))


def indefinite_article(gender: str) -> list[str]:
    """Give the indefinite article of a gender as a list of words, empty for a plural."""
    return {"m": ["ein"], "f": ["eine"], "n": ["ein"]}.get(gender, [])


def _declined(word: str, gender: str) -> str:
    return word if word.lower() in _NUMERALS or word.isdigit() else names.strong(word, gender)
