"""The people an article names in full, each with the role that stands beside the name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names, outlets
from services.extract.engine.resolve.beside import phrase_start, with_role
from services.extract.engine.resolve.figures import Figure
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.offices import office_holder
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.resolve.phrases import (
    FACULTIES,
    HONORIFICS,
    PARTICLES,
    RANKS,
)
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import (
    countries,
    gender_of_name,
    given_names,
    is_given_name,
    is_role,
    noun,
    nouns,
    organisation_names,
)
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from services.extract.engine.text import Document

_FUNCTION_WORDS = word_set(
    "der die das den dem des ein eine einer einem einen eines er sie es wir ich und oder aber auch "
    "nach bei mit von vom zum zur am im in an auf aus für wie laut so doch nur noch schon seit "
    "wer was wo wann warum weil dass wenn als ob um über unter vor zwischen diese dieser dieses "
    "sein seine ihr ihre kein keine beide alle viele einige mehrere herr frau dr. prof."
)
# How many tokens a name reaches, and how long a given name is that no table holds.
_NAME_REACH = 5
_LONGEST_UNKNOWN = 6


@dataclass(slots=True)
class _Person:
    """A person while the article is being read."""

    name: str
    gender: str | None
    mention: Mention | None = None


def people(
    document: Document, capitals: Sequence[int], sources: Sequence[Mention]
) -> dict[str, tuple[Figure, ...]]:
    """Find the people that a document names, by surname.

    `capitals` are its capitalised tokens. `sources` are mentions that a finder took for sources;
    they bring in people whose names no table holds.
    """
    found: dict[str, _Person] = {}
    vocabulary = frozenset(document.words[index] for index in capitals)
    with_surname_alone: list[Mention] = []
    past = 0
    for index in capitals:
        end = name_end(document, index) if index >= past else None
        if end is not None:
            first = _first_given_name(document, index)
            surname = names.without_genitive(document.words[end - 1], vocabulary)
            name = names.joined([*document.words[first : end - 1], surname])
            gender = gender_of_name(document.words[index])
            # Before a genitive stands somebody else's role: „Anhänger Anna Kerns“.
            bears = surname == document.words[end - 1]
            _add(found, name, with_role(document, first, end) if bears else None, gender)
            past = end
        elif mention := _with_surname_alone(document, index):
            with_surname_alone.append(mention)
    for name in _taken_up_by_surname(document, capitals):
        _add(found, name, None, None)
    for mention in sources:
        whose = mention.role and mention.name.endswith("s") and mention.name[:-1] in found
        if mention.form is Form.PERSON and " " in mention.name and not whose:
            _add(found, mention.name, mention, None)
    for mention in (*with_surname_alone, *sources):
        _add_surname(found, mention)
    return _by_surname(found.values())


def _taken_up_by_surname(document: Document, capitals: Sequence[int]) -> Iterator[str]:
    """Find names of two words that no table holds, the second of which stands alone elsewhere.

    „Ein Stück von Ylvi Karsunke“, and later „Karsunke lachte“.
    """
    words = document.words
    pairs = {words[index]: words[index - 1] for index in capitals if _is_unknown_name(words, index)}
    for index in capitals if pairs else ():
        given = pairs.get(words[index])
        before = words[index - 1] if index else ""
        if given is not None and before != given and before.lower() not in _FUNCTION_WORDS:
            yield f"{given} {words[index]}"
            del pairs[words[index]]


def _is_unknown_name(words: Sequence[str], index: int) -> bool:
    """Whether the word before and the one at a token may be somebody's unknown names."""
    if index <= 1 or not (is_unknown(words[index]) and is_unknown(words[index - 1])):
        return False
    behind = words[index - 2].lower()
    begins = not words[index - 2][0].isalnum() and words[index - 2] != ","
    described = outlets.name_end(words[index]) is not outlets.NameEnd.NONE
    adjective = words[index - 1].endswith(("er", "e", "en", "es", "em", "isch"))
    return not (
        begins or described or adjective or behind in _DETERMINING or noun(words[index - 2])
    )


# Before a person's bare name stands no article.
_DETERMINING = word_set("der die das dem den des ein eine einer einem einen eines am im zum zur")


def _add_surname(found: dict[str, _Person], mention: Mention) -> None:
    """Note a person of whom the article gives the surname alone, unless somebody bears it."""
    if mention.form is not Form.PERSON or " " in mention.name or not mention.role:
        return
    surname = names.without_genitive(mention.name)
    if any(name.startswith(mention.name + " ") for name in found):  # „seine Tochter Johanna“
        return
    if not any(name.endswith((" " + mention.name, " " + surname)) for name in found):
        _add(found, office_holder(mention) or mention.name, mention, None)


def _first_given_name(document: Document, index: int) -> int:
    """Find a given name before the one at a token: „[Henk] Jaap Meijer“, not „Berliner Jan Ott“.

    A longer word that no table holds is rather what somebody is.
    """
    words, before = document.words, index - 1
    inside = before > document.sentences[document.sentence_of[index]][0]
    short = inside and len(words[before]) <= _LONGEST_UNKNOWN and is_unknown(words[before])
    plain = short and words[before - 1].lower() not in _DETERMINING
    if not plain or words[before].endswith(("er", "e", "en", "es", "s")):
        return index
    return index if outlets.known([words[before]]) else before


