"""Celery on Redis: the hint that a job is due.

The store holds the truth. Publishing may fail, be lost or happen twice, so it happens off the
request's path: `Hints` hands ids to a thread, and what it cannot publish the sweeper will.
Why each setting is as it is stands in docs/reliability.md.
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from celery import Celery
from kombu import Queue
from kombu.exceptions import OperationalError
from kombu.transport import TRANSPORT_ALIASES
from redis import Redis
from redis.exceptions import RedisError

from services.runtime.broker import TRANSPORTS
from services.runtime.logs import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.runtime.settings import Settings

EXTRACT_QUEUE: Final = "extract"
EXTRACT_TASK: Final = "extract.article"
HEARTBEAT_TASK: Final = "extract.heartbeat"
FETCH_QUEUE: Final = "fetch"
FETCH_TASK: Final = "fetch.article"
FEED_TASK: Final = "fetch.feed"
FETCH_HEARTBEAT_TASK: Final = "fetch.heartbeat"

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A job that is due, and the stage it is in: `extract` or `fetch`."""

    job_id: str
    stage: str


_TASKS = {"extract": (EXTRACT_TASK, EXTRACT_QUEUE), "fetch": (FETCH_TASK, FETCH_QUEUE)}
_HEARTBEATS = {"extract": HEARTBEAT_TASK, "fetch": FETCH_HEARTBEAT_TASK}


class QueueUnavailable(Exception):
    """Redis cannot be reached; nothing was published."""


class Queueing(Protocol):
    """Where hints go."""

    def hint(self, job: Due) -> None:
        """Say that a job is due; never blocks, never raises, may be lost."""


def make_celery(settings: Settings, name: str) -> Celery:
    """Make the Celery app with the settings that were seen to lose and double nothing."""
    # In place of Kombu's own and under its names, which are what the logs show.
    TRANSPORT_ALIASES.update(TRANSPORTS)
    app = Celery(name, broker=_broker_url(settings.redis_url), set_as_current=False)
    app.conf.update(
        task_queues=[Queue(EXTRACT_QUEUE), Queue(FETCH_QUEUE)],
        task_default_queue=EXTRACT_QUEUE,
        # A task is acknowledged when it is done, and given back when its process dies.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        # Results live in the store.
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_soft_time_limit=settings.job_soft_limit_s,
        task_time_limit=settings.job_hard_limit_s,
        broker_transport_options=_transport_options(settings),
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # A Redis that is full answers errors; without this the worker would end at the first.
        broker_channel_error_retry=True,
        # A long task that loses its connection goes on and finishes once.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_concurrency=settings.worker_concurrency,
        worker_max_tasks_per_child=5_000,
        worker_max_memory_per_child=2_000_000,
        # A worker that listened for orders could lose its ears, or its life, with Redis.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        task_send_sent_event=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        task_serializer="json",
        accept_content=["json"],
    )
    return app


def _broker_url(url: str) -> str:
    """Spell the URL of a Unix socket as Kombu does: redis+socket:///path?virtual_host=1."""
    if not url.startswith("unix://"):
        return url
    return url.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)


def _transport_options(settings: Settings) -> dict[str, Any]:
    return {
        "visibility_timeout": settings.visibility_timeout_s,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        "socket_timeout": settings.redis_timeout_s + 2,
        "socket_connect_timeout": settings.redis_timeout_s,
        "socket_keepalive": True,
        "health_check_interval": 10,
        "retry_on_timeout": True,
    }


class Publisher:
    """Publishes tasks, in the caller's thread and within a bounded time."""

    def __init__(self, settings: Settings) -> None:
        self._app = make_celery(settings, "publisher")
        self._redis = make_redis(settings)
        # A dead Redis has to show at once: what fails here is published again by the sweeper.
        self._app.conf.broker_transport_options |= {
            "socket_timeout": settings.redis_timeout_s,
            "retry_on_timeout": False,
        }

    def publish(self, jobs: Iterable[Due]) -> None:
        """Publish a task for each job; raises QueueUnavailable at the first failure."""
        for job in jobs:
            task, queue_name = _TASKS[job.stage]
            self._send(task, queue_name, job.job_id)

    def publish_feeds(self, feed_ids: Iterable[str]) -> None:
        """Publish a task for each feed that is due; raises QueueUnavailable."""
        for feed_id in feed_ids:
            self._send(FEED_TASK, FETCH_QUEUE, feed_id)

    def beat(self, stage: str) -> None:
        """Ask a worker of this stage for a sign of life; raises QueueUnavailable."""
        self._send(_HEARTBEATS[stage], _TASKS[stage][1])

    def backlog(self, stage: str) -> int:
        """Count the tasks that wait for this stage's workers; raises QueueUnavailable."""
        try:
            return self._redis.llen(_TASKS[stage][1])
        except RedisError as error:
            raise QueueUnavailable(str(error)) from error

    def _send(self, task: str, queue_name: str, *args: str) -> None:
        try:
            self._app.send_task(task, args=args, queue=queue_name, retry=False)
        except (OperationalError, RedisError, OSError) as error:
            raise QueueUnavailable(str(error)) from error


class Hints:
    """Publishes jobs from a thread of its own, so that no request waits for Redis."""

    def __init__(self, publisher: Publisher, capacity: int = 10_000) -> None:
        self._publisher = publisher
        self._waiting: queue.Queue[Due] = queue.Queue(capacity)
        self._started = threading.Lock()
        self._thread: threading.Thread | None = None

    def hint(self, job: Due) -> None:
        """Say that a job is due; where too much waits already, the sweeper will see to it."""
        self._start()
        try:
            self._waiting.put_nowait(job)
        except queue.Full:
            _log.warning("hint_dropped", job_id=job.job_id)

    def _start(self) -> None:
        # Not before the first hint: a thread does not survive the server's fork.
        with self._started:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            job = self._waiting.get()
            try:
                self._publisher.publish([job])
            except QueueUnavailable as error:
                _log.warning("hint_failed", job_id=job.job_id, error=str(error))


def make_redis(settings: Settings) -> Redis:
    """Make a Redis client that gives up soon."""
    return Redis.from_url(
        settings.redis_url,
        socket_timeout=settings.redis_timeout_s,
        socket_connect_timeout=settings.redis_timeout_s,
    )


def redis_ping(settings: Settings) -> None:
    """Raise QueueUnavailable unless Redis answers."""
    try:
        with make_redis(settings) as client:
            client.ping()
    except RedisError as error:
        raise QueueUnavailable(str(error)) from error
