"""How the headers and bodies that flask-smorest does not know are documented."""

from __future__ import annotations

from typing import Any, Final

from services.ingest.batch import MEDIA_TYPE

IDEMPOTENCY_PARAMETER: Final[dict[str, Any]] = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "A request with the same key and body within 24 hours gets the answer of the "
    "first, with `Idempotent-Replayed: true`.",
    "example": "crawl-2024-12-04-0017",
}
PREFER_PARAMETER: Final[dict[str, Any]] = {
    "in": "header",
    "name": "Prefer",
    "schema": {"type": "string"},
    "description": "`wait=N` waits up to N seconds (30 at most) for the job to be done; then the "
    "answer is 200 with the finished job.",
    "example": "wait=10",
}
NDJSON_BODY: Final[dict[str, Any]] = {
    "content": {
        MEDIA_TYPE: {
            "schema": {
                "type": "string",
                "format": "binary",
                "description": "One article a line, as JSON.",
            },
            "example": '{"text": "„Wir fangen an“, sagte Ina Roth."}\n{"text": "Ende."}\n',
        }
    }
}
JOB_OR_BATCH: Final[dict[str, Any]] = {
    "202": {
        "description": "Accepted; poll the job or the batch.",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/Job"},
                        {"$ref": "#/components/schemas/Batch"},
                    ]
                }
            }
        },
    }
}
