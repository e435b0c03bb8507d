"""The OpenAPI document: frozen, complete, and true."""

import json
import re
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from services.run.openapi import PATH, document
from tests.service.conftest import Beleg

HOOK = "https://newsroom.example/beleg"


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


def test_every_body_has_an_example_that_is_valid() -> None:
    """What is sent and answered is shown, and what is shown validates against its schema."""
    spec = document()
    found = list(bodies(spec))
    assert len(found) > 40
    for where, content in found:
        assert content.get("example") or content.get("examples"), where
        if where.endswith("application/json"):
            assert wrong_examples(content, spec) == [], where


def bodies(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what may be sent and answered, with where that is."""
    for path, item in spec["paths"].items():
        for operation in (each for each in item.values() if isinstance(each, dict)):
            for body in (operation.get("requestBody", {}), *operation["responses"].values()):
                for media_type, content in body.get("content", {}).items():
                    yield f"{path} {media_type}", content


def wrong_examples(content: dict[str, Any], spec: dict[str, Any]) -> list[str]:
    """Give what is wrong with the examples of a body, by its schema."""
    several = [example["value"] for example in content.get("examples", {}).values()]
    schema = content["schema"] | {"components": spec["components"]}
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    examples = several or [content["example"]]
    return [error.message for each in examples for error in checker.iter_errors(each)]


def test_answers_name_their_headers() -> None:
    """What an integrator needs beside the body stands in the document."""
    paths = document()["paths"]
    accepted = paths["/v1/articles"]["post"]["responses"]["202"]["headers"]
    assert {"Location", "Retry-After", "Idempotent-Replayed"} <= set(accepted)
    assert {"ETag", "Link"} <= set(paths["/v1/feeds"]["get"]["responses"]["200"]["headers"])
    assert "Location" in paths["/v1/webhooks"]["post"]["responses"]["201"]["headers"]


def test_patterns_are_understood_outside_of_python() -> None:
    r"""A pattern is anchored as ECMAScript does it, which has no `\A` and `\Z`."""
    patterns = re.findall(r'"pattern": "([^"]+)"', json.dumps(document()))
    assert patterns
    assert [p for p in patterns if not (p[0] == "^" and p[-1] == "$" and "\\" not in p)] == []


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
        ("Feed", beleg.ingest.post("/v1/feeds", json={"url": "https://bote.example/feed"}).json),
        ("FeedPage", beleg.ingest.get("/v1/feeds").json),
        ("ShownWebhook", beleg.api.post("/v1/webhooks", json={"url": HOOK}).json),
        ("WebhookList", beleg.api.get("/v1/webhooks").json),
    ]:
        schema = {"$ref": f"#/components/schemas/{name}", "components": spec["components"]}
        errors = list(Draft202012Validator(schema).iter_errors(answer))
        assert errors == [], name
