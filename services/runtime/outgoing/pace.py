"""Not asking one host too often, and asking several things before a request is made."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Protocol

from services.runtime.outgoing.errors import HostBusy

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.runtime.outgoing.deadline import Deadline
    from services.runtime.outgoing.fetch import Admission
    from services.runtime.outgoing.guard import Target


class Turns(Protocol):
    """Hands out the turns of each host, one every so often."""

    def reserve(self, host: str, *, interval_s: float, at_most_s: float) -> float:
        """Take the host's next turn and give the seconds until then.

        When they are more than `at_most_s` nothing is taken. Safe to call from many threads, or
        processes where they share what is behind it.
        """


class TurnsInMemory:
    """The turns as one process hands them out."""

    def __init__(self, size: int = 10_000, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._size = size
        self._clock = clock
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}

    def reserve(self, host: str, *, interval_s: float, at_most_s: float) -> float:
        """Take the host's next turn, unless it is further away than `at_most_s`."""
        with self._lock:
            now = self._clock()
            turn = max(now, self._next.get(host, now))
            if turn - now <= at_most_s:
                self._forget_past(now)
                self._next[host] = turn + interval_s
            return turn - now

    def _forget_past(self, now: float) -> None:
        if len(self._next) >= self._size:
            self._next = {host: turn for host, turn in self._next.items() if turn > now}


def pace_admission(
    turns: Turns,
    *,
    interval_s: float = 1.0,
    patience_s: float = 5.0,
    sleep: Callable[[float], object] = time.sleep,
) -> Admission:
    """Make an admission that waits for the host's turn, at most `patience_s` seconds.

    It raises HostBusy with `retry_after` when the turn is further away.
    """

    def admit(target: Target, deadline: Deadline) -> None:
        at_most = min(patience_s, deadline.remaining())
        wait = turns.reserve(target.host, interval_s=interval_s, at_most_s=at_most)
        if wait > at_most:
            raise HostBusy(
                f"{target.host} is asked by us often enough as it is; try again later.",
                retry_after=wait,
            )
        if wait > 0:
            sleep(wait)

    return admit


def in_turn(*admissions: Admission) -> Admission:
    """Make one admission of several, asked in this order."""

    def admit(target: Target, deadline: Deadline) -> None:
        for admission in admissions:
            admission(target, deadline)

    return admit
