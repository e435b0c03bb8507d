"""How reads behave: negotiated, validated, compressed, whatever is read."""

import gzip
import json

import pytest
from flask.testing import FlaskClient

from tests.service.conftest import Beleg
from tests.service.made import Said, keep

LD = "application/ld+json"


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    keep(beleg, *(Said(f"Aussage {n}", "Anna Huber") for n in range(10)))
    return beleg


def reads(beleg: Beleg) -> list[tuple[FlaskClient, str]]:
    """Give a path of each kind that can be read, with who serves it."""
    record = beleg.attributions()[0]
    source = record["source"]["entity"]["id"]
    return [
        (beleg.api, "/v1/attributions?limit=5"),
        (beleg.api, "/v1/attributions?q=Aussage"),
        (beleg.api, f"/v1/attributions/{record['id']}"),
        (beleg.api, "/v1/sources"),
        (beleg.api, f"/v1/sources/{source}"),
        (beleg.ingest, "/v1/articles"),
        (beleg.ingest, f"/v1/articles/{record['article_id']}"),
    ]


def test_what_has_not_changed_is_not_sent_again(filled: Beleg) -> None:
    """The ETag of an answer makes the next one a 304 without a body, until something changes."""
    for client, path in reads(filled):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-cache", path
        known = {"If-None-Match": answer.headers["ETag"]}
        again = client.get(path, headers=known)
        assert (again.status_code, again.data) == (304, b""), path
        assert again.headers["ETag"] == answer.headers["ETag"]
        assert client.get(path, headers={"If-None-Match": '"x", W/"y"'}).status_code == 200
    known = {"If-None-Match": filled.api.get("/v1/attributions").headers["ETag"]}
    keep(filled, Said("Neues", "Karl Maier"))
    assert filled.api.get("/v1/attributions", headers=known).status_code == 200


def test_each_format_has_its_own_tag(filled: Beleg) -> None:
    """A tag of the JSON does not answer for the annotation."""
    path = f"/v1/attributions/{filled.attributions()[0]['id']}"
    tag = filled.api.get(path).headers["ETag"]
    answer = filled.api.get(path, headers={"Accept": LD, "If-None-Match": tag})
    assert answer.status_code == 200
    assert {"Accept", "Accept-Encoding"} <= set(answer.vary)


def test_head_is_get_without_a_body(filled: Beleg) -> None:
    """HEAD has GET's status and headers."""
    for client, path in [*reads(filled), (filled.api, "/v1/export?format=csv")]:
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.data) == (200, b""), path
        for name in ("Content-Type", "Content-Length", "ETag", "Link", "Content-Disposition"):
            assert head.headers.get(name) == got.headers.get(name), (path, name)


def test_options_tells_the_methods(filled: Beleg) -> None:
    """OPTIONS names what an address takes."""
    for client, path in [*reads(filled), (filled.api, "/v1/export")]:
        answer = client.options(path)
        assert answer.status_code == 200, path
        assert {"GET", "HEAD", "OPTIONS"} <= set(answer.allow or ()), path


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("text/html, application/json;q=0.5", 200),
        (f"{LD};profile=x", 200),
        ("text/html", 406),
        ("image/png, text/*", 406),
        ("application/json;q=0", 406),
    ],
)
def test_what_cannot_be_served_is_refused(beleg: Beleg, accept: str, status: int) -> None:
    """406 is for clients that take nothing of what there is."""
    answer = beleg.api.get("/v1/attributions", headers={"Accept": accept} if accept else {})
    assert answer.status_code == status
    if status == 406:
        assert answer.content_type == "application/problem+json"
        assert "application/json" in answer.json["detail"]
        assert beleg.ingest.get("/v1/articles", headers={"Accept": accept}).status_code == 406
        assert beleg.api.get("/healthz", headers={"Accept": accept}).status_code == 200


def test_answers_are_compressed_on_wish(filled: Beleg) -> None:
    """With `Accept-Encoding: gzip` the same bytes come compressed, exports too."""
    for path in ("/v1/attributions", "/v1/export?format=ndjson", "/openapi.json", "/problems"):
        plain = filled.api.get(path)
        assert "Content-Encoding" not in plain.headers, path
        packed = filled.api.get(path, headers={"Accept-Encoding": "br, gzip"})
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in packed.vary
        assert gzip.decompress(packed.data) == plain.data
        refused = filled.api.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
        assert "Content-Encoding" not in refused.headers
    assert len(packed.data) < len(plain.data)


def test_what_is_short_is_not_compressed(filled: Beleg) -> None:
    """Compression that costs more than it spares is left out; tags are the same either way."""
    asked = {"Accept-Encoding": "gzip"}
    short = filled.api.get("/v1/attributions?source=Niemand", headers=asked)
    assert "Content-Encoding" not in short.headers
    assert json.loads(short.data) == {"data": [], "next": None}
    plain, packed = (filled.api.get("/v1/attributions", headers=h) for h in ({}, asked))
    assert plain.headers["ETag"] == packed.headers["ETag"]
    known = asked | {"If-None-Match": packed.headers["ETag"]}
    assert filled.api.get("/v1/attributions", headers=known).status_code == 304
