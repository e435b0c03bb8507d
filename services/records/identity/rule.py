"""The rule by which somebody named in an article is somebody known already, or somebody new.

1. Organisations, outlets, groups, documents and the unnamed are who has their name and kind.
2. A person with a role is
   a. who has the name and a role that agrees with it (`roles.py`),
   b. else who has the name and no role so far,
   c. else somebody new: people of one name whose roles disagree are kept apart.
3. A person without a role is who has the name; of several, the one known longest.
4. A person who is only called by one word (`Rutte`) may also be who has this word for a last
   name, if the roles agree and there is only one such person.

A name is any name under which a source was seen, wherever it was merged to since.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.records.identity.roles import roles_agree

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody as an article names them, resolved inside the article."""

    name: str
    kind: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who has the name already; `short` if only as a last name."""

    id: str
    roles: tuple[str, ...] = ()
    short: bool = False


def who_is(named: Named, known: Sequence[Known]) -> Known | None:
    """Give who of `known` (the one known longest first) is meant; None for somebody new."""
    full = [one for one in known if not one.short]
    if named.kind != "person":
        return next(iter(full), None)
    if named.role is None:
        return next(iter(full), None)
    agreeing = [one for one in full if _agrees(named.role, one)]
    if agreeing:
        return agreeing[0]
    last = [one for one in known if one.short and _agrees(named.role, one)]
    if len(last) == 1:
        return last[0]
    return next((one for one in full if not one.roles), None)


def names_of(named: Named, mention: str) -> dict[str, bool]:
    """Give the names that somebody is known by from now on, and whether each is a short one.

    Besides the name: a person's last name; of others, the name without its article (`Spiegel`)
    and the letters they are called by (`SZ`).
    """
    names = {named.name: False}
    if named.kind == "person":
        words = named.name.split()
        if len(words) > 1:
            names.setdefault(words[-1], True)
    else:
        article, _, rest = named.name.partition(" ")
        if article in _ARTICLES and rest:
            names.setdefault(rest, True)
        called = mention.rsplit(maxsplit=1)[-1] if mention.split() else ""
        if _is_initials(called) and len(mention.split()) <= _ARTICLE_AND_NAME:
            names.setdefault(called, False)
    return names


_ARTICLES = ("Der", "Die", "Das", "The")
_ARTICLE_AND_NAME = 2


def _is_initials(word: str) -> bool:
    """Tell whether a word is made of initials, such as `SZ` or `EZB`."""
    return len(word) > 1 and word.isalpha() and sum(c.isupper() for c in word) >= len(word) - 1


def _agrees(role: str, known: Known) -> bool:
    return any(roles_agree(role, other) for other in known.roles)
