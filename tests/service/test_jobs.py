"""Jobs: attempts, leases, cancellation, retries."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.extract.engine import load_engine
from services.extract.engine.types import Article, Attribution
from services.extract.jobs import run_job
from services.records.store import Store
from services.runtime.clock import utcnow
from tests.service.conftest import Beleg

TEXT = "„Das reicht nicht“, sagte Bürgermeisterin Huber am Montag im Rat."


class BrokenEngine:
    """An engine that breaks its promise."""

    name = "broken"
    version = "1"

    def extract(self, article: Article) -> list[Attribution]:
        raise RuntimeError(article.text[:3])

    def extract_many(self, articles: Any) -> list[list[Attribution]]:
        return [self.extract(article) for article in articles]


def all_rows(store: Store) -> list[Any]:
    with store.reading() as rows:
        from services.records.tables import AttributionRow  # noqa: PLC0415

        found = rows.session.query(AttributionRow).order_by(AttributionRow.id)
        return [(row.id, row.body) for row in found]


def test_a_worked_off_job_has_its_records(beleg: Beleg) -> None:
    """A job that is worked off is succeeded, and its records are the engine's."""
    job = beleg.submit(TEXT)
    beleg.work_off(job["id"])
    done = beleg.job(job["id"])
    assert (done["status"], done["attempts"], done["error"]) == ("succeeded", 1, None)
    assert done["created_at"] <= done["started_at"] <= done["completed_at"]
    assert "Retry-After" not in beleg.ingest.get(f"/v1/jobs/{job['id']}").headers
    alone = load_engine("rules").extract(Article(text=TEXT))
    assert len(beleg.attributions(article_id=job["article_id"])) == len(alone) > 0


def test_running_a_job_twice_changes_nothing(beleg: Beleg) -> None:
    """A task that is delivered again, at the same time or later, leaves the same records."""
    job = beleg.submit(TEXT)
    claim = beleg.claim()
    for _ in range(2):
        run_job(
            job["id"],
            store=beleg.store,
            engine=load_engine("rules"),
            claim=claim,
            clock=utcnow,
        )
    before = all_rows(beleg.store)
    beleg.work_off(job["id"], redelivered=True)
    assert all_rows(beleg.store) == before
    assert beleg.job(job["id"])["attempts"] == 1


def test_a_retried_job_gives_the_same_ids_again(beleg: Beleg) -> None:
    """Records keep their ids over a repeated extraction by the same engine."""
    job = beleg.submit(TEXT)
    beleg.work_off(job["id"])
    before = all_rows(beleg.store)
    with beleg.store.transaction() as rows:
        article = rows.articles.get(job["article_id"])
        assert article is not None
        new = rows.jobs.add(article, at=utcnow(), publish_at=utcnow(), request_id=None)
    beleg.work_off(new.id)
    assert all_rows(beleg.store) == before


def test_of_two_workers_one_gets_the_job(beleg: Beleg) -> None:
    """While a lease runs, nobody else begins; when it has run out, somebody may."""
    job = beleg.submit(TEXT)
    now = datetime.now(UTC)
    with beleg.store.transaction() as rows:
        first = beleg.claim(lease_until=now + timedelta(seconds=60))
        assert rows.jobs.claim(job["id"], first)
        assert rows.jobs.claim(job["id"], beleg.claim()) is None
        late = beleg.claim(at=now + timedelta(seconds=61), lease_until=now + timedelta(seconds=90))
        taken = rows.jobs.claim(job["id"], late)
        assert taken is not None
        assert taken.attempts == 2
        assert not rows.jobs.succeed(job["id"], by=first.by, at=now)
        assert rows.jobs.succeed(job["id"], by=late.by, at=now)


def test_a_redelivery_need_not_wait_for_its_own_lease(beleg: Beleg) -> None:
    """The queue gives a delivery out again when its worker is lost; it goes on at once."""
    job = beleg.submit(TEXT)
    with beleg.store.transaction() as rows:
        assert rows.jobs.claim(job["id"], beleg.claim(by="same"))
        assert rows.jobs.claim(job["id"], beleg.claim(by="same")) is None
        assert rows.jobs.claim(job["id"], beleg.claim(by="same", redelivered=True))


