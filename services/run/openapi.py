"""The OpenAPI document of all services, put together from what their routes declare.

`python -m services.run.openapi` writes it to services/api/openapi.json, where the API serves it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

import services.api
from services.api.app import SCOPES as API_SCOPES
from services.api.app import create_app as create_api
from services.api.documented_events import documented_events
from services.ingest.app import SCOPES as INGEST_SCOPES
from services.ingest.app import create_app as create_ingest
from services.ingest.idempotency import HEADER as IDEMPOTENCY
from services.records.access import needed_scopes
from services.run.openapi_details import add_details
from services.runtime.keys import Scope
from services.runtime.outgoing.webhooks import new_box_key
from services.runtime.problems import CATALOGUE, MEDIA_TYPE
from services.runtime.settings import Settings
from services.runtime.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

PATH = Path(services.api.__file__).parent / "openapi.json"
_INTRODUCTION = """\
Who says this, according to whom, and where exactly does it stand?

Post an article, poll its job until it is done, and read the attributions. Every error is a
problem document (RFC 9457) whose `type` leads to a page that explains it.
"""
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key, `beleg_…`, with one of the scopes that the call names. "
    "Installations that only their own machine can reach need none.",
}
EVERYWHERE = (
    "unauthorized",
    "forbidden",
    "internal-error",
    "store-unavailable",
    "not-acceptable",
    "too-many-requests",
)
_MAY_CONFLICT = (
    *("/cancel", "/retry", "/merge", "/split", "/undo", "/test", "/replay", "/poll"),
    # There may be too many.
    "/webhooks",
)
_WITH_BODY = ("malformed-request", "too-large", "unsupported-media-type", "invalid-request")


def document() -> dict[str, Any]:
    """Put the document together."""
    settings = Settings(_env_file=None, webhook_keys=SecretStr(new_box_key()))  # type: ignore[call-arg]  # pydantic-settings takes it
    parts = [_spec_of(create_ingest(settings)), _spec_of(create_api(settings))]
    components: dict[str, Any] = {"schemas": {}, "responses": {}}
    for part in parts:
        components["schemas"] |= part["components"]["schemas"]
    components["schemas"].pop("Error", None)
    components["schemas"].pop("PaginationMetadata", None)
    components["responses"] = {_response_name(code): _response(code) for code in CATALOGUE}
    paths = {path: item for part in parts for path, item in part["paths"].items()}
    for path, method, operation in _operations(paths):
        _finish(path, method, operation)
    components["securitySchemes"] = {"key": _KEY}
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "Beleg",
            "version": VERSION,
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [tag for part in parts for tag in part["tags"]],
        "security": [{"key": []}, {}],
        "paths": paths,
        "webhooks": documented_events(),
        "components": components,
    }
    add_details(whole)
    return whole


def _spec_of(app: Flask) -> dict[str, Any]:
    apis = app.extensions["flask-smorest"]["apis"]
    spec: dict[str, Any] = apis[""]["ext_obj"].spec.to_dict()
    return spec


def _operations(paths: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in paths.items():
        for method, operation in item.items():
            if method in ("get", "post", "put", "patch", "delete"):
                yield path, method, operation


def _finish(path: str, method: str, operation: dict[str, Any]) -> None:
    operation["operationId"] = _operation_id(path, method)
    operation["security"] = _security(path, method)
    answers = operation["responses"]
    for status in [s for s in answers if s == "default" or int(s) >= 400]:  # noqa: PLR2004
        del answers[status]
    if method == "get":
        answers["304"] = {"description": "As it was when it was answered with `If-None-Match`."}
    for code in _problems_of(path, method, operation):
        answers[str(int(CATALOGUE[code].status))] = {
            "$ref": f"#/components/responses/{_response_name(code)}"
        }


def _problems_of(path: str, method: str, operation: dict[str, Any]) -> list[str]:
    codes = list(EVERYWHERE)
    if "requestBody" in operation:
        codes += _WITH_BODY
    if any(p.get("in") == "query" for p in operation.get("parameters", [])):
        codes.append("invalid-request")
    if "{" in path:
        codes.append("not-found")
    repeatable = any(p.get("name") == IDEMPOTENCY for p in operation.get("parameters", []))
    if repeatable or (method == "post" and path.endswith(_MAY_CONFLICT)):
        codes.append("conflict")
    return codes


def _security(path: str, method: str) -> list[dict[str, list[str]]]:
    """Say which scopes let a request through: one of them is enough, none on loopback."""
    needed = needed_scopes(INGEST_SCOPES | API_SCOPES, method.upper(), path)
    return [{"key": [str(scope)]} for scope in dict.fromkeys([*needed, Scope.ADMINISTER])] + [{}]


def _operation_id(path: str, method: str) -> str:
    """Name an operation: `GET /v1/articles/{article_id}` is `get_article`."""
    if path == "/v1/export":
        return "export"
    words = [w for w in re.split(r"[/{}]+", path.removeprefix("/v1")) if w]
    one = path.endswith("}")
    nouns = [w.replace("-", "_") for w in words if not w.endswith("_id")]
    if method == "get" and not one:
        return "list_" + "_".join(nouns)
    singular = [re.sub("ie$", "y", re.sub(r"(?<=ch)es$|s$", "", w)) for w in nouns]
    if method == "post" and len(singular) > 1:
        return "_".join(reversed(singular))
    verb = {"post": "create"}.get(method, method)
    return "_".join([verb, *singular])


def _response_name(code: str) -> str:
    return "".join(word.title() for word in code.split("-"))


def _response(code: str) -> dict[str, Any]:
    entry = CATALOGUE[code]
    example = {
        "type": f"/problems/{code}",
        "title": entry.title,
        "status": int(entry.status),
        "detail": entry.help,
        "request_id": "01KB2M8Q5T4XWZ0F3H6R9V1C7D",
    }
    return {
        "description": entry.title,
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
        },
    }


def main() -> None:
    """Write the document to where the API serves it."""
    PATH.write_text(json.dumps(document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
