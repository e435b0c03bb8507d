"""Who is let in: keys, scopes, tenants, limits."""

from collections.abc import Callable
from dataclasses import dataclass
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
HOOK = {"url": "https://newsroom.example/hook"}
FEED = {"url": "https://bote.example/feed.xml"}


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


@dataclass(frozen=True)
class Belongings:
    """Where one of each kind of things is that a tenant has made."""

    article: str
    job: str
    batch: str
    record: str
    source: str
    key: str
    webhook: str
    delivery: str
    feed: str


@pytest.fixture
def mine(closed: Beleg) -> dict[str, str]:
    """Headers of a tenant who may do everything."""
    return bearer(make_key(closed, Scope.ADMINISTER, tenant="a"))


@pytest.fixture
def theirs(closed: Beleg) -> dict[str, str]:
    """Headers of another one."""
    return bearer(make_key(closed, Scope.ADMINISTER, tenant="b"))


@pytest.fixture
def things(closed: Beleg, mine: dict[str, str]) -> Belongings:
    """What belongs to the first tenant."""
    job = post_article(closed, mine).json
    closed.work_off(job["id"])
    (record,) = closed.api.get("/v1/attributions", headers=mine).json["data"]
    (key,) = closed.api.get("/v1/keys", headers=mine).json["data"]
    lines = {"data": b'{"text": "Eins."}', "content_type": "application/x-ndjson"}
    batch = closed.ingest.post("/v1/articles", headers=mine, **lines).json
    webhook = closed.api.post("/v1/webhooks", json=HOOK, headers=mine).json["links"]["self"]
    delivery = closed.api.post(f"{webhook}/test", headers=mine).json
    return Belongings(
        article=job["links"]["article"],
        job=job["links"]["self"],
        batch=batch["links"]["self"],
        record=f"/v1/attributions/{record['id']}",
        source=f"/v1/sources/{record['source']['entity']['id']}",
        key=f"/v1/keys/{key['id']}",
        webhook=webhook,
        delivery=f"{webhook}/deliveries/{delivery['id']}",
        feed=post_feed(closed, mine).json["links"]["self"],
    )


def post_article(beleg: Beleg, headers: dict[str, str]) -> TestResponse:
    return beleg.ingest.post("/v1/articles", json={"text": TEXT}, headers=headers)


def post_feed(beleg: Beleg, headers: dict[str, str]) -> TestResponse:
    return beleg.ingest.post("/v1/feeds", json=FEED, headers=headers)


def test_another_tenants_things_are_not_found(
    closed: Beleg, things: Belongings, mine: dict[str, str], theirs: dict[str, str]
) -> None:
    """No route answers with another tenant's things, nor tells of their existence."""
    for client, path in [
        (closed.ingest, things.article),
        (closed.ingest, things.job),
        (closed.ingest, things.batch),
        (closed.api, things.record),
        (closed.api, things.source),
        (closed.api, things.webhook),
        (closed.api, f"{things.webhook}/deliveries"),
        (closed.ingest, things.feed),
    ]:
        assert client.get(path, headers=mine).status_code == 200, path
        assert client.get(path, headers=theirs).status_code == 404, path


def test_another_tenants_things_cannot_be_changed(
    closed: Beleg, things: Belongings, theirs: dict[str, str]
) -> None:
    """To change or delete what another tenant has is 404, as if it were not there."""
    for client, method, path in [
        (closed.ingest, "DELETE", things.article),
        (closed.ingest, "POST", f"{things.job}/cancel"),
        (closed.ingest, "POST", f"{things.job}/retry"),
        (closed.api, "DELETE", things.key),
        (closed.api, "POST", f"{things.key}/rotate"),
        (closed.api, "DELETE", things.webhook),
        (closed.ingest, "DELETE", things.feed),
        (closed.api, "POST", f"{things.webhook}/rotate"),
        (closed.api, "POST", f"{things.webhook}/test"),
        (closed.api, "POST", f"{things.delivery}/replay"),
    ]:
        assert client.open(path, method=method, headers=theirs).status_code == 404, path
    for client, path in [(closed.api, things.webhook), (closed.ingest, things.feed)]:
        change = client.patch(path, json={"enabled": False}, headers=theirs)
        assert change.status_code == 404, path


def test_another_tenants_things_are_in_no_list(
    closed: Beleg, things: Belongings, theirs: dict[str, str]
) -> None:
    """Lists are empty for who has nothing, also when they are asked for by id."""
    for client, path in [
        (closed.ingest, "/v1/articles"),
        (closed.api, "/v1/attributions"),
        (closed.api, "/v1/sources"),
        (closed.api, "/v1/webhooks"),
        (closed.ingest, "/v1/feeds"),
        (closed.api, f"/v1/attributions?source={things.source.rpartition('/')[2]}"),
        (closed.api, f"/v1/attributions?article_id={things.article.rpartition('/')[2]}"),
    ]:
        assert client.get(path, headers=theirs).json["data"] == [], path


def test_what_another_tenant_has_is_made_anew(
    closed: Beleg, things: Belongings, theirs: dict[str, str]
) -> None:
    """The feed and the article that another tenant has posted are no known ones."""
    feed, article = post_feed(closed, theirs), post_article(closed, theirs)
    assert (feed.status_code, article.status_code) == (201, 202)
    assert feed.json["links"]["self"] != things.feed
    assert article.json["links"]["article"] != things.article


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
