"""What a mention of a source says by itself: its head, its name, its role, whose it is.

A mention is read as a German noun phrase: article, adjectives, head, what depends on the head,
and appositions between commas. Whom it means is settled later, with the article around it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names, outlets
from services.extract.engine.resolve.vocabulary import (
    Noun,
    Sort,
    countries,
    gender_of_name,
    given_names,
    noun,
    nouns,
    organisation_names,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class Form(StrEnum):
    """How a mention points at somebody."""

    PRONOUN = "pronoun"
    RELATIVE = "relative"
    BACK = "back"  # "demnach", "danach": whoever was the source before
    PERSON = "person"
    ROLE = "role"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    DOCUMENT = "document"
    SAYING = "saying"
    GROUP = "group"
    BARE = "bare"  # one capitalised word that only the article can explain
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase taken apart.

    `name` is the phrase in the nominative without a definite article; for a person the bare
    name. `gender` is m, f, n, p or None; `article` is "definite", "indefinite", "possessive" or
    "". `owner` is whom the head belongs to ("Sprecher der Polizei": Polizei). `possessor` is the
    gender that a possessive points at (sein: m or n, ihr: f or p).
    """

    form: Form
    name: str
    head: Noun | None = None
    role: str | None = None
    gender: str | None = None
    plural: bool = False
    article: str = ""
    owner: Mention | None = None
    possessor: str | None = None
    given: str | None = None
    modified: bool = False


_PRONOUNS = {
    "er": "m", "ihm": "m", "ihn": "m", "dieser": "m", "jener": "m", "letzterer": "m",
    "sie": "f", "ihr": "f", "diese": "f", "letztere": "f", "jene": "f",
    "ihnen": "p", "beide": "p", "es": "n", "dieses": "n",
    "ich": "i", "wir": "i", "uns": "i", "mir": "i", "mich": "i", "man": "man",
    "selbst": "m", "ersterer": "m", "erstere": "f", "derselbe": "m", "dieselbe": "f",
}  # fmt: skip
_RELATIVES = {
    "der": "m", "die": "f", "das": "n", "dem": "m", "den": "m", "denen": "p", "dessen": "m",
    "deren": "f", "welcher": "m", "welche": "f", "welches": "n", "wer": "m",
}  # fmt: skip
_BACK = frozenset(
    "demnach danach wonach darin darunter dort daraus woraus worin dabei hierin hiernach "
    "demzufolge wobei damit darauf dazu hierzu".split()
)
_DEFINITE = {
    "der", "die", "das", "den", "dem", "des", "dieser", "diese", "dieses", "diesen", "diesem",
    "jener", "jene", "jenes", "jenen", "jenem", "derselbe", "dieselbe",
}  # fmt: skip
_INDEFINITE = {"ein", "eine", "einer", "eines", "einem", "einen", "kein", "keine", "keiner"}
_CONTRACTED = frozenset("vom beim im am zum zur ins ans".split())
_QUANTITY = frozenset(
    "mehrere mehreren mehrerer einige einigen einiger viele vielen vieler zahlreiche zahlreichen "
    "alle allen aller beide beiden beider manche manchen mancher verschiedene verschiedenen "
    "andere anderen anderer weitere weiteren weiterer wenige wenigen zwei drei vier fünf sechs "
    "sieben acht neun zehn elf zwölf etliche etlichen sämtliche sämtlichen".split()
)
_PREPOSITIONS = frozenset(
    "laut nach zufolge gemäß von vom bei beim gegenüber seitens aus in im durch für unter wie so "
    "auch selbst sogar mit an am auf seit zu zum zur entsprechend namens als".split()
)
_OWNER_OPENERS = frozenset(
    "des der eines einer von vom dieser dieses seiner ihrer mehrerer".split()
)
_TAIL_OPENERS = _OWNER_OPENERS | frozenset(
    "für aus im in am an bei beim gegen zu zum zur auf über und mit ohne um unter vor".split()
)
_PARTICLES = frozenset(
    "von van de der den del della di da dos du la le el al bin ibn zu zur vom af ter ten y".split()
)
_HONORIFICS = {"Herr": "m", "Herrn": "m", "Frau": "f", "Dr.": "", "Prof.": "", "Dr": "", "Prof": ""}
_LEGAL_FORMS = frozenset("GmbH AG SE KG Inc Inc. Ltd Ltd. e.V. eV AB NV Corp. LLC plc S.A.".split())
_SPOKES = "Sprecher"
# Nouns that say what an organisation is and are no part of its name: „Hersteller Datavis“.
_DESCRIPTORS = frozenset(
    "Hersteller Betreiber Anbieter Veranstalter Konzern Unternehmen Firma Organisation Versicherer Produzent "
    "Airline Plattform Startup Thinktank Denkfabrik Gesellschaft Klub Holding".split()
)


