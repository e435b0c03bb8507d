"""Identifiers: a prefix that says what is named, then 26 characters that sort by time."""

from __future__ import annotations

import hashlib
from typing import Final

from ulid import ULID

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TIME: Final = 10
_ORDINAL: Final = 4
_REST: Final = 12


def new_id(prefix: str) -> str:
    """Make an identifier such as `art_01J…`; later ones sort behind earlier ones."""
    return f"{prefix}_{ULID()}"


def record_id(article_id: str, ordinal: int, engine: str) -> str:
    """Name the `ordinal`-th record that `engine` finds in an article, the same each time.

    It sorts with its article's time, then in reading order, so that a repeated extraction
    replaces records by themselves and pages stay in order.
    """
    time = article_id.partition("_")[2][:_TIME]
    digest = hashlib.sha256(f"{article_id}/{engine}".encode()).digest()
    rest = _base32(int.from_bytes(digest[:8], "big"), _REST)
    return f"att_{time}{_base32(ordinal, _ORDINAL)}{rest}"


def _base32(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, digit = divmod(number, 32)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))
