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


class WorkerSilent(Exception):
    """No worker has done a heartbeat task lately."""


def readiness_checks(store: Store, settings: Settings) -> list[Check]:
    """Make the checks of `/readyz`."""

    def worker_beats() -> None:
        with store.reading() as rows:
            last = rows.heartbeats.last(WORKER)
        if last is None or utcnow() - last > timedelta(seconds=settings.heartbeat_stale_s):
            raise WorkerSilent(f"the last heartbeat was at {last}")

    return [
        Check("store", store.ping),
        Check("redis", lambda: redis_ping(settings)),
        Check("worker", worker_beats),
    ]
