"""Articles that are posted by their URL: fetched, filled in, extracted, or refused for a reason."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.records.tables import JobRow
from services.runtime.clock import utcnow
from services.runtime.outgoing.errors import HostBusy
from services.runtime.settings import Settings
from tests.service.conftest import Beleg, asking_here
from tests.support.running import RunningBeleg
from tests.support.stranger import Script, Stranger, answer, raw, redirect, status

SAID = "„Das Hallenbad bleibt bis zum Sommer zu“, sagte Bürgermeisterin Petra Holm am Mittwoch."
MORE = "Die Stadt hatte es im Januar geschlossen, weil die Decke über dem Becken nachgab."
PAGE = f"""<!DOCTYPE html><html lang="de-DE"><head><title>Hallenbad bleibt zu</title>
<meta property="og:site_name" content="Elbtaler Bote">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Hallenbad bleibt zu", "datePublished": "2026-03-04T10:00:00+01:00",
"author": {{"@type": "Person", "name": "Anna Berg"}}}}</script></head>
<body><article><h1>Hallenbad bleibt zu</h1><p>{SAID}</p><p>{MORE}</p></article></body></html>"""
HTML = answer(PAGE.encode())


@pytest.fixture
def stranger(stranger: Stranger) -> Stranger:
    """Give a host on 127.0.0.1 with one article."""
    stranger.scripts["/bad"] = HTML
    return stranger


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with which the stranger may be asked."""
    return asking_here(settings)


def submit(beleg: Beleg, url: str, **more: Any) -> dict[str, Any]:
    return dict(beleg.ingest.post("/v1/articles", json={"url": url, **more}).json)


def row_of(beleg: Beleg, job: dict[str, Any]) -> JobRow:
    with beleg.store.reading() as rows:
        row = rows.jobs.get(job["id"])
    assert row is not None
    return row


def test_an_article_is_fetched_filled_in_and_extracted(beleg: Beleg, stranger: Stranger) -> None:
    """The page gives text, title, author, day, language and outlet; then the job goes on."""
    job = submit(beleg, stranger.url("/bad"))
    article_url = f"/v1/articles/{job['article_id']}"
    assert (job["status"], beleg.ingest.get(article_url).json["text"]) == ("queued", None)
    beleg.fetch_off(job["id"])
    article = beleg.ingest.get(article_url).json
    assert article["text"] == f"{SAID}\n{MORE}"
    assert (article["title"], article["author"]) == ("Hallenbad bleibt zu", "Anna Berg")
    assert (article["published_on"], article["language"]) == ("2026-03-04", "de")
    assert (article["outlet"], article["url"]) == ("Elbtaler Bote", stranger.url("/bad"))
    between = beleg.job(job["id"])
    assert (between["status"], between["attempts"]) == ("queued", 0)
    beleg.work_off(job["id"])
    assert beleg.job(job["id"])["status"] == "succeeded"
    (found,) = beleg.attributions(article_id=job["article_id"])
    span = found["content"]["spans"][0]
    assert article["text"][span["start"] : span["end"]] in SAID


def test_what_the_client_says_stays(beleg: Beleg, stranger: Stranger) -> None:
    """The page fills in only what the client left out."""
    said = {"title": "Bad", "outlet": "Bote", "published_on": "2026-03-05", "language": "de-AT"}
    job = submit(beleg, stranger.url("/bad"), **said)
    beleg.fetch_off(job["id"])
    article = beleg.ingest.get(f"/v1/articles/{job['article_id']}").json
    assert said.items() <= article.items()
    assert article["author"] == "Anna Berg"


def test_the_same_url_is_the_same_article(beleg: Beleg, stranger: Stranger) -> None:
    """Posted again, whatever is said about it, it gets the job that is there."""
    first = submit(beleg, stranger.url("/bad"))
    beleg.fetch_off(first["id"])
    for url in (stranger.url("/bad"), stranger.url("/bad#kommentare")):
        again = beleg.ingest.post("/v1/articles", json={"url": url, "title": "Anders"})
        assert (again.status_code, again.json["id"]) == (200, first["id"])
    assert submit(beleg, stranger.url("/bad?seite=2"))["id"] != first["id"]