# Nouns for talk that is nobody's.
_RUMOURS = ("gerücht", "spekulation", "mutmaßung", "hinweis", "anzeichen")


def parse(words: Sequence[str]) -> Mention | None:
    """Read the tokens of a mention; None when there is nobody in it."""
    words = _stripped(words)
    if not words:
        return None
    if words[-1].lower().startswith(_RUMOURS):
        return Mention(Form.NOBODY, words[-1])
    if len(words) == 1 and (single := _function_word(words[0])):
        return single
    pieces = _pieces(words)
    if len(pieces) == 1 and (pair := _coordination(pieces[0])):
        return pair
    phrases = [
        phrase
        for index, piece in enumerate(pieces[:4])
        if (index == 0 or not _is_clause(piece)) and (phrase := _phrase(piece))
    ]
    return _with_appositions(phrases) if phrases else None


def _stripped(words: Sequence[str]) -> list[str]:
    """Leave out marks, prepositions and adverbs around the noun phrase."""
    first, end = 0, len(words)
    while first < end and (
        not words[first][0].isalnum()
        or (words[first].lower() in _PREPOSITIONS and words[first] not in _CONTRACTED)
        or (words[first].lower() in _CONTRACTED and end - first > 1)
    ):
        first += 1
    while end > first and (
        not words[end - 1][-1].isalnum()
        and words[end - 1] not in (")", "Dr.", "e.V.")
        and len(words[end - 1]) == 1
        or words[end - 1].lower() in ("zufolge", "nach", "selbst", "gegenüber")
    ):
        end -= 1
    return [word for word in words[first:end] if word not in '„“”"»«‚‘’›‹']


def _function_word(word: str) -> Mention | None:
    """A pronoun, a relative pronoun or an adverb that points back."""
    lower = word.lower()
    if lower in _PRONOUNS:
        gender = _PRONOUNS[lower]
        return Mention(Form.PRONOUN, word, gender=gender, plural=gender == "p")
    if (possessor := _possessor(lower)) is not None:
        return Mention(Form.PRONOUN, word, gender=possessor)
    if lower in _RELATIVES:
        return Mention(Form.RELATIVE, word, gender=_RELATIVES[lower])
    if lower in _BACK:
        return Mention(Form.BACK, word)
    if lower in _QUANTITY or lower in ("alle", "viele"):
        return Mention(Form.GROUP, names.capitalised(word), gender="p", plural=True)
    return None if word[:1].isupper() or word.isdigit() else Mention(Form.NOBODY, word)


def _pieces(words: Sequence[str]) -> list[list[str]]:
    """Cut at commas and dashes; what stands in brackets is left out."""
    pieces: list[list[str]] = [[]]
    depth = 0
    for word in words:
        if word in "([":
            depth += 1
        elif word in ")]":
            depth -= 1
        elif depth <= 0 and word in (",", "–", "—", "-", ";"):
            pieces.append([])
        elif depth <= 0:
            pieces[-1].append(word)
    return [piece for piece in pieces if piece]


def _is_clause(words: Sequence[str]) -> bool:
    """Whether what follows a comma is a relative clause: it ends in a verb."""
    return words[-1][0].islower() and words[0].lower() in _RELATIVES


def _coordination(words: Sequence[str]) -> Mention | None:
    """Two sources joined by "und" are one group, unless it stands inside a longer name."""
    for index, word in enumerate(words):
        if word in ("und", "sowie", "oder") and 0 < index < len(words) - 1:
            left, right = _phrase(words[:index]), _phrase(words[index + 1 :])
            if _joins(left, right, words[index + 1]):
                return _group_of(words, index)
    return None


_COORDINATES = frozenset(
    {Form.PERSON, Form.ROLE, Form.ORGANISATION, Form.GROUP, Form.OUTLET, Form.BARE}
)


