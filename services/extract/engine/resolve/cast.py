"""Whom an article names, and where: people with their roles, organisations, documents, outlets.

The whole article is read before any source is resolved, so that a headline's „Rutte“ finds the
full name that stands two paragraphs below.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names, outlets
from services.extract.engine.resolve.mentions import CLUBS, Form, Mention, parse
from services.extract.engine.resolve.vocabulary import (
    Noun,
    Sort,
    gender_of_name,
    countries,
    given_names,
    noun,
    nouns,
    organisation_names,
    table,
)
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from services.extract.engine.text import Document


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody the article speaks of.

    `gender` is m, f, n, p or None for unknown; `base` is the noun it can be taken up by
    ("die Ministerin"); `surname` is set for people; `general` marks a description that may take
    up somebody named before.
    """

    entity: Entity
    gender: str | None = None
    base: str | None = None
    lemma: str | None = None
    surname: str | None = None
    owner: str | None = None
    general: bool = False


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a figure is named: the token its mention ends at, exclusive."""

    token: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody an article names.

    `people` by surname; `appearances` in reading order, `tokens` their ends; `titles` are
    abbreviations and what they stand for; `preceded` gives, for a capitalised word, it with the
    capitalised word before it where it first has one: „Torvik“, „Aksel Torvik“.
    """

    people: dict[str, tuple[Figure, ...]]
    appearances: tuple[Appearance, ...]
    tokens: tuple[int, ...]
    titles: dict[str, Figure]
    preceded: dict[str, str]

    def before(self, token: int) -> Iterator[Appearance]:
        """Appearances that end at or before `token`, the nearest first."""
        for index in range(bisect_left(self.tokens, token + 1) - 1, -1, -1):
            yield self.appearances[index]

    def after(self, token: int) -> Iterator[Appearance]:
        """Appearances that end behind `token`, the nearest first."""
        for index in range(bisect_left(self.tokens, token + 1), len(self.appearances)):
            yield self.appearances[index]

    def person(self, surname: str) -> Figure | None:
        """The person of that surname, or of that surname with a genitive's s."""
        for spelling in (surname, names.without_genitive(surname, self.people)):
            if spelling in self.people:
                return self.people[spelling][0]
        return None


_PARTICLES = frozenset(
    "von van de der den del della di da dos du la le el al bin ibn zu ten ter".split()
)
_HONORIFICS = frozenset("Herr Herrn Frau Dr. Prof. Dr Prof".split())
_FUNCTION_WORDS = frozenset(
    "der die das den dem des ein eine einer einem einen eines er sie es wir ich und oder aber auch "
    "nach bei mit von vom zum zur am im in an auf aus für wie laut so doch nur noch schon seit "
    "wer was wo wann warum weil dass wenn als ob um über unter vor zwischen diese dieser dieses "
    "sein seine ihr ihre kein keine beide alle viele einige mehrere herr frau dr. prof.".split()
)
_TAKEN_UP_REACH = 40
_LEFT_REACH = 14
_RIGHT_REACH = 14
_NAME_REACH = 5
_ASSOCIATIONS = frozenset("Verband Bund Vereinigung Zentralrat Fraktion Gesellschaft".split())
_PLACED = frozenset(
    "Universität Uni Staatsanwaltschaft Polizei Landgericht Amtsgericht Gericht Feuerwehr Klinikum "
    "Hochschule Stadt Gemeinde Landkreis Kreis Bistum Polizeidirektion Polizeipräsidium Kammer "
    "Erzbistum Bundesland Land Reederei Brauerei Firma Verein Verband Bezirk Institut Werft "
    "Gewerkschaft Partei Initiative Stiftung Bündnis Konzern Museum Ring Agentur "
    "Präsidium Direktion Inspektion Universitätsklinikum Amt Behörde Gerichtshof".split()
)


@dataclass(slots=True)
class _Person:
    """A person while the article is being read."""

    name: str
    surname: str
    gender: str | None
    mention: Mention | None = None


def read(document: Document, sources: Iterable[Mention]) -> Cast:
    """Find everybody `document` names.

    `sources` are the mentions that a finder took for sources; they bring in people whose names no
    table holds.
    """
    capitals = [i for i, word in enumerate(document.words) if word[0].isupper()]
    people = _people(document, capitals, sources)
    by_surname = _figures(people)
    appearances = _appearances(document, capitals, by_surname)
    return Cast(
        by_surname,
        tuple(appearances),
        tuple(appearance.token for appearance in appearances),
        _titles(document, appearances),
        _preceded(document, capitals),
    )


