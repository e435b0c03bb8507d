"""A real Redis that a test can kill, pause, flush and start again."""

import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import redis

from services.run.redis_server import DURABLE, RedisServer, find_redis
from tests.support.processes import free_port, launch, wait_until

STARTS = 5


class Redis:
    """One Redis server of the tests' own; its URL stays the same over restarts."""

    def __init__(self, folder: Path, options: Mapping[str, str] = DURABLE) -> None:
        self._folder = folder
        self._options = options
        self._server = self._somewhere()
        self._process: subprocess.Popen[bytes] | None = None
        self._settled = False

    @property
    def url(self) -> str:
        """`redis://…` with the password."""
        return self._server.url

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def client(self) -> redis.Redis:
        """A new client with short timeouts."""
        return redis.Redis.from_url(self.url, socket_timeout=5, socket_connect_timeout=5)

    def start(self) -> None:
        """Start it, and wait until it answers; nothing happens when it runs already.

        It keeps the port on which it first answered, and what its files kept.
        """
        if self._process is not None and self._process.poll() is None:
            return
        if self._settled:
            wait_until(self._start_again, what="Redis to come back on its port")
        else:
            self._settle()
            self._settled = True

    def kill(self) -> None:
        """Kill it as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop it as an operator would."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """Kill it and start it again."""
        self.kill()
        self.start()

    def pause(self) -> None:
        """Let it hang: connections are taken and nothing is answered."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """End a pause."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Forget everything, as `FLUSHALL` does."""
        with self.client as client:
            client.flushall()

    def set(self, name: str, value: str) -> None:
        """Change one setting of the running server (`CONFIG SET`)."""
        with self.client as client:
            client.config_set(name, value)

    def _settle(self) -> None:
        for _ in range(STARTS):
            self._launch()
            if wait_until(self._up_or_dead, what="Redis to come up") == "up":
                return
            # Another program may have taken the port.
            self._server = self._somewhere()
        raise AssertionError(f"Redis does not start; see {self._folder / 'log'}")

    def _somewhere(self) -> RedisServer:
        return RedisServer(find_redis(), self._folder, free_port(), self._options)

    def _launch(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "log").open("ab") as log:
            self._process = launch(
                list(self._server.command), stdin=subprocess.PIPE, stdout=log, stderr=log
            )
        assert self._process.stdin is not None
        self._process.stdin.write(self._server.configuration.encode())
        self._process.stdin.close()

    def _start_again(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            self._launch()
        return self._up_or_dead() == "up"

    def _up_or_dead(self) -> str | None:
        assert self._process is not None
        if self._process.poll() is not None:
            return "dead"
        try:
            with self.client as client:
                return "up" if client.ping() else None
        except redis.AuthenticationError:
            return "dead"
        except redis.RedisError:
            return None

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self.resume()
        self._process.send_signal(how)
        self._process.wait(timeout=60)