def _joins(left: Mention | None, right: Mention | None, first_right: str) -> bool:
    """Whether both sides of an "und" are sources of their own."""
    if left is None or right is None:
        return False
    if left.form not in _COORDINATES or right.form not in _COORDINATES:
        return False
    if left.head is not None and left.owner is not None and right.article != left.article:
        return False
    if left.head is not None and left.form is Form.ORGANISATION and right.form is Form.BARE:
        return False  # „Gewerkschaft Transport und Verkehr“
    return first_right[0].isupper() or right.article != "" or right.modified


def _group_of(words: Sequence[str], index: int) -> Mention:
    left = _without_article(words[:index])
    right = _without_article(words[index + 1 :])
    name = names.joined([*_nominative_words(left), words[index], *_nominative_words(right)])
    return Mention(Form.GROUP, names.capitalised(name), gender="p", plural=True)


def _nominative_words(words: Sequence[str]) -> list[str]:
    phrase = _phrase(words)
    return [phrase.name] if phrase and phrase.form is not Form.PERSON else list(words)


def _without_article(words: Sequence[str]) -> list[str]:
    return list(words[1:] if words[0].lower() in _DEFINITE and len(words) > 1 else words)


def _with_appositions(phrases: Sequence[Mention]) -> Mention:
    """Put a person's name and the role beside it together."""
    person = next((phrase for phrase in phrases if phrase.form is Form.PERSON), None)
    role = next((phrase for phrase in phrases if phrase.form is Form.ROLE), None)
    if person is not None and role is not None:
        return replace(
            person,
            role=person.role or role.name,
            head=person.head or role.head,
            owner=person.owner or role.owner,
            gender=person.gender or role.gender,
        )
    first = phrases[0]
    if first.form is Form.ROLE and len(phrases) > 1 and phrases[1].form is Form.BARE:
        return replace(first, form=Form.PERSON, name=phrases[1].name, role=first.name, given=None)
    if first.form is Form.BARE and role is not None:
        return replace(role, form=Form.PERSON, name=first.name, role=role.name)
    return first


@dataclass(frozen=True, slots=True)
class _Cut:
    """A noun phrase cut into its parts."""

    article: str
    article_word: str
    possessor: str | None
    adjectives: tuple[str, ...]
    run: tuple[str, ...]
    tail: tuple[str, ...]


def _phrase(words: Sequence[str]) -> Mention | None:
    """Read one noun phrase without appositions."""
    whole = outlets.known(words)
    if whole is not None:
        return Mention(Form.OUTLET, whole.name)
    cut = _cut(words)
    if not cut.run:
        return _phrase_without_noun(cut, words)
    return (
        _saying(cut)
        or _outlet(cut)
        or _person(cut)
        or _headed(cut)
        or _organisation_by_name(cut)
        or _unknown(cut)
    )


def _cut(words: Sequence[str]) -> _Cut:
    """Find article, adjectives, the run of capitalised words and what follows it."""
    index = 0
    article = article_word = ""
    possessor = None
    while index < len(words) and words[index].lower() in _PREPOSITIONS:
        if words[index].lower() in _CONTRACTED:
            article, article_word = "definite", "dem"
        index += 1
    lower = words[index].lower() if index < len(words) else ""
    if lower in _DEFINITE or lower in _INDEFINITE:
        article = "definite" if lower in _DEFINITE else "indefinite"
        article_word = lower
        index += 1
    elif possessor := _possessor(lower):
        article, article_word = "possessive", lower
        index += 1
    first = index
    while index < len(words) and _is_modifier(words, index):
        index += 1
    end = index
    while end < len(words) and _continues_run(words, end, index):
        end += 1
    return _Cut(
        article, article_word, possessor,
        tuple(words[first:index]), tuple(words[index:end]), tuple(words[end:]),
    )  # fmt: skip


def _possessor(lower: str) -> str | None:
    """The gender of whom a possessive points at."""
    return _POSSESSIVES.get(lower)


_POSSESSIVES = {
    stem + ending: gender
    for stem, gender in (("sein", "m"), ("ihr", "f"), ("unser", "i"), ("mein", "i"))
    for ending in ("", "e", "en", "em", "er", "es")
} | {"dessen": "m", "deren": "f"}