def _titles(document: Document, appearances: Sequence[Appearance]) -> dict[str, Figure]:
    """Abbreviations in brackets behind a full name: „Institut für Weltwirtschaft (IfW)“."""
    words = document.words
    found: dict[str, Figure] = {}
    for appearance in appearances:
        end = appearance.token
        if appearance.figure.surname or words[end : end + 1] != ["("]:
            continue
        if words[end + 2 : end + 3] == [")"] and words[end + 1][0].isupper():
            found.setdefault(words[end + 1], appearance.figure)
    return found


def _preceded(document: Document, capitals: Sequence[int]) -> dict[str, str]:
    """Capitalised words that no table knows, with one of the same kind before them."""
    words = document.words
    found: dict[str, str] = {}
    for index in capitals:
        word = words[index]
        if index == 0 or word in found or not _unknown(word) or not _unknown(words[index - 1]):
            continue
        found[word] = f"{words[index - 1]} {word}"
    return found


def _unknown(word: str) -> bool:
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


def _people(
    document: Document, capitals: Sequence[int], sources: Iterable[Mention]
) -> dict[str, _Person]:
    """People by full name, in the order of their first mention."""
    people: dict[str, _Person] = {}
    past = 0
    for index in capitals:
        if index < past:
            continue
        end = _name_end(document, index)
        if end:
            _introduce(document, people, index, end)
            past = end
    for mention in sources:
        if mention.form is Form.PERSON and " " in mention.name:
            _add(people, mention.name, mention)
    return people


def _name_end(document: Document, index: int) -> int | None:
    """Where a full name that starts at token `index` ends; None where none starts."""
    words = document.words
    if not _may_start_name(words, index):
        return None
    end = index + 1
    limit = min(index + _NAME_REACH, document.sentences[document.sentence_of[index]][1])
    while end < limit and _goes_on(words, index, end):
        end += 1
    while end > index and words[end - 1].lower() in _PARTICLES:
        end -= 1
    return end if end > index + 1 else None


def _may_start_name(words: Sequence[str], index: int) -> bool:
    """Whether a given name stands here: one of the table, or any word behind a role."""
    word = words[index]
    if word in given_names() or word.split("-", maxsplit=1)[0] in given_names():
        return True
    return index > 0 and _is_role(words[index - 1]) and _unknown(word)


def _goes_on(words: Sequence[str], first: int, index: int) -> bool:
    """Whether the token at `index` belongs to the name that starts at `first`."""
    word, before = words[index], words[index - 1]
    expects_surname = (
        index == first + 1
        or before in given_names()
        or before[-1] == "."
        or before.lower() in _PARTICLES
    )
    if word.lower() in _PARTICLES:
        return expects_surname and word.islower()
    if not word[0].isupper() or (word.isupper() and len(word) > len("A.")):
        return False
    readings = nouns(word)
    if readings and not (expects_surname and readings[0].sort is Sort.ROLE):
        return False
    return expects_surname or not (outlets.known([word]) or word in organisation_names())


def _introduce(document: Document, people: dict[str, _Person], first: int, end: int) -> None:
    """Note a full name with the role that stands beside it."""
    words = document.words
    mention = _with_role(document, first, end)
    surname = names.without_genitive(words[end - 1], _Words(document))
    name = names.joined([*words[first : end - 1], surname])
    _add(people, name, mention, gender_of_name(words[first]))


