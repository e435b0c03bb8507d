"""Who may be delivered to at the same time, so that receivers that hang keep nobody waiting."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

PER_ENDPOINT: Final = 4


class Slots:
    """A number of places for deliveries.

    An endpoint gets one whenever there is one, up to four while more than half are free, and
    only one if it failed lately. All endpoints that failed lately together get half at most.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._half = places // 2
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()
        self._failing: set[str] = set()

    def take(self, endpoint: str, *, failing: bool) -> bool:
        """Take a place for a delivery to `endpoint`; False if there is none for it."""
        with self._lock:
            if not self._has_room(endpoint, failing=failing):
                return False
            self._taken[endpoint] += 1
            if failing:
                self._failing.add(endpoint)
            return True

    def give_back(self, endpoint: str) -> None:
        """Give a place back."""
        with self._lock:
            self._taken[endpoint] -= 1
            if not self._taken[endpoint]:
                del self._taken[endpoint]
                self._failing.discard(endpoint)

    def _has_room(self, endpoint: str, *, failing: bool) -> bool:
        taken, mine = self._taken.total(), self._taken[endpoint]
        if failing:
            return mine == 0 and taken < self._places and len(self._failing) < self._half
        if mine == 0:
            return taken < self._places
        return mine < PER_ENDPOINT and taken < self._half
