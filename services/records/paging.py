"""Pages by cursor: ids sort by time, so a page begins behind the last id of the one before."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.runtime.problems import FieldError, Problem

Item = TypeVar("Item")
DEFAULT_LIMIT = 50
MAX_LIMIT = 500


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page: at most `limit` items behind the id `after`."""

    limit: int = DEFAULT_LIMIT
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """A page of a list; `next` is the cursor of the following one, None at the end."""

    data: list[Item]
    next: str | None


def encode_cursor(last_id: str) -> str:
    """Make the cursor that continues behind this id; opaque to clients."""
    return base64.urlsafe_b64encode(last_id.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Give the id that a cursor continues behind.

    Raises a Problem for what is not a cursor.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        decoded = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        decoded = ""
    prefix, _, rest = decoded.partition("_")
    if not (prefix.isalpha() and rest.isalnum()):
        raise not_a_cursor()
    return decoded


def after_id(request: PageRequest, prefix: str) -> str | None:
    """Give the id that the page begins behind; raises a Problem if it is another list's."""
    if request.after is not None and not request.after.startswith(f"{prefix}_"):
        raise not_a_cursor()
    return request.after


def not_a_cursor() -> Problem:
    """Say that the cursor was not given out for this list."""
    error = FieldError("cursor", "Not a cursor that was given out here.", "query")
    return Problem("invalid-request", "Not valid: cursor.", (error,))


def page_of(items: list[Item], ids: list[str], limit: int) -> Page[Item]:
    """Make a page of up to `limit + 1` items that were read; the one too many tells of more."""
    more = len(items) > limit
    return Page(items[:limit], encode_cursor(ids[limit - 1]) if more else None)