class _Words:
    """The words of a document as a container, built when first asked."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def __contains__(self, word: object) -> bool:
        return word in self._document.words


def _add(
    people: dict[str, _Person], name: str, mention: Mention | None, gender: str | None = None
) -> None:
    surname = _surname(name)
    person = people.setdefault(name, _Person(name, surname, gender))
    if mention is not None and mention.role and (person.mention is None):
        person.mention = mention
    if mention is not None and person.gender is None:
        person.gender = mention.gender


def _surname(name: str) -> str:
    """The part of a name that stands alone later: „von der Leyen“ keeps its particles."""
    words = name.split()
    start = len(words) - 1
    return words[start]


def _with_role(document: Document, first: int, end: int) -> Mention | None:
    """Parse the name with the role before or behind it."""
    start = _role_start(document, first)
    if start is not None:
        mention = parse(document.words[start:end])
        if mention is not None and mention.form is Form.PERSON and mention.role:
            return mention
    stop = _role_stop(document, end)
    if stop is not None:
        mention = parse(document.words[first:stop])
        if mention is not None and mention.form is Form.PERSON and mention.role:
            return mention
    return None


def _role_start(document: Document, first: int) -> int | None:
    """Where the noun phrase of a role that ends before the name begins."""
    words = document.words
    bottom = max(document.sentences[document.sentence_of[first]][0], first - _LEFT_REACH)
    index = first - 1
    while index >= bottom and words[index] in _HONORIFICS:
        index -= 1
    if index >= bottom and words[index] == ",":
        index -= 1
    behind = index + 1
    while index >= bottom and _inside_phrase(words[index]):
        if _is_role(words[index]) and _attaches(words, index, behind):
            return _phrase_start(words, index, bottom)
        index -= 1
    return None


def _is_role(word: str) -> bool:
    return any(reading.sort is Sort.ROLE and reading.singular for reading in nouns(word))


def _attaches(words: Sequence[str], role: int, behind: int) -> bool:
    """Whether what stands between a role and a name depends on the role."""
    return role + 1 == behind or words[role + 1] in _TAILS


_TAILS = frozenset("des der von vom für im in am an beim bei aus zum zur der eines einer".split())
_INSIDE = _TAILS | frozenset("die das dem den und einem ein eine sowie zu".split())


def _inside_phrase(word: str) -> bool:
    """Whether a word may stand inside a role's noun phrase."""
    return word[0].isupper() or word in _INSIDE or word in '„“"' or _looks_adjectival(word)


def _looks_adjectival(word: str) -> bool:
    return word[0].isalnum() and word.endswith(
        ("en", "er", "es", "em", "ige", "sche", "liche", "ale")
    )


def _phrase_start(words: Sequence[str], role: int, bottom: int) -> int:
    """Go left from a role's head over its adjectives to the article."""
    start = role
    while start > bottom and (
        _is_role(words[start - 1])
        or words[start - 1][0].isalnum()
        and words[start - 1].endswith(("e", "er", "en", "em", "es"))
        and words[start - 1].lower() not in _INSIDE
        and not _speaks(words[start - 1])
        or words[start - 1].endswith("s")
        and words[start - 1][0].isupper()
    ):
        start -= 1
    return start


def _speaks(word: str) -> bool:
    """Whether a small word in -e or -en is rather a verb than an adjective."""
    return word[0].islower() and word.endswith(("te", "ten"))


def _role_stop(document: Document, end: int) -> int | None:
    """Where an apposition behind a name ends, when it is a role."""
    words = document.words
    top = min(document.sentences[document.sentence_of[end - 1]][1], end + _RIGHT_REACH)
    index = _past_brackets(words, end, top)
    if index >= top or words[index] not in ",–(":
        return None
    stop = index + 1
    while stop < top and words[stop] not in ",–.:;!?)" and words[stop][-1] != "“":
        stop += 1
    opening = words[index + 1 : min(index + 6, stop)]
    for position, word in enumerate(opening):
        if _is_role(word):
            return stop
        if not (_looks_adjectival(word) or position == 0 or word.endswith("e")):
            return None
    return None


def _past_brackets(words: Sequence[str], index: int, top: int) -> int:
    """Skip a party or an age in brackets."""
    if index + 2 < top and words[index] == "(" and ")" in words[index : index + 4]:
        return words.index(")", index) + 1
    return index


def _figures(people: dict[str, _Person]) -> dict[str, tuple[Figure, ...]]:
    """People by surname; a longer form of the same name stands for the shorter."""
    by_surname: dict[str, tuple[Figure, ...]] = {}
    for person in people.values():
        figure = figure_of_person(person.name, person.gender, person.mention)
        known = by_surname.get(person.surname, ())
        by_surname[person.surname] = (*known, figure)
        # A double or particled surname may stand alone: "von der Leyen", "Pérez Esquivel".
        for alias in _aliases(person.name):
            by_surname.setdefault(alias, (figure,))
    return by_surname


