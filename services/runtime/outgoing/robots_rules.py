"""Reading a robots.txt as RFC 9309 lays down, without opinions and without network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAFE: Final = "!$&'()*+,/:;=?@[]~%-._"
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
)
_TOKEN: Final = re.compile(r"[a-z_-]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: paths that match `pattern` are allowed, or not."""

    allow: bool
    pattern: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The lines of a robots.txt that are meant for us; `known` is false where none could be had."""

    rules: tuple[Rule, ...] = ()
    known: bool = True

    def allow(self, path: str) -> bool:
        """Say whether `path` (with its query, percent-encoded) may be fetched.

        The longest pattern that matches decides; of two equally long ones, the one that allows.
        """
        wanted = _normal(path)
        matching = [r for r in self.rules if _matches(r.pattern, wanted)]
        return max(((len(r.pattern), r.allow) for r in matching), default=(0, True))[1]


ALLOW_ALL: Final = Rules()
UNREACHABLE: Final = Rules((Rule(allow=False, pattern="/"),), known=False)
"""What holds while a host cannot be asked for its rules: nothing is allowed."""


def parse_rules(text: str, product: str) -> Rules:
    """Pick from a robots.txt the rules for `product`, else those for everyone.

    Never raises: lines that mean nothing are passed over.
    """
    groups: dict[str, list[Rule]] = {}
    agents: list[str] = []
    in_rules = False
    for name, value in _lines(text):
        if name == "user-agent":
            if in_rules:
                agents, in_rules = [], False
            agents.append(_agent(value))
            groups.setdefault(agents[-1], [])
        elif name in {"allow", "disallow"}:
            in_rules = True
            if value:
                rule = Rule(name == "allow", _normal(quote(value, _SAFE)))
                for agent in dict.fromkeys(agents):
                    groups[agent].append(rule)
    own = groups.get(product.lower(), groups.get("*", []))
    return Rules(tuple(own))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        name, colon, value = line.partition("#")[0].partition(":")
        if colon:
            yield name.strip().lower(), value.strip()


def _agent(value: str) -> str:
    if value == "*":
        return value
    token = _TOKEN.match(value.lower())
    return token.group() if token else ""


def _normal(path: str) -> str:
    """Spell equal paths equally: unreserved characters bare, other escapes in upper case."""

    def spell(escape: re.Match[str]) -> str:
        byte = unquote_to_bytes(escape.group())
        return byte.decode() if byte[0] in _UNRESERVED else escape.group().upper()

    return _ESCAPE.sub(spell, path)


def _matches(pattern: str, path: str) -> bool:
    """Match `*` and a final `$` piece by piece, in linear time whatever the pattern."""
    anchored = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    if not pieces:
        return not anchored or position == len(path)
    for piece in pieces[:-1]:
        position = path.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    if anchored:
        return path.endswith(pieces[-1]) and len(path) - len(pieces[-1]) >= position
    return path.find(pieces[-1], position) >= 0
