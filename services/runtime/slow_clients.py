"""A gunicorn worker in which a client that is slow keeps nobody else waiting.

A request takes one of the few seats in which requests are answered only when all of it is here.
Until then it waits in a thread of its own, of which there are many, and not for ever: headers have
`HEADERS_S`, each block of a body has `BLOCK_S`.
"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from socket import SHUT_RD
from typing import IO, TYPE_CHECKING, Any, Final

from gunicorn.workers.gthread import ThreadWorker

from services.runtime.problems import MEDIA_TYPE, Problem
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from socket import socket
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from services.runtime.settings import Settings

SLOW_CLIENTS: Final = 120
HEADERS_S: Final = 10.0
BLOCK_S: Final = 20.0
# Each piece of an answer has to be taken within this time.
ANSWER_S: Final = 60.0
_IN_MEMORY: Final = 1_000_000
_BLOCK: Final = 65_536


class Deadlines:
    """Until when something has to arrive on each connection; safe to share between threads."""

    def __init__(self) -> None:
        self._due: dict[socket, float] = {}
        self._late: set[socket] = set()

    def give(self, connection: socket, seconds: float) -> None:
        """Give a connection so many seconds from now, instead of what it had."""
        self._due[connection] = time.monotonic() + seconds

    def lift(self, connection: socket) -> bool:
        """Wait for this connection no more; tells whether it was in time."""
        self._due.pop(connection, None)
        in_time = connection not in self._late
        self._late.discard(connection)
        return in_time

    def enforce(self) -> None:
        """Cut off who is late: whoever reads from there sees the end."""
        now = time.monotonic()
        for connection in [late for late, due in list(self._due.items()) if due < now]:
            self._late.add(connection)
            if self._due.pop(connection, None) is None:
                self._late.discard(connection)
                continue
            with suppress(OSError):
                connection.shutdown(SHUT_RD)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn is not typed
    """Threads for slow clients besides those that answer, and deadlines for what they send."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadlines = Deadlines()

    def get_thread_pool(self) -> ThreadPoolExecutor:
        """Make room for those who are still sending; a thread is made when it is needed."""
        return ThreadPoolExecutor(max_workers=self.cfg.threads + SLOW_CLIENTS)

    def load_wsgi(self) -> None:
        """Load the app, and let it see whole requests only."""
        super().load_wsgi()
        self.wsgi: WSGIApplication = WholeRequests(
            self.wsgi, load_settings(), self._deadlines, seats=self.cfg.threads
        )

    def handle(self, conn: Any) -> Any:
        """Give the headers their time."""
        self._deadlines.give(conn.sock, HEADERS_S)
        try:
            return super().handle(conn)
        finally:
            self._deadlines.lift(conn.sock)

    def murder_pending(self) -> None:
        """Cut off whoever is late, about once a second."""
        super().murder_pending()
        self._deadlines.enforce()


class WholeRequests:
    """Reads a request's body to its end before the app begins, and lets only so many begin."""

    def __init__(
        self, app: WSGIApplication, settings: Settings, deadlines: Deadlines, *, seats: int
    ) -> None:
        self._app = app
        self._settings = settings
        self._deadlines = deadlines
        self._seats = threading.BoundedSemaphore(seats)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer the request, with 408 if it does not come."""
        connection: socket = environ["gunicorn.socket"]
        body, in_time = self._read(environ, connection)
        if not in_time:
            body.close()
            return _too_slow(start)
        connection.settimeout(ANSWER_S)
        with self._seats:
            return self._app(environ, start)

    def _read(self, environ: WSGIEnvironment, connection: socket) -> tuple[IO[bytes], bool]:
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        try:
            size = self._copy(environ["wsgi.input"], body, connection, self._most(environ))
        except Exception:
            # What is cut off in mid-chunk looks broken; what is broken is gunicorn's to answer.
            if self._deadlines.lift(connection):
                body.close()
                raise
            return body, False
        body.seek(0)
        environ["wsgi.input"] = body
        if size:
            # Known now also of a body that came in chunks, so that the app can tell its limit:
            # of an unknown length the framework would read so much and take it for the whole.
            environ["CONTENT_LENGTH"] = str(size)
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        return body, self._deadlines.lift(connection)

    def _copy(self, stream: IO[bytes], body: IO[bytes], connection: socket, most: int) -> int:
        size = 0
        while size < most:
            self._deadlines.give(connection, BLOCK_S)
            block = stream.read(min(_BLOCK, most - size))
            if not block:
                break
            size += len(block)
            body.write(block)
        return size

    def _most(self, environ: WSGIEnvironment) -> int:
        """One byte more than is taken shows the app that it is too much."""
        batch = "ndjson" in environ.get("CONTENT_TYPE", "")
        limit = self._settings.max_batch_bytes if batch else self._settings.max_request_bytes
        announced = environ.get("CONTENT_LENGTH") or "0"
        too_much = announced.isdecimal() and int(announced) > limit
        return 0 if too_much else limit + 1


def _too_slow(start: StartResponse) -> Iterable[bytes]:
    problem = Problem("too-slow", "The body of the request did not come in time.")
    start(f"{int(problem.status)} {problem.status.phrase}", [("Content-Type", MEDIA_TYPE)])
    return [json.dumps(problem.document()).encode()]