def _aliases(name: str) -> Iterator[str]:
    words = name.split()
    for index, word in enumerate(words[1:-1], start=1):
        if word.lower() in _PARTICLES or index == len(words) - 2:
            yield " ".join(words[index:])


def figure_of_person(name: str, gender: str | None, mention: Mention | None) -> Figure:
    """The figure of a person with a name, and with a role if `mention` has one."""
    head = mention.head if mention else None
    role = mention.role if mention else None
    return Figure(
        Entity(name, Kind.PERSON, role),
        gender=gender or (mention.gender if mention else None),
        base=head.base if head else None,
        lemma=head.lemma if head else None,
        surname=_surname(name),
        owner=mention.owner.name if mention and mention.owner else None,
    )


def _appearances(
    document: Document, capitals: Sequence[int], people: dict[str, tuple[Figure, ...]]
) -> list[Appearance]:
    """Every place where somebody or something is named, in reading order."""
    found: list[Appearance] = []
    past = 0
    for index in capitals:
        if index < past:
            continue
        word = document.words[index]
        figures = people.get(word) or people.get(names.without_genitive(word, people))
        if figures:
            found.append(Appearance(index + 1, _the_one(document, index, figures)))
            continue
        thing = _club(document.words, index) or _thing(document, index)
        if thing is None:
            thing = _role_alone(document, index)
        if thing is not None:
            past, figure = thing
            found.append(Appearance(past, _taken_up(figure, found)))
    return found


def _taken_up(figure: Figure, before: Sequence[Appearance]) -> Figure:
    """Whom a general description takes up among those named before it, or the figure itself."""
    if not figure.general:
        return figure
    for appearance in reversed(before[-_TAKEN_UP_REACH:]):
        if appearance.figure is not figure and takes_up(figure, appearance.figure):
            return appearance.figure
    return figure


def takes_up(description: Figure, figure: Figure) -> bool:
    """Whether a definite description („die Ministerin“, „das Haus“) can mean the figure."""
    if figure.base is None or description.base is None or description.lemma is None:
        return False
    if description.entity.kind is Kind.UNNAMED:
        return _takes_up_person(description, figure)
    if figure.entity.kind is not description.entity.kind or figure.entity == description.entity:
        return False
    if (figure.lemma or "").lower().endswith(description.lemma.lower()):
        return True
    if description.lemma != description.base and description.lemma not in hypernyms():
        return False
    wider = hypernyms().get(description.lemma) or hypernyms().get(description.base, frozenset())
    return "*" in wider or figure.base in wider


def _takes_up_person(description: Figure, figure: Figure) -> bool:
    if not genders_agree(figure.gender, description.gender) or figure.surname is None:
        return False
    one, other = (description.lemma or "").lower(), (figure.lemma or "").lower()
    if description.base == figure.base and (
        other.endswith(one) or one.endswith(other) or one.removesuffix("in") in other
    ):
        return True
    by_lemma = hypernyms().get((description.lemma or "").removesuffix("in"))
    wider = by_lemma or hypernyms().get(description.base or "", frozenset())
    return figure.base in wider


def genders_agree(one: str | None, other: str | None) -> bool:
    """Whether two grammatical genders may be the same; None is not known."""
    return one is None or other is None or one == other


@cache
def hypernyms() -> dict[str, frozenset[str]]:
    """General nouns and the bases of the nouns that they can take up."""
    return {general: frozenset(bases.split("|")) for general, bases in table("hypernyms")}


def _club(words: Sequence[str], index: int) -> tuple[int, Figure] | None:
    """A sports club: „SC Blau-Weiß Hellborn“."""
    end = index + 1
    if words[index] not in CLUBS:
        return None
    while end < min(len(words), index + 4) and words[end][0].isupper() and noun(words[end]) is None:
        end += 1
    if end == index + 1:
        return None
    entity = Entity(names.joined(words[index:end]), Kind.ORGANISATION)
    return end, Figure(entity, "m", "Verein", "Verein")


