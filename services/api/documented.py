"""What the OpenAPI document says about formats that no schema of ours describes."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from services.api.formats import schema_org, web_annotation

_TABLE = {
    "schema": {"type": "string"},
    "example": (
        "id,article_id,type,content,source_name\r\n"
        "att_01KB2M8Q5T0000ABCDEFGHJKMN,art_01KB2M8Q5T4XWZ0F3H6R9V1C7D,direct,"
        "„Das reicht nicht“,Anna Huber\r\n"
    ),
}
_ANNOTATION = {
    "schema": {"type": "object", "required": ["@context", "id", "type"]},
    "example": {
        "@context": web_annotation.CONTEXT,
        "id": "http://127.0.0.1:8000/v1/attributions/att_01KB2M8Q5T0000ABCDEFGHJKMN",
        "type": "Annotation",
        "motivation": "describing",
        "created": "2024-12-04T09:30:00Z",
        "body": [
            {
                "type": "TextualBody",
                "purpose": "identifying",
                "value": "Anna Huber",
                "format": "text/plain",
            }
        ],
        "target": {
            "type": "SpecificResource",
            "source": "https://bote.example/rat",
            "selector": [
                {"type": "TextPositionSelector", "start": 0, "end": 18},
                {
                    "type": "TextQuoteSelector",
                    "exact": "„Das reicht nicht“",
                    "prefix": "",
                    "suffix": ", sagte Bürgermeisterin Anna Hub",
                },
            ],
        },
    },
}
_GRAPH = {
    "schema": {"type": "object", "required": ["@context", "@graph"]},
    "example": {
        "@context": schema_org.CONTEXT,
        "@graph": [
            {
                "@id": "http://127.0.0.1:8000/v1/attributions/att_01KB2M8Q5T0000ABCDEFGHJKMN",
                "@type": "Quotation",
                "text": "„Das reicht nicht“",
                "creator": {"@type": "Person", "name": "Anna Huber"},
            }
        ],
    },
}
_CONTENT = {
    "text/csv": _TABLE,
    web_annotation.PROFILE: _ANNOTATION,
    schema_org.MEDIA_TYPE: _GRAPH,
}


def also_served(*media_types: str) -> dict[int, Any]:
    """Document what a 200 can have besides the media type of its schema."""
    content = {media_type: _CONTENT[media_type] for media_type in media_types}
    return {int(HTTPStatus.OK): {"content": content}}
