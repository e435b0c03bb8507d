"""The records in the formats of others, and exported."""

import csv
import io
import json
import tracemalloc
from typing import Any

import pytest
from sqlalchemy import insert

from services.api.formats.table import COLUMNS
from services.records.tables import AttributionRow, ReportRow
from tests.service.conftest import Beleg
from tests.service.made import Said, keep
from tests.support.annotations import broken_page_rules, broken_rules

LD = "application/ld+json"
TEXT = "Vorab: 👩‍👧 „Das reicht nicht“, sagte Anna Huber dem Boten.\n=1+1 steht im Bericht.\n"
PAGE = "https://bote.example/a?b=c"


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    keep(
        beleg,
        Said(
            "„Das reicht nicht“", "Anna Huber", role="Bürgermeisterin", type="direct",
            reported_by=["Boten"],
        ),
        Said("=1+1 steht"),
        text=TEXT, url=PAGE, title="Streit, „sagt“ sie", outlet="Bote", author="A. Meier",
        published_on="2024-12-04", language="de",
    )  # fmt: skip
    keep(beleg, Said("Zweites", "Karl Maier"))
    return beleg


def annotated(beleg: Beleg, path: str) -> dict[str, Any]:
    answer = beleg.api.get(path, headers={"Accept": f'{LD}; profile="http://www.w3.org/ns/anno"'})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == LD
    return dict(json.loads(answer.text))


def test_a_record_is_a_web_annotation(filled: Beleg) -> None:
    """By `Accept` a record comes as an annotation that the model allows and that points right."""
    for record in filled.attributions():
        path = f"/v1/attributions/{record['id']}"
        annotation = annotated(filled, path)
        assert broken_rules(annotation) == []
        assert annotation["id"].endswith(path)
        target = annotation["target"]
        position, quote = target["selector"]
        text = filled.ingest.get(f"/v1/articles/{record['article_id']}").json["text"]
        exact = text[position["start"] : position["end"]]
        assert exact == quote["exact"] == record["content"]["text"]
        assert quote["prefix"] + exact + quote["suffix"] in text
        identified = [b["value"] for b in annotation["body"] if b["purpose"] == "identifying"]
        named = [record["source"], *record["reported_by"]]
        assert identified == [m["entity"]["name"] for m in named if m]


def test_the_page_is_the_target_and_the_kept_text_its_state(filled: Beleg) -> None:
    """An article with an address is annotated there; without one, in the text kept here."""
    first, _, last = (r["id"] for r in filled.attributions())
    target = annotated(filled, f"/v1/attributions/{first}")["target"]
    assert target["source"] == PAGE
    assert "/v1/articles/art_" in target["state"]["cached"]
    assert "/v1/articles/art_" in annotated(filled, f"/v1/attributions/{last}")["target"]["source"]


def test_a_list_is_a_page_of_annotations(filled: Beleg) -> None:
    """Lists come as pages that lead on; a list without records is an empty collection."""
    everything = annotated(filled, "/v1/attributions")
    assert broken_page_rules(everything) == []
    assert "next" not in everything
    first = annotated(filled, "/v1/attributions?limit=2")
    assert broken_page_rules(first) == []
    second = annotated(filled, first["next"].removeprefix("http://localhost"))
    assert first["items"] + second["items"] == everything["items"]
    assert broken_page_rules(annotated(filled, "/v1/attributions?source=Niemand")) == []