def test_a_page_is_fetched_once_however_often_its_task_comes(
    beleg: Beleg, stranger: Stranger
) -> None:
    """A second delivery of the fetching task finds nothing to claim."""
    job = submit(beleg, stranger.url("/bad"))
    for _ in range(2):
        beleg.fetch_off(job["id"])
    assert stranger.paths().count("/bad") == 1
    beleg.work_off(job["id"])
    beleg.fetch_off(job["id"])
    assert beleg.job(job["id"])["status"] == "succeeded"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://10.0.0.1/a", "url-address-refused"),
        ("http://169.254.169.254/latest/meta-data", "url-address-refused"),
        ("http://[::1]/a", "url-address-refused"),
        ("http://localhost/a", "url-address-refused"),
        ("http://user:secret@bote.example/a", "url-credentials-refused"),
        ("http://bote.example:6379/a", "url-port-refused"),
        ("http://2130706433/a", "url-invalid"),
    ],
)
def test_plainly_refused_urls_are_not_accepted(beleg: Beleg, url: str, reason: str) -> None:
    """422 names the field, alone and in a batch; nothing is kept. With a text it is only a name."""
    answer = beleg.ingest.post("/v1/articles", json={"url": url})
    assert (answer.status_code, answer.json["reason"]) == (422, reason)
    assert [error["field"] for error in answer.json["errors"]] == ["url"]
    lines = f"{json.dumps({'url': url})}\n{json.dumps({'text': 'Ende.'})}"
    batch = beleg.ingest.post("/v1/articles", data=lines, content_type="application/x-ndjson").json
    assert [line["line"] for line in batch["rejected"]] == [1]
    assert batch["rejected"][0]["problem"]["errors"][0]["field"] == "url"
    assert len(beleg.ingest.get("/v1/articles").json["data"]) == 1


@pytest.mark.parametrize(
    ("script", "type_", "reason"),
    [
        (status(404), "url-unreachable", "url-http-status"),
        (status(403), "url-unreachable", "url-http-status"),
        (redirect("http://10.0.0.1/"), "url-refused", "url-address-refused"),
        (redirect("ftp://127.0.0.1/"), "url-refused", "url-scheme-refused"),
        (redirect("/bad2"), "url-refused", "url-too-many-redirects"),
        (answer(b"%PDF-1.7", "application/pdf"), "url-unusable", "url-content-type-refused"),
        (answer(b"<html><body>Hallo</body></html>"), "url-unusable", "page-without-article"),
    ],
)
def test_what_will_not_pass_fails_the_job_at_once(
    beleg: Beleg, stranger: Stranger, script: Script, type_: str, reason: str
) -> None:
    """The job ends with a stable type and the precise reason; it can be retried by hand."""
    stranger.scripts["/bad2"] = script
    job = submit(beleg, stranger.url("/bad2"))
    beleg.fetch_off(job["id"])
    failed = beleg.job(job["id"])
    assert (failed["status"], failed["attempts"]) == ("failed", 1)
    assert (failed["error"]["type"], failed["error"]["reason"]) == (f"/problems/{type_}", reason)
    assert failed["error"]["detail"]
    stranger.scripts["/bad2"] = HTML
    assert beleg.ingest.post(f"/v1/jobs/{job['id']}/retry").status_code == 202
    beleg.fetch_off(job["id"])
    beleg.work_off(job["id"])
    assert beleg.job(job["id"])["status"] == "succeeded"


@pytest.mark.parametrize("script", [status(503), status(429), raw(b"Unsinn\r\n\r\n"), raw()])
def test_what_may_pass_is_tried_again_and_then_fails(
    beleg: Beleg, stranger: Stranger, script: Script
) -> None:
    """Each attempt is counted and the pauses grow; after the last the job says why it failed."""
    stranger.scripts["/bad2"] = script
    job = submit(beleg, stranger.url("/bad2"))
    pauses = []
    for attempt in (1, 2):
        beleg.fetch_off(job["id"])
        assert beleg.job(job["id"])["attempts"] == attempt
        assert beleg.job(job["id"])["status"] == "queued"
        pauses.append((row_of(beleg, job).publish_at - utcnow()).total_seconds())
    assert 5 < pauses[0] < 20 < pauses[1] < 80
    beleg.fetch_off(job["id"])
    failed = beleg.job(job["id"])
    assert (failed["status"], failed["attempts"]) == ("failed", 3)
    assert failed["error"]["type"] == "/problems/url-unreachable"


def test_what_passes_in_time_succeeds(beleg: Beleg, stranger: Stranger) -> None:
    """A host that was down for a moment costs an attempt and no more."""
    stranger.scripts["/bad"] = status(502)
    job = submit(beleg, stranger.url("/bad"))
    beleg.fetch_off(job["id"])
    stranger.scripts["/bad"] = HTML
    beleg.fetch_off(job["id"])
    beleg.work_off(job["id"])
    assert beleg.job(job["id"])["status"] == "succeeded"


@pytest.mark.parametrize(("asked", "low", "high"), [("120", 110, 145), ("99999", 590, 725)])
def test_a_wish_to_be_left_alone_is_kept(
    beleg: Beleg, stranger: Stranger, asked: str, low: float, high: float
) -> None:
    """Retry-After puts the next attempt off, by ten minutes and a bit at most."""
    stranger.scripts["/bad"] = status(503, Retry_After=asked)
    job = submit(beleg, stranger.url("/bad"))
    beleg.fetch_off(job["id"])
    assert low < (row_of(beleg, job).publish_at - utcnow()).total_seconds() < high


