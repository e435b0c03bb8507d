"""What the OpenAPI document says about the messages that webhooks bring."""

from __future__ import annotations

from typing import Any, Final

from services.records.field_kinds import LINKS
from services.records.webhooks import TEST, EventType

_ID: Final = {"type": "string"}
_JOB: Final = {"job_id": _ID, "article_id": _ID, "links": LINKS}
_JOB_EXAMPLE: Final = {
    "job_id": "job_01KB2M8Q5T4XWZ0F3H6R9V1C7D",
    "article_id": "art_01KB2M8Q5T4XWZ0F3H6R9V1C7C",
    "links": {
        "job": "/v1/jobs/job_01KB2M8Q5T4XWZ0F3H6R9V1C7D",
        "article": "/v1/articles/art_01KB2M8Q5T4XWZ0F3H6R9V1C7C",
        "attributions": "/v1/attributions?article_id=art_01KB2M8Q5T4XWZ0F3H6R9V1C7C",
    },
}
_DATA: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    EventType.EXTRACTED: (
        "An article's records are there",
        _JOB | {"attributions": {"type": "integer", "minimum": 0}},
        _JOB_EXAMPLE | {"attributions": 7},
    ),
    EventType.FAILED: (
        "An article's job has failed for good",
        _JOB | {"error": {"$ref": "#/components/schemas/Problem"}},
        _JOB_EXAMPLE
        | {
            "error": {
                "type": "/problems/url-unreachable",
                "title": "The URL brought no document",
                "status": 502,
                "detail": "The host answered with status 404.",
                "reason": "url-http-status",
            }
        },
    ),
    EventType.BATCH_COMPLETED: (
        "No line of a batch is waited for any more",
        {
            "batch_id": _ID,
            "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
            "links": LINKS,
        },
        {
            "batch_id": "bat_01KB2M8Q5T4XWZ0F3H6R9V1C7D",
            "counts": {
                "total": 3,
                "queued": 0,
                "processing": 0,
                "succeeded": 2,
                "failed": 0,
                "canceled": 0,
                "rejected": 1,
            },
            "links": {"batch": "/v1/batches/bat_01KB2M8Q5T4XWZ0F3H6R9V1C7D"},
        },
    ),
    TEST: (
        "Somebody tries the endpoint",
        {"webhook_id": _ID, "links": LINKS},
        {
            "webhook_id": "whk_01KB2M8Q5T4XWZ0F3H6R9V1C7D",
            "links": {"webhook": "/v1/webhooks/whk_01KB2M8Q5T4XWZ0F3H6R9V1C7D"},
        },
    ),
}
_HEADERS: Final = {
    "webhook-id": "The message's id: the same over all its attempts, so drop what you know.",
    "webhook-timestamp": "Seconds since 1970, of this attempt; refuse what is older than minutes.",
    "webhook-signature": "`v1,` and a signature in base64, two of them after a rotation.",
}


def documented_events() -> dict[str, Any]:
    """Give the `webhooks` section: one operation for each type of event."""
    return {str(kind): {"post": _operation(str(kind))} for kind in _DATA}


def message_schema(kind: str) -> dict[str, Any]:
    """Give the JSON schema of the body of such a message."""
    _, data, _ = _DATA[kind]
    return {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "additionalProperties": False,
        "properties": {
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {
                "type": "object",
                "required": sorted(data),
                "additionalProperties": False,
                "properties": data,
            },
        },
    }


def _operation(kind: str) -> dict[str, Any]:
    summary, _, example = _DATA[kind]
    told = {"type": kind, "timestamp": "2024-12-04T09:30:00+00:00", "data": example}
    return {
        "operationId": "on_" + kind.replace(".", "_"),
        "tags": ["webhooks"],
        "summary": summary,
        "description": "Signed as Standard Webhooks lays down. Any 2xx is taken as heard, 410 "
        "disables the endpoint, everything else is tried again for about three days.",
        "parameters": [
            {
                "in": "header",
                "name": name,
                "required": True,
                "schema": {"type": "string"},
                "description": description,
            }
            for name, description in _HEADERS.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": message_schema(kind), "example": told}},
        },
        "responses": {
            "2XX": {"description": "Heard."},
            "410": {"description": "Tell this endpoint nothing more."},
        },
    }
