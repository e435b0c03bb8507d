"""A host on 127.0.0.1 that answers exactly as a test wants, well or badly."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

Script = Callable[["Request", socket.socket], None]
"""Answers one request over its connection, as it likes."""


@dataclass(frozen=True)
class Request:
    """What arrived: header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Stranger:
    """Listens on a free port; every path has a script, and unknown ones answer 404."""

    scripts: dict[str, Script] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # A client that hangs up early is what many of these tests are about.
        with contextlib.suppress(OSError, ValueError), contextlib.ExitStack() as stack:
            stack.callback(connection.close)
            if self.tls:
                connection = stack.enter_context(self.tls.wrap_socket(connection, server_side=True))
            request = _read(connection)
            self.requests.append(request)
            self.scripts.get(request.path.partition("?")[0], status(404))(request, connection)


def _read(connection: socket.socket) -> Request:
    with connection.makefile("rb") as stream:
        method, path, _ = stream.readline().decode("latin-1").split(" ")
        lines = iter(lambda: stream.readline().decode("latin-1").strip(), "")
        headers = {
            name.lower(): value.strip() for name, _, value in (h.partition(":") for h in lines)
        }
        body = stream.read(int(headers.get("content-length", 0)))
    return Request(method, path, headers, body)


def answer(
    body: bytes = b"",
    content_type: str | None = "text/html; charset=utf-8",
    *,
    code: int = 200,
    **headers: str,
) -> Script:
    """Answer with `body` and its length; `X_y="z"` becomes the header `X-y: z`."""
    # Every connection is closed after its answer; a client that was not told might use it again.
    headers.setdefault("Connection", "close")
    lines = [f"HTTP/1.1 {code} Whatever", f"Content-Length: {len(body)}"]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    head = "\r\n".join([*lines, "", ""]).encode()
    return lambda _, connection: connection.sendall(head + body)


def status(code: int, **headers: str) -> Script:
    """Answer with a status and nothing else."""
    return answer(code=code, **headers)


def redirect(location: str, code: int = 302) -> Script:
    """Lead on to `location`."""
    return answer(code=code, Location=location)


def raw(*pieces: bytes) -> Script:
    """Send these bytes and close."""

    def script(_: Request, connection: socket.socket) -> None:
        for piece in pieces:
            connection.sendall(piece)

    return script


def drip(head: bytes, pieces: Iterator[bytes], stranger: Stranger, every_s: float = 0.05) -> Script:
    """Send `head` at once and then a piece every so often, until the client hangs up."""

    def script(_: Request, connection: socket.socket) -> None:
        connection.sendall(head)
        for piece in pieces:
            if stranger.stopping.wait(every_s):
                return
            connection.sendall(piece)

    return script
