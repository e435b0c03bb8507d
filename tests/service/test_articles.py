"""Taking articles: what is promised, what is refused, what is found again."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from services.runtime.settings import Settings
from tests.service.conftest import Beleg

TEXT = "„Das reicht nicht“, sagte Bürgermeisterin Huber am Montag im Rat."


def test_an_article_is_accepted_with_a_job_to_poll(beleg: Beleg) -> None:
    """A new article is answered with 202, its job, where to find it and when to ask again."""
    answer = beleg.ingest.post("/v1/articles", json={"text": TEXT, "title": "Streit im Rat"})
    assert answer.status_code == 202
    job = answer.json
    assert job["status"] == "queued"
    assert job["attempts"] == 0
    assert job["error"] is None
    assert answer.headers["Location"] == job["links"]["self"] == f"/v1/jobs/{job['id']}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert beleg.job(job["id"]) == job


def test_an_article_is_given_back_as_it_was_posted(beleg: Beleg) -> None:
    """Nothing about an article is changed, the text least of all."""
    posted = {
        "text": "  Zeile eins\r\n\tZeile zwei: \u00a0„so“ 👩‍👧 \u0308  ",
        "title": "Titel",
        "url": "https://bote.example/a?b=c",
        "outlet": "Neustädter Bote",
        "author": "A. Meier",
        "published_on": "2024-12-04",
        "language": "de",
        "external_id": "bote-17",
        "metadata": {"ressort": "Politik", "tags": ["a", {"b": None}]},
    }
    job = beleg.submit(**posted)
    article = beleg.ingest.get(f"/v1/articles/{job['article_id']}").json
    assert posted.items() <= article.items()


def test_the_same_article_again_gets_the_job_that_is_there(beleg: Beleg) -> None:
    """Posting an article twice makes one article and one job, whatever the metadata say."""
    first = beleg.ingest.post("/v1/articles", json={"text": TEXT, "metadata": {"crawl": 1}})
    again = beleg.ingest.post("/v1/articles", json={"text": TEXT, "metadata": {"crawl": 2}})
    other = beleg.ingest.post("/v1/articles", json={"text": TEXT, "title": "anders"})
    assert (first.status_code, again.status_code, other.status_code) == (202, 200, 202)
    assert again.json["id"] == first.json["id"] != other.json["id"]


@pytest.mark.parametrize(
    ("sent", "day"), [("2024-12-04", "2024-12-04"), ("2024-12-04T23:30:00+01:00", "2024-12-04")]
)
def test_a_moment_of_publication_is_kept_as_its_day(beleg: Beleg, sent: str, day: str) -> None:
    """`published_on` takes a date or a moment."""
    job = beleg.submit(TEXT, published_on=sent)
    article = beleg.ingest.get(f"/v1/articles/{job['article_id']}").json
    assert article["published_on"] == day


BAD = [
    ({}, 422, "text"),
    ({"text": ""}, 422, "text"),
    ({"text": " \n\t "}, 422, "text"),
    ({"text": None}, 422, "text"),
    ({"text": 7}, 422, "text"),
    ({"text": ["a"]}, 422, "text"),
    ({"text": "a\x00b"}, 422, "text"),
    ({"text": "a\x1bb"}, 422, "text"),
    ({"text": "a\ud800b"}, 422, "text"),
    ({"text": "a", "titel": "b"}, 422, "titel"),
    ({"text": "a", "\ud800": "b"}, 422, "\ud800"),
    ({"text": "a", "title": "b" * 1001}, 422, "title"),
    ({"text": "a", "title": "\x01"}, 422, "title"),
    ({"text": "a", "url": "ftp://a.example/b"}, 422, "url"),
    ({"text": "a", "url": "quatsch"}, 422, "url"),
    ({"text": "a", "published_on": "gestern"}, 422, "published_on"),
    ({"text": "a", "published_on": "2024-13-01T10:00:00Z"}, 422, "published_on"),
    ({"text": "a", "published_on": 20241204}, 422, "published_on"),
    ({"text": "a", "language": "deutsch!"}, 422, "language"),
    ({"text": "a", "metadata": []}, 422, "metadata"),
    ({"text": "a", "metadata": {"a": ["\ud800"]}}, 422, "metadata"),
    ({"text": "a", "metadata": {"a": "b" * 20_000}}, 422, "metadata"),
    ({"text": "a", "metadata": {"a": float("nan")}}, 422, "metadata"),
    ({"text": "a", "metadata": {"a": json.loads("[" * 200 + "]" * 200)}}, 422, "metadata"),
    ({"text": "a" * 5_000_000}, 413, "text"),
]


@pytest.mark.parametrize(
    ("body", "status", "field"), BAD, ids=[f"{f}-{i}" for i, (_, _, f) in enumerate(BAD)]
)
def test_bad_articles_are_refused_by_name_of_the_field(
    beleg: Beleg, body: dict[str, Any], status: int, field: str
) -> None:
    """What does not validate is answered with a problem that names the field; nothing is kept."""
    sent = json.dumps(body)
    answer = beleg.ingest.post("/v1/articles", data=sent, content_type="application/json")
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert field in {error["field"].split(".")[0] for error in problem["errors"]}
    assert beleg.ingest.get("/v1/articles").json == {"data": [], "next": None}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"text": "a"', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'"text"', "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"text": "a"}', "text/plain", 415),
        (b'{"text": "a"}', "", 415),
        (b"text=a", "application/x-www-form-urlencoded", 415),
    ],
)
def test_bodies_that_are_no_articles_are_refused(
    beleg: Beleg, body: bytes, content_type: str, status: int
) -> None:
    """What cannot be parsed is 400, another content type 415, another shape 422."""
    answer = beleg.ingest.post("/v1/articles", data=body, content_type=content_type)
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.json["type"].startswith("/problems/")


def test_what_is_taken_instead_is_said(beleg: Beleg) -> None:
    """A type or coding that is not taken is answered with those that are, also for batches."""
    wrong = beleg.ingest.post("/v1/articles", data=b"x", content_type="application/jsonl")
    assert wrong.headers["Accept"] == "application/json, application/x-ndjson"
    assert "application/x-ndjson" in wrong.json["detail"]
    other = beleg.ingest.post("/v1/feeds", data=b"x", content_type="text/plain")
    assert other.headers["Accept"] == "application/json"
    for content_type in ("application/json", "application/x-ndjson"):
        packed = beleg.ingest.post(
            "/v1/articles",
            data=gzip.compress(b'{"text": "a"}'),
            content_type=content_type,
            headers={"Content-Encoding": "gzip"},
        )
        assert (packed.status_code, packed.headers["Accept-Encoding"]) == (415, "identity")
    assert beleg.ingest.get("/v1/articles").json["data"] == []


def test_a_body_over_the_limit_is_not_read(
    settings: Settings, make_beleg: Callable[[Settings], Beleg]
) -> None:
    """A request larger than the limit is 413 and names the limit."""
    beleg = make_beleg(settings.model_copy(update={"max_request_bytes": 2048}))
    answer = beleg.ingest.post("/v1/articles", json={"text": "a" * 3000})
    assert answer.status_code == 413
    assert "2048" in answer.json["detail"]


def test_articles_are_listed_in_pages_without_their_texts(beleg: Beleg) -> None:
    """Following `next`, or the `Link` header, passes every article once."""
    ids = [beleg.submit(f"Artikel {n}")["article_id"] for n in range(5)]
    seen: list[str] = []
    url: str | None = "/v1/articles?limit=2"
    while url:
        answer = beleg.ingest.get(url)
        assert all("text" not in article for article in answer.json["data"])
        seen += [article["id"] for article in answer.json["data"]]
        link = answer.headers.get("Link")
        url = link[1 : link.index(">")] if link else None
        assert (url is None) == (answer.json["next"] is None)
    assert seen == ids


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=x", "limit"),
        ("cursor=%21", "cursor"),
        ("cursor=YWJj", "cursor"),
        ("page=2", "page"),
    ],
)
def test_bad_page_requests_are_refused(beleg: Beleg, query: str, field: str) -> None:
    """Unknown and impossible query parameters are 422 and named."""
    answer = beleg.ingest.get(f"/v1/articles?{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json["errors"]] == [field]
    assert answer.json["errors"][0]["location"] == "query"


def test_a_deleted_article_takes_everything_with_it(beleg: Beleg) -> None:
    """After a deletion neither article, job, records nor sources are there; others stay."""
    kept = beleg.submit("„Wir bleiben“, sagte Frau Kern.")
    gone = beleg.submit("„Wir gehen“, sagte Herr Weg.")
    for job in (kept, gone):
        beleg.work_off(job["id"])
    assert len(beleg.attributions()) == 2
    assert beleg.ingest.delete(f"/v1/articles/{gone['article_id']}").status_code == 204
    assert beleg.ingest.get(f"/v1/articles/{gone['article_id']}").status_code == 404
    assert beleg.ingest.get(f"/v1/jobs/{gone['id']}").status_code == 404
    assert {a["article_id"] for a in beleg.attributions()} == {kept["article_id"]}
    names = {source["name"] for source in beleg.api.get("/v1/sources").json["data"]}
    assert not any("Weg" in name for name in names)
    assert any("Kern" in name for name in names)
    assert beleg.ingest.delete(f"/v1/articles/{gone['article_id']}").status_code == 404


def test_an_article_deleted_at_work_leaves_nothing(beleg: Beleg) -> None:
    """What a worker still finds for an article that is gone is thrown away."""
    job = beleg.submit(TEXT)
    with beleg.store.transaction() as rows:
        assert rows.jobs.claim(job["id"], beleg.claim())
    beleg.ingest.delete(f"/v1/articles/{job['article_id']}")
    beleg.work_off(job["id"])
    assert beleg.attributions() == []
