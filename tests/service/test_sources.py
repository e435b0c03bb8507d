"""Sources over articles: recognised, kept apart, merged, split, and all of it undone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.service.conftest import Beleg
from tests.service.made import Said, keep


def sources(beleg: Beleg, **query: Any) -> dict[str, dict[str, Any]]:
    """Give all sources by name; several of one name by name and role."""
    answer = beleg.api.get("/v1/sources", query_string=query)
    assert answer.status_code == 200, answer.text
    found = {}
    for source in answer.json["data"]:
        name = source["name"]
        found[f"{name}, {source['role']}" if name in found else name] = source
    return found


def contents(beleg: Beleg, **query: Any) -> str:
    return "".join(r["content"]["text"] for r in beleg.attributions(**query))


def post(beleg: Beleg, path: str, status: int = 200, **body: Any) -> dict[str, Any]:
    answer = beleg.api.post(f"/v1/{path}", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json)


def state(beleg: Beleg) -> Any:
    """Give everything that a merge or a split can change."""
    return beleg.attributions(), beleg.api.get("/v1/sources").json["data"]


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    keep(
        beleg,
        Said("A", "Mark Rutte", role="NATO-Generalsekretär", mention="Rutte"),
        Said("B", "Süddeutsche Zeitung", kind="outlet", mention="der SZ"),
        outlet="Bote",
    )
    keep(
        beleg,
        Said("C", "mark rutte"),
        Said("D", "SZ", kind="outlet"),
        Said("E", "Marc Rutte", reported_by=["Süddeutsche Zeitung"]),
        outlet="Kurier",
    )
    return beleg


def test_one_person_in_two_articles_is_one_source(filled: Beleg) -> None:
    """Names are collected, whatever their case; counts, outlets and times go over all articles."""
    found = sources(filled)
    assert set(found) == {"Mark Rutte", "Süddeutsche Zeitung", "Marc Rutte"}
    rutte, zeitung = found["Mark Rutte"], found["Süddeutsche Zeitung"]
    assert (rutte["attributions"], rutte["articles"], rutte["reports"]) == (2, 2, 0)
    assert (rutte["aliases"], rutte["roles"]) == (["Rutte"], ["NATO-Generalsekretär"])
    assert rutte["outlets"] == ["Bote", "Kurier"]
    assert rutte["first_seen"] < rutte["last_seen"]
    assert (zeitung["attributions"], zeitung["reports"], zeitung["articles"]) == (2, 1, 2)
    assert zeitung["aliases"] == ["SZ"]
    assert filled.api.get(f"/v1/sources/{rutte['id']}").json == rutte


def test_sources_are_found_by_any_of_their_names(filled: Beleg) -> None:
    """`q` is part of a name or alias; `source` and `reported_by` take names, aliases and ids."""
    assert set(sources(filled, q="rutte")) == {"Mark Rutte", "Marc Rutte"}
    assert set(sources(filled, q="sz")) == {"Süddeutsche Zeitung"}
    assert set(sources(filled, q="person")) == set()
    assert set(sources(filled, kind="outlet")) == {"Süddeutsche Zeitung"}
    assert contents(filled, source="MARK rutte") == "AC"
    assert contents(filled, source="Rutte") == "ACE"
    assert contents(filled, source="sz") == "BD"
    assert contents(filled, reported_by="SZ") == "E"


def test_people_of_one_name_are_kept_apart_by_their_roles(beleg: Beleg) -> None:
    """Roles that disagree make two people; a role that agrees finds its own."""
    keep(beleg, Said("A", "Thomas Weber", role="Bürgermeister von Neustadt"))
    keep(beleg, Said("B", "Thomas Weber", role="Trainer des FC Altdorf"))
    keep(beleg, Said("C", "Thomas Weber", role="Fußballtrainer"))
    keep(beleg, Said("D", "Thomas Weber", role="Bürgermeister"))
    keep(beleg, Said("E", "Weber", role="Bürgermeister"))
    mayor, coach = sources(beleg).values()
    assert contents(beleg, source=mayor["id"]) == "ADE"
    assert contents(beleg, source=coach["id"]) == "BC"
    assert contents(beleg, source="Thomas Weber") == "ABCDE"
    assert beleg.attributions()[4]["source"]["entity"] == {
        "id": mayor["id"], "name": "Thomas Weber", "kind": "person", "role": "Bürgermeister",
    }  # fmt: skip


def test_a_merge_moves_everything_and_undoing_brings_it_back(filled: Beleg) -> None:
    """Records, names and roles go, later articles follow, and all of it can be brought back."""
    before = state(filled)
    found = sources(filled)
    mark, marc = found["Mark Rutte"]["id"], found["Marc Rutte"]["id"]
    done = post(filled, f"sources/{marc}/merge", into=mark)
    change = done["changes"][0]
    assert (change["action"], change["from"], change["into"]) == ("merge", marc, mark)
    assert (change["moved"], change["undone_at"]) == (1, None)
    assert done["source"]["attributions"] == 3
    assert "Marc Rutte" in done["source"]["aliases"]
    assert contents(filled, source=mark) == contents(filled, source=marc) == "ACE"
    entity = filled.attributions()[4]["source"]["entity"]
    assert (entity["id"], entity["name"]) == (mark, "Mark Rutte")
    assert set(sources(filled)) == {"Mark Rutte", "Süddeutsche Zeitung"}
    led = filled.api.get(f"/v1/sources/{marc}")
    assert (led.status_code, led.headers["Location"]) == (307, f"/v1/sources/{mark}")

    later = keep(filled, Said("F", "Marc Rutte"))
    assert contents(filled, source=mark) == "ACEF"
    undone = post(filled, f"source-changes/{change['id']}/undo")
    assert undone["undone_at"]
    assert contents(filled, source=marc) == "EF"
    assert contents(filled, source=mark) == "AC"
    filled.ingest.delete(f"/v1/articles/{later}")
    assert state(filled) == before


def test_what_an_outlet_passes_on_moves_as_well(filled: Beleg) -> None:
    """Reports follow a merge of outlets and come back."""
    keep(filled, Said("G", reported_by=["Süddeutsche", "dpa"]))
    before = state(filled)
    found = sources(filled)
    zeitung = found["Süddeutsche Zeitung"]["id"]
    others = [found["Süddeutsche"]["id"], found["dpa"]["id"]]
    done = post(filled, f"sources/{zeitung}/merge", **{"from": others})
    assert done["source"]["reports"] == 3
    assert contents(filled, reported_by=zeitung) == "EG"
    reports = filled.attributions()[-1]["reported_by"]
    assert [r["entity"]["name"] for r in reports] == ["Süddeutsche Zeitung"] * 2
    for change in reversed(done["changes"]):
        post(filled, f"source-changes/{change['id']}/undo")
    assert state(filled) == before


def test_a_split_by_names_takes_their_records_along(filled: Beleg) -> None:
    """What was wrongly one becomes two, later articles find each, and undoing makes it one."""
    found = sources(filled)
    post(filled, f"sources/{found['Marc Rutte']['id']}/merge", into=found["Mark Rutte"]["id"])
    before = state(filled)
    mark = found["Mark Rutte"]["id"]
    answer = filled.api.post(f"/v1/sources/{mark}/split", json={"aliases": ["marc rutte"]})
    assert answer.status_code == 201
    new = answer.json["source"]
    assert answer.headers["Location"] == f"/v1/sources/{new['id']}"
    assert (new["name"], new["attributions"]) == ("Marc Rutte", 1)
    assert contents(filled, source=new["id"]) == "E"
    later = keep(filled, Said("H", "Marc Rutte"))
    assert contents(filled, source=new["id"]) == "EH"
    post(filled, f"source-changes/{answer.json['changes'][0]['id']}/undo")
    assert contents(filled, source=mark) == "ACEH"
    assert contents(filled, source=new["id"]) == "ACEH"
    filled.ingest.delete(f"/v1/articles/{later}")
    assert state(filled) == before


def test_a_split_by_records_tells_namesakes_apart(beleg: Beleg) -> None:
    """Single records go to a namesake, with their roles, by which later articles are told apart."""
    keep(beleg, Said("A", "Eva Lang"))
    keep(beleg, Said("B", "Eva Lang", role="Richterin"))
    before = state(beleg)
    (lang,) = sources(beleg).values()
    ids = [r["id"] for r in beleg.attributions() if r["content"]["text"] == "B"]
    done = post(beleg, f"sources/{lang['id']}/split", 201, attributions=ids)
    new = done["source"]
    assert (new["name"], new["role"], new["roles"]) == ("Eva Lang", "Richterin", ["Richterin"])
    keep(beleg, Said("C", "Eva Lang", role="Richterin am Amtsgericht"))
    keep(beleg, Said("D", "Eva Lang", role="Sängerin"))
    assert contents(beleg, source=new["id"]) == "BC"
    assert contents(beleg, source=lang["id"]) == "AD"
    for record in beleg.attributions()[2:]:
        beleg.ingest.delete(f"/v1/articles/{record['article_id']}")
    post(beleg, f"source-changes/{done['changes'][0]['id']}/undo")
    assert state(beleg)[0] == before[0]


def test_changes_are_listed_and_undone_from_the_last(filled: Beleg) -> None:
    """A change that another one builds on waits for it; none is undone twice."""
    found = sources(filled)
    mark, marc, zeitung = (
        found[n]["id"] for n in ("Mark Rutte", "Marc Rutte", "Süddeutsche Zeitung")
    )
    first = post(filled, f"sources/{marc}/merge", into=mark)["changes"][0]
    second = post(filled, f"sources/{mark}/merge", into=zeitung)["changes"][0]
    assert contents(filled, source=marc) == "ABCDE"
    listed = filled.api.get("/v1/source-changes").json["data"]
    assert listed == [first, second]
    page = filled.api.get("/v1/source-changes?limit=1")
    assert 'rel="next"' in page.headers["Link"]
    assert filled.api.get(f"/v1/source-changes/{first['id']}").json == first
    refused = filled.api.post(f"/v1/source-changes/{first['id']}/undo")
    assert refused.status_code == 409
    assert second["id"] in refused.json["detail"]
    post(filled, f"source-changes/{second['id']}/undo")
    post(filled, f"source-changes/{first['id']}/undo")
    again = filled.api.post(f"/v1/source-changes/{first['id']}/undo")
    assert (again.status_code, again.json["type"]) == (409, "/problems/conflict")


def test_nonsense_is_refused_and_changes_nothing(filled: Beleg) -> None:
    """What cannot be merged, split or undone is a problem that says why."""
    found = sources(filled)
    mark, marc = found["Mark Rutte"]["id"], found["Marc Rutte"]["id"]
    before = state(filled)
    record = next(r["id"] for r in filled.attributions() if r["content"]["text"] == "B")
    for path, body, status, field in [
        (f"sources/{mark}/merge", {"into": mark}, 422, "into"),
        (f"sources/{mark}/merge", {"from": [marc, mark]}, 422, "from"),
        (f"sources/{mark}/merge", {"into": "src_X"}, 422, "into"),
        (f"sources/{mark}/merge", {"from": ["src_X"]}, 422, "from"),
        (f"sources/{mark}/merge", {}, 422, "into"),
        (f"sources/{mark}/merge", {"into": marc, "from": [marc]}, 422, "into"),
        (f"sources/{mark}/merge", {"from": []}, 422, "from"),
        (f"sources/{mark}/merge", {"to": marc}, 422, "to"),
        ("sources/src_X/merge", {"into": mark}, 404, None),
        ("sources/src_X/split", {"aliases": ["x"]}, 404, None),
        ("source-changes/chg_X/undo", None, 404, None),
        (f"sources/{mark}/split", {}, 422, "aliases"),
        (f"sources/{mark}/split", {"aliases": ["Niemand"]}, 422, "aliases"),
        (f"sources/{mark}/split", {"attributions": [record]}, 422, "attributions"),
        (f"sources/{mark}/split", {"aliases": ["Mark Rutte"]}, 422, "aliases"),
    ]:
        answer = filled.api.post(f"/v1/{path}", json=body)
        assert answer.status_code == status, (path, body, answer.text)
        assert answer.content_type == "application/problem+json"
        if field:
            assert field in {e["field"].split(".")[0] for e in answer.json["errors"]}, path
    assert state(filled) == before
    assert filled.api.get("/v1/source-changes").json["data"] == []
    assert filled.api.get("/v1/source-changes/chg_X").status_code == 404
    post(filled, f"sources/{marc}/merge", into=mark)
    for body in ({"into": marc}, {"from": [marc]}):
        assert filled.api.post(f"/v1/sources/{mark}/merge", json=body).status_code == 409


def test_merges_at_the_same_time_do_not_cross(filled: Beleg) -> None:
    """Of two merges in opposite directions one wins; records that arrive meanwhile follow it."""
    found = sources(filled)
    mark, marc = found["Mark Rutte"]["id"], found["Marc Rutte"]["id"]

    def merge(pair: tuple[str, str]) -> int:
        client = filled.api.application.test_client()
        return client.post(f"/v1/sources/{pair[0]}/merge", json={"into": pair[1]}).status_code

    def arrive(number: int) -> None:
        keep(filled, Said(f"N{number}", "Marc Rutte"), Said(f"M{number}", "Mark Rutte"))

    with ThreadPoolExecutor(6) as pool:
        arriving = [pool.submit(arrive, number) for number in range(8)]
        codes = list(pool.map(merge, [(mark, marc), (marc, mark)]))
        for future in arriving:
            future.result()
    assert sorted(codes) == [200, 409]
    rutte = list(sources(filled, q="rutte").values())
    assert len(rutte) == 1
    assert rutte[0]["attributions"] == 3 + 16
    assert len(filled.attributions(source=rutte[0]["id"])) == 19


def test_new_names_at_the_same_time_make_one_source(beleg: Beleg) -> None:
    """Many articles that name somebody new at once agree on one source."""
    with ThreadPoolExecutor(6) as pool:
        list(
            pool.map(
                lambda n: keep(beleg, Said(f"Nr. {n}", "Lena Vogt", role="Richterin")), range(12)
            )
        )
    (vogt,) = sources(beleg).values()
    assert vogt["attributions"] == 12


def test_sources_nobody_names_are_forgotten(filled: Beleg) -> None:
    """With its last record a source goes, with all its names."""
    for record in filled.attributions():
        filled.ingest.delete(f"/v1/articles/{record['article_id']}")
    assert sources(filled) == {}
    keep(filled, Said("A", "Rutte", role="Generalsekretär"))
    assert set(sources(filled)) == {"Rutte"}
