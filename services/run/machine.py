"""Beleg on one machine: Redis, HTTP, workers and sweeper under one supervisor."""

from __future__ import annotations

import asyncio
import signal
from contextlib import asynccontextmanager, closing, contextmanager
from typing import TYPE_CHECKING

from services.records.migrations import migrate
from services.records.store import StoreUnavailable, open_store
from services.run.claims import claim_folder, claim_port
from services.run.journal import OURS
from services.run.plan import STOP_ORDER, own_redis, redis_service, services
from services.run.readiness import NotReadyError, missing, wait_for
from services.run.supervisor import Supervisor, guarding
from services.runtime.queue import QueueUnavailable, redis_ping

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from services.run.journal import Journal
    from services.runtime.settings import Settings

    Work = Callable[[str], Awaitable[int]]


def run(settings: Settings, journal: Journal, work: Work) -> int | None:
    """Run Beleg while `work` runs, and give what it gives, or None when a signal stopped it.

    `work` gets the base URL once everything is ready. The first SIGINT, SIGTERM or SIGHUP stops
    everything in order, the second without waiting. Raises TakenError, NoRedisError and
    NotReadyError.
    """
    with (
        claim_folder(settings.data_dir) as lock,
        closing(claim_port(settings.host, settings.port)) as listener,
    ):
        return asyncio.run(_run(settings, journal, work, lock, listener))


async def _run(
    settings: Settings, journal: Journal, work: Work, lock: int, listener: socket.socket
) -> int | None:
    async with guarding([lock]) as guard:
        supervisor = Supervisor(journal, guard)
        with _signals_stopping(supervisor, journal):
            try:
                async with _running(settings, journal, supervisor, listener):
                    return await work(base_url(listener))
            except asyncio.CancelledError:
                return None


@asynccontextmanager
async def _running(
    settings: Settings, journal: Journal, supervisor: Supervisor, listener: socket.socket
) -> AsyncIterator[None]:
    """Start everything in order and wait until it is ready; at the end stop it in order."""
    journal.write(OURS, f"starting; all state lies in {settings.data_dir}")
    try:
        settings = await _with_redis(settings, supervisor)
        await asyncio.to_thread(_bring_schema_up_to_date, settings)
        for service in services(settings, listener.fileno()):
            supervisor.start(service)
        await wait_for(lambda: missing(base_url(listener)))
        yield
    finally:
        for name in STOP_ORDER:
            await supervisor.stop(name)
        journal.write(OURS, "stopped")


async def _with_redis(settings: Settings, supervisor: Supervisor) -> Settings:
    """Start a Redis of our own unless the settings name one; give settings that name it."""
    if "redis_url" in settings.model_fields_set:
        return settings
    server = own_redis(settings)
    settings = settings.model_copy(update={"redis_url": server.url})
    supervisor.start(redis_service(server))
    await wait_for(lambda: _missing_redis(settings))
    return settings


def _missing_redis(settings: Settings) -> str | None:
    try:
        redis_ping(settings)
    except QueueUnavailable as error:
        return f"Redis ({error}; see {settings.data_dir / 'redis' / 'redis.log'})"
    return None


def _bring_schema_up_to_date(settings: Settings) -> None:
    store = open_store(settings)
    try:
        migrate(store)
    except StoreUnavailable as error:
        url = store.engine.url.render_as_string(hide_password=True)
        raise NotReadyError(f"the store {url} cannot be used ({error.__cause__})") from error
    finally:
        store.engine.dispose()


@contextmanager
def _signals_stopping(supervisor: Supervisor, journal: Journal) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in a task

    def stop() -> None:
        if task.cancelling():
            supervisor.hurry()
        else:
            journal.write(OURS, "stopping; once more to stop without waiting for running work")
            task.cancel()

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in signals:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


def base_url(listener: socket.socket) -> str:
    """Give the URL under which this machine reaches the listening socket."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
