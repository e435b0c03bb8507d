"""What the W3C Web Annotation model demands (its MUSTs), as far as our annotations go."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MOTIVATIONS = {
    *("assessing", "bookmarking", "classifying", "commenting", "describing", "editing"),
    *("highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging"),
}
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def broken_rules(annotation: dict[str, Any]) -> list[str]:
    """Name each rule of the model that an annotation, standing alone, breaks."""
    return [*_context(annotation), *_annotation(annotation)]


def broken_page_rules(page: dict[str, Any]) -> list[str]:
    """Name each rule that a page of annotations, or a collection without any, breaks."""
    broken = [*_context(page), *_iri(page.get("id"), "id")]
    if page.get("type") == "AnnotationCollection":
        return broken + ([] if page.get("total") == 0 else ["a collection with items has pages"])
    if page.get("type") != "AnnotationPage":
        broken.append("type")
    if not page.get("items"):
        broken.append("a page has items")
    if "next" in page:
        broken += _iri(page["next"], "next")
    for item in page.get("items", []):
        broken += ["context inside a page"] if "@context" in item else []
        broken += _annotation(item)
    return broken


def _context(document: dict[str, Any]) -> Iterator[str]:
    contexts = document.get("@context")
    if contexts != CONTEXT and not (isinstance(contexts, list) and CONTEXT in contexts):
        yield "@context"


def _annotation(annotation: dict[str, Any]) -> Iterator[str]:
    yield from _iri(annotation.get("id"), "id")
    if "Annotation" not in _many(annotation.get("type")):
        yield "type"
    if not _many(annotation.get("target")):
        yield "target"
    for name in ("created", "modified", "generated"):
        if name in annotation and not _UTC.fullmatch(annotation[name]):
            yield f"{name} is in UTC, with Z"
    if not set(_many(annotation.get("motivation"))) <= MOTIVATIONS:
        yield "motivation"
    for body in _many(annotation.get("body")):
        yield from _body(body)
    for target in _many(annotation.get("target")):
        yield from _target(target)


def _body(body: dict[str, Any]) -> Iterator[str]:
    if body.get("type") == "TextualBody" and not isinstance(body.get("value"), str):
        yield "a textual body has one value"
    if body.get("purpose") not in {None, *MOTIVATIONS}:
        yield "purpose"


def _target(target: Any) -> Iterator[str]:
    if isinstance(target, str):
        yield from _iri(target, "target")
        return
    yield from _iri(target.get("source"), "source")
    if not _many(target.get("selector")):
        yield "selector"
    for selector in _many(target.get("selector")):
        yield from _selector(selector)
    for state in _many(target.get("state")):
        if not _UTC.fullmatch(state.get("sourceDate", "")):
            yield "sourceDate is in UTC, with Z"


def _selector(selector: dict[str, Any]) -> Iterator[str]:
    if selector.get("type") == "TextPositionSelector":
        start, end = selector.get("start"), selector.get("end")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end):
            yield "a position has a start and an end that is not before it"
    elif selector.get("type") == "TextQuoteSelector":
        for name in ("exact", "prefix", "suffix"):
            if not isinstance(selector.get(name, "" if name != "exact" else None), str):
                yield f"{name} is one string"
    else:
        yield "selector's type"


def _iri(value: Any, name: str) -> Iterator[str]:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or not parts.scheme or not (parts.netloc or parts.path):
        yield f"{name} is an IRI"


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
