"""Reading what was found."""

import pytest

from tests.service.conftest import Beleg

ONE = (
    "„Das reicht nicht“, sagte Bürgermeisterin Anna Huber am Montag. "
    "Laut Polizei wurde niemand verletzt."
)
TWO = "„Wir haben nachgebessert“, sagte Anna Huber."


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    for text in (ONE, TWO):
        beleg.work_off(beleg.submit(text, outlet="Neustädter Bote", language="de")["id"])
    return beleg


def test_a_record_has_the_shape_of_the_contract(filled: Beleg) -> None:
    """Every part is there, or null; spans and text agree with the article."""
    records = filled.attributions()
    assert len(records) >= 3
    for record in records:
        assert list(record) == [
            "id", "article_id", "parent_id", "type", "medium", "content", "source", "reported_by",
            "cue", "frame", "addressee", "stance", "confidence", "engine", "created_at",
        ]  # fmt: skip
        text = filled.ingest.get(f"/v1/articles/{record['article_id']}").json["text"]
        for name in ("content", "source", "cue", "frame", "addressee"):
            part = record[name]
            if part is not None:
                spelled = " ".join(text[s["start"] : s["end"]] for s in part["spans"])
                assert spelled == part["text"] != ""
        assert filled.api.get(f"/v1/attributions/{record['id']}").json == record


def test_records_come_in_reading_order_and_pages(filled: Beleg) -> None:
    """Pages follow each other in the order of articles, then of their texts."""
    everything = filled.attributions()
    assert [r["id"] for r in everything] == sorted(r["id"] for r in everything)
    first = filled.api.get("/v1/attributions?limit=2").json
    second = filled.api.get(f"/v1/attributions?limit=500&cursor={first['next']}").json
    assert first["data"] + second["data"] == everything
    assert second["next"] is None


def test_records_can_be_asked_for_by_what_is_in_them(filled: Beleg) -> None:
    """Each filter leaves exactly the records for which it holds."""
    everything = filled.attributions()
    sample = everything[0]
    entity = sample["source"]["entity"]
    for query, holds in [
        ({"article_id": sample["article_id"]}, lambda r: r["article_id"] == sample["article_id"]),
        ({"type": "direct"}, lambda r: r["type"] == "direct"),
        ({"stance": "asserted"}, lambda r: r["stance"] == "asserted"),
        (
            {"source": entity["id"]},
            lambda r: r["source"] and r["source"]["entity"]["id"] == entity["id"],
        ),
        (
            {"source": entity["name"].upper()},
            lambda r: r["source"] and r["source"]["entity"]["name"] == entity["name"],
        ),
        ({"min_confidence": 1.0}, lambda r: r["confidence"] >= 1.0),
    ]:
        assert filled.attributions(**query) == [r for r in everything if holds(r)], query
    assert filled.attributions(source="Niemand") == []
    assert filled.attributions(reported_by="Niemand") == []


@pytest.mark.parametrize(
    "query", ["type=shouted", "stance=x", "min_confidence=2", "source=", "who=1"]
)
def test_filters_nobody_knows_are_refused(beleg: Beleg, query: str) -> None:
    """A filter with an impossible value, or an unknown one, is 422 and named."""
    answer = beleg.api.get(f"/v1/attributions?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == query.split("=", maxsplit=1)[0]


def test_a_source_speaks_over_articles(filled: Beleg) -> None:
    """A person named in two articles is one source, with counts and outlets."""
    sources = filled.api.get("/v1/sources", query_string={"q": "huber"}).json["data"]
    assert [s["name"] for s in sources] == ["Anna Huber"]
    huber = sources[0]
    assert (huber["attributions"], huber["articles"]) == (2, 2)
    assert huber["outlets"] == ["Neustädter Bote"]
    assert huber["first_seen"] < huber["last_seen"]
    assert filled.api.get(f"/v1/sources/{huber['id']}").json == huber
    assert len(filled.attributions(source=huber["id"])) == 2


def test_sources_are_found_by_kind_and_paged(filled: Beleg) -> None:
    """Sources can be narrowed to a kind and come in pages."""
    everything = filled.api.get("/v1/sources").json["data"]
    assert len(everything) >= 2
    kind = everything[0]["kind"]
    some = filled.api.get(f"/v1/sources?kind={kind}").json["data"]
    assert some == [s for s in everything if s["kind"] == kind]
    page = filled.api.get("/v1/sources?limit=1").json
    rest = filled.api.get(f"/v1/sources?cursor={page['next']}").json
    assert page["data"] + rest["data"] == everything


@pytest.mark.parametrize("path", ["/v1/attributions/att_X", "/v1/sources/src_X", "/problems/x"])
def test_what_is_not_there_is_not_found(beleg: Beleg, path: str) -> None:
    """An unknown id is a 404 problem."""
    answer = beleg.api.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_the_pages_are_served_by_us_alone(beleg: Beleg) -> None:
    """Documentation and problem pages load nothing from elsewhere and run no inline script."""
    for path in ("/docs", "/problems", "/problems/invalid-request"):
        answer = beleg.api.get(path)
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
        assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
        assert "http://" not in answer.text
        assert "https://" not in answer.text
        assert "<script>" not in answer.text
    for name in ("swagger-ui/swagger-ui-bundle.js", "swagger-ui/swagger-ui.css", "docs.js"):
        assert beleg.api.get(f"/static/{name}").status_code == 200
    assert beleg.api.get("/static/../app.py").status_code == 404
    assert beleg.api.get("/").headers["Location"] == "/docs"