def test_robots_txt_is_asked_once_and_kept_to(
    beleg: Beleg, make_beleg: Callable[[Settings], Beleg], stranger: Stranger
) -> None:
    """A refusal fails the job with the reason; who may ignore the file can be set."""
    stranger.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /bad", "text/plain")
    stranger.scripts["/frei"] = HTML
    jobs = [submit(beleg, stranger.url(path)) for path in ("/bad", "/frei")]
    for job in jobs:
        beleg.fetch_off(job["id"])
    error = beleg.job(jobs[0]["id"])["error"]
    assert (error["type"], error["reason"]) == ("/problems/url-refused", "url-robots-refused")
    assert beleg.job(jobs[1]["id"])["error"] is None
    assert stranger.paths() == ["/robots.txt", "/frei"]
    careless = make_beleg(beleg.settings.model_copy(update={"robots": "ignore"}))
    careless.ingest.post(f"/v1/jobs/{jobs[0]['id']}/retry")
    careless.fetch_off(jobs[0]["id"])
    assert careless.job(jobs[0]["id"])["error"] is None


def test_waiting_for_a_hosts_turn_costs_no_attempt(beleg: Beleg, stranger: Stranger) -> None:
    """A host that we ask too often is asked later, as often as it takes."""

    def busy(*_: object) -> None:
        raise HostBusy("Besetzt.", retry_after=7)

    admit, beleg.__dict__["admit"] = beleg.admit, busy
    job = submit(beleg, stranger.url("/bad"))
    for _ in range(5):
        beleg.fetch_off(job["id"])
        row = row_of(beleg, job)
        assert (row.status, row.attempts) == ("queued", 0)
        assert row.publish_at > utcnow() + timedelta(seconds=5)
    beleg.__dict__["admit"] = admit
    beleg.fetch_off(job["id"])
    assert row_of(beleg, job).stage == "extract"


def test_a_text_that_is_too_long_is_not_taken(
    settings: Settings, make_beleg: Callable[[Settings], Beleg], stranger: Stranger
) -> None:
    """The limit for posted texts holds for fetched ones."""
    beleg = make_beleg(settings.model_copy(update={"max_text_chars": 100}))
    job = submit(beleg, stranger.url("/bad"))
    beleg.fetch_off(job["id"])
    assert beleg.job(job["id"])["error"]["reason"] == "page-text-too-long"


def test_what_no_store_keeps_is_left_out(beleg: Beleg, stranger: Stranger) -> None:
    """Control characters on a page do not keep its article from being stored."""
    dirty = PAGE.replace("Stadt hatte", "Stadt\x01 hatte\x7f")
    stranger.scripts["/bad"] = answer(dirty.encode())
    job = submit(beleg, stranger.url("/bad"))
    beleg.fetch_off(job["id"])
    text = beleg.ingest.get(f"/v1/articles/{job['article_id']}").json["text"]
    assert text.isprintable() or "\n" in text
    assert not {"\x01", "\x7f"} & set(text)


def test_an_article_deleted_while_it_is_fetched_is_gone(beleg: Beleg, stranger: Stranger) -> None:
    """What a page brings for an article that nobody wants any more is thrown away."""

    def delete(_: Any, connection: Any) -> None:
        beleg.ingest.delete(f"/v1/articles/{job['article_id']}")
        HTML(_, connection)

    stranger.scripts["/bad"] = delete
    job = submit(beleg, stranger.url("/bad"))
    beleg.fetch_off(job["id"])
    assert beleg.ingest.get("/v1/articles").json["data"] == []


def test_a_fetch_that_loses_every_worker_fails_with_a_reason(beleg: Beleg) -> None:
    """After three attempts that nobody finished, the job is failed and says so."""
    job = submit(beleg, "http://bote.example/a")
    now = datetime.now(UTC)
    for n in range(3):
        with beleg.store.transaction() as rows:
            late = now + timedelta(hours=n)
            claim = beleg.claim(stage="fetch", at=late, lease_until=late + timedelta(minutes=1))
            assert rows.jobs.claim(job["id"], claim)
    beleg.fetch_off(job["id"], at=now + timedelta(hours=4))
    failed = beleg.job(job["id"])
    assert (failed["status"], failed["attempts"]) == ("failed", 3)
    assert "3 attempts" in failed["error"]["detail"]


@pytest.mark.timeout(600)
def test_a_url_goes_all_the_way(running_beleg: RunningBeleg, stranger: Stranger) -> None:
    """Posted by its URL alone, an article is fetched by one worker and extracted by the other."""
    job = running_beleg.wait_for(running_beleg.submit(url=stranger.url("/bad")))
    assert (job["status"], job["error"]) == ("succeeded", None)
    gone = running_beleg.wait_for(running_beleg.submit(url=stranger.url("/weg")))
    assert (gone["status"], gone["error"]["reason"]) == ("failed", "url-http-status")
    assert running_beleg.wait_for(running_beleg.submit(url=stranger.url("/bad"))) == job
