"""Waiting for a job inside its request (`Prefer: wait=10`, RFC 7240)."""

from __future__ import annotations

import re
import threading
import time
from typing import TYPE_CHECKING, Final

from services.records.jobs import UNFINISHED

if TYPE_CHECKING:
    from services.records.store import Store
    from services.records.tables import JobRow

LONGEST_S: Final = 30.0
_FIRST_PAUSE_S: Final = 0.02
_LONGEST_PAUSE_S: Final = 0.25
_WAIT = re.compile(r"(?:^|[,;]\s*)wait\s*=\s*\"?(\d{1,6})\"?\s*(?:$|[,;])", re.IGNORECASE)


def wished_wait(prefer: str | None) -> float:
    """Read how many seconds a client wishes to wait, at most `LONGEST_S`; 0 for not at all.

    A preference that cannot be understood is ignored, as RFC 7240 asks.
    """
    found = _WAIT.search(prefer or "")
    return min(float(found[1]), LONGEST_S) if found else 0.0


class Waiting:
    """Lets requests wait for their jobs, but never so many that nobody else is served."""

    def __init__(self, store: Store, *, at_once: int) -> None:
        self._store = store
        self._free = at_once
        self._seats = threading.Lock()

    def until_done(self, job: JobRow, tenant: str, seconds: float) -> JobRow:
        """Give the job when it is done, or as it is after `seconds`, or at once when full."""
        if not self._sit_down():
            return job
        try:
            return self._poll(job, tenant, time.monotonic() + seconds)
        finally:
            self._stand_up()

    def _sit_down(self) -> bool:
        with self._seats:
            found = self._free > 0
            self._free -= found
        return found

    def _stand_up(self) -> None:
        with self._seats:
            self._free += 1

    def _poll(self, job: JobRow, tenant: str, deadline: float) -> JobRow:
        pause = _FIRST_PAUSE_S
        while job.status in UNFINISHED and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE_S)
            with self._store.reading(tenant) as rows:
                job = rows.jobs.get(job.id) or job
        return job
