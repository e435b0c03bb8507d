"""One noun phrase read by its head: an act of saying, an outlet, a person, an organisation, …"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names, outlets
from services.extract.engine.resolve.dates import is_weekday
from services.extract.engine.resolve.function_words import without_noun
from services.extract.engine.resolve.inflection import TRAIT, Noun, Sort
from services.extract.engine.resolve.mentions import SPOKESPERSON, Form, Mention
from services.extract.engine.resolve.persons import DESCRIPTORS, LEGAL_FORMS, person
from services.extract.engine.resolve.phrases import (
    DEFINITE,
    PREPOSITIONS,
    QUANTITIES,
    Cut,
    cut,
    first_head,
    is_plural,
    phrase_name,
    role_name,
    without_attribute,
    without_possessor,
)
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.unknown import unknown
from services.extract.engine.resolve.vocabulary import countries, noun, nouns, organisation_names

if TYPE_CHECKING:
    from collections.abc import Sequence

_OWNER_OPENERS = word_set(
    "des der eines einer von vom dieser dieses seiner seines ihrer ihres mehrerer beim bei dessen "
    "deren"
)
CLUBS = word_set("FC SC SV TSV VfB VfL TuS FSV TSG SSV BSG RB HSV FSC ASV SpVgg SG TV")
_COORDINATES = frozenset(
    {Form.PERSON, Form.ROLE, Form.ORGANISATION, Form.GROUP, Form.OUTLET, Form.BARE}
)
_FORMS = {
    Sort.DOCUMENT: Form.DOCUMENT,
    Sort.GROUP: Form.GROUP,
    Sort.OUTLET: Form.OUTLET,
    Sort.ROLE: Form.ROLE,
    Sort.ORGANISATION: Form.ORGANISATION,
}


def phrase(words: Sequence[str]) -> Mention | None:
    """Read one noun phrase without appositions; None where nobody is in it."""
    known = outlets.known(words)
    if known is not None:
        return Mention(Form.OUTLET, known.name)
    if (some := _one_of_several(words) or _some_of_several(words)) is not None:
        return some
    words = without_attribute(without_possessor(words))
    parts = cut(words)
    if (issued := _issued(parts)) is not None:
        return issued
    parts = _without_occasion(parts)
    if not parts.run:
        return without_noun(words)
    if attributed := _behind_participle(parts):
        return phrase(attributed)
    return (
        _saying(parts)
        or _outlet(parts)
        or _company(parts)
        or person(parts)
        or _headed(parts)
        or _named_organisation(parts)
        or unknown(parts)
    )


_ONE = {"einer": "m", "eine": "f", "eines": "n", "jeder": "m", "jede": "f"}
_OF_THEM = word_set("der dieser jener seiner ihrer unserer von aus unter")


def _one_of_several(words: Sequence[str]) -> Mention | None:
    """Read one of a group: „einer der Männer“, „eine von ihnen“."""
    gender = _ONE.get(words[0].lower()) if len(words) > 1 else None
    if gender is None or words[1].lower() not in _OF_THEM:
        return None
    if (several := phrase(words[1:])) is None:
        return None
    things = several.form in (Form.ORGANISATION, Form.DOCUMENT, Form.OUTLET)
    head = several.head
    if head is not None and several.form is Form.GROUP:
        things = head.sort is Sort.ORGANISATION
    form = Form.ORGANISATION if things else Form.ROLE
    name = names.capitalised(names.joined(words))
    return Mention(form, name, gender=gender, article="indefinite", modified=True)


def _some_of_several(words: Sequence[str]) -> Mention | None:
    """Read some of a group, named as they stand: „einige der größten Händler“."""
    some = len(words) > len(("einige", "der")) and words[0].lower() in QUANTITIES
    if not some or words[1].lower() not in _OF_THEM or not words[-1][0].isupper():
        return None
    name = names.capitalised(names.joined(words))
    return Mention(Form.GROUP, name, gender="p", plural=True, modified=True)


def _issued(parts: Cut) -> Mention | None:
    """Read an issue as its outlet: „die Samstagsausgabe der Elbtaler Zeitung“."""
    if not parts.run or not parts.run[-1].lower().endswith("ausgabe"):
        return None
    issued = phrase(parts.tail) if parts.tail[:1] in (("des",), ("der",)) else None
    return issued if issued is not None and issued.form is Form.OUTLET else None


def _without_occasion(parts: Cut) -> Cut:
    """Leave out to whom it is said, and when: „(sagte) der Franzose der dpa“."""
    if parts.tail[:1] in (("zu",), ("gegenüber",)) and not parts.article:
        return replace(parts, tail=())  # „(sagt) Sander zu der Jüngeren“
    if parts.tail[:1] == ("vom",) and len(parts.tail) > 1 and is_weekday(parts.tail[1]):
        return replace(parts, tail=())  # „(nach Angaben) der Polizei vom Dienstag“
    spoken_to = parts.tail[:1] in (("der",), ("dem",)) and outlets.known(parts.tail[1:])
    if not spoken_to or first_head(parts.run, *Sort)[1] is not None:
        return parts
    return replace(parts, tail=())


def _behind_participle(parts: Cut) -> list[str] | None:
    """Set aside what stands before a participle: „dem am Donnerstag veröffentlichten Bericht“."""
    if first_head(parts.run, *Sort)[1] is not None or not parts.article:
        return None
    for index, word in enumerate(parts.tail[:-1]):
        following = parts.tail[index + 1]
        if word.endswith(("ten", "te", "tes", "ter", "enen", "ene")) and noun(following):
            return [parts.article_word, *parts.tail[index + 1 :]]
        if word[0].islower() and word not in ("und", "für"):
            return None
    return None


def _saying(parts: Cut) -> Mention | None:
    """Read an act of saying, with its speaker when it has one: Angaben der Polizei."""
    index, head = first_head(parts.run, Sort.SAYING)
    if head is None or index > 1:
        return None
    plural = is_plural(parts, head)
    return Mention(
        Form.SAYING,
        phrase_name(parts, index, head),
        head=head,
        gender="p" if plural else head.gender,
        plural=plural,
        article=parts.article,
        owner=_speaker_of(parts, index, head),
        possessor=parts.possessor,
        modified=any(word.startswith("eigene") for word in parts.adjectives),
    )


def _speaker_of(parts: Cut, index: int, head: Noun) -> Mention | None:
    """Find who says it: behind the noun, before it in the genitive, or inside the compound."""
    owner = _owner(parts.run[index + 1 :], parts.tail)
    if owner is None and index == 1:
        owner = phrase([names.without_genitive(parts.run[0])])
    return owner or _modifier_owner(parts.run[index], head)


def _owner(run: Sequence[str], tail: Sequence[str]) -> Mention | None:
    """Read whom the head belongs to: a name behind it, a genitive, or a phrase with „von“."""
    if run and not tail:
        return phrase([*run[:-1], names.without_genitive(run[-1])])
    if not tail or not _opens_owner(tail):
        return None
    end = next((i for i, word in enumerate(tail) if word in (",", "–", "—", "(")), len(tail))
    read = (coordination(tail[:end]) or phrase(tail[:end])) if end else None
    man = read is not None and read.form is Form.ROLE and read.gender == "m"
    # Only a plural has „der“ in the genitive: „Brief der Anhänger“, „Sicht der grünen Politiker“.
    return phrase(["die", *tail[1:end]]) if man and tail[0].lower() == "der" else read


def _opens_owner(tail: Sequence[str]) -> bool:
    """Whether a genitive or „von“ begins: „der Polizei“, „einiger Juristen“."""
    lower = tail[0].lower()
    genitive_plural = tail[0][0].islower() and lower.endswith("er") and len(tail) > 1
    return lower in _OWNER_OPENERS or (genitive_plural and tail[1][0].isupper())


def _modifier_owner(word: str, head: Noun) -> Mention | None:
    """Read the speaker inside a compound: Polizeiangaben, Bahnsprecher."""
    modifier = compound_modifier(word, head)
    if modifier is None:
        return None
    reading = noun(modifier)
    several = reading is not None and reading.only_plural  # „Firmensprecher“
    whole = [reading.lemma] if reading is not None and several else []
    shorter = (modifier.removesuffix(end) for end in ("s", "n", "en", "es"))
    for candidate in (*whole, modifier, *shorter):
        if _is_one(candidate) or candidate in organisation_names() or candidate.isupper():
            return phrase([candidate])
    return None


def _is_one(word: str) -> bool:
    """Whether a word is a known noun in the singular."""
    reading = noun(word)
    return reading is not None and not reading.only_plural


def compound_modifier(word: str, head: Noun) -> str | None:
    """Give what stands before the last part of a compound, linking letters kept."""
    base = head.base + "in" if head.lemma.endswith("in") else head.base
    modifier = word[: max(len(head.lemma) - len(base), 0)].rstrip("-")
    return modifier or None


def _outlet(parts: Cut) -> Mention | None:
    """Read an outlet by its name or its pattern."""
    found = outlets.in_phrase(parts.run, parts.tail)
    if found is None:
        return None
    _, head = first_head(parts.run, Sort.OUTLET)
    gender = head.gender if head else None
    return Mention(Form.OUTLET, found.name, head=head, gender=gender, article=parts.article)


def _headed(parts: Cut) -> Mention | None:
    """Read a phrase whose head is a known noun: a role, an organisation, a document, a group."""
    index, head = first_head(parts.run, *_FORMS, article=parts.article_word)
    if head is None:
        return None
    if head.base in DESCRIPTORS and len(parts.run) > index + 1:
        return _behind_descriptor(parts, index, head)
    if any(word.startswith("gebürtig") for word in parts.adjectives):
        head = replace(head, base=TRAIT)
    plural = is_plural(parts, head)
    several = plural and head.gender != "p" and head.sort is not Sort.DOCUMENT
    several = several and not _is_plural_name(parts.run[index], head)
    alone = parts.article == "" and not parts.adjectives and head.singular
    if alone and head.sort is Sort.ORGANISATION:  # „laut Netzbetreiber“
        plural = several = False
    form = Form.GROUP if several else _FORMS[head.sort]
    return Mention(
        form,
        phrase_name(parts, index, head),
        head=head,
        role=role_name(parts, head) if form is Form.ROLE else None,
        gender="p" if plural else head.gender,
        plural=plural,
        article=parts.article,
        owner=_owner_of_head(parts, index, head, form),
        possessor=parts.possessor,
        modified=bool(parts.adjectives or parts.tail or len(parts.run) > 1),
    )


_PLACING = word_set("aus in im bei mit am an")


def _company(parts: Cut) -> Mention | None:
    """Read a company of partners: „Halm & Söhne“; with a noun before it, the noun heads it."""
    if "&" not in parts.run[1:-1] or nouns(parts.run[0]):
        return None
    return Mention(Form.ORGANISATION, names.joined(parts.run), article=parts.article)


def _is_plural_name(word: str, head: Noun) -> bool:
    """Whether a plural is one organisation's own name: „die Rhein-Lahn-Kliniken“."""
    modifier = word.rpartition("-")[0]
    return head.sort is Sort.ORGANISATION and bool(modifier) and not nouns(modifier)