def _with_surname_alone(document: Document, index: int) -> Mention | None:
    """Read a surname behind a role: „Bundeskanzler Scholz“."""
    words = document.words
    if not index or not is_role(words[index - 1]) or not is_unknown(words[index]):
        return None
    if words[index].removesuffix("s") in countries():
        return None
    bottom = document.sentences[document.sentence_of[index]][0]
    mention = parse(words[phrase_start(words, index - 1, bottom) : index + 1])
    is_person = mention is not None and mention.form is Form.PERSON and mention.role
    return mention if is_person else None


def _add(found: dict[str, _Person], name: str, mention: Mention | None, gender: str | None) -> None:
    """Note a person, or what a further mention adds to one."""
    person = found.setdefault(name, _Person(name, gender))
    if mention is None:
        return
    if mention.role and person.mention is None:
        person.mention = mention
    person.gender = person.gender or mention.gender


def _by_surname(found: Iterable[_Person]) -> dict[str, tuple[Figure, ...]]:
    """Give people by surname; two may share one."""
    by_surname: dict[str, tuple[Figure, ...]] = {}
    for person in found:
        figure = person_figure(person.name, person.gender, person.mention)
        surname = person.name.rsplit(maxsplit=1)[-1]
        by_surname[surname] = (*by_surname.get(surname, ()), figure)
        for alias in _longer_surnames(person.name):
            by_surname.setdefault(alias, (figure,))
    return by_surname


def _longer_surnames(name: str) -> Iterator[str]:
    """Give surnames of several words that may stand alone: „von der Leyen“, „Pérez Esquivel“."""
    words = name.split()
    for index, word in enumerate(words[1:-1], start=1):
        if word.lower() in PARTICLES or index == len(words) - 2:
            yield " ".join(words[index:])


def person_figure(name: str, gender: str | None, mention: Mention | None) -> Figure:
    """Make the figure of a person, with a role if `mention` has one."""
    head = mention.head if mention else None
    return Figure(
        Entity(name, Kind.PERSON, mention.role if mention else None),
        gender=gender or (mention.gender if mention else None),
        base=head.base if head else None,
        lemma=head.lemma if head else None,
        surname=name.rsplit(maxsplit=1)[-1],
        owner=mention.owner.name if mention and mention.owner else None,
    )


def name_end(document: Document, index: int) -> int | None:
    """Find where a full name that starts at token `index` ends; None where none starts."""
    words = document.words
    if not _may_start_name(words, index):
        return None
    end = index + 1
    limit = min(index + _NAME_REACH, document.sentences[document.sentence_of[index]][1])
    while end < limit and _goes_on(words, index, end):
        end += 1
    while end > index and words[end - 1].lower() in PARTICLES:
        end -= 1
    return end if end > index + 1 else None


def _may_start_name(words: Sequence[str], index: int) -> bool:
    """Whether a given name stands here: one of the table, or any unknown word behind a role."""
    word = words[index]
    if is_given_name(word):
        return True
    if not index or not (is_unknown(word) or _is_initial(word)):
        return False
    before = words[index - 1]
    behind_degree = before == "." and words[index - 2] in FACULTIES
    return is_role(before) or behind_degree or before in HONORIFICS or before in FACULTIES


# Nouns for organisations that people bear as surnames: „Anneke Post“.
_ALSO_SURNAMES = word_set("Post Bund Land Rat Ring Haus Hof Kreis Bahn Zoll Wacht Linke Kammer")


def _is_initial(word: str) -> bool:
    """Whether a word is an initial with its point."""
    return len(word) == len("A.") and word[0].isupper() and word[1] == "."


def _goes_on(words: Sequence[str], first: int, index: int) -> bool:
    """Whether the token at `index` belongs to the name that starts at `first`."""
    word, before = words[index], words[index - 1]
    expects_surname = (
        index == first + 1
        or before in given_names()
        or before[-1] == "."
        or before.lower() in PARTICLES
        or before in RANKS
    )
    if word.lower() in PARTICLES:
        return expects_surname and word.islower()
    if not names.in_capitals(word) or (word.isupper() and len(word) > len("A.")):
        return False
    readings = nouns(word)
    borne = readings and (readings[0].sort is Sort.ROLE or word in _ALSO_SURNAMES)
    if readings and not (expects_surname and borne):
        return False
    return expects_surname or not (outlets.known([word]) or word in organisation_names())


@lru_cache(maxsize=1 << 16)
def is_unknown(word: str) -> bool:
    """Whether a word may be part of a name that no table holds."""
    return (
        word[0].isupper()
        and word.isalpha()
        and not word.isupper()
        and noun(word) is None
        and word.lower() not in _FUNCTION_WORDS
        and word not in countries()
        and word not in organisation_names()
    )
