"""Which processes make up Beleg on one machine, and how each is started."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from services.ingest.reading import LONGEST_S
from services.run.claims import free_port
from services.run.processes import Service
from services.run.redis_server import RedisServer, find_redis
from services.runtime.outgoing.fetch import POST_DEADLINE_S
from services.runtime.queue import EXTRACT_QUEUE, FETCH_QUEUE

if TYPE_CHECKING:
    from services.runtime.settings import Settings

# First whoever takes work in, last what the others still talk to.
STOP_ORDER = ("http", "sweeper", "fetcher", "worker", "deliverer", "redis")
# A worker finishes what it has begun, and that may take as long as a job's hard limit, or as a
# fetch and the reading of what it brought.
WORKER_MARGIN_S = 10.0


def own_redis(settings: Settings) -> RedisServer:
    """Plan a Redis with its files in the data folder; raises NoRedisError."""
    folder = settings.data_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    return RedisServer(find_redis(), folder, free_port())


def redis_service(server: RedisServer) -> Service:
    """Give the process of our own Redis."""
    return Service("redis", server.command, input=server.configuration)


def services(settings: Settings, listener: int) -> list[Service]:
    """Give the processes besides Redis; HTTP answers on the listening socket `listener`."""
    environment = _environment(settings)
    return [
        Service(
            "http",
            _python("gunicorn", *_http_options(listener), "services.run.http:create_app()"),
            environment,
            descriptors=(listener,),
        ),
        Service(
            "worker",
            _worker("services.extract.worker", EXTRACT_QUEUE, settings),
            environment,
            grace_s=settings.job_hard_limit_s + WORKER_MARGIN_S,
        ),
        Service(
            "fetcher",
            _worker("services.ingest.worker", FETCH_QUEUE, settings),
            environment,
            grace_s=settings.fetch_deadline_s + LONGEST_S + WORKER_MARGIN_S,
        ),
        Service("sweeper", _python("services.ingest.sweeper"), environment),
        Service(
            "deliverer",
            _python("services.api.deliver"),
            environment,
            grace_s=POST_DEADLINE_S + WORKER_MARGIN_S,
        ),
    ]


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _http_options(listener: int) -> tuple[str, ...]:
    return ("--config", "python:services.runtime.gunicorn", "--bind", f"fd://{listener}")


def _worker(app: str, queue: str, settings: Settings) -> tuple[str, ...]:
    return _python(
        "celery",
        "--quiet",
        *("-A", app),
        "worker",
        *("-Q", queue),
        *("--hostname", f"{queue}@%h"),
        *("--loglevel", settings.log_level),
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    )


def _environment(settings: Settings) -> dict[str, str]:
    """Give what the processes must know and their own environment or `.env` may not say."""
    return {
        "BELEG_DATA_DIR": str(settings.data_dir.absolute()),
        "BELEG_DATABASE_URL": settings.database_url,
        "BELEG_REDIS_URL": settings.redis_url,
        "BELEG_HOST": settings.host,
        "BELEG_PORT": str(settings.port),
        "BELEG_LOG_FORMAT": settings.log_format,
        "PYTHONUNBUFFERED": "1",
    }
