"""What the client does when the service is slow, away, overloaded or not Beleg at all."""

import io
import json
import socket
from collections.abc import Iterator

import pytest
from beleg_client import Beleg, BelegError, ConnectionFailed, ProblemError

from tests.support.stranger import Request, Script, Stranger, answer, raw, status

PROBLEM = {"type": "/problems/overloaded", "title": "Too many", "status": 503, "detail": "Wait."}
PROBLEM_TYPE = "application/problem+json"
BUSY = answer(json.dumps(PROBLEM).encode(), PROBLEM_TYPE, code=503, Retry_After="0")
JOB = {"id": "job_1", "status": "queued", "article_id": "art_1"}


def ok(body: object) -> Script:
    return answer(json.dumps(body).encode(), "application/json", Connection="close")


def in_turn(*scripts: Script) -> Script:
    """Answer each request by the next script; the last one goes on."""
    rest = list(scripts)

    def script(request: Request, connection: socket.socket) -> None:
        (rest.pop(0) if len(rest) > 1 else rest[0])(request, connection)

    return script


@pytest.fixture
def beleg(server: Stranger) -> Iterator[Beleg]:
    with Beleg(server.url("")) as client:
        yield client


def test_an_overloaded_service_is_asked_again(server: Stranger, beleg: Beleg) -> None:
    """A 503 is tried again after Retry-After, with the same Idempotency-Key and body."""
    server.scripts["/v1/articles"] = in_turn(BUSY, status(502), ok(JOB))
    assert beleg.submit("Ein Text.") == JOB
    assert len(server.requests) == 3
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 1
    assert {request.body for request in server.requests} == {b'{"text": "Ein Text."}'}


def test_at_last_the_problem_is_told(server: Stranger, beleg: Beleg) -> None:
    """When all tries are refused, the error carries the last problem."""
    server.scripts["/v1/articles"] = BUSY
    with pytest.raises(ProblemError, match="Wait") as refused:
        beleg.submit("Ein Text.")
    assert (refused.value.status, refused.value.code) == (503, "overloaded")
    assert len(server.requests) == 5


def test_a_lost_answer_is_asked_for_again(server: Stranger, beleg: Beleg) -> None:
    """A connection that breaks before the answer costs nothing where repeating is safe."""
    server.scripts["/v1/articles"] = in_turn(raw(b""), ok(JOB))
    server.scripts["/v1/jobs/job_1"] = in_turn(raw(b"HTTP/1.1 2"), ok(JOB))
    assert beleg.submit("Ein Text.") == JOB
    assert beleg.job("job_1") == JOB


def test_what_must_not_happen_twice_is_not_repeated(server: Stranger, beleg: Beleg) -> None:
    """A key whose answer was lost may have been made; one that was refused was not."""
    key = {"id": "key_1", "key": "beleg_…"}
    server.scripts["/v1/keys"] = in_turn(raw(b""), ok(key))
    with pytest.raises(ConnectionFailed):
        beleg.create_key("x", ["read"])
    assert len(server.requests) == 1
    server.scripts["/v1/keys"] = in_turn(BUSY, ok(key))
    assert beleg.create_key("x", ["read"]) == key


@pytest.mark.parametrize(
    "lines",
    [
        b"eins\nzwei\n",
        io.BytesIO(b"eins\nzwei\n"),
        iter([b"eins\n", b"zwei\n"]),
        [b"eins\n", b"zwei\n"],
    ],
    ids=["bytes", "file", "generator", "list"],
)
def test_a_repeated_batch_is_the_same(server: Stranger, beleg: Beleg, lines: bytes) -> None:
    """However a batch is given, the second try sends all of it, under the same key."""
    server.scripts["/v1/articles"] = in_turn(BUSY, ok({"id": "bat_1"}))
    assert beleg.submit_batch(lines) == {"id": "bat_1"}
    assert [request.body for request in server.requests] == [b"eins\nzwei\n"] * 2
    first, second = (request.headers for request in server.requests)
    assert first["idempotency-key"] == second["idempotency-key"]
    assert first["content-type"] == "application/x-ndjson"


def test_a_service_that_says_nothing_is_not_waited_for_for_ever(server: Stranger) -> None:
    """The timeout ends each try, and the error says why."""
    server.scripts["/v1/keys/key_1/rotate"] = lambda *_: server.stopping.wait(60) and None
    with Beleg(server.url(""), timeout_s=0.2) as beleg, pytest.raises(ConnectionFailed) as failed:
        beleg.rotate_key("key_1")
    assert "took too long" in str(failed.value)


def test_all_pages_are_read(server: Stranger, beleg: Beleg) -> None:
    """An iterator follows `next`, keeps the filters, and reads a page only when it is needed."""
    pages = [{"data": [{"n": 1}, {"n": 2}], "next": "c 1"}, {"data": [{"n": 3}], "next": None}]
    server.scripts["/v1/attributions"] = in_turn(*map(ok, pages))
    found = beleg.attributions(from_="2024-12-01", source=None, q="Rakete")
    assert next(found) == {"n": 1}
    assert server.paths() == ["/v1/attributions?from=2024-12-01&q=Rakete"]
    assert list(found) == [{"n": 2}, {"n": 3}]
    assert server.paths()[1] == "/v1/attributions?from=2024-12-01&q=Rakete&cursor=c+1"


def test_a_broken_export_is_not_taken_for_the_whole(server: Stranger, beleg: Beleg) -> None:
    """A stream that ends too early is an error after the blocks that came."""
    server.scripts["/v1/export"] = raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"
    )
    blocks = beleg.export("csv")
    with pytest.raises(ConnectionFailed, match="broke off"):
        assert b"".join(blocks) == b"abcde"


@pytest.mark.parametrize(
    ("script", "error", "said"),
    [
        (answer(b"<h1>Hallo</h1>", Connection="close"), BelegError, "is it Beleg"),
        (answer(b"<h1>Hallo</h1>", code=404, Connection="close"), ProblemError, "Whatever"),
        (answer(b"[]", "application/json", code=401, Connection="close"), ProblemError, "Whatever"),
        (raw(b"Guten Tag\r\n\r\n"), ConnectionFailed, "no connection"),
    ],
    ids=["page", "page not found", "list", "other protocol"],
)
def test_what_is_not_beleg_is_said_to_be(
    server: Stranger, beleg: Beleg, script: Script, error: type[BelegError], said: str
) -> None:
    """Somebody else's answers are errors of the client's own kind."""
    server.scripts["/healthz"] = script
    with pytest.raises(error, match=said):
        beleg.health()


def test_the_key_and_the_address_come_from_the_environment(
    server: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BELEG_URL and BELEG_API_KEY count where nothing else is said; ids stay whole in paths."""
    monkeypatch.setenv("BELEG_URL", server.url("/"))
    monkeypatch.setenv("BELEG_API_KEY", "beleg_geheim")
    server.scripts["/v1/jobs/a%2Fb"] = ok(JOB)
    with Beleg() as beleg:
        assert beleg.job("a/b") == JOB
    assert server.requests[0].headers["authorization"] == "Bearer beleg_geheim"
    assert server.requests[0].headers["user-agent"].startswith("beleg-client/")


def test_who_asks_whether_it_is_ready_hears_that_it_is_not(server: Stranger, beleg: Beleg) -> None:
    """/readyz is not asked again: its 503 is the answer."""
    body = json.dumps({"status": "unavailable", "checks": {"redis": "away"}}).encode()
    server.scripts["/readyz"] = answer(body, "application/json", code=503, Retry_After="9")
    assert beleg.readiness() == {"redis": "away"}
    assert len(server.requests) == 1
