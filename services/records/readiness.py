"""What has to answer before a service is ready: store, queue, and a worker that works."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from services.runtime.clock import utcnow
from services.runtime.queue import redis_ping
from services.runtime.web import Check

if TYPE_CHECKING:
    from services.records.store import Store
    from services.runtime.settings import Settings

WORKER: Final = "extract"
FETCHER: Final = "fetch"


class WorkerSilent(Exception):
    """No worker has done a heartbeat task lately."""


def readiness_checks(store: Store, settings: Settings) -> list[Check]:
    """Make the checks of `/readyz`."""
    return [
        Check("store", store.ping),
        Check("redis", lambda: redis_ping(settings)),
        worker_check("worker", WORKER, store, settings),
    ]


def fetcher_check(store: Store, settings: Settings) -> Check:
    """Make the check of the workers that fetch, without which articles with a text still go on."""
    return worker_check("fetcher", FETCHER, store, settings)


def worker_check(name: str, heart: str, store: Store, settings: Settings) -> Check:
    """Make the check that a worker has lately taken a heartbeat task from its queue and done it."""

    def beats() -> None:
        with store.reading() as rows:
            last = rows.heartbeats.last(heart)
        if last is None or utcnow() - last > timedelta(seconds=settings.heartbeat_stale_s):
            raise WorkerSilent(f"the last heartbeat was at {last}")

    return Check(name, beats)
