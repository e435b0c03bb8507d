"""Who is let in: keys, scopes, tenants, limits."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.runtime.clock import utcnow
from services.runtime.keys import Scope
from services.runtime.settings import Settings
from tests.service.conftest import Beleg
from tests.support.redis import Redis

TEXT = "„Das reicht nicht“, sagte Bürgermeisterin Anna Huber am Montag im Rat."


@pytest.fixture
def closed(settings: Settings, make_beleg: Callable[[Settings], Beleg]) -> Beleg:
    """Services that ask for keys."""
    return make_beleg(settings.model_copy(update={"auth": "required"}))


def make_key(beleg: Beleg, *scopes: Scope, tenant: str = "default", **more: Any) -> str:
    with beleg.store.transaction() as rows:
        key, _ = rows.keys.create("test", scopes, tenant=tenant, at=utcnow(), **more)
    return str(key)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def routes(client: FlaskClient) -> list[tuple[str, str]]:
    """Every route below /v1 with every method, ids filled in with nonsense."""
    found = []
    for rule in client.application.url_map.iter_rules():
        if rule.rule.startswith("/v1"):
            path = "/".join("x" if p.startswith("<") else p for p in rule.rule.split("/"))
            found += [(m, path) for m in (rule.methods or set()) - {"OPTIONS", "HEAD"}]
    return found


def test_no_route_answers_without_a_key(closed: Beleg) -> None:
    """Each route below /v1 is 401 without a key, and with a wrong one; health is not."""
    for client in (closed.ingest, closed.api):
        assert len(routes(client)) >= 5
        for method, path in routes(client):
            for headers in ({}, bearer("beleg_x_y_z"), bearer(str(make_key(closed))[:-1] + "!")):
                answer = client.open(path, method=method, headers=headers)
                assert answer.status_code == 401, (method, path)
                assert answer.headers["WWW-Authenticate"].startswith("Bearer")
                assert answer.json["type"] == "/problems/unauthorized"
        assert client.get("/healthz").status_code == 200


def test_no_route_answers_to_a_key_without_a_scope(closed: Beleg) -> None:
    """A key that may nothing is 403 everywhere; reading does not allow writing."""
    nothing, read = make_key(closed), make_key(closed, Scope.READ)
    for client in (closed.ingest, closed.api):
        for method, path in routes(client):
            answer = client.open(path, method=method, headers=bearer(nothing))
            assert answer.status_code == 403, (method, path)
            if method != "GET":
                answer = client.open(path, method=method, headers=bearer(read))
                assert answer.status_code == 403, (method, path)
    answer = closed.api.get("/v1/keys", headers=bearer(read))
    assert answer.status_code == 403


def test_what_belongs_to_one_tenant_no_other_sees(closed: Beleg) -> None:
    """No route answers with, changes, or tells of the existence of another tenant's things."""
    mine = make_key(closed, Scope.ADMINISTER, tenant="a")
    theirs = make_key(closed, Scope.ADMINISTER, tenant="b")

    def post(key: str) -> TestResponse:
        return closed.ingest.post("/v1/articles", json={"text": TEXT}, headers=bearer(key))

    job = post(mine).json
    closed.work_off(job["id"])
    record = closed.api.get("/v1/attributions", headers=bearer(mine)).json["data"][0]
    source = record["source"]["entity"]["id"]
    batch = closed.ingest.post(
        "/v1/articles",
        data=b'{"text": "Eins."}',
        content_type="application/x-ndjson",
        headers=bearer(mine),
    ).json
    key_id = closed.api.get("/v1/keys", headers=bearer(mine)).json["data"][0]["id"]
    hook = {"url": "https://newsroom.example/hook"}
    made = closed.api.post("/v1/webhooks", json=hook, headers=bearer(mine)).json
    webhook = f"/v1/webhooks/{made['id']}"
    polled = {"url": "https://bote.example/feed.xml"}
    made = closed.ingest.post("/v1/feeds", json=polled, headers=bearer(mine)).json
    feed = f"/v1/feeds/{made['id']}"
    delivery = closed.api.post(f"{webhook}/test", headers=bearer(mine)).json["id"]
    for client, path in [
        (closed.ingest, f"/v1/articles/{job['article_id']}"),
        (closed.ingest, f"/v1/jobs/{job['id']}"),
        (closed.ingest, f"/v1/batches/{batch['id']}"),
        (closed.api, f"/v1/attributions/{record['id']}"),
        (closed.api, f"/v1/sources/{source}"),
        (closed.api, webhook),
        (closed.api, f"{webhook}/deliveries"),
        (closed.ingest, feed),
    ]:
        assert client.get(path, headers=bearer(mine)).status_code == 200, path
        assert client.get(path, headers=bearer(theirs)).status_code == 404, path
    for client, method, path in [
        (closed.ingest, "DELETE", f"/v1/articles/{job['article_id']}"),
        (closed.ingest, "POST", f"/v1/jobs/{job['id']}/cancel"),
        (closed.ingest, "POST", f"/v1/jobs/{job['id']}/retry"),
        (closed.api, "DELETE", f"/v1/keys/{key_id}"),
        (closed.api, "POST", f"/v1/keys/{key_id}/rotate"),
        (closed.api, "DELETE", webhook),
        (closed.ingest, "DELETE", feed),
        (closed.api, "POST", f"{webhook}/rotate"),
        (closed.api, "POST", f"{webhook}/test"),
        (closed.api, "POST", f"{webhook}/deliveries/{delivery}/replay"),
    ]:
        assert client.open(path, method=method, headers=bearer(theirs)).status_code == 404, path
    for client, path in [(closed.api, webhook), (closed.ingest, feed)]:
        change = client.patch(path, json={"enabled": False}, headers=bearer(theirs))
        assert change.status_code == 404
    for client, path in [
        (closed.ingest, "/v1/articles"),
        (closed.api, "/v1/attributions"),
        (closed.api, "/v1/sources"),
        (closed.api, "/v1/webhooks"),
        (closed.ingest, "/v1/feeds"),
        (closed.api, f"/v1/attributions?source={source}"),
        (closed.api, f"/v1/attributions?article_id={job['article_id']}"),
    ]:
        assert client.get(path, headers=bearer(theirs)).json["data"] == [], path
    again = closed.ingest.post("/v1/feeds", json=polled, headers=bearer(theirs))
    assert again.status_code == 201
    again = post(theirs)
    assert again.status_code == 202
    assert again.json["article_id"] != job["article_id"]


