"""How long the other side asks us to wait."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from services.runtime.clock import utcnow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def seconds_to_wait(
    headers: Mapping[str, str], *, now: Callable[[], datetime] = utcnow
) -> float | None:
    """Read Retry-After, in seconds or as a date, from headers with names in lower case.

    Gives at least 0, and None where the header is missing or means nothing.
    """
    stated = headers.get("retry-after", "").strip()
    if stated.isascii() and stated.isdigit() and len(stated) < 10:  # noqa: PLR2004 - 31 years
        return float(stated)
    try:
        until = parsedate_to_datetime(stated)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now()).total_seconds())
