"""What a slow client may do, without a server around it."""

import io
import json
import socket
from collections.abc import Iterator
from typing import IO, Any

import pytest

from services.runtime import slow_clients
from services.runtime.settings import Settings
from services.runtime.slow_clients import Deadlines, WholeRequests

LIMIT = 2000
Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A connection as the server and as the client has it."""
    ours, theirs = socket.socketpair()
    yield ours, theirs
    ours.close()
    theirs.close()


def ask(
    connection: socket.socket, body: IO[bytes], deadlines: Deadlines, **environ: str
) -> tuple[str, Any]:
    """Send a request through an app that answers with what it was given."""
    settings = Settings(_env_file=None, max_request_bytes=LIMIT, max_batch_bytes=2 * LIMIT)
    answered: list[str] = []

    def app(given: Any, start: Any) -> list[bytes]:
        start("200 OK", [])
        read = len(given["wsgi.input"].read())
        return [json.dumps([read, given.get("CONTENT_LENGTH")]).encode()]

    whole = WholeRequests(app, settings, deadlines, seats=1)
    given = {"gunicorn.socket": connection, "wsgi.input": body, **environ}
    answer = whole(given, lambda status, _: answered.append(status))  # type: ignore[arg-type]
    return answered[0], json.loads(b"".join(answer))


@pytest.mark.parametrize(
    ("size", "environ", "read", "length"),
    [
        (0, {}, 0, None),
        (10, {"CONTENT_LENGTH": "10"}, 10, "10"),
        (10, {"HTTP_TRANSFER_ENCODING": "chunked"}, 10, "10"),
        (LIMIT, {}, LIMIT, str(LIMIT)),
        (9 * LIMIT, {"HTTP_TRANSFER_ENCODING": "chunked"}, LIMIT + 1, str(LIMIT + 1)),
        (9 * LIMIT, {"CONTENT_TYPE": "application/x-ndjson"}, 2 * LIMIT + 1, str(2 * LIMIT + 1)),
    ],
)
def test_the_app_sees_whole_bodies_and_one_byte_over_the_limit(
    pair: Pair, size: int, environ: dict[str, str], read: int, length: str | None
) -> None:
    """A body is read to its end, or so far that its length shows that it is too much."""
    answer = ask(pair[0], io.BytesIO(b"x" * size), Deadlines(), **environ)
    assert answer == ("200 OK", [read, length])


def test_a_body_announced_too_large_is_not_read(pair: Pair) -> None:
    """The app gets the length to refuse it by; nothing was read that could have been slow."""
    body = io.BytesIO(b"x" * 9 * LIMIT)
    answer = ask(pair[0], body, Deadlines(), CONTENT_LENGTH=str(9 * LIMIT))
    assert answer == ("200 OK", [0, str(9 * LIMIT)])
    assert body.tell() == 0


class Stuck(io.RawIOBase):
    """A body that does not come, on a connection that is cut off in the meantime."""

    def __init__(self, connection: socket.socket, deadlines: Deadlines, broken: bool) -> None:
        self._connection = connection
        self._deadlines = deadlines
        self._broken = broken

    def read(self, size: int = -1) -> bytes:
        self._deadlines.enforce()
        found = self._connection.recv(size)
        if self._broken:
            raise ValueError
        return found


@pytest.mark.parametrize("broken", [True, False])
def test_a_body_that_does_not_come_is_answered_with_408(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    """Whether the cut shows as an end or as a broken chunk."""
    monkeypatch.setattr(slow_clients, "BLOCK_S", -1)
    deadlines = Deadlines()
    status, problem = ask(pair[0], Stuck(pair[0], deadlines, broken), deadlines)  # type: ignore[arg-type]
    assert status == "408 Request Timeout"
    assert problem["type"] == "/problems/too-slow"


def test_a_body_that_is_broken_in_time_is_for_the_server_to_answer(pair: Pair) -> None:
    """What the server makes of a broken chunk is not turned into a timeout."""
    pair[1].sendall(b"x")
    deadlines = Deadlines()
    with pytest.raises(ValueError):  # noqa: PT011 - raised by the body above
        ask(pair[0], Stuck(pair[0], deadlines, True), deadlines)  # type: ignore[arg-type]


def test_whoever_is_late_is_cut_off_and_nobody_else() -> None:
    """A deadline that has passed ends reading; one that was lifted or given anew does not."""
    with socket.socket() as lifted:
        deadlines = Deadlines()
        late, its_client = socket.socketpair()
        patient, other_client = socket.socketpair()
        deadlines.give(late, -1)
        deadlines.give(lifted, -1)
        deadlines.give(patient, 600)
        assert deadlines.lift(lifted)
        deadlines.enforce()
        assert late.recv(1) == b""
        assert not deadlines.lift(late)
        assert deadlines.lift(late)
        other_client.sendall(b"x")
        assert patient.recv(1) == b"x"
        assert deadlines.lift(patient)
        for connection in (late, its_client, patient, other_client):
            connection.close()