def _role_alone(document: Document, index: int) -> tuple[int, Figure] | None:
    """A person spoken of by a definite role alone: „die Ministerin“."""
    words = document.words
    article = words[index - 1].lower() if index else ""
    if article not in ("der", "die", "dem", "den", "des"):
        return None
    readings = [r for r in nouns(words[index]) if r.sort is Sort.ROLE and r.singular]
    if article == "die" or not readings:
        readings = [r for r in readings if r.gender == "f"]
    if not readings or (index + 1 < len(words) and words[index + 1][0].isupper()):
        return None
    head = readings[0]
    entity = Entity(head.lemma, Kind.UNNAMED)
    return index + 1, Figure(entity, head.gender, head.base, head.lemma, general=True)


def _the_one(document: Document, index: int, figures: Sequence[Figure]) -> Figure:
    """Which of several people with one surname is meant: the given name before it tells."""
    if len(figures) > 1 and index:
        before = document.words[index - 1]
        for figure in figures:
            if before in figure.entity.name.split():
                return figure
    return figures[0]


def _thing(document: Document, index: int) -> tuple[int, Figure] | None:
    """An organisation or a document whose head stands at token `index`."""
    word = document.words[index]
    head = noun(word)
    named = names.without_genitive(word, organisation_names())
    if head is None and named in organisation_names():
        figure = Figure(Entity(named, Kind.ORGANISATION), organisation_names()[named], named, named)
        return index + 1, figure
    if head is None or not head.singular or head.sort not in (Sort.ORGANISATION, Sort.DOCUMENT):
        return None
    start, end = _phrase_around(document, index, head)
    mention = parse(document.words[start:end])
    if mention is None or mention.form not in (Form.ORGANISATION, Form.DOCUMENT):
        return None
    kind = Kind.ORGANISATION if mention.form is Form.ORGANISATION else Kind.DOCUMENT
    entity = Entity(names.bare(mention.name), kind)
    general = not mention.modified and mention.article == "definite"
    return end, Figure(entity, mention.gender, head.base, head.lemma, general=general)


def _phrase_around(document: Document, index: int, head: Noun) -> tuple[int, int]:
    """Token range of the name of an organisation or document around its head."""
    words = document.words
    bottom, top = document.sentences[document.sentence_of[index]]
    start = index
    while start > bottom and _qualifies(words[start - 1]):
        start -= 1
    if start > bottom and words[start - 1].lower() in ("des", "der", "die", "das", "dem", "den"):
        start -= 1
    end = index + 1
    if end < top and _names_place(words[end], head):
        end += 1
        if head.base == "Gewerkschaft" and words[end : end + 1] == ["und"]:
            end += 2
    return start, _past_tail(words, end, min(top, end + _RIGHT_REACH), head)


def _qualifies(word: str) -> bool:
    """Whether a word before a head belongs to its name: „Deutsche Umwelthilfe“, „Berliner Polizei“."""
    return (
        word[0].isupper()
        and word.endswith(("e", "er", "en", "es"))
        and noun(word) is None
        and word.lower() not in _INSIDE
        and word.lower() not in ("eine", "einer", "diese", "dieser", "seine", "ihre", "keine")
        and word not in given_names()
    )


def _names_place(word: str, head: Noun) -> bool:
    """Whether a capitalised word behind a head names it: „Staatsanwaltschaft Halle“."""
    return (
        word[0].isupper()
        and word[0].isalpha()
        and (head.base in _PLACED or head.lemma in _PLACED)
        and noun(word) is None
        and not word.endswith(("ung", "ungen", "heit", "keit"))
    )


def _past_tail(words: Sequence[str], end: int, top: int, head: Noun) -> int:
    """Take in „für Umwelt“, „der Technischen Universität München“ behind a head."""
    openers = ("der", "des", "von", "vom", "für")
    if head.sort is Sort.ORGANISATION and head.base not in _ASSOCIATIONS:
        openers = ("für",)
    if end >= top or words[end] not in openers:
        return end
    stop = end + 1
    while stop < top and (words[stop] in ("die", "den", "das", "der") or _looks_adjectival(words[stop])) and words[stop][0].islower():
        stop += 1
    first = stop
    while stop < top and words[stop][0].isupper():
        stop += 1
    if stop == first:
        return end
    if stop + 1 < top and words[stop] in ("und", ",") and words[stop + 1][0].isupper():
        stop += 2
    return stop


def with_role(figure: Figure, role: str | None) -> Figure:
    """The same figure, speaking in a role."""
    return figure if role is None else replace(figure, entity=replace(figure.entity, role=role))
