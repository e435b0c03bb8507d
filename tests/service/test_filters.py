"""Asking for records by what is in them and what their articles are."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.service.conftest import Beleg
from tests.service.made import Said, keep

TODAY = datetime.now(UTC).date()
YESTERDAY = str(TODAY - timedelta(days=1))
TOMORROW = str(TODAY + timedelta(days=1))


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    keep(
        beleg,
        Said("A", "Anna Huber", stance="denied", confidence=0.5),
        Said("B", "Karl Maier", type="direct", reported_by=["dpa", "Neustädter Bote"]),
        outlet="Neustädter Bote",
        published_on="2024-12-04",
        language="de-AT",
    )
    keep(
        beleg,
        Said("C", "Anna Huber"),
        Said("D"),
        outlet="Daily Post",
        published_on="2024-12-05",
        language="en",
    )
    keep(beleg, Said("E", "Stadt Neustadt", kind="organisation", reported_by=["dpa"]))
    return beleg


FILTERS = [
    ({}, "ABCDE"),
    ({"source": "anna  HUBER"}, "AC"),
    ({"source": "Niemand"}, ""),
    ({"reported_by": "DPA"}, "BE"),
    ({"reported_by": "Neustädter Bote"}, "B"),
    ({"reported_by": "Anna Huber"}, ""),
    ({"outlet": "neustädter bote"}, "AB"),
    ({"outlet": "Bote"}, ""),
    ({"type": "direct"}, "B"),
    ({"stance": "denied"}, "A"),
    ({"min_confidence": "0.6"}, "BCDE"),
    ({"min_confidence": "0.5"}, "ABCDE"),
    ({"language": "de"}, "AB"),
    ({"language": "DE-at"}, "AB"),
    ({"language": "EN"}, "CD"),
    ({"language": "fr"}, ""),
    ({"from": "2024-12-05"}, "CDE"),
    ({"from": "2024-12-04T10:00:00+01:00", "to": "2024-12-04"}, "AB"),
    ({"to": "2024-12-05"}, "ABCD"),
    ({"from": YESTERDAY, "to": TOMORROW}, "E"),
    ({"source": "Anna Huber", "outlet": "Daily Post", "stance": "asserted"}, "C"),
]


def test_each_filter_leaves_the_records_for_which_it_holds(filled: Beleg) -> None:
    """All filters that are given hold for every record that is answered, and no other."""
    for query, contents in FILTERS:
        found = filled.attributions(**query)
        assert "".join(r["content"]["text"] for r in found) == contents, query


def test_records_are_asked_for_by_ids(filled: Beleg) -> None:
    """The ids in the records lead to the records."""
    one = filled.attributions()[1]
    assert [
        r["content"]["text"] for r in filled.attributions(source=one["source"]["entity"]["id"])
    ] == ["B"]
    dpa = one["reported_by"][0]["entity"]["id"]
    assert len(filled.attributions(reported_by=dpa)) == 2
    assert len(filled.attributions(article_id=one["article_id"])) == 2


NO_FILTERS = [
    ("type=shouted", "type"),
    ("stance=x", "stance"),
    ("min_confidence=2", "min_confidence"),
    ("min_confidence=viel", "min_confidence"),
    ("source=", "source"),
    ("outlet=%20", "outlet"),
    ("outlet=a%00b", "outlet"),
    ("language=deutsch!", "language"),
    ("from=gestern", "from"),
    ("to=2024-02-30", "to"),
    ("from=2024-12-05&to=2024-12-04", "to"),
    ("q=", "q"),
    ("q=%21%3F", "q"),
    ("q=" + "+".join(f"w{n}" for n in range(31)), "q"),
    ("q=a&cursor=YXR0X0E", "cursor"),
    ("cursor=ZXhhY3RfMQ", "cursor"),
    ("cursor=%FF", "cursor"),
    ("who=1", "who"),
    ("since=2024-12-05", "since"),
]


def test_what_is_no_filter_is_refused(beleg: Beleg) -> None:
    """A filter with an impossible value, or an unknown one, is 422 and named."""
    for query, field in NO_FILTERS:
        answer = beleg.api.get(f"/v1/attributions?{query}")
        assert answer.status_code == 422, query
        assert {(e["field"], e["location"]) for e in answer.json["errors"]} == {(field, "query")}


def contents_by_links(beleg: Beleg, path: str, between: Callable[[], None]) -> list[str]:
    """Follow the `Link` headers and give the contents of all records."""
    contents: list[str] = []
    while path:
        answer = beleg.api.get(path)
        contents += [r["content"]["text"] for r in answer.json["data"]]
        link = answer.headers.get("Link", "")
        path = link.partition("<")[2].partition(">")[0]
        assert bool(path) == (answer.json["next"] is not None)
        assert link == "" or link.endswith('>; rel="next"')
        between()
    return contents


@pytest.mark.parametrize("query", ["limit=2", "limit=2&q=Rakete", "limit=1&source=Anna+Huber"])
def test_links_lead_through_all_records_while_others_arrive(beleg: Beleg, query: str) -> None:
    """Each record there was at the first page comes once, whatever arrives in between."""
    for n in range(3):
        keep(beleg, *(Said(f"Rakete {n}{m}", "Anna Huber") for m in "abc"))
    before = {r["content"]["text"] for r in beleg.attributions()}
    arriving = iter(range(4))

    def arrive() -> None:
        for n in itertools.islice(arriving, 1):
            keep(beleg, Said(f"Rakete neu {n}", "Anna Huber"))

    contents = contents_by_links(beleg, f"/v1/attributions?{query}", arrive)
    assert len(contents) == len(set(contents))
    assert before <= set(contents)
