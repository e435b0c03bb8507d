"""Reads the word lists: one entry a line, `#` starts a comment."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def words(name: str) -> frozenset[str]:
    """Read the entries of `name`.txt, which holds any number of words in a line."""
    return frozenset(entry for line in lines(f"{name}.txt") for entry in line.split())


@cache
def function_words() -> frozenset[str]:
    """Give every word that is neither noun, adjective nor verb."""
    lists = ("determiners", "pronouns", "prepositions", "adverbs", "subordinators", "relatives")
    return frozenset(["und", "oder", "sowie", "sondern", "denn", "nicht"]).union(*map(words, lists))


def lines(file: str) -> list[str]:
    """Read the lines of a data file without comments and empty ones."""
    text = (_FOLDER / file).read_text(encoding="utf-8")
    stripped = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line]
