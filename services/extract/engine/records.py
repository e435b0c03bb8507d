"""Attributions as records: the engine's answer in the form in which it is served.

Ids hold inside one article only ("1", "2", ...); whoever stores the records gives them lasting
ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.types import (
        Article,
        Attribution,
        Engine,
        Entity,
        Report,
        Source,
        Spans,
    )


def records_of(
    article: Article, attributions: Sequence[Attribution], engine: Engine
) -> list[dict[str, Any]]:
    """Give the record of each attribution of `article`, in the order given."""
    made_by = {"name": engine.name, "version": engine.version}
    return [
        {"id": str(number), **_record(article.text, attribution), "engine": made_by}
        for number, attribution in enumerate(attributions, start=1)
    ]


def _record(text: str, attribution: Attribution) -> dict[str, Any]:
    """Everything of a record but its id and who made it."""
    cue = _part(text, attribution.cue)
    return {
        "parent_id": None if attribution.parent is None else str(attribution.parent + 1),
        "type": str(attribution.type),
        "medium": str(attribution.medium),
        "content": _part(text, attribution.content),
        "source": attribution.source and _mention(text, attribution.source),
        "reported_by": [_report(text, report) for report in attribution.reported_by],
        "cue": cue and {**cue, "lemma": attribution.cue_lemma},
        "frame": _part(text, attribution.frame),
        "addressee": _part(text, attribution.addressee),
        "stance": str(attribution.stance),
        "confidence": round(attribution.confidence, 2),
    }


def _part(text: str, spans: Spans) -> dict[str, Any] | None:
    """Spans with their text; null when there are none."""
    if not spans:
        return None
    return {
        "text": " ".join(text[span.start : span.end] for span in spans),
        "spans": [{"start": span.start, "end": span.end} for span in spans],
    }


def _mention(text: str, mention: Source | Report) -> dict[str, Any]:
    """Somebody as named in the text, with whom it means."""
    part = _part(text, mention.spans) or {"text": "", "spans": []}
    return {**part, "entity": _entity(mention.entity)}


def _entity(entity: Entity) -> dict[str, Any]:
    """Whom a mention means; the role is null where there is none."""
    return {"name": entity.name, "kind": str(entity.kind), "role": entity.role}


def _report(text: str, report: Report) -> dict[str, Any]:
    """An outlet that passes a statement on, and when it did."""
    on = report.reported_on.isoformat() if report.reported_on else None
    return {**_mention(text, report), "reported_on": on}
