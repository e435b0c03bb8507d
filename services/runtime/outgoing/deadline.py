"""One deadline for a whole request, however slowly the other side drips.

A socket's timeout starts anew with every byte, so it bounds nothing. Here a timer shuts the
connection down when the time is up, which wakes whoever reads from it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from typing import TYPE_CHECKING, Self

from services.runtime.outgoing.errors import TimedOut

if TYPE_CHECKING:
    from collections.abc import Callable


class Deadline:
    """A point in time that everything belonging to one request shares."""

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._end = clock() + seconds

    def remaining(self) -> float:
        """Give the seconds that are left; raise TimedOut when there are none."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.error()
        return left

    def passed(self) -> bool:
        """Say whether the time is up."""
        return self._clock() >= self._end

    def error(self) -> TimedOut:
        """Make the error that says so."""
        return TimedOut(f"The request was not done within {self.seconds:g} seconds.")


class Watchdog:
    """Shuts every connection down that it was given when the deadline passes.

    It keeps a duplicate of the connection's file descriptor: shutting that down reaches the
    connection itself, and it stays valid when TLS has wrapped or http.client closed the original.
    """

    def __init__(self, deadline: Deadline) -> None:
        self._lock = threading.Lock()
        self._duplicates: list[socket.socket] = []
        self._deadline = deadline
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        self._timer = threading.Timer(self._deadline.remaining(), self._shut_down)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            for duplicate in self._duplicates:
                duplicate.close()
            self._duplicates.clear()

    def guard(self, connection: socket.socket) -> None:
        """Watch `connection` from now on."""
        with self._lock:
            self._duplicates.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self._deadline.passed():
            self._shut_down()

    def _shut_down(self) -> None:
        with self._lock:
            for duplicate in self._duplicates:
                with contextlib.suppress(OSError):
                    duplicate.shutdown(socket.SHUT_RDWR)
