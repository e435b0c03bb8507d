"""Webhooks: who listens is told, signed, until it has heard it or is given up."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select
from standardwebhooks import Webhook, WebhookVerificationError

from services.api.deliver import Deliverer
from services.api.delivering import LEASE, spread, take
from services.api.slots import Slots
from services.ingest.sweeper import Sweeper
from services.records.webhook_tables import DeliveryAttemptRow, DeliveryRow, EventRow, WebhookRow
from services.run.openapi import document
from services.runtime.clock import utcnow
from services.runtime.outgoing.webhooks import RETRY_DELAYS, new_box_key
from services.runtime.settings import Settings
from tests.service.conftest import Beleg, asking_here
from tests.service.test_jobs import BrokenEngine
from tests.support.processes import launch, wait_until
from tests.support.receiver import Receiver

TEXT = "„Das reicht nicht“, sagte Bürgermeisterin Huber am Montag im Rat."
Json = dict[str, Any]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with which the receiver may be told."""
    return asking_here(settings)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as found:
        yield found


@contextmanager
def delivering(beleg: Beleg, **settings: Any) -> Iterator[Deliverer]:
    """Run a deliverer meanwhile."""
    deliverer = Deliverer(beleg.settings.model_copy(update=settings))
    thread = threading.Thread(target=deliverer.run)
    thread.start()
    try:
        yield deliverer
    finally:
        deliverer.stop()
        thread.join()


