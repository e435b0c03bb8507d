"""What every service answers: problems, health, headers, request ids, metrics."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.records.readiness import WORKER
from services.runtime.clock import utcnow
from services.runtime.metrics import Metrics
from services.runtime.problems import CATALOGUE
from services.runtime.queue import Due, Publisher
from services.runtime.settings import Settings
from services.runtime.web import Check, make_app
from tests.service.conftest import Beleg
from tests.support.redis import Redis


@pytest.fixture(params=["ingest", "api"])
def client(request: pytest.FixtureRequest, beleg: Beleg) -> FlaskClient:
    found: FlaskClient = getattr(beleg, request.param)
    return found


def assert_problem(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["type"] == f"/problems/{code}"
    assert body["status"] == status
    assert body["title"] == CATALOGUE[code].title
    assert body["request_id"] == answer.headers["X-Request-ID"]


def test_an_unknown_path_is_a_problem(client: FlaskClient) -> None:
    """404 is a problem document."""
    assert_problem(client.get("/v1/nothing"), 404, "not-found")


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client: FlaskClient) -> None:
    """405 carries `Allow`."""
    answer = client.delete("/healthz")
    assert_problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["Allow"]


def test_a_defect_is_a_problem_without_its_secrets(settings: Settings) -> None:
    """An exception nobody expected is a 500 that tells nothing of the code."""
    app, _ = make_app("broken", settings, checks=[], metrics=Metrics())

    @app.get("/broken")
    def broken() -> str:
        raise ValueError("/srv/secret/path")

    answer = app.test_client().get("/broken")
    assert_problem(answer, 500, "internal-error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_request_keeps_its_id(client: FlaskClient) -> None:
    """A fitting `X-Request-ID` is kept, another replaced."""
    kept = client.get("/healthz", headers={"X-Request-ID": "crawl-17.a"})
    assert kept.headers["X-Request-ID"] == "crawl-17.a"
    replaced = client.get("/healthz", headers={"X-Request-ID": "a b\x7f"})
    assert replaced.headers["X-Request-ID"] not in ("", "a b\x7f")


def test_every_answer_is_hardened(client: FlaskClient) -> None:
    """No answer may be sniffed, framed or given more rights than it needs."""
    for path in ("/healthz", "/v1/nothing"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_a_process_that_answers_is_healthy(client: FlaskClient) -> None:
    """`/healthz` asks nothing of anybody else."""
    assert client.get("/healthz").json == {"status": "ok"}


def checks(client: FlaskClient) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, dict(answer.json["checks"])


def test_readiness_asks_store_redis_and_worker(
    client: FlaskClient, beleg: Beleg, redis_server: Redis
) -> None:
    """`/readyz` is red while a worker's heartbeat is missing or old, or Redis is away."""
    assert checks(client) == (503, {"store": "ok", "redis": "ok", "worker": "WorkerSilent"})
    with beleg.store.transaction() as rows:
        rows.heartbeats.beat(WORKER, utcnow())
    assert checks(client) == (200, {"store": "ok", "redis": "ok", "worker": "ok"})
    with beleg.store.transaction() as rows:
        rows.heartbeats.beat(WORKER, utcnow() - timedelta(seconds=61))
    assert checks(client)[1]["worker"] == "WorkerSilent"
    redis_server.kill()
    assert checks(client)[1]["redis"] == "QueueUnavailable"


def test_a_failing_check_does_not_tell_why(settings: Settings) -> None:
    """The reason stands in the log; the answer names only its kind."""

    def fail() -> None:
        raise ConnectionError("password=hunter2")

    app, _ = make_app("x", settings, checks=[Check("it", fail)], metrics=Metrics())
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"it": "ConnectionError"}
    assert "hunter2" not in answer.text


def test_metrics_tell_of_requests_and_jobs(beleg: Beleg) -> None:
    """`/metrics` counts requests by route and jobs by status, and ages the oldest."""
    beleg.submit("Ein Artikel.")
    beleg.ingest.get("/v1/articles/art_X")
    figures = beleg.ingest.get("/metrics").text
    assert 'beleg_jobs{status="queued"} 1.0' in figures
    assert 'route="/v1/articles/<article_id>",status="404"} 1.0' in figures
    assert "beleg_oldest_unfinished_job_seconds" in figures
    assert "art_X" not in figures


def test_metrics_tell_of_attempts_and_of_the_queue(beleg: Beleg, redis_server: Redis) -> None:
    """`/metrics` counts attempts by where they led, and what waits in Redis, if it is there."""
    job = beleg.submit("Ein Artikel.")
    beleg.work_off(job["id"])
    Publisher(beleg.settings).publish([Due(job["id"], "extract")] * 3)
    figures = beleg.ingest.get("/metrics").text
    assert 'beleg_job_attempts{status="succeeded"} 1.0' in figures
    assert 'beleg_queue_length{queue="extract"} ' in figures
    assert "beleg_redis_up 1.0" in figures
    redis_server.kill()
    figures = beleg.ingest.get("/metrics").text
    assert "beleg_redis_up 0.0" in figures
    assert "beleg_queue_length{" not in figures
    assert 'beleg_jobs{status="succeeded"} 1.0' in figures


def test_other_origins_are_kept_out_unless_they_are_named(
    settings: Settings, make_beleg: Callable[[Settings], Beleg]
) -> None:
    """Pages of an origin that is named may call the API, with a key; no other may."""
    desk = "https://desk.example"
    beleg = make_beleg(
        settings.model_copy(
            update={"cors_origins": f"{desk}, https://b.example", "auth": "required"}
        )
    )
    preflight = {"Access-Control-Request-Method": "POST"}
    asked = beleg.ingest.options("/v1/articles", headers={"Origin": desk, **preflight})
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == desk
    assert beleg.ingest.post("/v1/articles", headers={"Origin": desk}).status_code == 401
    for closed, origin in ((beleg, "https://evil.example"), (make_beleg(settings), desk)):
        answer = closed.api.get("/v1/sources", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
