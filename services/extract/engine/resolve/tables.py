"""The tables of words in `data/`, and lists of words in code."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


def word_set(text: str) -> frozenset[str]:
    """Split a list of words that reads better as text."""
    return frozenset(text.split())


@cache
def table(name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of `data/<name>.tsv`, comments left out."""
    text = (files(__package__) / "data" / f"{name}.tsv").read_text(encoding="utf-8")
    rows = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(tuple(cell.strip() for cell in row.split("\t")) for row in rows)


def padded(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Give `row` empty cells up to `width`: editors cut trailing tabs."""
    return row + ("",) * (width - len(row))
