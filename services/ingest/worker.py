"""The fetching worker: `celery -A services.ingest.worker worker -Q fetch`.

It waits for other people's servers, so it works in threads of one process, which share what is
known of hosts: their robots.txt, and when they were last asked. Celery's time limits do not reach
threads; a fetch and a reading have deadlines of their own.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

from celery.signals import setup_logging

from services.ingest.accept import Intake
from services.ingest.fetching import fetch_article as fetch_one
from services.ingest.polling import poll
from services.ingest.reading import LONGEST_S
from services.ingest.remote import admission, fetch_page
from services.ingest.remote import poll_feed as ask_feed
from services.records.feeds import Polling
from services.records.jobs import Claim, Stage
from services.records.readiness import FETCHER
from services.records.store import StoreUnavailable, open_store
from services.runtime.clock import utcnow
from services.runtime.logs import configure_logs, get_logger
from services.runtime.queue import (
    FEED_TASK,
    FETCH_HEARTBEAT_TASK,
    FETCH_QUEUE,
    FETCH_TASK,
    Hints,
    Publisher,
    make_celery,
)
from services.runtime.settings import load_settings

_MARGIN_S: Final = 15
settings = load_settings()
app = make_celery(settings, "fetch")
app.conf.update(
    task_default_queue=FETCH_QUEUE,
    worker_pool="threads",
    worker_concurrency=settings.fetch_concurrency,
)
store = open_store(settings)
queue = Hints(Publisher(settings))
policy = settings.fetch_policy
intake = Intake.of(settings)
admit = admission(settings)
lease = timedelta(seconds=settings.fetch_deadline_s + LONGEST_S + _MARGIN_S)
_log = get_logger(__name__)


@app.task(name=FETCH_TASK, bind=True)
def fetch_article(self: Any, job_id: str) -> None:
    """Make an attempt at a job; without a store it is left to the sweeper."""
    now = utcnow()
    claim = Claim(
        by=self.request.id,
        stage=Stage.FETCH,
        at=now,
        lease_until=now + lease,
        max_attempts=settings.job_max_attempts,
        redelivered=bool(self.request.delivery_info.get("redelivered")),
    )
    try:
        fetch_one(
            job_id,
            store=store,
            fetch=partial(fetch_page, policy=policy, admit=admit),
            queue=queue,
            claim=claim,
            max_text_chars=settings.max_text_chars,
            clock=utcnow,
        )
    except StoreUnavailable:
        _log.warning("store_unavailable", job_id=job_id)


@app.task(name=FEED_TASK, bind=True)
def poll_feed(self: Any, feed_id: str) -> None:
    """Poll a feed that is due; without a store it is left to the sweeper."""
    now = utcnow()
    try:
        poll(
            feed_id,
            store=store,
            ask=partial(ask_feed, policy=policy, admit=admit),
            queue=queue,
            polling=Polling(self.request.id, now, now + lease),
            intake=intake,
            clock=utcnow,
        )
    except StoreUnavailable:
        _log.warning("store_unavailable", feed_id=feed_id)


@app.task(name=FETCH_HEARTBEAT_TASK)
def heartbeat() -> None:
    """Show in the store that this worker takes tasks and does them."""
    try:
        with store.transaction() as rows:
            rows.heartbeats.beat(FETCHER, utcnow())
    except StoreUnavailable:
        _log.warning("store_unavailable")


@setup_logging.connect
def _configure_logs(**_: object) -> None:
    configure_logs(settings, "fetch")
