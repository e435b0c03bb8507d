"""A person's name inside a noun phrase, with the role beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.inflection import Noun, Sort
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.phrases import (
    HONORIFICS,
    PARTICLES,
    QUANTITIES,
    Cut,
    first_head,
    is_plural,
    role_name,
)
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import (
    countries,
    gender_of_name,
    is_given_name,
    noun,
    nouns,
    organisation_names,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LEGAL_FORMS = word_set("GmbH AG SE KG Inc Inc. Ltd Ltd. e.V. eV AB NV Corp. LLC plc S.A.")
# Nouns that say what an organisation is and are no part of its name: „Hersteller Datavis“.
DESCRIPTORS = word_set(
    "Hersteller Betreiber Anbieter Veranstalter Konzern Unternehmen Firma Organisation Versicherer "
    "Produzent Airline Plattform Startup Thinktank Denkfabrik Gesellschaft Klub Holding Sponsor "
    "Caterer Dienstleister Zulieferer Autobauer Versorger Discounter Verlag Start-up Fluglinie "
    "Baufirma Bauträger Reeder Ausrüster Netzbetreiber Versandhändler Onlinehändler "
    "Internethändler Modehändler Möbelhändler Elektronikhändler Lebensmittelhändler Maschinenbauer "
    "Anlagenbauer Flugzeugbauer Schiffbauer Motorenbauer Kette Label Spedition Marktführer "
    "Weltmarktführer Branchenführer Branchenprimus"
)
_LONGEST_NAME = 4
# What stands between a role and whose it is.
_BELONGING = word_set("von des der für bei vom beim um")


def person(phrase: Cut) -> Mention | None:
    """Read a person's name, perhaps with a role before it; None where there is none."""
    if _is_named_organisation(phrase.run[-1]):
        return None
    behind = _name_behind_tail(phrase)
    if behind is not None:
        return behind
    start = _name_start(phrase)
    name = [word for word in phrase.run[start or 0 :] if word not in HONORIFICS]
    several = any(word.lower() in QUANTITIES for word in phrase.adjectives)
    if start is None or not name or (start and several):  # „einige Anhänger Anna Kerns“
        return None
    return _named(replace(phrase, run=phrase.run[:start], tail=()), name, phrase)


def _is_named_organisation(word: str) -> bool:
    """Whether the last word is „-Stiftung“ or „-Institut“: Robert Koch-Institut."""
    readings = nouns(word) if "-" in word else ()
    return bool(readings) and readings[0].sort is Sort.ORGANISATION


def _named(before: Cut, name: Sequence[str], phrase: Cut) -> Mention:
    """Put a name and the role in the words before it together."""
    _, head = first_head(before.run, Sort.ROLE, article=before.article_word)
    if head is not None and head.lemma in ("Mann", "Frau"):  # „Frau Meier“
        head = None
    return Mention(
        Form.PERSON,
        names.joined(name),
        head=head,
        role=role_name(before, head) if head else None,
        gender=_gender(phrase, name, head),
        article=phrase.article,
        given=_given(name),
        possessor=phrase.possessor,
    )


def _given(name: Sequence[str]) -> str | None:
    """The given name; None where only a surname stands: „Van Dalen“."""
    if name[0].lower() in PARTICLES or (len(name) == 1 and not is_given_name(name[0])):
        return None
    return name[0]


def _gender(phrase: Cut, name: Sequence[str], head: Noun | None) -> str | None:
    honorific = next((HONORIFICS[word] for word in phrase.run if HONORIFICS.get(word)), None)
    by_role = head.gender if head and head.gender in "mf" else None
    return honorific or gender_of_name(name[0]) or by_role


