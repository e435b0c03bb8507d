"""Organisations, documents, clubs and roles alone, where an article names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, verb_forms
from services.extract.engine.resolve import names, outlets
from services.extract.engine.resolve.beside import is_adjectival
from services.extract.engine.resolve.figures import Figure
from services.extract.engine.resolve.heads import CLUBS
from services.extract.engine.resolve.inflection import Noun, Sort
from services.extract.engine.resolve.mentions import Form
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.resolve.people import is_unknown
from services.extract.engine.resolve.phrases import QUANTITIES
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import (
    countries,
    given_names,
    noun,
    nouns,
    organisation_names,
)
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document

_ARTICLES = word_set("der die das dem den des")
_DETERMINERS = _ARTICLES | word_set("eine einer diese dieser seine ihre keine")
# Organisations whose names may end in a word that no table holds: „Staatsanwaltschaft Halle“.
_PLACED = word_set(
    "Universität Uni Staatsanwaltschaft Polizei Landgericht Amtsgericht Gericht Feuerwehr Klinikum "
    "Hochschule Stadt Gemeinde Landkreis Kreis Bistum Polizeidirektion Polizeipräsidium Kammer "
    "Erzbistum Bundesland Land Reederei Brauerei Firma Verein Verband Bezirk Institut Werft "
    "Gewerkschaft Partei Initiative Stiftung Bündnis Konzern Museum Ring Agentur "
    "Präsidium Direktion Inspektion Universitätsklinikum Amt Behörde Gerichtshof"
)
# What may stand behind an organisation without naming it: „warf der Polizei Gewalt vor“.
_NO_NAMES = word_set("Gewalt Geld Hilfe Schuld Zeit Recht Versagen Druck Schutz Fehler Auskunft")
# Organisations whose names go on with a genitive: „Verband der Gaswirtschaft“.
_ASSOCIATIONS = word_set("Verband Bund Vereinigung Zentralrat Fraktion Gesellschaft")
_REACH = 14
# Beginnings of words for others of the kind, which nobody takes up: „die Nachbargemeinde“.
_OTHERS = ("Nachbar", "Partneruni", "Partnerstadt", "Partnerhoch")
# Behind these a general noun names nobody in particular.
_NOT_KNOWN = word_set(
    "ein eine einen einem einer eines kein keine keinen sein seine seinem seiner seinen ihr ihre "
    "ihrem ihrer ihren jede jeder jedes jedem jeden manche welche"
)
_LONGEST_CLUB = 4

Found = tuple[int, Figure]


def thing(document: Document, index: int) -> Found | None:
    """Read what is named at a capitalised token; with the token behind it."""
    word = document.words[index]
    readings = nouns(word)
    if not readings:
        words = document.words
        return (
            _club(words, index)
            or _by_name(word, index)
            or _unknown_company(words, index)
            or _unknown_letters(words, index)
        )
    return _headed(document, index, readings[0]) or _role_alone(document.words, index)


def _by_name(word: str, index: int) -> Found | None:
    """Read an organisation known by its bare name."""
    known = organisation_names()
    name = word if word in known or not word.endswith("s") else word[:-1]
    if name not in known:
        return None
    return index + 1, Figure(Entity(name, Kind.ORGANISATION), known[name], name, name)


def _club(words: Sequence[str], index: int) -> Found | None:
    """Read a sports club: „SC Blau-Weiß Hellborn“."""
    if words[index] not in CLUBS:
        return None
    end = index + 1
    while end < min(len(words), index + _LONGEST_CLUB) and _is_proper(words[end]):
        end += 1
    if end == index + 1:
        return None
    entity = Entity(names.joined(words[index:end]), Kind.ORGANISATION)
    return end, Figure(entity, "m", "Verein", "Verein")


def _is_proper(word: str) -> bool:
    return word[0].isupper() and noun(word) is None


def _unknown_company(words: Sequence[str], index: int) -> Found | None:
    """Read two unknown capitalised words behind an article: „die Elterland Energie“."""
    article = words[index - 1].lower() if index else ""
    if article not in ("die", "der", "das") or index + 1 >= len(words):
        return None
    if not (is_unknown(words[index]) and is_unknown(words[index + 1])):
        return None
    if words[index].endswith(("er", "e", "en", "es")) or words[index] in given_names():
        return None
    gender = {"die": "f", "das": "n"}.get(article)
    name = f"{words[index]} {words[index + 1]}"
    return index + 2, Figure(Entity(name, Kind.ORGANISATION), gender, name, name)


def _unknown_letters(words: Sequence[str], index: int) -> Found | None:
    """Read letters that no table knows behind „die“ or „das“: „Die TGB“."""
    gender = {"die": "f", "das": "n"}.get(words[index - 1].lower() if index else "")
    word = words[index]
    if gender is None or not (word.isupper() and word.isalpha()) or len(word) < len("ABC"):
        return None
    if word in countries() or outlets.known([word]):
        return None
    return index + 1, Figure(Entity(word, Kind.ORGANISATION), gender, word, word)


def _headed(document: Document, index: int, head: Noun) -> Found | None:
    """Read an organisation or a document whose head stands at a token."""
    if not head.singular or head.sort not in (Sort.ORGANISATION, Sort.DOCUMENT):
        return None
    if head.lemma.startswith(_OTHERS):
        return None
    start, end = _extent(document, index, head)
    if end - start == 1 and head.sort is Sort.ORGANISATION and _is_any(document.words, start):
        return None
    mention = parse(document.words[start:end])
    if mention is None or mention.form not in (Form.ORGANISATION, Form.DOCUMENT):
        return None
    kind = Kind.ORGANISATION if mention.form is Form.ORGANISATION else Kind.DOCUMENT
    entity = Entity(names.bare(mention.name), kind)
    general = not mention.modified and mention.article == "definite"
    either = not mention.article and head.plural == head.lemma  # „ein Gutachten“, „zwei Gutachten“
    gender = head.gender + "p" if either else mention.gender
    return end, Figure(entity, gender, head.base, head.lemma, general=general)


def _is_any(words: Sequence[str], index: int) -> bool:
    """Whether a noun is one of many: „eine neue Regierung“, „ihr Verband“."""
    start = index - 1
    while start > max(index - 2 - _ADJECTIVES, 0) and _is_adjective(words[start]):
        if words[start].lower() in _NOT_KNOWN:
            return True
        start -= 1
    return start >= 0 and words[start].lower() in _NOT_KNOWN


def _is_adjective(word: str) -> bool:
    """Whether a word may be an adjective or an ordinal: „jede vierte Stelle“."""
    return is_adjectival(word) or (word[0].islower() and word.endswith("e"))


def _role_alone(words: Sequence[str], index: int) -> Found | None:
    """Read a person spoken of by a role alone: „die Ministerin“, „eine Touristin aus Kassel“."""
    if index + 1 < len(words) and words[index + 1][0].isupper():
        return None
    start = article_before(words, index)
    article = words[start].lower() if start is not None else ""
    feminine = article in ("die", "eine")
    for head in nouns(words[index]) if article in _PERSONAL_ARTICLES else ():
        if head.sort is Sort.ROLE and head.singular and (head.gender == "f" or not feminine):
            return _person_by_role(words, index, head, words[start:index])
    return None


_CONTRACTED = word_set("am beim im vom zum zur")
_PERSONAL_ARTICLES = _CONTRACTED | word_set("der die dem den des ein eine einen einem einer eines")
# How many adjectives may stand between an article and a role, how many words make an age.
_ADJECTIVES = 2
_AGE = 3


def article_before(words: Sequence[str], index: int) -> int | None:
    """Find the article of a noun, over adjectives."""
    index = _before_age(words, index)
    for start in range(index - 1, max(index - 2 - _ADJECTIVES, -1), -1):
        if words[start].lower() in _PERSONAL_ARTICLES:
            return start
        if words[start].lower() in QUANTITIES:
            return None
        if not (words[start].endswith("e") or is_adjectival(words[start])):
            return None
    return None


def _before_age(words: Sequence[str], index: int) -> int:
    """Skip an age in front of a noun: „der 61 Jahre alte Fahrer“."""
    if index < _AGE:
        return index
    number, years, old = words[index - _AGE : index]
    aged = number.isdigit() and years == "Jahre" and old.startswith("alte")
    return index - _AGE if aged else index


def _person_by_role(words: Sequence[str], index: int, head: Noun, before: Sequence[str]) -> Found:
    """Make an unnamed person, with where somebody not met before comes from."""
    end = index + 1
    if before[0].lower() in _ARTICLES | _CONTRACTED:
        entity = Entity(head.lemma, Kind.UNNAMED)
        return end, Figure(entity, head.gender, head.base, head.lemma, general=True)
    if words[end : end + 1] == ["aus"] and words[end + 1 : end + 2]:
        end += 2
    mention = parse([*before, *words[index:end]])
    entity = Entity(mention.name if mention else head.lemma, Kind.UNNAMED)
    return end, Figure(entity, head.gender, head.base, head.lemma)


def _extent(document: Document, index: int, head: Noun) -> tuple[int, int]:
    """Find the tokens of the name of an organisation or document around its head."""
    words = document.words
    bottom, top = document.sentences[document.sentence_of[index]]
    start = index
    while start > bottom and _qualifies(words[start - 1]):
        start -= 1
    while start > bottom and "-" in words[index] and words[start - 1] in given_names():
        start -= 1
    if start > bottom and words[start - 1].lower() in _ARTICLES:
        start -= 1
    end = _past_own_name(words, index + 1, top, head)
    if end > index + 1:
        return start, end
    pair = head.base in _COORDINATED and words[end + 1 : end + 2] == ["und"]
    if end < top and (
        _names_place(words[end], head)
        or _is_its_name(words, end, top)
        or (pair and words[end][0].isupper())
    ):
        end += 1
        if head.base in _COORDINATED and words[end : end + 1] == ["und"]:
            end = min(end + 2, top)
    return start, _past_tail(words, end, min(top, end + _REACH), head)


def _qualifies(word: str) -> bool:
    """Whether a word before a head belongs to its name: „Deutsche Umwelthilfe“."""
    return (
        word[0].isupper()
        and word.endswith(("e", "er", "en", "es"))
        and noun(word) is None
        and word.lower() not in _DETERMINERS
        and word not in given_names()
    )


# Organisations whose names may be two nouns: „Liste Land und Stadt“.
_COORDINATED = word_set("Gewerkschaft Liste Verein Initiative Bündnis Stiftung Verband")


_MARKS = ("„", "»")
_CLOSING = ("“", "«", "”")
_LONGEST_NAME = 6


def _past_own_name(words: Sequence[str], index: int, top: int, head: Noun) -> int:
    """Skip the own name of an organisation behind its noun, of several words or in marks.

    „Reederei Nora Lines“, „Hersteller Hegemann & Krull“, „das Fanbündnis „Blaue Wand““.
    """
    if head.sort is not Sort.ORGANISATION:
        return index
    limit = min(top, index + _LONGEST_NAME)
    if index < top and words[index] in _MARKS:
        close = next((i for i in range(index + 2, limit) if words[i] in _CLOSING), index - 1)
        return close + 1
    end = index
    while end < limit and (_is_of_name(words[end]) or (end > index and words[end - 1] == "&")):
        end += 1
    return end if end > index + 1 else index


def _is_of_name(word: str) -> bool:
    """Whether a word behind an organisation's noun may be part of its own name."""
    if word.endswith(("ung", "heit", "keit")):
        return False
    joined = "-" in word and word[0].isupper() and word.rpartition("-")[2][:1].isupper()
    return is_unknown(word) or word == "&" or word in given_names() or joined


