"""Feeds: polled on time, by one at a time, each new entry an article once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from socket import socket
from typing import Any

import pytest

from services.ingest.polling import pause_after
from services.ingest.sweeper import Sweeper
from services.records.feed_tables import FeedRow
from services.runtime.clock import utcnow
from services.runtime.outgoing.errors import HostBusy
from services.runtime.queue import FETCH_QUEUE, make_redis
from services.runtime.settings import Settings
from tests.service.conftest import Beleg, asking_here
from tests.service.test_fetching import HTML
from tests.support.processes import wait_until
from tests.support.running import RunningBeleg
from tests.support.stranger import Request, Script, Stranger, answer, redirect, status

Json = dict[str, Any]


def feed_of(stranger: Stranger, *names: str, extra: str = "") -> bytes:
    items = "".join(
        f"<item><title>Titel {name}</title><link>{stranger.url(f'/{name}')}</link>"
        f"<guid isPermaLink='false'>bote-{name}</guid>"
        "<pubDate>Thu, 05 Mar 2026 00:30:00 +0100</pubDate></item>"
        for name in names
    )
    head = "<title>Elbtaler Bote</title>"
    return f'<rss version="2.0"><channel>{head}{items}{extra}</channel></rss>'.encode()


def serve(stranger: Stranger, *names: str, extra: str = "", **headers: str) -> None:
    body = feed_of(stranger, *names, extra=extra)
    stranger.scripts["/feed"] = answer(body, "application/rss+xml", **headers)


@pytest.fixture
def stranger(stranger: Stranger) -> Stranger:
    """Give a host on 127.0.0.1 with a feed of two articles."""
    serve(stranger, "eins", "zwei")
    return stranger


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with which the stranger may be asked."""
    return asking_here(settings)


