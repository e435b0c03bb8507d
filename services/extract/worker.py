"""The extraction worker: `celery -A services.extract.worker worker -Q extract`."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from celery.signals import setup_logging, worker_process_init

from services.extract.engine import load_engine
from services.extract.garbage import collect_seldom
from services.extract.jobs import run_job
from services.records.jobs import Claim, Stage
from services.records.readiness import WORKER
from services.records.store import StoreUnavailable, open_store
from services.runtime.clock import utcnow
from services.runtime.logs import configure_logs, get_logger
from services.runtime.queue import EXTRACT_TASK, HEARTBEAT_TASK, make_celery
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from services.extract.engine.types import Engine

settings = load_settings()
app = make_celery(settings, "extract")
store = open_store(settings)
_log = get_logger(__name__)


class Pulse:
    """Comes due every so many seconds, by the clock that does not jump."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._next = time.monotonic()

    def due(self) -> bool:
        """Tell whether the time has come, once each time."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self._every_s
        return True


pulse = Pulse(settings.heartbeat_every_s)


@cache
def engine() -> Engine:
    """Load the engine, once for each process."""
    return load_engine(settings.engine)


@app.task(name=EXTRACT_TASK, bind=True)
def extract_article(self: Any, job_id: str) -> None:
    """Make an attempt at a job; without a store it is left to the sweeper."""
    now = utcnow()
    claim = Claim(
        by=self.request.id,
        stage=Stage.EXTRACT,
        at=now,
        lease_until=now + timedelta(seconds=settings.job_hard_limit_s + 5),
        max_attempts=settings.job_max_attempts,
        redelivered=bool(self.request.delivery_info.get("redelivered")),
    )
    try:
        run_job(job_id, store=store, engine=engine(), claim=claim, clock=utcnow)
    except StoreUnavailable:
        _log.warning("store_unavailable", job_id=job_id)
    # Behind many articles the heartbeat tasks wait long; articles that are done prove as much.
    if pulse.due():
        heartbeat()


@app.task(name=HEARTBEAT_TASK)
def heartbeat() -> None:
    """Show in the store that this worker takes tasks and does them."""
    try:
        with store.transaction() as rows:
            rows.heartbeats.beat(WORKER, utcnow())
    except StoreUnavailable:
        _log.warning("store_unavailable")


@setup_logging.connect
def _configure_logs(**_: object) -> None:
    configure_logs(settings, "extract")


@worker_process_init.connect
def _after_fork(**_: object) -> None:
    store.forget_connections()
    engine()
    collect_seldom()
