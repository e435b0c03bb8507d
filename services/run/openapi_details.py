"""What the OpenAPI document says beyond what routes declare: examples, headers, patterns.

The examples are objects of one story in `openapi_examples.json`, by the name of their schema; what
is made of them, such as a page of them, is put together here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_JSON: Final = "application/json"
_LINES: Final = "application/x-ndjson"
_SECRETS: Final = {
    "ShownKey": {"key": "beleg_5SAVS8SCASY9XZP6_27GEGHJG7S05JYCASBJVG4QYEP1AC2HQ3F5YZHDD_68f34359"},
    "ShownWebhook": {"secret": "whsec_R85vKSsjwhlKQF12S4wpuwGqm2x4dMVB0ULHpnVP0Dw="},
}
_HEADERS: Final = {
    "ETag": "Send it as `If-None-Match` to be answered 304 as long as nothing has changed.",
    "Link": "The following page, `rel=next`; none on the last one.",
    "Location": "Where to find what was made or accepted.",
    "Retry-After": "In how many seconds to ask again; none where nothing is waited for.",
    "Preference-Applied": "What of `Prefer` was done.",
    "Idempotent-Replayed": "`true` where this is the answer that an earlier request got.",
    "WWW-Authenticate": "How to send a key.",
    "Content-Disposition": "A name for the file.",
}
_OF_PROBLEMS: Final = {
    "Unauthorized": ["WWW-Authenticate"],
    "TooManyRequests": ["Retry-After"],
    "StoreUnavailable": ["Retry-After"],
    "Conflict": ["Retry-After"],
}


def add_details(document: dict[str, Any]) -> None:
    """Complete the document: an example for each body, the headers of each answer."""
    examples = _examples()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict):
                _illustrate(operation, examples)
                _name_headers(path, method, operation)
    for name, headers in _OF_PROBLEMS.items():
        document["components"]["responses"][name]["headers"] = _described(headers)
    for schema in _schemas(document):
        schema["pattern"] = _portable(schema["pattern"])


def _examples() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(
        Path(__file__).with_name("openapi_examples.json").read_text(encoding="utf-8")
    )
    told["Article"] = told["ArticleSummary"] | {"text": told["NewArticle"]["text"]}
    told["ChangedSource"] = {"source": told["Source"], "changes": [told["SourceChange"]]}
    for name, secret in _SECRETS.items():
        told[name] = told[name.removeprefix("Shown")] | secret
    items = {"ArticlePage": "ArticleSummary"}
    for page in ("Feed", "Attribution", "Source", "SourceChange", "Delivery"):
        items[f"{page}Page"] = page
    told |= {page: {"data": [told[item]], "next": None} for page, item in items.items()}
    return told | {f"{name}List": {"data": [told[name]]} for name in ("Key", "Webhook")}


def _illustrate(operation: dict[str, Any], examples: dict[str, Any]) -> None:
    answers = operation["responses"].values()
    for body in (operation.get("requestBody", {}), *answers):
        for media_type, content in body.get("content", {}).items():
            names = [_name(schema) for schema in content["schema"].get("anyOf", [])]
            if "example" in content:
                continue
            if names:
                content["examples"] = {name: {"value": examples[name]} for name in names}
            elif media_type == _JSON:
                content["example"] = examples[_name(content["schema"])]
            elif media_type == _LINES:
                line = examples[_name(content["schema"])]
                content["example"] = json.dumps(line, ensure_ascii=False) + "\n"


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _name_headers(path: str, method: str, operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        names = list(_headers_of(path, method, status))
        if "$ref" not in answer and names:
            answer["headers"] = _described(names) | answer.get("headers", {})


def _headers_of(path: str, method: str, status: str) -> Iterator[str]:
    if method == "get" and status in ("200", "304") and path != "/v1/export":
        yield "ETag"
    if method == "get" and status == "200":
        yield from _headers_of_reads(path)
    if status == "201" and not path.startswith("/v1/keys"):
        yield "Location"
    if path == "/v1/articles" and method == "post":
        yield from ("Location", "Retry-After", "Preference-Applied", "Idempotent-Replayed")
    if status == "202" and path.endswith("/retry"):
        yield from ("Location", "Retry-After")


def _headers_of_reads(path: str) -> Iterator[str]:
    if path == "/v1/export":
        yield "Content-Disposition"
    elif path.startswith(("/v1/jobs/", "/v1/batches/")):
        yield "Retry-After"
    elif not path.endswith("}") and path not in ("/v1/keys", "/v1/webhooks"):
        yield "Link"


def _described(names: list[str]) -> dict[str, Any]:
    return {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names}


def _schemas(value: Any) -> Iterator[dict[str, Any]]:
    """Give each schema that has a pattern."""
    if isinstance(value, dict):
        if isinstance(value.get("pattern"), str):
            yield value
        for inner in value.values():
            yield from _schemas(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _schemas(inner)


def _portable(pattern: str) -> str:
    r"""Write a pattern, which Python matches from the start, as ECMAScript does: it has no `\Z`."""
    return f"^{pattern.removesuffix(chr(92) + 'Z')}$"