def _is_modifier(words: Sequence[str], index: int) -> bool:
    """Whether the word stands before the head: small letters, numbers, or an adjective in capitals."""
    word = words[index]
    if index + 1 >= len(words):
        return False
    if word[0].islower():
        return word not in _PARTICLES or index + 2 < len(words)
    if word[0].isdigit():
        return True
    return (
        word.endswith(("e", "en", "er", "es", "em"))
        and word not in given_names()
        and noun(word) is None
        and noun(words[index + 1]) is not None
        and not _is_genitive_of(word, words[index + 1])
    )


def _is_genitive_of(word: str, following: str) -> bool:
    """Whether a word before a noun is rather a name in the genitive ("Müllers Sprecher")."""
    return word.endswith("ers") and following[:1].isupper()


def _continues_run(words: Sequence[str], index: int, first: int) -> bool:
    """Whether the word belongs to the run of capitalised words that holds the head."""
    word = words[index]
    if word[0].isupper() or word[0].isdigit() or word in ("&", "/", "+"):
        return True
    if index == first or word.lower() not in _PARTICLES:
        return False
    after = next((w for w in words[index + 1 : index + 3] if w.lower() not in _PARTICLES), "")
    # "Ursula von der Leyen" goes on, "Sprecher der Polizei" and "Chef von Airbus" do not.
    return after[:1].isupper() and _name_so_far(words[first:index]) and noun(after) is None


def _name_so_far(words: Sequence[str]) -> bool:
    """Whether a name has begun and no surname has come yet."""
    if words[-1].lower() in _PARTICLES:
        words = words[:-1]
    return bool(words) and words[-1] in given_names()


def _phrase_without_noun(cut: _Cut, words: Sequence[str]) -> Mention | None:
    lower = words[0].lower()
    if lower in ("dem", "das") and len(words) == 2:
        return Mention(Form.BACK, names.joined(words), article="definite")  # „in dem bisherigen“
    if len(words) <= 2 and lower in _QUANTITY | _DEFINITE:
        return Mention(Form.GROUP, names.capitalised(names.joined(words)), plural=True, gender="p")
    return _function_word(words[-1]) if len(words) <= 2 else None


def _saying(cut: _Cut) -> Mention | None:
    """An act of saying, with its speaker when it has one: Angaben der Polizei."""
    index, head = _first_head(cut.run, Sort.SAYING)
    if head is None or index > 1:
        return None
    owner = _owner(cut.run[index + 1 :], cut.tail)
    if owner is None and index == 1:
        owner = _phrase([names.without_genitive(cut.run[0])])
    if owner is None and head.lemma != head.base:
        owner = _modifier_owner(cut.run[index], head)
    return Mention(
        Form.SAYING,
        _phrase_name(cut, index, head),
        head=head,
        gender="p" if _is_plural(cut, head) else head.gender,
        plural=_is_plural(cut, head),
        article=cut.article,
        owner=owner,
        possessor=cut.possessor,
        modified="eigenen" in cut.adjectives or "eigener" in cut.adjectives,
    )


def _first_head(run: Sequence[str], *sorts: Sort, article: str = "") -> tuple[int, Noun | None]:
    """The first word of the run that has a reading of one of `sorts`."""
    for index, word in enumerate(run):
        fitting = [reading for reading in nouns(word) if reading.sort in sorts]
        if fitting:
            return index, _agreeing(fitting, word, article)
    return 0, None


def _agreeing(readings: Sequence[Noun], word: str, article: str) -> Noun:
    """The reading whose gender the article allows: „die Vorsitzende“ is a woman."""
    feminine = article in ("die", "eine", "einer", "diese") or (article == "" and word[-1] == "e")
    if feminine and not (article == "die" and word.endswith("n")):
        for reading in readings:
            if reading.sort is Sort.ROLE and reading.gender == "f" and len(readings) > 1:
                return reading
    return readings[0]


def _modifier_owner(word: str, head: Noun) -> Mention | None:
    """The speaker inside a compound: Polizeiangaben, Regierungssprecher."""
    modifier = compound_modifier(word, head)
    if modifier is None:
        return None
    for candidate in (modifier, modifier.removesuffix("s"), modifier.removesuffix("en")):
        if noun(candidate) or candidate in organisation_names() or candidate.isupper():
            plural = candidate + "n" if candidate + "n" == modifier else candidate
            return _phrase([plural])
    return None


def compound_modifier(word: str, head: Noun) -> str | None:
    """What stands before the last part of a compound, linking letters kept."""
    length = len(head.lemma) - len(head.base)
    feminine = length if not head.lemma.endswith("in") or head.base.endswith("in") else length - 2
    modifier = word[: max(feminine, 0)].rstrip("-")
    return modifier or None