def add(beleg: Beleg, stranger: Stranger, **more: Any) -> Json:
    answer = beleg.ingest.post("/v1/feeds", json={"url": stranger.url("/feed"), **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def read(beleg: Beleg, feed: Json) -> Json:
    return dict(beleg.ingest.get(f"/v1/feeds/{feed['id']}").json)


def articles(beleg: Beleg) -> list[Json]:
    return list(beleg.ingest.get("/v1/articles").json["data"])


def make_due(beleg: Beleg, feed: Json) -> None:
    with beleg.store.transaction() as rows:
        row = rows.feeds.get(feed["id"])
        assert row is not None
        row.next_poll_at = row.publish_at = utcnow()


def poll_again(beleg: Beleg, feed: Json) -> Json:
    make_due(beleg, feed)
    beleg.poll_off(feed["id"])
    return read(beleg, feed)


def minutes_until(moment: str) -> float:
    return (datetime.fromisoformat(moment) - utcnow()).total_seconds() / 60


def test_each_entry_becomes_an_article(beleg: Beleg, stranger: Stranger) -> None:
    """Title and day are the entry's, outlet and language the feed's; the page fills in the rest."""
    feed = add(beleg, stranger, outlet="Bote", language="de", every_minutes=30)
    assert (feed["entries_seen"], feed["last_polled_at"], feed["every_minutes"]) == (0, None, 30)
    beleg.poll_off(feed["id"])
    one, two = articles(beleg)
    assert [one["url"], two["url"]] == [stranger.url("/eins"), stranger.url("/zwei")]
    assert (one["title"], one["published_on"]) == ("Titel eins", "2026-03-05")
    assert (one["outlet"], one["language"]) == ("Bote", "de")
    assert one["metadata"] == {"feed_id": feed["id"]}
    found = read(beleg, feed)
    assert (found["title"], found["entries_seen"]) == ("Elbtaler Bote", 2)
    assert (found["last_error"], found["failures"]) == (None, 0)
    assert 29 < minutes_until(found["next_poll_at"]) <= 30
    stranger.scripts["/eins"] = HTML
    with beleg.store.reading() as rows:
        job = rows.jobs.latest_for(one["id"])
    assert job is not None
    beleg.fetch_off(job.id)
    assert beleg.ingest.get(f"/v1/articles/{one['id']}").json["author"] == "Anna Berg"


def test_an_entry_is_taken_once(beleg: Beleg, stranger: Stranger) -> None:
    """What was seen stays seen: when it comes again, changes its address, or was deleted."""
    feed = add(beleg, stranger)
    beleg.poll_off(feed["id"])
    gone = articles(beleg)[0]
    beleg.ingest.delete(f"/v1/articles/{gone['id']}")
    serve(stranger, "drei", "zwei", "eins")
    assert poll_again(beleg, feed)["entries_seen"] == 3
    assert [article["title"] for article in articles(beleg)] == ["Titel zwei", "Titel drei"]


def test_an_entry_is_the_article_that_is_there(beleg: Beleg, stranger: Stranger) -> None:
    """An article posted by the same URL, or by another feed, is not made twice."""
    job = beleg.ingest.post("/v1/articles", json={"url": stranger.url("/eins")}).json
    feed = add(beleg, stranger)
    beleg.poll_off(feed["id"])
    assert len(articles(beleg)) == 2
    assert articles(beleg)[0]["id"] == job["article_id"]
    stranger.scripts["/zweiter"] = stranger.scripts["/feed"]
    other = beleg.ingest.post("/v1/feeds", json={"url": stranger.url("/zweiter")}).json
    beleg.poll_off(other["id"])
    assert len(articles(beleg)) == 2


def test_a_feed_is_asked_for_changes_only(beleg: Beleg, stranger: Stranger) -> None:
    """The next poll sends what the last one brought; nothing changed is a good poll."""
    serve(stranger, "eins", ETag='"1"', Last_Modified="Thu, 05 Mar 2026 00:30:00 GMT")
    feed = add(beleg, stranger)
    beleg.poll_off(feed["id"])
    stranger.scripts["/feed"] = status(304)
    found = poll_again(beleg, feed)
    headers = [r.headers for r in stranger.requests if r.path == "/feed"][1]
    assert headers["if-none-match"] == '"1"'
    assert headers["if-modified-since"] == "Thu, 05 Mar 2026 00:30:00 GMT"
    assert (found["last_error"], found["title"]) == (None, "Elbtaler Bote")


@pytest.mark.parametrize(
    ("script", "type_", "reason"),
    [
        (status(404), "url-unreachable", "url-http-status"),
        (status(500), "url-unreachable", "url-http-status"),
        (redirect("http://10.0.0.1/"), "url-refused", "url-address-refused"),
        (answer(b"<html></html>"), "url-unusable", "url-content-type-refused"),
        (answer(b"<x/>", "application/xml"), "url-unusable", "feed-invalid"),
    ],
)
def test_what_goes_wrong_stands_on_the_feed(
    beleg: Beleg, stranger: Stranger, script: Script, type_: str, reason: str
) -> None:
    """It is polled less and less often until it works again."""
    feed = add(beleg, stranger, every_minutes=10)
    stranger.scripts["/feed"], good = script, stranger.scripts["/feed"]
    for failures, minutes in ((1, 20), (2, 40)):
        found = poll_again(beleg, feed)
        assert found["last_error"]["type"] == f"/problems/{type_}"
        assert found["last_error"]["reason"] == reason
        assert (found["failures"], found["enabled"]) == (failures, True)
        assert minutes - 1 < minutes_until(found["next_poll_at"]) <= minutes
    stranger.scripts["/feed"] = good
    found = poll_again(beleg, feed)
    assert (found["last_error"], found["failures"], found["entries_seen"]) == (None, 0, 2)


def test_a_feed_is_polled_out_of_turn(beleg: Beleg, stranger: Stranger) -> None:
    """Who has mended a feed need not wait for the pause after its failures to end."""
    feed = add(beleg, stranger, every_minutes=600)
    good, stranger.scripts["/feed"] = stranger.scripts["/feed"], status(500)
    beleg.poll_off(feed["id"])
    stranger.scripts["/feed"] = good
    beleg.poll_off(feed["id"])
    assert read(beleg, feed)["failures"] == 1
    asked = beleg.ingest.post(f"/v1/feeds/{feed['id']}/poll")
    assert (asked.status_code, minutes_until(asked.json["next_poll_at"]) <= 0) == (202, True)
    beleg.poll_off(feed["id"])
    assert (read(beleg, feed)["failures"], len(articles(beleg))) == (0, 2)
    beleg.ingest.patch(f"/v1/feeds/{feed['id']}", json={"enabled": False})
    assert beleg.ingest.post(f"/v1/feeds/{feed['id']}/poll").status_code == 409


def test_a_feed_switched_off_while_it_is_polled_stays_off(beleg: Beleg, stranger: Stranger) -> None:
    """A poll that fails writes down its failure and nothing that somebody has changed since."""
    feed = add(beleg, stranger)

    def switched_off(request: Request, connection: socket) -> None:
        beleg.ingest.patch(f"/v1/feeds/{feed['id']}", json={"enabled": False})
        status(500)(request, connection)

    stranger.scripts["/feed"] = switched_off
    beleg.poll_off(feed["id"])
    found = read(beleg, feed)
    assert (found["enabled"], found["failures"], found["next_poll_at"]) == (False, 1, None)


def test_a_feed_that_is_gone_is_polled_no_more(beleg: Beleg, stranger: Stranger) -> None:
    """410 disables it and says so; enabled by hand it is polled at once."""
    feed = add(beleg, stranger)
    stranger.scripts["/feed"], good = status(410), stranger.scripts["/feed"]
    beleg.poll_off(feed["id"])
    found = read(beleg, feed)
    assert (found["enabled"], found["last_error"]["reason"]) == (False, "url-http-status")
    assert poll_again(beleg, feed)["failures"] == 1
    stranger.scripts["/feed"] = good
    changed = beleg.ingest.patch(f"/v1/feeds/{feed['id']}", json={"enabled": True}).json
    assert (changed["enabled"], changed["failures"]) == (True, 0)
    beleg.poll_off(feed["id"])
    assert read(beleg, feed)["entries_seen"] == 2


@pytest.mark.parametrize(
    ("every", "failures", "asked", "minutes"),
    [
        (15, 1, 0, 30),
        (15, 3, 0, 120),
        (15, 3, 300, 300),
        (15, 99, 0, 1440),
        (15, 1, 9999, 1440),
        (10_080, 5, 0, 10_080),
    ],
)
def test_pauses_double_up_to_a_day(every: int, failures: int, asked: int, minutes: int) -> None:
    """The longest of interval, backoff and the host's wish counts, within reason."""
    pause = pause_after(every, failures, timedelta(minutes=asked))
    assert pause == timedelta(minutes=minutes)


def test_of_two_pollers_one_polls(beleg: Beleg, stranger: Stranger) -> None:
    """While a poll runs nobody else begins one; a poll that was lost is made again."""
    feed = add(beleg, stranger)
    now = utcnow()

    def also_poll(*arguments: Any) -> None:
        beleg.poll_off(feed["id"])
        good(*arguments)

    good = stranger.scripts["/feed"]
    stranger.scripts["/feed"] = also_poll
    beleg.poll_off(feed["id"])
    beleg.poll_off(feed["id"])
    assert stranger.paths().count("/feed") == 1
    make_due(beleg, feed)
    with beleg.store.transaction() as rows:
        row = rows.feeds.get(feed["id"])
        assert row is not None
        row.lease_until, row.claimed_by = now + timedelta(minutes=1), "lost"
    stranger.scripts["/feed"] = good
    beleg.poll_off(feed["id"])
    assert stranger.paths().count("/feed") == 1
    later = now + timedelta(minutes=2)
    beleg.poll_off(feed["id"], at=later, lease_until=later + timedelta(minutes=1))
    assert stranger.paths().count("/feed") == 2


def test_waiting_for_a_hosts_turn_is_no_failure(beleg: Beleg, stranger: Stranger) -> None:
    """A host that is asked by us often enough is asked later."""

    def busy(*_: object) -> None:
        raise HostBusy("Besetzt.", retry_after=60)

    beleg.__dict__["admit"] = busy
    feed = add(beleg, stranger)
    beleg.poll_off(feed["id"])
    found = read(beleg, feed)
    assert (found["failures"], found["last_polled_at"]) == (0, None)
    assert 0.5 < minutes_until(found["next_poll_at"]) <= 1


def test_entries_that_may_not_be_fetched_are_passed_over(beleg: Beleg, stranger: Stranger) -> None:
    """One bad link keeps no other entry from being taken."""
    bad = "<item><title>x</title><link>http://10.0.0.1/</link></item>"
    serve(stranger, "eins", extra=bad)
    feed = add(beleg, stranger)
    beleg.poll_off(feed["id"])
    assert len(articles(beleg)) == 1
    assert read(beleg, feed)["entries_seen"] == 2


def test_too_many_waiting_jobs_put_entries_off(
    settings: Settings, make_beleg: Callable[[Settings], Beleg], stranger: Stranger
) -> None:
    """What was not taken in is taken in later, also when the feed itself does not change."""
    beleg = make_beleg(settings.model_copy(update={"max_unfinished_jobs_per_tenant": 1}))
    serve(stranger, "eins", ETag='"1"')
    waiting = beleg.submit("Ein Artikel.")
    feed = add(beleg, stranger)
    beleg.poll_off(feed["id"])
    found = read(beleg, feed)
    assert (found["last_error"]["type"], found["entries_seen"]) == (
        "/problems/too-many-requests",
        0,
    )
    beleg.work_off(waiting["id"])
    assert poll_again(beleg, feed)["entries_seen"] == 1
    assert "if-none-match" not in stranger.requests[-1].headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": "quatsch"}, "url"),
        ({"url": "http://10.0.0.1/feed"}, "url"),
        ({"url": "https://bote.example/feed", "every_minutes": 0}, "every_minutes"),
        ({"url": "https://bote.example/feed", "language": "deutsch!"}, "language"),
        ({"url": "https://bote.example/feed", "outlet": " "}, "outlet"),
        ({"url": "https://bote.example/feed", "etag": "x"}, "etag"),
    ],
)
def test_a_feed_has_to_make_sense(beleg: Beleg, body: Json, field: str) -> None:
    """What cannot be polled is 422, names the field and is not kept."""
    answer = beleg.ingest.post("/v1/feeds", json=body)
    assert answer.status_code == 422
    assert {error["field"].split(".")[0] for error in answer.json["errors"]} == {field}
    assert beleg.ingest.get("/v1/feeds").json["data"] == []


