"""How articles can be submitted: once only, waiting for the end, as long as there is room."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from services.ingest.waiting import Waiting, wished_wait
from services.records.paging import PageRequest
from services.runtime.clock import utcnow
from services.runtime.settings import Settings
from tests.service.conftest import Beleg
from tests.support.processes import wait_until

BODY = {"text": "„Das reicht nicht“, sagte Anna Huber."}


def post(beleg: Beleg, body: object = None, **headers: str):  # type: ignore[no-untyped-def]
    return beleg.ingest.post("/v1/articles", json=body or BODY, headers=headers)


@pytest.mark.parametrize(("first", "second"), [("k-1", "k-1"), ('"k-1"', "k-1")])
def test_a_repeated_request_gets_the_first_answer(beleg: Beleg, first: str, second: str) -> None:
    """The same key, bare or quoted, with the same body replays status, headers and body."""
    one = post(beleg, **{"Idempotency-Key": first})
    beleg.work_off(one.json["id"])
    two = post(beleg, **{"Idempotency-Key": second})
    assert (one.status_code, two.status_code) == (202, 202)
    assert two.json == one.json
    assert two.headers["Location"] == one.headers["Location"]
    assert "Idempotent-Replayed" not in one.headers
    assert two.headers["Idempotent-Replayed"] == "true"


def test_another_body_under_the_same_key_is_refused(beleg: Beleg) -> None:
    """422 names the header; nothing is stored."""
    post(beleg, **{"Idempotency-Key": "k"})
    answer = post(beleg, {"text": "anders"}, **{"Idempotency-Key": "k"})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "Idempotency-Key"
    assert len(beleg.ingest.get("/v1/articles").json["data"]) == 1


def test_while_the_first_is_answered_the_second_is_told_to_wait(beleg: Beleg) -> None:
    """409 while in progress; a first request that was lost frees its key after a minute."""
    with beleg.store.transaction("default") as rows:
        assert rows.idempotency.take("k", at=utcnow()) is None
    answer = post(beleg, **{"Idempotency-Key": "k"})
    assert answer.status_code == 409
    assert answer.headers["Retry-After"]
    with beleg.store.transaction("default") as rows:
        rows.idempotency.release("k")
        rows.idempotency.take("k", at=utcnow() - timedelta(seconds=61))
    assert post(beleg, **{"Idempotency-Key": "k"}).status_code == 202


def test_a_request_that_failed_may_be_mended_under_its_key(beleg: Beleg) -> None:
    """An error does not use the key up."""
    answer = post(beleg, {"text": " "}, **{"Idempotency-Key": "k"})
    assert answer.status_code == 422
    assert post(beleg, **{"Idempotency-Key": "k"}).status_code == 202


def test_keys_are_kept_for_a_day(beleg: Beleg) -> None:
    """After 24 hours a key is free again."""
    with beleg.store.transaction("default") as rows:
        rows.idempotency.take("k", at=utcnow() - timedelta(hours=25))
        rows.idempotency.keep("k", fingerprint="x", answer={})
        rows.idempotency.take("l", at=utcnow() - timedelta(hours=25))
    assert post(beleg, **{"Idempotency-Key": "k"}).status_code == 202
    with beleg.store.transaction() as rows:
        rows.idempotency.forget_old(at=utcnow())
    with beleg.store.transaction("default") as rows:
        assert rows.idempotency.take("l", at=utcnow()) is None


@pytest.mark.parametrize("key", ["", '""', "ä", "x" * 256])
def test_what_is_no_key_is_refused(beleg: Beleg, key: str) -> None:
    """A key has 1 to 255 printable ASCII characters."""
    assert post(beleg, **{"Idempotency-Key": key}).status_code == 422


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        (None, 0), ("", 0), ("wait=10", 10), ("respond-async, wait=10", 10), ("wait = 5", 5),
        ('wait="7"', 7), ("Wait=3; foo", 3), ("wait=9999", 30), ("wait=-1", 0), ("wait=x", 0),
        ("await=5", 0), ("wait=0", 0),
    ],
)  # fmt: skip
def test_a_wish_to_wait_is_read_from_its_header(prefer: str | None, seconds: float) -> None:
    """What cannot be understood is ignored, as RFC 7240 asks; half a minute is the most."""
    assert wished_wait(prefer) == seconds


def test_who_waits_gets_the_finished_job(beleg: Beleg) -> None:
    """With `Prefer: wait` the answer is 200 and the finished job, if it is done in time."""

    def work() -> None:
        def queued() -> str | None:
            with beleg.store.reading() as rows:
                articles = rows.articles.page(PageRequest()).data
                job = rows.jobs.latest_for(articles[0].id) if articles else None
                return job.id if job else None

        beleg.work_off(wait_until(queued, what="the job"))

    worker = threading.Thread(target=work)
    worker.start()
    answer = post(beleg, Prefer="wait=30")
    worker.join()
    assert (answer.status_code, answer.json["status"]) == (200, "succeeded")
    assert answer.headers["Preference-Applied"] == "wait=30"
    assert "Retry-After" not in answer.headers


def test_who_waits_too_long_gets_the_job_as_it_is(beleg: Beleg) -> None:
    """When the time is over the answer is 202, as without the wish."""
    answer = post(beleg, Prefer="wait=1")
    assert (answer.status_code, answer.json["status"]) == (202, "queued")
    assert answer.headers["Retry-After"]


def test_waiting_has_a_limited_number_of_seats(beleg: Beleg) -> None:
    """Who finds no seat is not kept waiting."""
    with beleg.store.reading() as rows:
        assert rows.jobs.counts() == {}
    post(beleg)
    with beleg.store.reading() as rows:
        job = rows.jobs.latest_for(rows.articles.page(PageRequest()).data[0].id)
    assert job is not None
    nobody = Waiting(beleg.store, at_once=0)
    assert nobody.until_done(job, "default", 3600) is job
    one = Waiting(beleg.store, at_once=1)
    for _ in range(2):  # the seat is free again after it was used
        assert one.until_done(job, "default", 0.1).id == job.id


def test_too_many_waiting_jobs_are_refused(
    settings: Settings, make_beleg: Callable[[Settings], Beleg]
) -> None:
    """A tenant at its limit gets 429, a full installation 503, both with `Retry-After`."""
    beleg = make_beleg(
        settings.model_copy(
            update={"max_unfinished_jobs_per_tenant": 2, "max_unfinished_jobs": 1000}
        )
    )
    jobs = [beleg.submit(f"Artikel {n}.") for n in range(2)]
    answer = post(beleg)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    beleg.work_off(jobs[0]["id"])
    assert post(beleg).status_code == 202
    small = make_beleg(settings.model_copy(update={"max_unfinished_jobs": 2}))
    answer = post(small, {"text": "noch einer"})
    assert answer.status_code == 503
    assert answer.json["type"] == "/problems/overloaded"