def _is_its_name(words: Sequence[str], index: int, top: int) -> bool:
    """Whether an unknown word behind a head is its name: a comma or a verb follows.

    „Die Krankenkasse Vita, die“, „der Hersteller Hydrax rechnet“, not „warf der Polizei Gewalt
    vor“.
    """
    if not is_unknown(words[index]) or words[index].endswith(("ung", "heit", "keit")):
        return False
    if index + 1 >= top or words[index + 1] in (",", "("):
        return index + 1 < top
    word = words[index + 1]
    return word[0].islower() and bool(verb_forms().get(word, NO_VERB).form & FINITE)


def _names_place(word: str, head: Noun) -> bool:
    """Whether a capitalised word behind a head names it: „Staatsanwaltschaft Halle“."""
    return (
        word[0].isupper()
        and word[0].isalpha()
        and word not in _NO_NAMES
        and (head.base in _PLACED or head.lemma in _PLACED)
        and noun(word) is None
        and not word.endswith(("ung", "ungen", "heit", "keit"))
    )


def _past_tail(words: Sequence[str], end: int, top: int, head: Noun) -> int:
    """Take in „für Umwelt“, „der Technischen Universität München“ behind a head."""
    genitive = head.sort is Sort.DOCUMENT or head.base in _ASSOCIATIONS
    openers = ("der", "des", "von", "vom", "für") if genitive else ("für",)
    if end >= top or words[end] not in openers:
        return end
    first = end + 1
    while first < top and words[first][0].islower() and _before_noun(words[first]):
        first += 1
    stop = first
    while stop < top and words[stop][0].isupper():
        stop += 1
    if stop == first:
        return end
    if stop + 1 < top and words[stop] in ("und", ",") and words[stop + 1][0].isupper():
        stop += 2
    return stop


def _before_noun(word: str) -> bool:
    return word in _ARTICLES or is_adjectival(word)
