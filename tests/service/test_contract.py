"""The whole contract, tried with whatever a machine can think of.

`make contract CASES=10000` tries harder.
"""

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from services.api.app import create_app as create_api
from services.extract.engine import load_engine
from services.extract.jobs import run_job
from services.ingest.app import create_app as create_ingest
from services.records.jobs import Claim, Stage
from services.records.migrations import migrate
from services.records.store import open_store
from services.run.http import dispatch
from services.run.openapi import PATH
from services.runtime.clock import utcnow
from services.runtime.settings import Settings
from tests.support.redis import Redis

CASES = int(os.environ.get("CASES", "0"))
EXAMPLES = max(12, CASES // 25)
ARTICLE = Path(__file__).parents[2] / "examples" / "01-agenturmeldung.json"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def contract(_redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The schema of services that hold an article, a batch, a key and records."""
    _redis.start()
    folder = tmp_path_factory.mktemp("contract")
    ours = Settings(_env_file=None, data_dir=folder, redis_url=_redis.url, requests_per_minute=0)
    store = open_store(ours)
    migrate(store)
    app = dispatch(create_ingest(ours), create_api(ours))
    client = Client(app)
    job = client.post("/v1/articles", json=json.loads(ARTICLE.read_text())).json
    now = utcnow()
    claim = Claim(
        by="test", stage=Stage.EXTRACT, at=now, lease_until=now, max_attempts=3, redelivered=False
    )
    run_job(job["id"], store=store, engine=load_engine("rules"), claim=claim, clock=utcnow)
    record = client.get("/v1/attributions?limit=1").json["data"][0]
    batch = client.post(
        "/v1/articles", data=b'{"text": "Eins."}', content_type="application/x-ndjson"
    ).json
    hook = {"url": "https://newsroom.example/hook"}
    webhook = client.post("/v1/webhooks", json=hook).json
    known = {
        "job_id": job["id"],
        "article_id": job["article_id"],
        "attribution_id": record["id"],
        "source_id": client.get("/v1/sources").json["data"][0]["id"],
        "batch_id": batch["id"],
        "webhook_id": webhook["id"],
        "feed_id": client.post("/v1/feeds", json=hook).json["id"],
        "delivery_id": client.post(f"/v1/webhooks/{webhook['id']}/test").json["id"],
    }
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)

    @schema.hook
    def map_path_parameters(_context: Any, parameters: Any) -> Any:
        """Let half of the ids be ones that exist."""
        for name in set(parameters or ()) & set(known):
            if random.random() < 0.5:
                parameters[name] = known[name]
        return parameters

    return schema


DOCUMENT = json.loads(PATH.read_text(encoding="utf-8"))
ALL = [
    (path, method)
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if method in ("get", "post", "put", "patch", "delete")
]


@pytest.mark.timeout(3000)
@pytest.mark.parametrize(("path", "method"), ALL, ids=[f"{m} {p}" for p, m in ALL])
def test_every_answer_is_documented(contract: Any, path: str, method: str) -> None:
    """Whatever is sent, the answer is one of those documented, and never a 5xx."""

    @given(case=contract[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not CASES,
    )
    def try_it(case: schemathesis.Case) -> None:
        # The transport of these tests does not unpack.
        response = case.call(headers={"Accept-Encoding": "identity"})
        case.validate_response(response, checks=list(CHECKS))

    try_it()
