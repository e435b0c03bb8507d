"""Which processes make up Beleg on one machine, and how each is started."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from services.run.claims import free_port
from services.run.processes import Service
from services.run.redis_server import RedisServer, find_redis
from services.runtime.queue import EXTRACT_QUEUE

if TYPE_CHECKING:
    from services.runtime.settings import Settings

# First whoever takes work in, last what the others still talk to.
STOP_ORDER = ("http", "sweeper", "worker", "redis")
# A worker finishes what it has begun, and that may take as long as a job's hard limit.
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
            _python(
                "celery",
                "--quiet",
                "-A",
                "services.extract.worker",
                "worker",
                *_worker_options(settings),
            ),
            environment,
            grace_s=settings.job_hard_limit_s + WORKER_MARGIN_S,
        ),
        Service("sweeper", _python("services.ingest.sweeper"), environment),
    ]


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _http_options(listener: int) -> tuple[str, ...]:
    return ("--config", "python:services.runtime.gunicorn", "--bind", f"fd://{listener}")


def _worker_options(settings: Settings) -> tuple[str, ...]:
    return (
        *("-Q", EXTRACT_QUEUE),
        *("--hostname", "extract@%h"),
        *("--loglevel", settings.log_level),
        "--without-gossip",
        "--without-mingle",
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