def test_a_job_that_loses_every_worker_fails_with_a_reason(beleg: Beleg) -> None:
    """After three attempts that nobody finished, the job is failed and says so."""
    job = beleg.submit(TEXT)
    for _ in range(3):
        with beleg.store.transaction() as rows:
            assert rows.jobs.claim(job["id"], beleg.claim(by="d", redelivered=True))
    beleg.work_off(job["id"])
    assert beleg.job(job["id"])["status"] == "processing"  # the third attempt's lease still runs
    beleg.work_off(job["id"], by="d", redelivered=True)
    failed = beleg.job(job["id"])
    assert (failed["status"], failed["attempts"]) == ("failed", 3)
    assert failed["error"]["type"] == "/problems/extraction-failed"
    assert "3 attempts" in failed["error"]["detail"]


def test_an_engine_that_raises_is_tried_again_and_then_fails(beleg: Beleg) -> None:
    """An exception costs an attempt; after the last the job is failed, without any records."""
    job = beleg.submit(TEXT)
    for attempt in range(1, 4):
        run_job(
            job["id"],
            store=beleg.store,
            engine=BrokenEngine(),
            claim=beleg.claim(),
            clock=utcnow,
        )
        assert beleg.job(job["id"])["attempts"] == attempt
    assert beleg.job(job["id"])["status"] == "failed"
    assert beleg.attributions() == []


def test_a_canceled_job_is_not_worked_on(beleg: Beleg) -> None:
    """Canceling is final for workers, may be repeated, and can be taken back by a retry."""
    job = beleg.submit(TEXT)
    for _ in range(2):
        answer = beleg.ingest.post(f"/v1/jobs/{job['id']}/cancel")
        assert (answer.status_code, answer.json["status"]) == (200, "canceled")
    beleg.work_off(job["id"])
    assert beleg.attributions() == []
    answer = beleg.ingest.post(f"/v1/jobs/{job['id']}/retry")
    assert (answer.status_code, answer.json["status"]) == (202, "queued")
    assert answer.headers["Location"] == f"/v1/jobs/{job['id']}"
    assert answer.headers["Retry-After"]
    beleg.work_off(job["id"])
    assert beleg.job(job["id"])["status"] == "succeeded"


def test_what_a_canceled_attempt_finds_is_thrown_away(beleg: Beleg) -> None:
    """Canceling during an attempt wins over the attempt's end."""
    job = beleg.submit(TEXT)
    claim = beleg.claim()
    with beleg.store.transaction() as rows:
        assert rows.jobs.claim(job["id"], claim)
    beleg.ingest.post(f"/v1/jobs/{job['id']}/cancel")
    with beleg.store.transaction() as rows:
        assert not rows.jobs.succeed(job["id"], by=claim.by, at=utcnow())
    assert beleg.job(job["id"])["status"] == "canceled"


@pytest.mark.parametrize("action", ["cancel", "retry"])
def test_a_succeeded_job_cannot_be_changed(beleg: Beleg, action: str) -> None:
    """What is done is neither canceled nor retried: 409, and nothing changes."""
    job = beleg.submit(TEXT)
    beleg.work_off(job["id"])
    answer = beleg.ingest.post(f"/v1/jobs/{job['id']}/{action}")
    assert answer.status_code == 409
    assert answer.json["type"] == "/problems/conflict"
    assert beleg.job(job["id"])["status"] == "succeeded"


@pytest.mark.parametrize("path", ["/v1/jobs/job_X", "/v1/articles/art_X"])
def test_unknown_ids_are_not_found(beleg: Beleg, path: str) -> None:
    """An id nobody gave out is 404, also where something should be done to it."""
    assert beleg.ingest.get(path).status_code == 404
    if path.startswith("/v1/jobs"):
        assert beleg.ingest.post(f"{path}/cancel").status_code == 404
        assert beleg.ingest.post(f"{path}/retry").status_code == 404