def _outlet(cut: _Cut) -> Mention | None:
    """An outlet by its name or its pattern."""
    found = outlets.in_phrase(cut.run, cut.tail)
    if found is None:
        return None
    index, head = _first_head(cut.run, Sort.OUTLET)
    return Mention(
        Form.OUTLET,
        found.name,
        head=head,
        gender=head.gender if head else None,
        article=cut.article,
        role=None,
    )


def _person(cut: _Cut) -> Mention | None:
    """A person by name, perhaps with a role before it."""
    if noun_at_end := (nouns(cut.run[-1]) if "-" in cut.run[-1] else ()):
        if noun_at_end[0].sort is Sort.ORGANISATION:
            return None
    tail_name = _name_behind_tail(cut)
    if tail_name is not None:
        return tail_name
    start = _name_start(cut)
    if start is None:
        return None
    name = [word for word in cut.run[start:] if word not in _HONORIFICS]
    if not name:
        return None
    before = cut.run[:start]
    index, head = _first_head(before, Sort.ROLE, article=cut.article_word)
    if head is not None and head.base in ("Mann", "Frau"):
        head = None
    role = _role_name(replace_run(cut, before, ()), head) if head else None
    gender = _gender_of_person(cut, name, head)
    given = name[0] if len(name) > 1 or name[0] in given_names() else None
    return Mention(
        Form.PERSON, _person_name(cut, name), head=head, role=role, gender=gender,
        article=cut.article, given=given, owner=None, possessor=cut.possessor,
    )  # fmt: skip


def _person_name(cut: _Cut, name: Sequence[str]) -> str:
    """The bare name; a genitive article before it marks its s as an ending."""
    return names.joined(name)


def _name_start(cut: _Cut) -> int | None:
    """Where in the run a person's name starts."""
    run = cut.run
    for index, word in enumerate(run):
        if word in _HONORIFICS:
            rest = index + 1
            return rest if rest < len(run) else None
        if _starts_name(run, index):
            return index
    roles = [i for i, word in enumerate(run) if _role_reading(word)]
    if run[0] in _DESCRIPTORS:
        return None
    if roles and roles[0] <= 1 and not _all_nouns(run) and _names_follow(cut, roles):
        return _after_roles(run)
    if len(run) > 1 and not cut.article and not cut.adjectives and _looks_like_name(run):
        return 0
    return None


def _starts_name(run: Sequence[str], index: int) -> bool:
    word = run[index]
    if index + 1 >= len(run):
        return False
    if word in given_names() or word.split("-", maxsplit=1)[0] in given_names():
        return True
    return index == 0 and len(word) == 2 and word[1] == "." and len(run) > 1


def _role_reading(word: str) -> Noun | None:
    return next((reading for reading in nouns(word) if reading.sort is Sort.ROLE), None)


def _all_nouns(run: Sequence[str]) -> bool:
    return all(noun(word) for word in run)


def _names_follow(cut: _Cut, roles: Sequence[int]) -> bool:
    """Whether the words behind a role are its bearer's name and not whom it belongs to."""
    rest = cut.run[_after_roles(cut.run) or 0 :]
    if not rest:
        return False
    head = _role_reading(cut.run[roles[0]])
    belongs = cut.article == "indefinite" and rest[-1].endswith("s")
    acronym = all(word.isupper() and len(word) > 1 for word in rest)
    plural = head is not None and (head.only_plural or _is_plural(cut, head) and cut.article)
    return head is not None and not belongs and not acronym and not plural


def _after_roles(run: Sequence[str]) -> int:
    """The index behind the last role at the head of the run."""
    last = 0
    for index, word in enumerate(run):
        if _role_reading(word) and (index == 0 or last == index - 1 or index == 1):
            last = index
    return last + 1 if last + 1 < len(run) else last


def _looks_like_name(run: Sequence[str]) -> bool:
    """Whether two or more capitalised words without article may be somebody's name."""
    return (
        len(run) <= 4
        and not any(word in _LEGAL_FORMS or word.isdigit() or word in "&/+" for word in run)
        and not any(noun(word) for word in run[:-1])
        and not any(word.isupper() and len(word) > 2 for word in run)
        and not any(word in countries() for word in run)
        and names.joined(run) not in organisation_names()
        and not run[0].endswith(("sche", "scher", "sches", "schen", "Freie", "Neue"))
        and (noun(run[-1]) is None or nouns(run[-1])[0].sort is Sort.ROLE)
    )


