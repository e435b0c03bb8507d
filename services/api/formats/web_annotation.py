"""Records as W3C Web Annotations (https://www.w3.org/TR/annotation-model/).

The target is the words of the statement, by position and by quotation. Positions are true for
the text that was posted. Where the article was posted with its address, that is the source of the
target and the text kept here its cached state; otherwise the text kept here is the source itself.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from services.records.citations import Citation

MEDIA_TYPE: Final = "application/ld+json"
CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
PROFILE: Final = f'{MEDIA_TYPE}; profile="{CONTEXT}"'
_AROUND: Final = 32


def annotation(cited: Citation, text: str, base: str) -> dict[str, Any]:
    """Give the annotation of a record in `text`; `base` is the address of the service."""
    return {"@context": CONTEXT, **_annotation(cited, text, base)}


def annotation_page(
    annotations: list[dict[str, Any]], *, address: str, following: str | None, collection: str
) -> dict[str, Any]:
    """Give a page of annotations; a page has to have some, so none are an empty collection."""
    items = [
        {name: value for name, value in item.items() if name != "@context"} for item in annotations
    ]
    if not items:
        return {
            "@context": CONTEXT,
            "id": collection,
            "type": "AnnotationCollection",
            "label": "Attributions",
            "total": 0,
        }
    return {
        "@context": CONTEXT,
        "id": address,
        "type": "AnnotationPage",
        "partOf": {"id": collection, "type": "AnnotationCollection", "label": "Attributions"},
        **({"next": following} if following else {}),
        "items": items,
    }


def _annotation(cited: Citation, text: str, base: str) -> dict[str, Any]:
    record = cited.record
    targets = [_target(cited, text, span, base) for span in record["content"]["spans"]]
    engine = record["engine"]
    return {
        "id": f"{base}/v1/attributions/{record['id']}",
        "type": "Annotation",
        "motivation": "describing",
        "created": _moment(record["created_at"]),
        "generator": {
            "id": base,
            "type": "Software",
            "name": f"Beleg, {engine['name']} {engine['version']}",
        },
        "body": list(_bodies(record)),
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _bodies(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Tell who says it and who passes it on, then how."""
    for mention in [record["source"], *record["reported_by"]]:
        if mention:
            yield _body("identifying", mention["entity"]["name"])
    for tag in (record["type"], record["stance"]):
        yield _body("tagging", tag)


def _body(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _target(cited: Citation, text: str, span: dict[str, int], base: str) -> dict[str, Any]:
    article = cited.article
    kept = f"{base}/v1/articles/{article.id}"
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": article.url or kept,
        "selector": _selectors(text, span["start"], span["end"]),
    }
    if article.url:
        target["state"] = {
            "type": "TimeState",
            "sourceDate": _moment(article.created_at),
            "cached": kept,
        }
    return target


def _selectors(text: str, start: int, end: int) -> list[dict[str, Any]]:
    return [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - _AROUND) : start],
            "suffix": text[end : end + _AROUND],
        },
    ]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