def exported(beleg: Beleg, query: str = "", **headers: str) -> tuple[str, Any]:
    answer = beleg.api.get(f"/v1/export?{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.data.decode("utf-8"), answer


def test_ndjson_has_the_records_as_they_are_served(filled: Beleg) -> None:
    """Each line is a record, in the order of the list; filters hold; NDJSON is the default."""
    text, answer = exported(filled)
    assert answer.mimetype == "application/x-ndjson"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="attributions-')
    assert answer.headers["Content-Disposition"].endswith('.ndjson"')
    assert [json.loads(line) for line in text.splitlines()] == filled.attributions()
    (one,) = exported(filled, "format=ndjson&q=zweites")[0].splitlines()
    assert json.loads(one)["content"]["text"] == "Zweites"


def test_csv_opens_in_a_spreadsheet_without_running_anything(filled: Beleg) -> None:
    """CSV keeps to RFC 4180, and no cell begins like a formula."""
    text, answer = exported(filled, "format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].endswith('.csv"')
    assert text.count("\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == COLUMNS
    first, second, third = rows
    assert first["content"] == "„Das reicht nicht“"
    assert TEXT[int(first["start"]) : int(first["end"])] == first["content"]
    assert (first["source_name"], first["source_role"]) == ("Anna Huber", "Bürgermeisterin")
    assert (first["title"], first["url"]) == ("Streit, „sagt“ sie", PAGE)
    assert (first["reported_by"], first["published_on"]) == ("Boten", "2024-12-04")
    assert second["content"] == "'=1+1 steht"
    assert second["source_name"] == ""
    assert third["published_on"] == ""
    with_bom, _ = exported(filled, "format=csv&bom=true")
    assert with_bom == "\ufeff" + text


def test_schema_org_tells_quotations_from_claims(filled: Beleg) -> None:
    """The JSON-LD is one graph of schema.org's Quotations and Claims."""
    document = json.loads(exported(filled, "format=jsonld")[0])
    assert document["@context"] == "https://schema.org"
    quotation, claim, _ = document["@graph"]
    assert quotation["@type"] == "Quotation"
    assert quotation["text"] == "„Das reicht nicht“"
    assert quotation["creator"]["@type"] == "Person"
    assert quotation["creator"]["jobTitle"] == "Bürgermeisterin"
    assert quotation["isPartOf"]["url"] == PAGE
    assert quotation["isPartOf"]["publisher"]["name"] == "Bote"
    assert quotation["provider"][0]["name"] == "Boten"
    assert claim["@type"] == "Claim"
    assert "creator" not in claim
    assert claim["appearance"]["headline"] == "Streit, „sagt“ sie"
    nothing = json.loads(exported(filled, "format=jsonld&source=Niemand")[0])
    assert nothing["@graph"] == []


def test_annotations_are_exported(filled: Beleg) -> None:
    """Each line of `annotations` is an annotation that stands alone."""
    lines = exported(filled, "format=annotations")[0].splitlines()
    assert len(lines) == 3
    for line in lines:
        assert broken_rules(json.loads(line)) == []


def test_the_format_may_be_negotiated(filled: Beleg) -> None:
    """Without `format`, `Accept` decides."""
    assert exported(filled, Accept="text/csv")[1].mimetype == "text/csv"
    assert exported(filled, Accept="application/ld+json, text/csv;q=0.5")[1].mimetype == LD


@pytest.mark.parametrize(
    ("query", "field"),
    [("format=xml", "format"), ("limit=3", "limit"), ("bom=true", "bom"), ("q=!", "q"),
     ("format=ndjson&stance=x", "stance")],
)  # fmt: skip
def test_what_cannot_be_exported_is_a_problem(beleg: Beleg, query: str, field: str) -> None:
    """What is wrong is said before the stream begins."""
    answer = beleg.api.get(f"/v1/export?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["errors"][0]["field"] == field


def multiply(beleg: Beleg, copies: int) -> None:
    """Put copies of the record that somebody passes on into the store."""
    said, report = AttributionRow.__table__, ReportRow.__table__
    ids = [f"att_{n:026d}" for n in range(copies)]
    with beleg.store.transaction() as rows:
        passed_on = dict(rows.session.execute(report.select()).mappings().one())
        original = said.select().where(said.c.id == passed_on["attribution_id"])
        one = dict(rows.session.execute(original).mappings().one())
        rows.session.execute(insert(said), [one | {"id": id_} for id_ in ids])
        rows.session.execute(insert(report), [passed_on | {"attribution_id": id_} for id_ in ids])


@pytest.mark.parametrize("form", ["csv", "annotations"])
def test_memory_does_not_grow_with_the_export(filled: Beleg, form: str) -> None:
    """Twenty thousand records pass through without being held, all of them."""
    multiply(filled, 20_000)
    answer = filled.api.get(f"/v1/export?format={form}", buffered=False)
    pieces = answer.iter_encoded()
    size = len(next(pieces))
    tracemalloc.start()
    size += sum(len(piece) for piece in pieces)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 6_000_000
    assert peak < 6_000_000