def listen(beleg: Beleg, url: str, *events: str) -> Json:
    more = {"events": list(events)} if events else {}
    answer = beleg.api.post("/v1/webhooks", json={"url": url, **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def read(beleg: Beleg, webhook: Json) -> Json:
    return dict(beleg.api.get(f"/v1/webhooks/{webhook['id']}").json)


def deliveries(beleg: Beleg, webhook: Json, query: str = "") -> list[Json]:
    answer = beleg.api.get(f"/v1/webhooks/{webhook['id']}/deliveries{query}")
    assert answer.status_code == 200, answer.text
    return list(answer.json["data"])


def attempted(beleg: Beleg, webhook: Json, count: int = 1) -> Json:
    """Wait until the only delivery has been attempted so often, and give it."""

    def found() -> Json | None:
        log = deliveries(beleg, webhook)
        return log[0] if log and len(log[0]["attempts"]) >= count else None

    return wait_until(found, what=f"{count} attempts")


def make_due(beleg: Beleg, **changes: Any) -> None:
    """Let the time pass until the next attempt."""
    with beleg.store.transaction() as rows:
        for row in rows.session.scalars(select(DeliveryRow)):
            row.next_attempt_at = utcnow()
            for name, value in changes.items():
                setattr(row, name, value)


def assert_documented(told: Json) -> None:
    """The message is as the OpenAPI document describes it."""
    spec = document()
    body = spec["webhooks"][told["type"]]["post"]["requestBody"]["content"]["application/json"]
    for message in (told, body["example"]):
        Draft202012Validator(body["schema"] | {"components": spec["components"]}).validate(message)


def extracted(beleg: Beleg, text: str = TEXT) -> Json:
    job = beleg.submit(text)
    beleg.work_off(job["id"])
    return job


def test_who_listens_is_told_of_an_extraction(beleg: Beleg, receiver: Receiver) -> None:
    """The message verifies with the standard's library and leads to the records."""
    webhook = listen(beleg, receiver.url)
    job = extracted(beleg)
    with delivering(beleg):
        (told,) = receiver.verified(webhook["secret"])
        delivery = attempted(beleg, webhook)
    assert told["type"] == "article.extracted"
    assert (told["data"]["job_id"], told["data"]["article_id"]) == (job["id"], job["article_id"])
    assert told["data"]["links"]["attributions"] == job["links"]["attributions"]
    assert told["data"]["attributions"] == len(beleg.attributions(article_id=job["article_id"]))
    headers, body = receiver.messages[0]
    assert headers["content-type"] == "application/json"
    assert headers["webhook-id"] == delivery["event_id"]
    assert len(body) < 20_000  # Standard Webhooks asks for small payloads
    assert delivery["status"] == "delivered"
    assert [attempt["status"] for attempt in delivery["attempts"]] == [204]
    assert_documented(told)
    assert (delivery["next_attempt_at"], delivery["event_type"]) == (None, "article.extracted")
    assert read(beleg, webhook)["delivered_at"] == delivery["completed_at"]


def test_who_listens_is_told_of_failures_and_batches(beleg: Beleg, receiver: Receiver) -> None:
    """A failed job tells its problem, a completed batch its counts, each once."""
    from services.extract.jobs import run_job  # noqa: PLC0415

    webhook = listen(beleg, receiver.url)
    lines = b'{"text": "Eins."}\n{"text": " "}'
    batch = beleg.ingest.post("/v1/articles", data=lines, content_type="application/x-ndjson").json
    with beleg.store.reading() as rows:
        job_id = rows.session.execute(select(EventRow.id)).first()
        assert job_id is None
        article = beleg.ingest.get("/v1/articles").json["data"][0]
        job = rows.jobs.latest_for(article["id"])
    assert job is not None
    sweeper = Sweeper(beleg.settings)
    sweeper._tidy(utcnow())
    claim = beleg.claim(max_attempts=1)
    run_job(job.id, store=beleg.store, engine=BrokenEngine(), claim=claim, clock=utcnow)
    for _ in range(2):
        sweeper._tidy(utcnow())
    with delivering(beleg):
        told = {each["type"]: each["data"] for each in receiver.verified(webhook["secret"], 2)}
    assert told["article.failed"]["error"]["type"] == "/problems/extraction-failed"
    assert told["article.failed"]["job_id"] == job.id
    assert told["batch.completed"]["batch_id"] == batch["id"]
    counts = told["batch.completed"]["counts"]
    assert (counts["total"], counts["failed"], counts["rejected"]) == (2, 1, 1)
    for message in receiver.verified(webhook["secret"], 2):
        assert_documented(message)
    assert len(receiver.messages) == 2


def test_a_job_that_loses_every_worker_is_told_of(beleg: Beleg, receiver: Receiver) -> None:
    """A failure that nobody was there to notice is told like any other."""
    listen(beleg, receiver.url, "article.failed")
    job = beleg.submit(TEXT)
    late = utcnow() + timedelta(hours=1)
    with beleg.store.transaction() as rows:
        assert rows.jobs.claim(job["id"], beleg.claim(max_attempts=1))
    beleg.work_off(job["id"], max_attempts=1, at=late)
    with beleg.store.reading() as rows:
        assert [event.type for event in rows.session.scalars(select(EventRow))] == [
            "article.failed"
        ]


def test_nobody_is_told_of_what_nobody_listens_for(beleg: Beleg, receiver: Receiver) -> None:
    """Neither a canceled job nor events that no endpoint wants, nor what was before it."""
    extracted(beleg)
    webhook = listen(beleg, receiver.url, "article.failed", "batch.completed")
    extracted(beleg, "„Ja“, sagte Frau Kern.")
    canceled = beleg.submit("„Nein“, sagte Frau Kern.")
    beleg.ingest.post(f"/v1/jobs/{canceled['id']}/cancel")
    beleg.work_off(canceled["id"])
    with beleg.store.reading() as rows:
        assert rows.session.scalars(select(EventRow)).all() == []
    assert deliveries(beleg, webhook) == []


def test_a_secret_is_shown_once_and_kept_encrypted(beleg: Beleg, receiver: Receiver) -> None:
    """No later answer holds it, and the store does not either."""
    webhook = listen(beleg, receiver.url)
    assert webhook["secret"].startswith("whsec_")
    assert webhook["events"] == ["article.extracted", "article.failed", "batch.completed"]
    for path in ("/v1/webhooks", f"/v1/webhooks/{webhook['id']}"):
        answer = beleg.api.get(path).text
        assert webhook["id"] in answer
        assert webhook["secret"][6:] not in answer
    with beleg.store.reading() as rows:
        (row,) = rows.session.scalars(select(WebhookRow))
        assert webhook["secret"][6:] not in row.sealed_secret


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": "quatsch"}, "url"),
        ({"url": "ftp://newsroom.example/"}, "url"),
        ({"url": "http://10.0.0.1/hook"}, "url"),
        ({"url": "http://localhost/hook"}, "url"),
        ({"url": "https://user:secret@newsroom.example/"}, "url"),
        ({"url": "https://newsroom.example:6379/"}, "url"),
        ({"url": "https://newsroom.example/", "events": []}, "events"),
        ({"url": "https://newsroom.example/", "events": ["article.read"]}, "events"),
        ({"url": "https://newsroom.example/", "secret": "whsec_x"}, "secret"),
    ],
)
def test_an_endpoint_has_to_make_sense(beleg: Beleg, body: Json, field: str) -> None:
    """What cannot be told is 422, names the field and makes nothing; a change likewise."""
    answer = beleg.api.post("/v1/webhooks", json=body)
    assert answer.status_code == 422
    assert {error["field"].split(".")[0] for error in answer.json["errors"]} == {field}
    assert beleg.api.get("/v1/webhooks").json == {"data": []}
    webhook = listen(beleg, "https://newsroom.example/hook")
    if body:
        path = f"/v1/webhooks/{webhook['id']}"
        assert beleg.api.patch(path, json=body).status_code == 422
        assert read(beleg, webhook)["url"] == "https://newsroom.example/hook"


