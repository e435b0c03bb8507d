"""What fetching came to when it brought nothing: as a problem, and when to try again."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from services.ingest.feeds import FeedError
from services.ingest.page import PageError
from services.runtime.outgoing.errors import (
    ContentTypeRefused,
    EncodingRefused,
    FetchRefused,
    OutgoingError,
    TooLarge,
)
from services.runtime.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    FetchingError = OutgoingError | PageError | FeedError

FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(minutes=10)
"""How much of a Retry-After is honoured."""
_GROWTH: Final = 4
_JITTER: Final = 0.2
_UNUSABLE: Final = (PageError, FeedError, ContentTypeRefused, EncodingRefused, TooLarge)


class TextTooLong(PageError):
    """The article on a page is longer than is taken."""

    code = "page-text-too-long"


def problem_of(error: FetchingError) -> Problem:
    """Give the problem that tells a client of `error`; its code is the `reason`."""
    if isinstance(error, _UNUSABLE):
        code = "url-unusable"
    elif isinstance(error, FetchRefused):
        code = "url-refused"
    else:
        code = "url-unreachable"
    return Problem(code, str(error), reason=error.code)


def may_pass(error: FetchingError) -> bool:
    """Tell whether the same request may bring something later."""
    return isinstance(error, OutgoingError) and error.retryable


def pause_after(
    error: FetchingError, attempts: int, *, chance: Callable[[], float] = random.random
) -> timedelta:
    """Say how long to wait after so many failed attempts: ever longer, and what we are asked to.

    `chance` gives 0 to 1; it puts off by up to a fifth, so that attempts do not come in waves.
    """
    asked = timedelta(seconds=getattr(error, "retry_after", None) or 0)
    grown: timedelta = FIRST_PAUSE * _GROWTH ** (attempts - 1)
    return min(max(grown, asked), LONGEST_PAUSE) * (1 + _JITTER * chance())