def _name_behind_tail(cut: _Cut) -> Mention | None:
    """A name behind what belongs to the role: „Chefvolkswirt der Nordbank Henrik Paulsen“."""
    head = _role_reading(cut.run[0]) if cut.run else None
    if head is None or len(cut.tail) < 3:
        return None
    for index in range(1, len(cut.tail) - 1):
        word = cut.tail[index]
        if word in given_names() and cut.tail[index + 1][0].isupper():
            name = [w for w in cut.tail[index:] if w not in _HONORIFICS]
            before = replace_run(cut, cut.run, cut.tail[:index])
            return Mention(
                Form.PERSON, names.joined(name), head=head, role=_role_name(before, head),
                gender=_gender_of_person(cut, name, head), article=cut.article, given=name[0],
            )  # fmt: skip
    return None


def replace_run(cut: _Cut, run: Sequence[str], tail: Sequence[str]) -> _Cut:
    """The same phrase with another run and tail."""
    return replace(cut, run=tuple(run), tail=tuple(tail))


def _gender_of_person(cut: _Cut, name: Sequence[str], head: Noun | None) -> str | None:
    honorific = next((_HONORIFICS[w] for w in cut.run if _HONORIFICS.get(w)), None)
    by_name = gender_of_name(name[0]) if len(name) > 1 or name[0] in given_names() else None
    by_role = head.gender if head and head.gender in "mf" else None
    return honorific or by_name or by_role


def _role_name(cut: _Cut, head: Noun) -> str:
    """The role in the nominative, with adjectives before and what depends on it."""
    gender = head.gender
    adjectives = [names.strong(word, gender) for word in cut.adjectives if _is_adjective(word)]
    run = [
        head.lemma if noun_is(word, head) else word for word in cut.run if word not in _HONORIFICS
    ]
    return names.joined([*adjectives, *run, *cut.tail])


def noun_is(word: str, head: Noun) -> bool:
    """Whether `head` is a reading of `word`."""
    return any(reading.lemma == head.lemma and reading.sort == head.sort for reading in nouns(word))


def _is_adjective(word: str) -> bool:
    return word.lower() not in _QUANTITY or word.lower() in ()


def _headed(cut: _Cut) -> Mention | None:
    """A phrase whose head is a known noun: a role, an organisation, a document, a group."""
    index, head = _first_head(
        cut.run, Sort.ORGANISATION, Sort.ROLE, Sort.DOCUMENT, Sort.GROUP, Sort.OUTLET,
        article=cut.article_word,
    )  # fmt: skip
    if head is None:
        return None
    plural = _is_plural(cut, head)
    if head.base in _DESCRIPTORS and len(cut.run) > index + 1:
        return _phrase(list(cut.run[index + 1 :] + cut.tail))
    form = _form_of(cut, index, head, plural)
    name = _phrase_name(cut, index, head)
    owner = _owner(cut.run[index + 1 :] if form is Form.ROLE else (), cut.tail)
    if owner is None and head.base == _SPOKES and head.lemma not in ("Sprecher", "Sprecherin"):
        owner = _modifier_owner(cut.run[index], head)
    if owner is None and form is Form.ROLE and index == 1:
        owner = _phrase([names.without_genitive(cut.run[0])])
    return Mention(
        form,
        name,
        head=head,
        role=head.lemma if form is Form.ROLE else None,
        gender="p" if plural else _gender(cut, head),
        plural=plural,
        article=cut.article,
        owner=owner,
        possessor=cut.possessor,
        modified=bool(cut.adjectives or cut.tail or len(cut.run) > 1),
    )


def _gender(cut: _Cut, head: Noun) -> str:
    return head.gender


def _form_of(cut: _Cut, index: int, head: Noun, plural: bool) -> Form:
    if head.sort is Sort.ROLE:
        return Form.GROUP if plural else Form.ROLE
    if head.sort is Sort.ORGANISATION:
        several = plural and head.gender != "p"
        return Form.GROUP if several else Form.ORGANISATION
    return {
        Sort.DOCUMENT: Form.DOCUMENT,
        Sort.GROUP: Form.GROUP,
        Sort.OUTLET: Form.GROUP if plural else Form.OUTLET,
    }[head.sort]