def test_an_endpoint_is_changed_and_deleted(beleg: Beleg, receiver: Receiver) -> None:
    """Address and events can be changed; a deleted endpoint takes its deliveries with it."""
    webhook = listen(beleg, "https://newsroom.example/hook", "batch.completed")
    path = f"/v1/webhooks/{webhook['id']}"
    changed = beleg.api.patch(
        path, json={"url": receiver.url, "events": ["article.failed", "article.extracted"]}
    ).json
    assert (changed["url"], changed["enabled"]) == (receiver.url, True)
    assert changed["events"] == ["article.extracted", "article.failed"]
    extracted(beleg)
    spread(beleg.store, now=utcnow())
    assert len(deliveries(beleg, webhook)) == 1
    assert beleg.api.delete(path).status_code == 204
    for method, below in [("GET", ""), ("DELETE", ""), ("GET", "/deliveries"), ("POST", "/rotate")]:
        assert beleg.api.open(path + below, method=method).status_code == 404
    with beleg.store.reading() as rows:
        assert rows.deliveries.pending() == 0


def test_there_are_only_so_many_endpoints(beleg: Beleg, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is a conflict."""
    monkeypatch.setattr("services.api.webhooks.MOST_PER_TENANT", 1)
    listen(beleg, "https://newsroom.example/hook")
    answer = beleg.api.post("/v1/webhooks", json={"url": "https://newsroom.example/hook"})
    assert answer.status_code == 409


def test_a_failed_attempt_is_made_again_under_the_same_id(beleg: Beleg, receiver: Receiver) -> None:
    """Every attempt has its own time and signature, and stands in the log."""
    receiver.answer = lambda: (500, {})
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    with delivering(beleg):
        delivery = attempted(beleg, webhook)
        assert (delivery["status"], delivery["completed_at"]) == ("pending", None)
        assert delivery["next_attempt_at"] > delivery["attempts"][0]["at"]
        assert read(beleg, webhook)["failing_since"]
        receiver.answer = lambda: (200, {})
        make_due(beleg)
        delivery = attempted(beleg, webhook, 2)
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 200]
    assert delivery["status"] == "delivered"
    assert read(beleg, webhook)["failing_since"] is None
    receiver.verified(webhook["secret"], 2)
    assert len(set(receiver.ids())) == 1


def test_what_a_receiver_asks_to_wait_is_waited(beleg: Beleg, receiver: Receiver) -> None:
    """Retry-After puts the next attempt off."""
    receiver.answer = lambda: (429, {"Retry-After": "3000"})
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    with delivering(beleg):
        attempted(beleg, webhook)
    with beleg.store.reading() as rows:
        (row,) = rows.session.scalars(select(DeliveryRow))
        assert row.next_attempt_at
        assert row.next_attempt_at > utcnow() + timedelta(seconds=2900)


def test_a_receiver_that_is_gone_is_told_nothing_more(beleg: Beleg, receiver: Receiver) -> None:
    """410 disables the endpoint and says so; enabled by hand, it is told again."""
    receiver.answer = lambda: (410, {})
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    path = f"/v1/webhooks/{webhook['id']}"
    with delivering(beleg):
        delivery = attempted(beleg, webhook)
        disabled = read(beleg, webhook)
        assert (delivery["status"], disabled["enabled"]) == ("failed", False)
        assert "410" in disabled["disabled_reason"]
        extracted(beleg, "„Ja“, sagte Frau Kern.")
        for below in ("/test", f"/deliveries/{delivery['id']}/replay"):
            assert beleg.api.post(path + below).status_code == 409
        receiver.answer = lambda: (200, {})
        enabled = beleg.api.patch(path, json={"enabled": True}).json
        assert (enabled["enabled"], enabled["disabled_reason"]) == (True, None)
        assert enabled["failing_since"] is None
        beleg.api.post(f"{path}/deliveries/{delivery['id']}/replay")
        receiver.verified(webhook["secret"], 2)
    assert len(set(receiver.ids())) == 1


def test_disabled_by_hand_it_waits(beleg: Beleg, receiver: Receiver) -> None:
    """What was on its way when an endpoint was disabled is delivered when it is enabled."""
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    spread(beleg.store, now=utcnow())
    path = f"/v1/webhooks/{webhook['id']}"
    assert beleg.api.patch(path, json={"enabled": False}).json["disabled_reason"] is None
    assert take(beleg.store, Slots(4), by="x", now=utcnow()) == []
    beleg.api.patch(path, json={"enabled": True})
    with delivering(beleg):
        receiver.verified(webhook["secret"])


@pytest.mark.parametrize("took_another", [False, True])
def test_after_the_last_attempt_it_is_given_up(
    beleg: Beleg, receiver: Receiver, took_another: bool
) -> None:
    """An exhausted delivery is failed and disables its endpoint, unless that took others."""
    receiver.answer = lambda: (500, {})
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    spread(beleg.store, now=utcnow())
    make_due(beleg, attempts=len(RETRY_DELAYS))
    if took_another:
        with beleg.store.transaction() as rows:
            (row,) = rows.session.scalars(select(WebhookRow))
            row.delivered_at = utcnow()
    with delivering(beleg):
        delivery = attempted(beleg, webhook)
    assert (delivery["status"], delivery["next_attempt_at"]) == ("failed", None)
    found = read(beleg, webhook)
    assert found["enabled"] is took_another
    assert (found["disabled_reason"] is None) is took_another


def test_both_secrets_sign_for_a_day(beleg: Beleg, receiver: Receiver) -> None:
    """After a rotation old and new verify; a day later only the new one does."""
    old = listen(beleg, receiver.url)
    path = f"/v1/webhooks/{old['id']}"
    new = beleg.api.post(f"{path}/rotate").json
    assert new["secret"] != old["secret"]
    with delivering(beleg):
        beleg.api.post(f"{path}/test")
        for secret in (old["secret"], new["secret"]):
            receiver.verified(secret)
        with beleg.store.transaction() as rows:
            (row,) = rows.session.scalars(select(WebhookRow))
            assert row.old_secret_until
            assert row.old_secret_until > utcnow() + timedelta(hours=23)
            row.old_secret_until = utcnow()
        beleg.api.post(f"{path}/test")
        receiver.verified(new["secret"], 2)
    headers, body = receiver.messages[1]
    with pytest.raises(WebhookVerificationError):
        Webhook(old["secret"]).verify(body, headers)


def test_an_endpoint_can_be_tried(beleg: Beleg, receiver: Receiver) -> None:
    """The test event reaches this endpoint alone, whatever it listens for."""
    webhook = listen(beleg, receiver.url, "batch.completed")
    other = listen(beleg, receiver.url)
    answer = beleg.api.post(f"/v1/webhooks/{webhook['id']}/test")
    assert (answer.status_code, answer.json["event_type"]) == (202, "webhook.test")
    with delivering(beleg):
        (told,) = receiver.verified(webhook["secret"])
        assert_documented(told)
        assert told["data"]["webhook_id"] == webhook["id"]
        assert attempted(beleg, webhook)["id"] == answer.json["id"]
    assert deliveries(beleg, other) == []


def test_a_delivery_can_be_made_again(beleg: Beleg, receiver: Receiver) -> None:
    """A replay sends the same message under the same id; unknown ones are 404."""
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    path = f"/v1/webhooks/{webhook['id']}/deliveries"
    with delivering(beleg):
        delivery = attempted(beleg, webhook)
        answer = beleg.api.post(f"{path}/{delivery['id']}/replay")
        assert (answer.status_code, answer.json["status"]) == (202, "pending")
        delivery = attempted(beleg, webhook, 2)
    assert delivery["status"] == "delivered"
    assert receiver.messages[0][1] == receiver.messages[1][1]
    assert len(set(receiver.ids())) == 1
    assert beleg.api.post(f"{path}/dlv_X/replay").status_code == 404


def test_deliveries_are_listed_latest_first(beleg: Beleg, receiver: Receiver) -> None:
    """Pages follow by cursor, and the status can be asked for."""
    webhook = listen(beleg, receiver.url)
    path = f"/v1/webhooks/{webhook['id']}"
    made = [beleg.api.post(f"{path}/test").json["id"] for _ in range(5)]
    seen, url = [], f"{path}/deliveries?limit=2"
    while url:
        answer = beleg.api.get(url)
        seen += [delivery["id"] for delivery in answer.json["data"]]
        link = answer.headers.get("Link", "")
        url = link[1 : link.index(">")] if link else ""
    assert seen == made[::-1]
    assert len(deliveries(beleg, webhook, "?status=pending")) == 5
    assert deliveries(beleg, webhook, "?status=failed") == []
    assert beleg.api.get(f"{path}/deliveries?status=lost").status_code == 422


def test_a_delivery_is_taken_once_and_again_when_its_lease_is_over(beleg: Beleg) -> None:
    """Of two deliverers one gets it; when that one dies, the other does."""
    listen(beleg, "https://newsroom.example/hook")
    extracted(beleg)
    now = utcnow()
    assert spread(beleg.store, now=now) == 1
    assert spread(beleg.store, now=now) == 0
    (taken,) = take(beleg.store, Slots(4), by="one", now=now)
    assert take(beleg.store, Slots(4), by="two", now=now) == []
    (again,) = take(beleg.store, Slots(4), by="two", now=now + LEASE)
    assert again.event.id == taken.event.id
    with beleg.store.transaction() as rows:
        assert rows.deliveries.held(taken) is None
        assert rows.deliveries.held(again) is not None


def test_a_deliverer_killed_in_mid_delivery_loses_nothing(beleg: Beleg, receiver: Receiver) -> None:
    """After kill -9 the next one delivers the same message under the same id."""
    receiver.answer = receiver.hang
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    settings = beleg.settings
    process = launch(
        [sys.executable, "-m", "services.api.deliver"],
        env={
            **os.environ,
            "BELEG_DATABASE_URL": settings.database_url,
            "BELEG_WEBHOOK_KEYS": settings.webhook_keys.get_secret_value(),
            "BELEG_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
        },
    )
    wait_until(lambda: receiver.messages, what="the first attempt")
    process.kill()
    process.wait()
    assert deliveries(beleg, webhook)[0]["attempts"] == []
    receiver.answer = lambda: (200, {})
    make_due(beleg, lease_until=utcnow())
    with delivering(beleg):
        receiver.verified(webhook["secret"], 2)
        assert attempted(beleg, webhook)["status"] == "delivered"
    assert len(set(receiver.ids())) == 1


def test_receivers_that_hang_keep_nobody_waiting(beleg: Beleg, receiver: Receiver) -> None:
    """While 50 hang, articles are extracted and everybody else is told, of one after another."""
    with Receiver() as hanging:
        hanging.answer = hanging.hang
        for _ in range(50):
            listen(beleg, hanging.url)
        webhook = listen(beleg, receiver.url)
        extracted(beleg)
        with delivering(beleg):
            wait_until(lambda: len(hanging.messages) == 50, what="50 hanging deliveries")
            for n in range(5):
                extracted(beleg, f"„Ja“, sagte Frau Kern zum {n}. Mal.")
            assert len(receiver.verified(webhook["secret"], 6)) == 6
            assert len(hanging.messages) <= 64
            with beleg.store.transaction() as rows:
                for row in rows.session.scalars(select(WebhookRow)):
                    row.enabled = row.id == webhook["id"]
            hanging.let_go()


def test_a_secret_that_cannot_be_read_is_in_the_log(beleg: Beleg, receiver: Receiver) -> None:
    """With the wrong key nothing is sent unsigned; the log says what is wrong."""
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    wrong = type(beleg.settings.webhook_keys)(new_box_key())
    with delivering(beleg, webhook_keys=wrong):
        delivery = attempted(beleg, webhook)
    assert delivery["attempts"][0]["error"] == "secret-unreadable"
    assert (delivery["status"], receiver.messages) == ("pending", [])


def test_what_is_old_is_forgotten(beleg: Beleg, receiver: Receiver) -> None:
    """Thirty days later events, deliveries and their log are gone."""
    webhook = listen(beleg, receiver.url)
    extracted(beleg)
    with delivering(beleg):
        attempted(beleg, webhook)
    sweeper = Sweeper(beleg.settings)
    sweeper._tidy(utcnow() + timedelta(days=29))
    assert len(deliveries(beleg, webhook)) == 1
    sweeper._tidy(utcnow() + timedelta(days=31))
    assert deliveries(beleg, webhook) == []
    with beleg.store.reading() as rows:
        for table in (EventRow, DeliveryRow, DeliveryAttemptRow):
            assert rows.session.scalars(select(table)).all() == []


def test_metrics_tell_what_does_not_get_out(beleg: Beleg, receiver: Receiver) -> None:
    """What waits and which endpoints were given up is counted; those disabled by hand are not."""
    receiver.answer = lambda: (410, {})
    webhook = listen(beleg, receiver.url)
    waiting = listen(beleg, "https://newsroom.example/hook")
    extracted(beleg)
    beleg.api.patch(f"/v1/webhooks/{waiting['id']}", json={"enabled": False})
    with delivering(beleg):
        attempted(beleg, webhook)
    figures = beleg.api.get("/metrics").text
    assert "beleg_webhooks_given_up 1.0" in figures
    assert "beleg_feeds_failing 0.0" in figures
    assert "beleg_webhook_deliveries_pending 0.0" in figures
