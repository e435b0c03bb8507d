"""Reads the word lists: one entry a line, `#` starts a comment; short lists stand in words.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """Read the list `name`: from words.toml, else from the file `name`.txt."""
    return frozenset(endings(name))


@cache
def endings(name: str) -> tuple[str, ...]:
    """Read the list `name` in its order, as `str.endswith` wants it."""
    listed = _lists().get(name)
    if listed is None:
        listed = " ".join(lines(f"{name}.txt"))
    return tuple(listed.split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))


@cache
def function_words() -> frozenset[str]:
    """Give every word that is neither noun, adjective nor verb."""
    lists = ("determiners", "pronouns", "prepositions", "adverbs", "subordinators", "relatives")
    return words("conjunctions").union(["nicht"], *map(words, lists))


def lines(file: str) -> list[str]:
    """Read the lines of a data file without comments and empty ones."""
    text = (_FOLDER / file).read_text(encoding="utf-8")
    stripped = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]
