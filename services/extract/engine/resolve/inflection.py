"""Nouns of the tables in all their forms: a reading for each form."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from services.extract.engine.resolve.tables import padded, table

if TYPE_CHECKING:
    from collections.abc import Iterator


# The base of nouns that tell what somebody is beside any office: „die Finnin“, „der 58-Jährige“.
TRAIT = "Mensch"


class Sort(StrEnum):
    """What a noun stands for when it is the head of a mention."""

    ROLE = "role"
    ORGANISATION = "organisation"
    DOCUMENT = "document"
    SAYING = "saying"
    GROUP = "group"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Noun:
    """One reading of a word form.

    `lemma` is the nominative, singular unless `only_plural`; `base` the table's entry it was
    recognised by, which for a compound is the last part. `gender` is m, f, n or p.
    """

    lemma: str
    base: str
    sort: Sort
    gender: str
    singular: bool
    plural: str | None
    speaks_when_alone: Sort = Sort.GROUP

    @property
    def only_plural(self) -> bool:
        """Whether the form cannot be a singular."""
        return not self.singular


def all_readings() -> Iterator[tuple[str, Noun]]:
    """Every form with its reading; the tables' order is the order of likelihood."""
    for name, sort in (
        ("organisations", Sort.ORGANISATION),
        ("outlet_nouns", Sort.OUTLET),
        ("sayings", Sort.SAYING),
        ("documents", Sort.DOCUMENT),
    ):
        for row in table(name):
            yield from _thing_forms(sort, *padded(row, 4))
    for row in table("roles"):
        yield from _role_forms(*padded(row, 3))
    for row in table("traits"):
        for form, reading in _role_forms(*padded(row, 3)):
            yield form, replace(reading, base=TRAIT)
    for row in table("groups"):
        word, gender = padded(row, 2)
        if gender:
            yield from _thing_forms(Sort.GROUP, word, gender, "", "")
        else:
            many = Noun(word, word, Sort.GROUP, "p", singular=False, plural=word)
            yield from ((form, many) for form in (word, _dative_plural(word)))


def _thing_forms(
    sort: Sort, lemma: str, gender: str, plural: str, alone: str
) -> Iterator[tuple[str, Noun]]:
    """Forms of an organisation, a document or an act of saying."""
    speaks = Sort.DOCUMENT if alone == "document" else Sort.GROUP
    if gender == "p":
        reading = Noun(lemma, lemma, sort, "p", False, lemma, speaks)
        yield from ((form, reading) for form in (lemma, _dative_plural(lemma)))
        return
    one = Noun(lemma, lemma, sort, gender, True, None, speaks)
    genitives = (lemma + "ses",) if lemma.endswith("nis") else (lemma + "s", lemma + "es")
    for form in (lemma,) if gender == "f" else (lemma, *genitives):
        yield form, one
    if plural:
        many = Noun(lemma, lemma, sort, gender, False, plural, speaks)
        for form in (plural, _dative_plural(plural)):
            yield form, many


def _dative_plural(plural: str) -> str:
    return plural if plural.endswith(("n", "s")) else plural + "n"


def _role_forms(masculine: str, feminine: str, plural: str) -> Iterator[tuple[str, Noun]]:
    """Forms of a word for a person, both genders."""
    if feminine and masculine == feminine + "r":
        yield from _adjectival_forms(masculine, feminine)
        return
    if masculine == plural + "r":  # Beamter, Beamtin
        yield from ((f, r) for f, r in _adjectival_forms(masculine, plural) if r.gender == "m")
        yield from _feminine_forms(masculine, feminine)
        return
    if feminine == masculine:
        yield from _forms_of_one_gender(masculine, plural)
        return
    plural = plural or _plural(masculine)
    one = Noun(masculine, masculine, Sort.ROLE, "m", True, None)
    many = Noun(masculine, masculine, Sort.ROLE, "m", False, plural)
    for form in {masculine, masculine + "s", masculine + "es"} | _weak(masculine):
        yield form, one
    for form in (plural, _dative_plural(plural)):
        yield form, many
    yield from _feminine_forms(masculine, feminine or masculine + "in")


# Nouns of one gender only, for women; all others of that kind are open.
_ONLY_WOMEN = (
    "schwester", "tochter", "mutter", "witwe", "chefin", "dame", "hebamme", "biografin", "nonne",
    "frau",
)  # fmt: skip


def _forms_of_one_gender(noun: str, plural: str) -> Iterator[tuple[str, Noun]]:
    """Forms of a word for a person that has no second form: Tochter, Mitglied, CEO."""
    gender = "f" if noun.lower().endswith(_ONLY_WOMEN) else "m"
    base = "Chef" if noun == "Chefin" else noun
    yield noun, Noun(noun, base, Sort.ROLE, gender, True, None)
    if gender == "m":
        yield noun + "s", Noun(noun, base, Sort.ROLE, gender, True, None)
    if plural:
        many = Noun(noun, base, Sort.ROLE, gender, False, plural)
        yield from ((form, many) for form in (plural, _dative_plural(plural)))


def _feminine_forms(masculine: str, feminine: str) -> Iterator[tuple[str, Noun]]:
    yield feminine, Noun(feminine, masculine, Sort.ROLE, "f", True, None)
    plural = feminine + ("nen" if feminine.endswith("in") else "en")
    yield plural, Noun(feminine, masculine, Sort.ROLE, "f", False, plural)


def _adjectival_forms(masculine: str, feminine: str) -> Iterator[tuple[str, Noun]]:
    """Forms of a noun that is declined like an adjective: Vorsitzender, die Vorsitzende."""
    one = Noun(masculine, masculine, Sort.ROLE, "m", True, None)
    woman = Noun(feminine, masculine, Sort.ROLE, "f", True, None)
    many = Noun(masculine, masculine, Sort.ROLE, "m", False, feminine)
    for form in (masculine, feminine + "m", feminine + "n", feminine):
        yield form, one
    for form in (feminine, feminine + "n", masculine):
        yield form, woman
        yield form, many


def _weak(masculine: str) -> set[str]:
    """The oblique forms of a weak noun: dem Präsidenten, dem Zeugen."""
    if masculine.endswith("e"):
        return {masculine + "n"}
    weak = ("ent", "ant", "ist", "at", "et", "ot", "om", "oph", "ekt", "eut", "ast", "graf")
    return {masculine + "en"} if masculine.endswith(weak) else set()


def _plural(masculine: str) -> str:
    """The regular plural of a masculine word for a person."""
    if masculine.endswith("er"):
        return masculine
    if weak := _weak(masculine):
        return weak.pop()
    if masculine.endswith("or"):
        return masculine + "en"
    return masculine + ("s" if masculine.endswith(("ef", "O", "l")) else "e")
