"""The sweeper: publishes what is due, again and again, so that a lost hint loses no job.

`python -m services.ingest.sweeper` runs until it is told to stop.
"""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from services.records.jobs import Stage
from services.records.store import StoreUnavailable, open_store
from services.runtime.clock import utcnow
from services.runtime.logs import configure_logs, get_logger
from services.runtime.queue import Due, Publisher, QueueUnavailable
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from datetime import datetime

    from services.records.store import Rows, Store
    from services.runtime.settings import Settings

_FORGOTTEN_AT_ONCE = 100
_EVENTS_KEPT = timedelta(days=30)
_log = get_logger(__name__)
# Longer than anything puts a job off, unless its clock was ahead of ours.
FURTHEST = timedelta(minutes=15)


def sweep(
    stage: Stage,
    *,
    store: Store,
    publisher: Publisher,
    room: int,
    again_after: timedelta,
    now: datetime,
    furthest: timedelta = FURTHEST,
) -> int:
    """Publish up to `room` due jobs of a stage, put each off by `again_after`; gives their number.

    A job that is put off by more than `furthest` is due as well: a clock has jumped back.

    The rows are put off before they are published: if this process dies in between, they are
    due again soon, and a job that is published twice is done once.

    Raises StoreUnavailable, and QueueUnavailable when Redis does not take them.
    """
    if room <= 0:
        return 0
    with store.transaction() as rows:
        jobs = rows.jobs.take_due(
            stage,
            at=now,
            again_at=now + again_after,
            furthest=now + furthest,
            limit=room,
        )
        due = [Due(job.id, job.stage) for job in jobs]
    publisher.publish(due)
    return len(due)


class Sweeper:
    """Sweeps and asks for heartbeats, on time, until it is stopped."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._store = open_store(settings)
        self._publisher = Publisher(settings)
        self._stop = threading.Event()
        # Of the clock that does not jump.
        self._beat_due = time.monotonic()

    def stop(self, *_: object) -> None:
        """Finish the sweep in progress, then return from `run`."""
        self._stop.set()

    def run(self) -> None:
        """Sweep until stopped; what fails is logged and tried again the next time."""
        while not self._stop.is_set():
            try:
                self._once()
            except (StoreUnavailable, QueueUnavailable) as error:
                _log.warning("sweep_failed", error=str(error), kind=type(error).__name__)
            self._stop.wait(self._settings.sweep_every_s)

    def _once(self) -> None:
        now = utcnow()
        # First, since it needs no Redis.
        self._tidy(now)
        beat = time.monotonic() >= self._beat_due
        # Each for itself: what waits for one kind of worker keeps no other from its work.
        for stage in Stage:
            self._sweep(stage, now, beat=beat)
        self._publish_feeds(now)
        if beat:
            self._beat_due = time.monotonic() + self._settings.heartbeat_every_s

    def _sweep(self, stage: Stage, now: datetime, *, beat: bool) -> None:
        backlog = self._publisher.backlog(stage)
        published = sweep(
            stage,
            store=self._store,
            publisher=self._publisher,
            room=self._settings.sweep_backlog - backlog,
            again_after=timedelta(seconds=self._settings.hint_grace_s),
            now=now,
            furthest=max(FURTHEST, timedelta(seconds=2 * self._settings.visibility_timeout_s)),
        )
        if published:
            _log.info("swept", stage=str(stage), published=published, backlog=backlog)
        if beat and backlog < self._settings.sweep_backlog:
            self._publisher.beat(stage)

    def _publish_feeds(self, now: datetime) -> None:
        room = self._settings.sweep_backlog - self._publisher.backlog(Stage.FETCH)
        if room <= 0:
            return
        again_at = now + timedelta(seconds=self._settings.hint_grace_s)
        with self._store.transaction() as rows:
            due = rows.feeds.take_due(at=now, again_at=again_at, limit=room)
        self._publisher.publish_feeds(due)

    def _tidy(self, now: datetime) -> None:
        with self._store.transaction() as rows:
            for batch in rows.batches.complete_done(at=now):
                summary = rows.batches.get(batch.id)
                if summary is not None:
                    rows.events.batch_completed(summary, batch.tenant, at=now)
                _log.info("batch_completed", batch_id=batch.id)
            rows.idempotency.forget_old(at=now)
            rows.events.forget_older_than(now - _EVENTS_KEPT)
            if self._settings.retention_days:
                self._forget_old_articles(rows, now)

    def _forget_old_articles(self, rows: Rows, now: datetime) -> None:
        oldest = now - timedelta(days=self._settings.retention_days)
        if forgotten := rows.articles.delete_older_than(oldest, limit=_FORGOTTEN_AT_ONCE):
            _log.info("articles_forgotten", articles=forgotten)


def main() -> None:
    """Run the sweeper."""
    settings = load_settings()
    configure_logs(settings, "sweeper")
    sweeper = Sweeper(settings)
    signal.signal(signal.SIGTERM, sweeper.stop)
    signal.signal(signal.SIGINT, sweeper.stop)
    _log.info("sweeper_started", every_s=settings.sweep_every_s)
    sweeper.run()
    _log.info("sweeper_stopped")


if __name__ == "__main__":
    main()
