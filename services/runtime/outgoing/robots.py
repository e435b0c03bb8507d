"""Asking a host's robots.txt before its pages, as RFC 9309 lays down, and remembering it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from http import HTTPStatus as Status
from typing import TYPE_CHECKING, Final, Protocol

from services.runtime.outgoing.errors import (
    HttpStatus,
    OutgoingError,
    RobotsRefused,
    RobotsUnreachable,
    TooManyRedirects,
)
from services.runtime.outgoing.fetch import ANY, fetch, within
from services.runtime.outgoing.guard import system_resolver
from services.runtime.outgoing.policy import PRODUCT
from services.runtime.outgoing.robots_rules import ALLOW_ALL, UNREACHABLE, Rules, parse_rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.runtime.outgoing.deadline import Deadline
    from services.runtime.outgoing.fetch import Admission
    from services.runtime.outgoing.guard import Resolver, Target
    from services.runtime.outgoing.policy import FetchPolicy

KEEP_S: Final = 12 * 3600.0
"""Seconds a robots.txt is believed; RFC 9309 allows a day at most."""
KEEP_UNREACHABLE_S: Final = 600.0
"""Seconds a host counts as closed after its robots.txt could not be had."""
DEADLINE_S: Final = 5.0
MAX_REDIRECTS: Final = 5
MAX_BYTES: Final = 1_000_000


class RulesCache(Protocol):
    """Remembers the rules of an origin for some time; may forget them at any time."""

    def get(self, origin: str) -> Rules | None:
        """Give the rules of `origin` if they are known and not expired."""

    def put(self, origin: str, rules: Rules, *, keep_s: float) -> None:
        """Remember the rules of `origin` for `keep_s` seconds."""


class RulesInMemory:
    """A cache for one process, which holds at most `size` origins."""

    def __init__(self, size: int = 2000, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._entries: dict[str, tuple[float, Rules]] = {}

    def get(self, origin: str) -> Rules | None:
        """Give the rules of `origin` if they are known and not expired."""
        with self._lock:
            end, rules = self._entries.get(origin, (0.0, None))
        return rules if end > self._clock() else None

    def put(self, origin: str, rules: Rules, *, keep_s: float) -> None:
        """Remember the rules of `origin`, forgetting the oldest of too many."""
        with self._lock:
            self._entries.pop(origin, None)
            while len(self._entries) >= self._size:
                del self._entries[next(iter(self._entries))]
            self._entries[origin] = (self._clock() + keep_s, rules)


def robots_admission(
    policy: FetchPolicy, cache: RulesCache, *, resolve: Resolver = system_resolver
) -> Admission:
    """Make an admission that asks each host's robots.txt.

    It raises RobotsRefused for a no, and RobotsUnreachable where the file cannot be had.
    """

    def admit(target: Target, deadline: Deadline) -> None:
        rules = cache.get(target.origin)
        if rules is None:
            rules, keep_s = _ask(target, within(policy, deadline, seconds=DEADLINE_S), resolve)
            cache.put(target.origin, rules, keep_s=keep_s)
        if not rules.allow(target.path):
            raise _refusal(target, rules)

    return admit


def _refusal(target: Target, rules: Rules) -> OutgoingError:
    if rules.known:
        return RobotsRefused(f"The robots.txt of {target.host} asks not to fetch this.")
    return RobotsUnreachable(
        f"The robots.txt of {target.host} cannot be had at present, so nothing is fetched there.",
        retry_after=KEEP_UNREACHABLE_S,
    )


def _ask(target: Target, policy: FetchPolicy, resolve: Resolver) -> tuple[Rules, float]:
    """Fetch the robots.txt that is valid for `target`; give its rules and how long they hold.

    A host that has none (4xx, or redirects without end) allows everything; one that cannot be
    asked (5xx, no connection, no end in sight) allows nothing for a while.
    """
    policy = replace(policy, max_redirects=MAX_REDIRECTS, max_bytes=MAX_BYTES)
    try:
        found = fetch(
            f"{target.origin}/robots.txt", policy=policy, content_types=ANY, resolve=resolve
        )
    except TooManyRedirects:
        return ALLOW_ALL, KEEP_S
    except HttpStatus as error:
        if Status.BAD_REQUEST <= error.status < Status.INTERNAL_SERVER_ERROR:
            return ALLOW_ALL, KEEP_S
        return UNREACHABLE, KEEP_UNREACHABLE_S
    except OutgoingError:
        return UNREACHABLE, KEEP_UNREACHABLE_S
    return parse_rules(found.body.decode("utf-8", "replace"), PRODUCT), KEEP_S
