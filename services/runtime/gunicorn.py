"""How every HTTP service runs: `gunicorn -c python:services.runtime.gunicorn services.….wsgi:app`.

The names are gunicorn's settings.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from gunicorn.glogging import Logger

from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from gunicorn.config import Config

_settings = load_settings()


class StructuredLogger(Logger):  # type: ignore[misc]  # gunicorn is not typed
    """Sends the server's own lines the way of all others."""

    def setup(self, cfg: Config) -> None:  # noqa: ARG002 - gunicorn's signature
        """Let the lines through to the handler that every process of Beleg has."""
        configure_logs(_settings, "http")
        self.error_log.setLevel(logging.INFO)
        self.error_log.propagate = True


bind = [f"{_settings.host}:{_settings.port}"]
# One process, so that its metrics are the whole and SQLite has one writer less; containers scale
# by their number.
workers = 1
worker_class = "services.runtime.slow_clients.PatientWorker"
# So many requests are answered at a time; more threads wait for what clients still send.
threads = _settings.http_threads
# Longer than any answer may take (`Prefer: wait` included), shorter than a container's grace.
graceful_timeout = 15
timeout = 60
# Longer than the proxy keeps its connections, or it would now and then send into a closed one.
keepalive = 75
# The worker shows it is alive by touching a file, which on a slow disk would look like a hang.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a memory disk
control_socket_disable = True
logger_class = StructuredLogger
