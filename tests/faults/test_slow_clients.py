"""Clients that send slowly, or without end, keep nobody else waiting."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support.installation import RECOVERY_S, Installation
from tests.support.redis import Redis

SLOW = 30
LIMIT = 100_000
HEADERS = b"POST /v1/articles HTTP/1.1\r\nHost: beleg\r\n"
BEGINNINGS = {
    "no byte": b"",
    "headers": HEADERS,
    "body": HEADERS + b"Content-Type: application/json\r\nContent-Length: 90000\r\n\r\n{",
    "chunks": HEADERS
    + b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
}


@pytest.fixture(scope="module")
def beleg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """HTTP alone, which answers two requests at a time and takes small bodies."""
    folder = tmp_path_factory.mktemp("slow")
    limits = {
        "BELEG_HTTP_THREADS": "2",
        "BELEG_REQUESTS_PER_MINUTE": "0",
        "BELEG_MAX_REQUEST_BYTES": str(LIMIT),
        "BELEG_MAX_BATCH_BYTES": str(LIMIT),
    }
    redis = Redis(folder / "redis")
    installation = Installation(folder, redis, f"sqlite:///{folder}/beleg.db", settings=limits)
    installation.start("http")
    yield installation
    installation.stop()


def connect(beleg: Installation) -> socket.socket:
    host, port = beleg.url.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=RECOVERY_S)


@contextlib.contextmanager
def dripping(connections: list[socket.socket]) -> Iterator[None]:
    """Send a byte now and then on each connection, as long as it takes them."""
    stop = threading.Event()

    def drip() -> None:
        while not stop.wait(0.5):
            for connection in connections:
                with contextlib.suppress(OSError):
                    connection.send(b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_slow_clients_stop_nobody_and_are_cut_off(beleg: Installation, kind: str) -> None:
    """Thirty clients that never come to an end leave the two seats free, and do not stay."""
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(connect(beleg)) for _ in range(SLOW)]
        for connection in slow:
            connection.sendall(BEGINNINGS[kind])
        stack.enter_context(dripping(slow if kind != "no byte" else []))
        assert len(beleg.submit(times=5)) == 5
        if kind == "no byte":
            return  # It holds no thread; gunicorn closes it like one that is kept alive.
        answers = [received(connection) for connection in slow]
    expected = b"" if kind == "headers" else b"HTTP/1.1 408"
    assert {answer[:12] for answer in answers} == {expected}


def received(connection: socket.socket) -> bytes:
    """Read until the other side ends it."""
    answer = b""
    with contextlib.suppress(ConnectionError):
        while block := connection.recv(65536):
            answer += block
    return answer


@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson"])
def test_an_endless_body_is_refused_while_it_is_read(beleg: Installation, media_type: str) -> None:
    """A body without a length is cut off at the limit with 413, not read to an end it lacks."""
    head = HEADERS + f"Content-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
    with connect(beleg) as connection:
        connection.sendall(head)
        with sending(connection, chunk) as sent:
            answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413"), answer
    assert sent()
    assert beleg.submit()


@contextlib.contextmanager
def sending(connection: socket.socket, chunk: bytes) -> Iterator[Callable[[], int]]:
    """Send chunks without end until the other side has had enough; gives how many were sent."""
    count = 0
    stop = threading.Event()

    def send() -> None:
        nonlocal count
        with contextlib.suppress(OSError):
            while not stop.is_set():
                connection.sendall(chunk)
                count += 1
                time.sleep(0.005)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield lambda: count
    finally:
        stop.set()
        thread.join()


def test_a_body_announced_too_large_is_refused_unread(beleg: Installation) -> None:
    """The length that a client announces is enough for a 413."""
    with connect(beleg) as connection:
        connection.sendall(
            HEADERS
            + f"Content-Type: application/json\r\nContent-Length: {LIMIT + 1}\r\n\r\n".encode()
        )
        assert connection.recv(65536).startswith(b"HTTP/1.1 413")


def test_bodies_of_every_size_arrive_whole(beleg: Installation) -> None:
    """An article that fills the limit is taken, with a length and in chunks."""
    article = beleg.article()
    article["text"] += " Ende." * ((LIMIT - 2_000) // 6)
    beleg.accepted(article)
    body = json.dumps(beleg.article()).encode()
    answer = beleg.session.post(
        f"{beleg.url}/v1/articles",
        data=iter([body[:50], body[50:]]),
        headers={"Content-Type": "application/json"},
        timeout=60,
    )
    assert answer.status_code == 202, answer.text
