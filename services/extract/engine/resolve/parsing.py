"""A mention read as a German noun phrase: strip, cut at commas, put name and role together."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from services.extract.engine.quotes import QUOTATION_MARKS
from services.extract.engine.resolve import outlets
from services.extract.engine.resolve.function_words import RELATIVES, function_word
from services.extract.engine.resolve.heads import coordination, phrase
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.phrases import CONTRACTED, FACULTIES, PREPOSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

# Nouns for talk that is nobody's.
_RUMOURS = (
    "gerücht",
    "spekulation",
    "mutmaßung",
    "hinweise",
    "anzeichen",
    "vernehmen",
    "hörensagen",
)
# Where things are said, and nobody knows by whom.
_NOWHERE = ("sozialen netzwerken", "sozialen medien", "netz", "internet", "dem netz")
# A mention of more words than this, or more appositions, is no mention any more.
_LONGEST = 60
_APPOSITIONS = 4


def parse(words: Sequence[str]) -> Mention | None:
    """Read the tokens of a mention; None when there is nobody in it."""
    return _parse(tuple(words[:_LONGEST]))


@lru_cache(maxsize=1 << 14)
def _parse(tokens: tuple[str, ...]) -> Mention | None:
    words = _stripped(tokens)
    if not words:
        return None
    if words[-1].lower().startswith(_RUMOURS) or " ".join(words).lower() in _NOWHERE:
        return Mention(Form.NOBODY, words[-1])
    if len(words) == 1 and (single := function_word(words[0])) and not outlets.known(words):
        return single
    pieces = _pieces(words)
    if len(pieces) == 1 and (pair := coordination(pieces[0])):
        return pair
    appositions = [piece for piece in pieces[1:_APPOSITIONS] if not _is_clause(piece)]
    phrases = [read for piece in (*pieces[:1], *appositions) if (read := phrase(piece))]
    return _with_appositions(phrases) if phrases else None


def _stripped(words: Sequence[str]) -> list[str]:
    """Leave out marks, prepositions and adverbs around the noun phrase."""
    first, end = 0, len(words)
    while first < end and _introduces(words[first], alone=end - first == 1):
        first += 1
    while end > first and _trails(words[end - 1]):
        end -= 1
    return [word for word in _without_degrees(words[first:end]) if word not in QUOTATION_MARKS]


def _without_degrees(words: Sequence[str]) -> list[str]:
    """Leave out what a doctorate is in: „Dr. med.“, „Prof. Dr. rer. nat.“."""
    kept: list[str] = []
    behind_title = False
    for word in words:
        behind_title = word in _TITLES or (behind_title and (word in FACULTIES or word == "."))
        if not behind_title or word in _TITLES:
            kept.append(word)
    return kept


_TITLES = frozenset({"Dr.", "Dr", "Prof.", "Prof"})


def _introduces(word: str, *, alone: bool) -> bool:
    lower = word.lower()
    if lower in CONTRACTED:
        return not alone
    return not word[0].isalnum() or lower in PREPOSITIONS


def _trails(word: str) -> bool:
    sign = len(word) == 1 and not word.isalnum() and word != ")"
    return sign or word.lower() in ("zufolge", "nach", "selbst", "gegenüber")


def _pieces(words: Sequence[str]) -> list[list[str]]:
    """Cut at commas and dashes; what stands in brackets is left out."""
    pieces: list[list[str]] = [[]]
    depth = 0
    for word in words:
        if word in ("(", "["):
            depth += 1
        elif word in (")", "]"):
            depth -= 1
        elif depth <= 0 and word in (",", "–", "—", "-", ";"):
            pieces.append([])
        elif depth <= 0:
            pieces[-1].append(word)
    return [piece for piece in pieces if piece]


def _is_clause(words: Sequence[str]) -> bool:
    """Whether what follows a comma is a relative clause: it ends in a verb."""
    return words[-1][0].islower() and words[0].lower() in RELATIVES


def _with_appositions(phrases: Sequence[Mention]) -> Mention:
    """Put a person's name and the role beside it together."""
    first = phrases[0]
    people = [each for each in phrases if each.form is Form.PERSON]
    person = max(people, key=lambda each: " " in each.name) if people else None
    role = next((each for each in phrases if each.form is Form.ROLE), None)
    if role is None and person is not None and _says_whose(first, person):
        first = replace(first, form=Form.ROLE, role=f"{first.role} {first.name}")
        role = first
    doubt = next((each for each in phrases if _is_role_in_doubt(each)), None)
    if role is None and person is not None and doubt is not None:
        return replace(person, role=person.role or doubt.name, head=person.head or doubt.head)
    if role is None:
        if person is not None and first.head is None and first.article == "definite":
            return person  # „Der Angegriffene, Vorstandschef Bodo Lenz,“
        named = [each for each in phrases if each.form is Form.OUTLET]
        return named[-1] if first in named else _named_behind(first, phrases[1:])
    if person is not None:
        return _person_with_role(person, role)
    if len(phrases) > 1 and Form.BARE in (first.form, phrases[1].form):
        bare = first if first.form is Form.BARE else phrases[1]
        return replace(role, form=Form.PERSON, name=bare.name)
    return first


def _named_behind(first: Mention, appositions: Sequence[Mention]) -> Mention:
    """Take the name of an organisation that stands behind a noun for it.

    „Die Kette, die Firma Backglück,“ and „Eine der Ketten, die Firma Backglück,“ are Backglück,
    „die Kette, eine der größten,“ the Kette.
    """
    one_of_them = first.article == "indefinite" and first.head is None
    described = not first.modified and first.article == "definite"
    if first.form is not Form.ORGANISATION or not (described or one_of_them):
        return first
    named = (
        each
        for each in appositions
        if each.form is Form.ORGANISATION and each.modified and each.article != "indefinite"
    )
    return next(named, first)


def _says_whose(first: Mention, person: Mention) -> bool:
    """Whether what reads as a name is whose role it is: „Der Gefährte Otts, Newin Chidchob,“."""
    named = first.form is Form.PERSON and first is not person
    return named and first.role is not None and first.name.endswith("s")


def _is_role_in_doubt(mention: Mention) -> bool:
    """Whether a role might be a plural or a singular, which a name behind it settles."""
    head = mention.head
    return mention.form is Form.GROUP and head is not None and head.sort is Sort.ROLE


def _person_with_role(person: Mention, role: Mention) -> Mention:
    return replace(
        person,
        role=person.role or role.role,
        head=person.head or role.head,
        owner=person.owner or role.owner,
        gender=person.gender or role.gender,
    )
