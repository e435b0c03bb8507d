"""The OpenAPI document: frozen, complete, and true."""

import json

from jsonschema import Draft202012Validator

from services.run.openapi import PATH, document
from tests.service.conftest import Beleg


def test_the_document_is_the_one_in_the_repository() -> None:
    """A change of the API is a change of this file: run `make openapi`."""
    assert json.loads(PATH.read_text(encoding="utf-8")) == document()


def test_every_route_is_documented(beleg: Beleg) -> None:
    """Each `/v1` route and method of both services stands in the document."""
    paths = document()["paths"]
    for client in (beleg.ingest, beleg.api):
        for rule in client.application.url_map.iter_rules():
            if rule.rule.startswith("/v1"):
                path = rule.rule.replace("<", "{").replace(">", "}")
                methods = {m.lower() for m in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
                assert methods <= set(paths[path]), rule


def test_every_error_is_a_problem() -> None:
    """All error answers are problem documents, and operation ids are unique."""
    spec = document()
    names = []
    for item in spec["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                names.append(operation["operationId"])
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        problem = spec["components"]["responses"][answer["$ref"].split("/")[-1]]
                        assert list(problem["content"]) == ["application/problem+json"]
    assert len(names) == len(set(names))


def test_answers_are_as_documented(beleg: Beleg) -> None:
    """Real answers validate against the schemas of the document."""
    spec = beleg.api.get("/openapi.json").json
    job = beleg.submit("„Das reicht nicht“, sagte Anna Huber.")
    beleg.work_off(job["id"])
    problem = beleg.ingest.post("/v1/articles", json={}).json
    for name, answer in [
        ("Job", beleg.job(job["id"])),
        ("Article", beleg.ingest.get(f"/v1/articles/{job['article_id']}").json),
        ("ArticlePage", beleg.ingest.get("/v1/articles").json),
        ("AttributionPage", beleg.api.get("/v1/attributions").json),
        ("SourcePage", beleg.api.get("/v1/sources").json),
        ("Problem", problem),
    ]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        errors = list(Draft202012Validator(schema).iter_errors(answer))
        assert errors == [], name
