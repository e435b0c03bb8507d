"""Whether two roles can be one person's.

A role is an office, the last word before a preposition or an article (`Bürgermeisterin von
Neustadt`, `Berliner Bürgermeister`, `NATO-Generalsekretär`), and affiliations, the other nouns.

- The same office, also as part of a compound (`Kanzler`, `Bundeskanzler`), agrees; but an office
  that every town or house has (`Bürgermeister`, `Sprecher`) only if the affiliations do not differ.
- Different offices agree when they belong to one field of life: a minister becomes chancellor and
  leads a party.
- Everything else disagrees: two people wrongly taken for one are worse than one for two, and
  whoever knows better can merge them.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from services.records.search.words import stem

_SPLIT: Final = re.compile(r"\s+(?:und|sowie|and)\s+|[,;/]\s*")
_WORD: Final = re.compile(r"[^\W_]+")
_SHORTEST: Final = 4
_FEMALE: Final = re.compile(r"(?<=\w{4})in(nen)?$")


@dataclass(frozen=True, slots=True)
class Role:
    """A role taken apart: stems of the office and of what it belongs to."""

    office: str
    affiliations: frozenset[str]


def roles_agree(one: str, other: str) -> bool:
    """Tell whether one person may be called both; a role may name several offices."""
    return any(_agree(a, b) for a in _roles(one) for b in _roles(other))


def _agree(one: Role, other: Role) -> bool:
    if _same_office(one.office, other.office):
        return not (_is_local(one.office) and _elsewhere(one, other))
    return bool(_fields_of(one) & _fields_of(other))


def _same_office(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long == short or (len(short) >= _SHORTEST and long.endswith(short))


def _elsewhere(one: Role, other: Role) -> bool:
    """Tell whether both say to what the office belongs, and nothing of it is the same."""
    return bool(one.affiliations and other.affiliations) and not any(
        a.startswith(b) or b.startswith(a) for a in one.affiliations for b in other.affiliations
    )


def _is_local(office: str) -> bool:
    return any(_is_a(office, known) for known in _words().local)


def _fields_of(role: Role) -> frozenset[str]:
    """Give the fields of the office, else those of what it belongs to.

    Of the words that a compound ends in the longest counts: a Bürgermeister is no Meister.
    """
    fitting = [known for known in _words().fields if _is_a(role.office, known)]
    if fitting:
        return _words().fields[max(fitting, key=len)]
    found = (_words().fields.get(word, frozenset()) for word in role.affiliations)
    return frozenset().union(*found)


def _is_a(office: str, known: str) -> bool:
    return office == known or (len(known) >= _SHORTEST and office.endswith(known))


@lru_cache(maxsize=4096)
def _roles(text: str) -> tuple[Role, ...]:
    return tuple(role for part in _SPLIT.split(text) if (role := _role(part)))


def _role(text: str) -> Role | None:
    """Take a role apart; None if there is no word in it."""
    links, passing = _words().links, _words().passing
    words = [word for word in _WORD.findall(text) if _office(word) not in passing]
    end = next((i for i, word in enumerate(words) if word.casefold() in links), len(words))
    telling = [word for word in words if word.casefold() not in links]
    if not telling:
        return None
    office = words[end - 1] if end else telling[0]
    return Role(_office(office), frozenset(_office(word) for word in telling if word is not office))


def _office(word: str) -> str:
    """Give the stem of a word, the same for its female form."""
    folded = word.casefold()
    return stem(_FEMALE.sub("", folded), "german")


@dataclass(frozen=True, slots=True)
class _Words:
    """What roles.toml knows; stems but for the links."""

    links: frozenset[str]
    passing: frozenset[str]
    local: frozenset[str]
    fields: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _words() -> _Words:
    data = tomllib.loads(files(__package__).joinpath("roles.toml").read_text(encoding="utf-8"))
    fields: dict[str, frozenset[str]] = {}
    for name, words in data["fields"].items():
        for word in _stems(words):
            fields[word] = fields.get(word, frozenset()) | {name}
    return _Words(
        links=frozenset(data["links"].split()),
        passing=_stems(data["passing"]),
        local=_stems(data["local"]),
        fields=fields,
    )


def _stems(words: str) -> frozenset[str]:
    return frozenset(_office(word) for word in words.split())