def test_feeds_are_listed_changed_and_deleted(beleg: Beleg, stranger: Stranger) -> None:
    """The same feed again is the one there is; a deleted one leaves its articles."""
    feed = add(beleg, stranger)
    assert feed["every_minutes"] == beleg.settings.feed_every_minutes
    again = beleg.ingest.post("/v1/feeds", json={"url": stranger.url("/feed#x"), "outlet": "Y"})
    assert (again.status_code, again.json) == (200, feed)
    beleg.poll_off(feed["id"])
    path = f"/v1/feeds/{feed['id']}"
    change = {"outlet": "Bote", "language": None, "every_minutes": 5}
    changed = beleg.ingest.patch(path, json=change).json
    assert change.items() <= changed.items()
    assert minutes_until(changed["next_poll_at"]) <= 5
    off = beleg.ingest.patch(path, json={"enabled": False}).json
    assert (off["enabled"], off["outlet"], off["next_poll_at"]) == (False, "Bote", None)
    assert beleg.ingest.patch(path, json={"every_minutes": 0}).status_code == 422
    for n in range(2):
        beleg.ingest.post("/v1/feeds", json={"url": stranger.url(f"/feed{n}")})
    page = beleg.ingest.get("/v1/feeds?limit=2")
    assert len(page.json["data"]) == 2
    link = page.headers["Link"]
    assert len(beleg.ingest.get(link[1 : link.index(">")]).json["data"]) == 1
    assert beleg.ingest.delete(path).status_code == 204
    for method in ("GET", "PATCH", "DELETE"):
        assert beleg.ingest.open(path, method=method, json={}).status_code == 404
    assert beleg.ingest.post(f"{path}/poll").status_code == 404
    assert len(articles(beleg)) == 2