def test_keys_are_made_shown_once_and_ended_over_http(closed: Beleg) -> None:
    """An administrator makes, lists, rotates and revokes keys; secrets are never shown again."""
    admin = bearer(make_key(closed, Scope.ADMINISTER))
    made = closed.api.post(
        "/v1/keys", json={"name": "Crawler", "scopes": ["read", "read"]}, headers=admin
    )
    assert made.status_code == 201
    assert made.json["scopes"] == ["read"]
    key = bearer(made.json["key"])
    assert closed.api.get("/v1/attributions", headers=key).status_code == 200
    listed = closed.api.get("/v1/keys", headers=admin)
    assert made.json["key"].split("_")[2] not in listed.text
    assert {row["id"]: row for row in listed.json["data"]}[made.json["id"]]["last_used_at"]
    new = closed.api.post(f"/v1/keys/{made.json['id']}/rotate", headers=admin).json
    for working in (key, bearer(new["key"])):
        assert closed.api.get("/v1/attributions", headers=working).status_code == 200
    revoked = closed.api.delete(f"/v1/keys/{new['id']}", headers=admin)
    assert revoked.json["revoked_at"]
    assert closed.api.get("/v1/attributions", headers=bearer(new["key"])).status_code == 401
    assert closed.api.post(f"/v1/keys/{new['id']}/rotate", headers=admin).status_code == 404


def test_a_key_that_is_sent_counts_where_none_is_asked_for(beleg: Beleg) -> None:
    """On loopback a key can be tried: it allows what it does elsewhere, a wrong one is refused."""
    read = bearer(make_key(beleg, Scope.READ))
    assert beleg.api.get("/v1/attributions", headers=read).status_code == 200
    refused = beleg.ingest.post("/v1/articles", json={"text": TEXT}, headers=read)
    assert (refused.status_code, "articles:write" in refused.json["detail"]) == (403, True)
    assert beleg.api.get("/v1/attributions", headers=bearer("beleg_x_y_z")).status_code == 401
    for other in ({}, {"Authorization": "Basic YTpi"}):
        assert beleg.api.get("/v1/attributions", headers=other).status_code == 200


def test_an_expired_key_opens_nothing(closed: Beleg) -> None:
    """After its time a key is refused."""
    for hours, status in ((1, 200), (-1, 401)):
        key = make_key(closed, Scope.READ, expires_at=utcnow() + timedelta(hours=hours))
        assert closed.api.get("/v1/sources", headers=bearer(key)).status_code == status


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x"}, "scopes"),
        ({"name": " ", "scopes": ["read"]}, "name"),
        ({"name": "x", "scopes": []}, "scopes"),
        ({"name": "x", "scopes": ["fly"]}, "scopes"),
        ({"name": "x", "scopes": ["read"], "expires_in_days": 0}, "expires_in_days"),
    ],
)
def test_a_key_has_to_make_sense(closed: Beleg, body: dict[str, Any], field: str) -> None:
    """A bad request for a key is 422 and makes none."""
    admin = bearer(make_key(closed, Scope.ADMINISTER))
    answer = closed.api.post("/v1/keys", json=body, headers=admin)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].split(".")[0] == field


def test_a_key_has_a_limit_of_requests(
    settings: Settings, make_beleg: Callable[[Settings], Beleg], redis_server: Redis
) -> None:
    """One request too many in a minute is 429 for this key alone; without Redis none is."""
    beleg = make_beleg(settings.model_copy(update={"auth": "required", "requests_per_minute": 3}))
    one, two = (bearer(make_key(beleg, Scope.READ)) for _ in range(2))
    statuses = [beleg.api.get("/v1/sources", headers=one).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert beleg.api.get("/v1/sources", headers=two).status_code == 200
    answer = beleg.api.get("/v1/sources", headers=one)
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    redis_server.kill()
    assert beleg.api.get("/v1/sources", headers=one).status_code == 200
    assert "beleg_rate_limit_failed_open_total 1.0" in beleg.api.get("/metrics").text


@pytest.mark.parametrize(
    ("host", "auth", "required"),
    [
        ("127.0.0.1", "auto", False),
        ("localhost", "auto", False),
        ("::1", "auto", False),
        ("0.0.0.0", "auto", True),
        ("beleg.example", "auto", True),
        ("127.0.0.1", "required", True),
        ("127.0.0.1", "off", False),
    ],
)
def test_who_listens_to_others_asks_for_keys(host: str, auth: Any, required: bool) -> None:
    """Keys are needed wherever others can reach the address."""
    assert Settings(_env_file=None, host=host, auth=auth).keys_required is required


def test_an_open_door_has_to_be_meant() -> None:
    """Without keys on an address that others reach, Beleg does not start by accident."""
    with pytest.raises(ValueError, match="BELEG_ALLOW_OPEN"):
        Settings(_env_file=None, host="0.0.0.0", auth="off")
    assert not Settings(_env_file=None, host="0.0.0.0", auth="off", allow_open=True).keys_required
