"""The time, in one place, so that what depends on it takes it as an argument."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    Clock = Callable[[], datetime]


def utcnow() -> datetime:
    """Tell the time, aware of being UTC."""
    return datetime.now(UTC)