def test_the_sweeper_publishes_feeds_that_are_due(beleg: Beleg, stranger: Stranger) -> None:
    """A feed is published when it is due, and not again at once; one that is off is not."""
    serve(stranger)
    feed = add(beleg, stranger)
    off = beleg.ingest.post("/v1/feeds", json={"url": stranger.url("/off")}).json
    beleg.ingest.patch(f"/v1/feeds/{off['id']}", json={"enabled": False})
    sweeper, queue = Sweeper(beleg.settings), make_redis(beleg.settings)
    for _ in range(2):
        sweeper._publish_feeds(utcnow())
        assert queue.llen(FETCH_QUEUE) == 1
    sweeper._publish_feeds(utcnow() + timedelta(minutes=1))
    assert queue.llen(FETCH_QUEUE) == 2
    beleg.poll_off(feed["id"])
    sweeper._publish_feeds(utcnow() + timedelta(minutes=10))
    assert queue.llen(FETCH_QUEUE) == 2
    queue.delete(FETCH_QUEUE)
    queue.rpush(FETCH_QUEUE, *range(beleg.settings.sweep_backlog))
    sweeper._publish_feeds(utcnow() + timedelta(days=1))
    assert queue.llen(FETCH_QUEUE) == beleg.settings.sweep_backlog
    with beleg.store.reading() as rows:
        assert rows.session.query(FeedRow).count() == 2


@pytest.mark.timeout(600)
def test_a_feed_goes_all_the_way(running_beleg: RunningBeleg, stranger: Stranger) -> None:
    """Added over HTTP, it is polled by itself, and its articles are extracted."""
    import requests  # noqa: PLC0415

    stranger.scripts["/eins"] = HTML
    serve(stranger, "eins")
    added = requests.post(
        f"{running_beleg.url}/v1/feeds", json={"url": stranger.url("/feed")}, timeout=30
    ).json()

    def extracted() -> list[Json]:
        query = {"outlet": "Elbtaler Bote"}
        found = requests.get(f"{running_beleg.url}/v1/attributions", query, timeout=30).json()
        return list(found["data"])

    assert wait_until(extracted, within=120, what="the article of the feed")
    feed = requests.get(running_beleg.url + added["links"]["self"], timeout=30).json()
    assert (feed["entries_seen"], feed["last_error"]) == (1, None)