def _is_plural(cut: _Cut, head: Noun) -> bool:
    """Decide the number of an ambiguous form by the words before it."""
    if head.only_plural:
        return True
    if head.plural is None:
        return False
    if cut.article == "indefinite" or cut.article_word in ("des", "dem", "das"):
        return False
    if any(word.lower() in _QUANTITY or word[0].isdigit() for word in cut.adjectives):
        return True
    if cut.article_word in ("der", "dieser", "den"):
        return False
    if cut.article_word in ("die", "diese"):
        return head.gender in "mn"
    return True


def _phrase_name(cut: _Cut, index: int, head: Noun) -> str:
    """The phrase in the nominative, without a definite article and with an indefinite one."""
    plural = _is_plural(cut, head)
    gender = "p" if plural else _gender(cut, head)
    adjectives = [_declined(word, gender) for word in cut.adjectives]
    lemma = (head.plural or head.lemma) if plural else head.lemma
    run = [*cut.run[:index], lemma, *cut.run[index + 1 :]]
    article = _indefinite_article(gender) if cut.article == "indefinite" else []
    return names.capitalised(names.joined([*article, *adjectives, *run, *cut.tail]))


def _indefinite_article(gender: str) -> list[str]:
    return [{"m": "ein", "f": "eine", "n": "ein"}.get(gender, "")]


def _declined(word: str, gender: str) -> str:
    if word.lower() in ("zwei", "drei") or word[0].isdigit():
        return word
    return names.strong(word, gender)


def _owner(run: Sequence[str], tail: Sequence[str]) -> Mention | None:
    """Whom the head belongs to: a genitive, or a phrase with von."""
    if run and not tail:
        words = [*run[:-1], names.without_genitive(run[-1])]
        return _phrase(words)
    if not tail or tail[0].lower() not in _OWNER_OPENERS | {"beim", "bei"}:
        return None
    piece = _pieces(tail)
    return _phrase(piece[0]) if piece else None


CLUBS = frozenset("FC SC SV TSV VfB VfL TuS FSV TSG SSV BSG RB HSV FSC ASV SpVgg SG TV".split())


def _organisation_by_name(cut: _Cut) -> Mention | None:
    """An organisation, state or party known by its bare name."""
    name = names.joined(cut.run)
    singular = names.without_genitive(name)
    for candidate in (name, singular):
        if candidate in organisation_names() or candidate in countries():
            gender = organisation_names().get(candidate, "n")
            adjectives = [names.strong(word, gender) for word in cut.adjectives]
            full = names.capitalised(names.joined([*adjectives, candidate, *cut.tail]))
            return Mention(
                Form.ORGANISATION, full, gender=gender, plural=gender == "p", article=cut.article
            )
    if any(word in _LEGAL_FORMS for word in cut.run) or _is_acronym(cut.run[0]):
        if cut.run[0] in CLUBS:
            return Mention(Form.ORGANISATION, name, gender="m", article=cut.article, head=noun("Verein"), modified=True)
        gender = {"die": "f", "der": "m", "das": "n"}.get(cut.article_word)
        return Mention(Form.ORGANISATION, name, gender=gender, article=cut.article)
    return None


def _is_acronym(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) * 2 > len(letters)


def _unknown(cut: _Cut) -> Mention:
    """A phrase of words that no table holds."""
    if "-Jährige" in cut.run[0]:
        gender = "f" if cut.article_word in ("die", "eine") else "m"
        return Mention(Form.ROLE, cut.run[0], gender=gender, article=cut.article)
    if len(cut.run) == 1 and not cut.tail and cut.article != "indefinite":
        gender = {"die": "f", "das": "n"}.get(cut.article_word, "")
        return Mention(Form.BARE, cut.run[0], article=cut.article, gender=gender or None)
    gender = {"die": "f", "das": "n", "eine": "f"}.get(cut.article_word, "m")
    adjectives = [names.strong(word, gender) for word in cut.adjectives]
    lead = _indefinite_article(gender) if cut.article == "indefinite" else []
    name = names.capitalised(names.joined([*lead, *adjectives, *cut.run, *cut.tail]))
    form = Form.ORGANISATION if cut.article == "definite" else Form.GROUP
    return Mention(form, name, gender=gender, article=cut.article, modified=True)