def _behind_descriptor(parts: Cut, index: int, head: Noun) -> Mention:
    """Read a name behind the noun that says what it is: „Hersteller Datavis“ is Datavis."""
    placed = parts.tail[:1] and parts.tail[0] in _PLACING  # „das Startup Helivo aus München“
    name = names.joined([*parts.run[index + 1 :], *(() if placed else parts.tail)])
    return Mention(Form.ORGANISATION, name, head=head, gender=head.gender, modified=True)


def _owner_of_head(parts: Cut, index: int, head: Noun, form: Form) -> Mention | None:
    """Read whom a role or an organisation belongs to."""
    owner = _owner(parts.run[index + 1 :] if form is Form.ROLE else (), parts.tail)
    if owner is None and head.base == SPOKESPERSON:
        owner = _modifier_owner(parts.run[index], head)
    in_genitive = index == 1 and parts.run[0].endswith(("s", "’"))
    if owner is None and (in_genitive or (form is Form.ROLE and index == 1)):
        owner = phrase([names.without_genitive(parts.run[0])])
    return owner


def _named_organisation(parts: Cut) -> Mention | None:
    """Read an organisation, state or party known by its bare name, or one written in capitals."""
    name = names.joined(parts.run)
    first, _, rest = name.partition(" ")
    strong = f"{first.removesuffix('n')} {rest}" if rest else name
    for candidate in (strong, name, names.without_genitive(name)):
        if candidate in organisation_names() or candidate in countries():
            return _known_organisation(parts, candidate)
    if not any(word in LEGAL_FORMS for word in parts.run) and not _is_acronym(parts.run[0]):
        return None
    if parts.run[0] in CLUBS:
        club = noun("Verein")
        return Mention(Form.ORGANISATION, name, head=club, gender="m", modified=True)
    gender = {"die": "f", "der": "m", "das": "n"}.get(parts.article_word)
    return Mention(Form.ORGANISATION, name, gender=gender, article=parts.article)