def _name_start(phrase: Cut) -> int | None:
    """Find where in the run a person's name starts."""
    run = phrase.run
    for index, word in enumerate(run):
        if word in HONORIFICS:
            return index + 1 if index + 1 < len(run) else None
        if _starts_name(run, index):
            return None if index and is_organisation(run[index - 1]) else index
    roles = [index for index, word in enumerate(run) if role_reading(word)]
    bare = not phrase.article and not phrase.adjectives
    if describes_organisation(run[0]):
        return None
    if bare and roles == [len(run) - 1] and roles[0] and _looks_like_name(run):
        return None if run[0].endswith("s") else 0  # „Uta Schäfer“, „Lohbergs Bürgermeister“
    if roles and roles[0] <= 1 and not all(noun(word) for word in run):
        return _after_roles(run) if _name_follows(phrase, roles[0]) else None
    return 0 if len(run) > 1 and bare and _looks_like_name(run) else None


def is_organisation(word: str) -> bool:
    """Whether a noun stands for an organisation and never for a person: „Reederei Nora Lines“."""
    readings = nouns(word)
    return bool(readings) and all(
        reading.sort is Sort.ORGANISATION and reading.singular for reading in readings
    )


def describes_organisation(word: str) -> bool:
    """Whether a noun says what the organisation behind it is: „Pumpenhersteller Hydrax“."""
    read = noun(word)
    return word in DESCRIPTORS or (read is not None and read.base in DESCRIPTORS)


def _starts_name(run: Sequence[str], index: int) -> bool:
    """Whether a given name or an initial stands here, with more behind it."""
    word = run[index]
    if index + 1 >= len(run):
        return False
    return is_given_name(word) or (index == 0 and len(word) == len("A.") and word[1] == ".")


def role_reading(word: str) -> Noun | None:
    """Read a word as a role; None where it is none."""
    return next((reading for reading in nouns(word) if reading.sort is Sort.ROLE), None)


def _name_follows(phrase: Cut, role: int) -> bool:
    """Whether the words behind a role are its bearer's name and not whom it belongs to."""
    rest = phrase.run[_after_roles(phrase.run) :]
    _, head = first_head(phrase.run[role:], Sort.ROLE, article=phrase.article_word)
    if not rest or head is None:
        return False
    belongs = phrase.article == "indefinite" and rest[-1].endswith("s")
    belongs = belongs or rest[0].removesuffix("s") in countries()
    acronym = all(word.isupper() and len(word) > 1 for word in rest)
    plural = head.only_plural or (is_plural(phrase, head) and bool(phrase.article))
    return not belongs and not acronym and not plural


def _after_roles(run: Sequence[str]) -> int:
    """Give the index behind the roles at the head of a run: „Vorsitzender Richter“."""
    last = 0
    for index, word in enumerate(run):
        if role_reading(word) and index <= last + 1:
            last = index
    return last + 1


def _looks_like_name(run: Sequence[str]) -> bool:
    """Whether two or more capitalised words without article may be somebody's name."""
    return (
        len(run) <= _LONGEST_NAME
        and not any(_speaks_against_name(word) for word in run)
        and not any(noun(word) for word in run[:-1])
        and names.joined(run) not in organisation_names()
        and not run[0].endswith(("sche", "scher", "sches", "schen", "Freie", "Neue"))
        and (noun(run[-1]) is None or nouns(run[-1])[0].sort is Sort.ROLE)
    )


def _speaks_against_name(word: str) -> bool:
    acronym = word.isupper() and len(word) > len("A.")
    return acronym or word in LEGAL_FORMS or not word[0].isalpha() or word in countries()


def _name_behind_tail(phrase: Cut) -> Mention | None:
    """Read a name behind what belongs to the role: „Chefin der Nordbank Henrike Paulsen“."""
    if role_reading(phrase.run[0]) is None:
        return None
    for index in range(1, len(phrase.tail) - 1):
        if phrase.tail[index - 1] in _BELONGING:
            continue  # „der Anwalt von Ada Kern“
        if is_given_name(phrase.tail[index]) and phrase.tail[index + 1][0].isupper():
            name = [word for word in phrase.tail[index:] if word not in HONORIFICS]
            return _named(replace(phrase, tail=phrase.tail[:index]), name, phrase)
    return None
