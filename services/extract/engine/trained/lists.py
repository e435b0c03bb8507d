"""Reads the word lists."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("lists.txt")


@cache
def listed(heading: str) -> tuple[str, ...]:
    """Give the words under a heading, in their order."""
    return tuple(_sections()[heading])


@cache
def _sections() -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        elif not line.startswith("#"):
            current.extend(line.split())
    return sections