def _known_organisation(parts: Cut, name: str) -> Mention:
    gender = organisation_names().get(name, "n")
    adjectives = [names.strong(word, gender) for word in parts.adjectives]
    full = names.capitalised(names.joined([*adjectives, name, *parts.tail]))
    plural = gender == "p"
    return Mention(Form.ORGANISATION, full, gender=gender, plural=plural, article=parts.article)


def _is_acronym(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 1 and sum(letter.isupper() for letter in letters) * 2 > len(letters)


def coordination(words: Sequence[str]) -> Mention | None:
    """Read two sources joined by „und“ as one group, unless it stands inside a longer name."""
    for index, word in enumerate(words):
        if word in ("und", "sowie", "oder") and 0 < index < len(words) - 1:
            if words[index - 1].endswith("-"):  # „Städte- und Gemeindebund“
                continue
            left, right = words[:index], words[index + 1 :]
            if _joins(phrase(left), phrase(right), right[0]):
                name = names.joined([_as_listed(left), word, _as_listed(right)])
                if _are_outlets(left, right):
                    return Mention(Form.OUTLET, name, gender="p", plural=True)
                return Mention(Form.GROUP, names.capitalised(name), gender="p", plural=True)
    return None


def _are_outlets(*sides: Sequence[str]) -> bool:
    return all((read := phrase(side)) and read.form is Form.OUTLET for side in sides)


def _joins(left: Mention | None, right: Mention | None, first_right: str) -> bool:
    """Whether both sides of an „und“ are sources of their own."""
    if left is None or right is None or not {left.form, right.form} <= _COORDINATES:
        return False
    if left.head is not None and left.owner is not None and right.article != left.article:
        return False
    if left.head is not None and left.form is Form.ORGANISATION and right.article == "":
        # „Gewerkschaft Transport und Verkehr“, „die Liste Land und Stadt“
        return right.form is not Form.BARE and not left.modified
    return first_right[0].isupper() or first_right in DEFINITE or right.article != ""


def _as_listed(words: Sequence[str]) -> str:
    """Name one of several sources: people as they stand, things in the nominative."""
    bare = [word for word in words if word.lower() not in PREPOSITIONS] or words
    bare = bare[1:] if bare[0].lower() in DEFINITE and len(bare) > 1 else bare
    read = phrase(bare)
    as_it_stands = (
        read is None or read.form is Form.PERSON or (bare[0].isupper() and len(bare) == 1)
    )
    return names.joined(bare) if read is None or as_it_stands else read.name
