"""Full-text search over what is said."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from tests.service.conftest import Beleg
from tests.service.made import Said, keep


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    for content in (
        "Raketentechnik bleibt teuer",
        "die Raketen flogen tief",
        "eine Rakete fiel ins Meer",
        "eine zweite Rakete fiel aus",
        "die Mittelstreckenraketen seien alt",
        "die Bahn fährt wieder",
        "das Rathaus bleibt zu",
    ):
        keep(beleg, Said(content, "Anna Huber", reported_by=["Süddeutsche Zeitung"]), language="de")
    return beleg


def found(beleg: Beleg, q: str, **query: str) -> list[str]:
    return [r["content"]["text"] for r in beleg.attributions(q=q, **query)]


def test_inflections_and_compounds_are_found_behind_exact_hits(filled: Beleg) -> None:
    """The word itself comes first, then its inflections, then its compounds; the youngest first."""
    assert found(filled, "Rakete") == [
        "eine zweite Rakete fiel aus",
        "eine Rakete fiel ins Meer",
        "die Raketen flogen tief",
        "die Mittelstreckenraketen seien alt",
        "Raketentechnik bleibt teuer",
    ]
    assert found(filled, "Raketen")[0] == "die Raketen flogen tief"


ALL = [
    ("Rakete Meer", ["eine Rakete fiel ins Meer"]),
    ("meere raketen", ["eine Rakete fiel ins Meer"]),
    ("die Bahn", ["die Bahn fährt wieder"]),
    ("Häuser", ["das Rathaus bleibt zu"]),
    ("Rakete Bahn", []),
    ("Rakete NOT Meer", []),
    ("Rakete' | 'x", []),
    ("Flugzeug", []),
]


def test_all_words_have_to_be_there(filled: Beleg) -> None:
    """Every word narrows the search, function words and signs do not."""
    for q, contents in ALL:
        assert found(filled, q) == contents, q
    assert found(filled, '"Rakete"*') == found(filled, "Rakete")


def test_names_are_found(filled: Beleg) -> None:
    """Who says it and who passes it on belong to the words of a record."""
    assert len(found(filled, "Huber")) == 7
    assert found(filled, "Zeitung Rathaus") == ["das Rathaus bleibt zu"]


def test_a_search_can_be_filtered(filled: Beleg) -> None:
    """Filters hold for what is found."""
    keep(filled, Said("Raketen seien verboten", "Karl Maier", stance="denied"), language="de")
    assert found(filled, "Rakete", source="Karl Maier") == ["Raketen seien verboten"]
    assert found(filled, "Rakete", stance="denied") == ["Raketen seien verboten"]
    assert len(found(filled, "Rakete", source="Anna Huber")) == 5


def test_pages_go_through_all_ranks(filled: Beleg) -> None:
    """Pages of any size give the whole list in its order."""
    everything = found(filled, "Rakete")
    for limit in range(1, 7):
        assert list(paged(filled, limit)) == everything


def paged(beleg: Beleg, limit: int) -> Iterator[str]:
    """Search for „Rakete“ page by page."""
    query: dict[str, Any] = {"q": "Rakete", "limit": limit}
    while True:
        page = beleg.api.get("/v1/attributions", query_string=query).json
        assert len(page["data"]) <= limit
        yield from (r["content"]["text"] for r in page["data"])
        if page["next"] is None:
            return
        query["cursor"] = page["next"]


def test_the_index_goes_with_the_records(filled: Beleg) -> None:
    """Records that are replaced or deleted leave nothing in the index."""
    article = keep(filled, Said("Kernkraft sei sicher"), text="Kernkraft sei sicher Windkraft")
    keep(filled, Said("Windkraft"), text="Kernkraft sei sicher Windkraft")
    assert found(filled, "Kernkraft") == []
    assert found(filled, "Windkraft") == ["Windkraft"]
    for record in filled.attributions():
        filled.ingest.delete(f"/v1/articles/{record['article_id']}")
    assert article
    assert found(filled, "Windkraft") == []
    with filled.store.reading() as rows:
        assert rows.session.execute(text("SELECT count(*) FROM search_terms")).scalar() == 0
        if filled.settings.store_url.startswith("sqlite"):
            match = text("SELECT count(*) FROM fts_records WHERE fts_records MATCH 'wwindkraft'")
            assert rows.session.execute(match).scalar() == 0


def test_common_words_and_rare_ones_are_found_alike(beleg: Beleg) -> None:
    """However many records have a word, pages hold all of them once, the youngest first."""
    keep(beleg, *(Said(f"Satz {n} über Strom", "Anna Huber") for n in range(230)))
    keep(beleg, Said("ein alter Stromkreis", "Anna Huber"), Said("Wind", "Anna Huber"))
    everything, query = [], "q=strom&limit=100"
    while query:
        page = beleg.api.get(f"/v1/attributions?{query}").json
        everything += [record["content"]["text"] for record in page["data"]]
        query = page["next"] and f"q=strom&limit=100&cursor={page['next']}"
    sentences = [f"Satz {n} über Strom" for n in reversed(range(230))]
    assert everything == [*sentences, "ein alter Stromkreis"]
    assert found(beleg, "Wind") == ["Wind"]
    assert found(beleg, "Strom 7") == ["Satz 7 über Strom"]
    assert found(beleg, "Strom", **{"from": "2999-01-01"}) == []
