"""Attributions as records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from services.extract.engine import EngineUnavailableError, load_engine
from services.extract.engine.records import records_of
from services.extract.engine.types import (
    Article,
    Attribution,
    Entity,
    Kind,
    Medium,
    Report,
    Source,
    Span,
    Stance,
    Type,
)

TEXT = "Laut Blatt gab Lenz bekannt, es sei „gut“."


@dataclass(frozen=True)
class NamedEngine:
    """Only what records say of an engine."""

    name: str = "by-hand"
    version: str = "7"


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


OUTER = Attribution(
    type=Type.INDIRECT,
    medium=Medium.SPEECH,
    content=(span("es sei „gut“"),),
    source=Source((span("Lenz"),), Entity("Maria Lenz", Kind.PERSON, "Leiterin")),
    reported_by=(
        Report((span("Blatt"),), Entity("Das Blatt", Kind.OUTLET), date(2026, 3, 1)),
        Report((span("Blatt"),), Entity("Das Blatt", Kind.OUTLET)),
    ),
    cue=(span("gab"), span("bekannt")),
    cue_lemma="bekanntgeben",
    stance=Stance.ANNOUNCED,
    confidence=0.876,
)
INNER = Attribution(
    type=Type.DIRECT, medium=Medium.SPEECH, content=(span("„gut“"),), parent=0
)  # fmt: skip


def test_a_record_has_the_keys_of_the_api_in_their_order() -> None:
    """Everything but the store's ids is there, in the order in which it is served."""
    record, _ = records_of(Article(TEXT), [OUTER, INNER], NamedEngine())  # type: ignore[arg-type]
    assert list(record) == [
        "id", "parent_id", "type", "medium", "content", "source", "reported_by", "cue", "frame",
        "addressee", "stance", "confidence", "engine",
    ]  # fmt: skip
    assert record["cue"] == {
        "text": "gab bekannt",
        "spans": [{"start": 11, "end": 14}, {"start": 20, "end": 27}],
        "lemma": "bekanntgeben",
    }
    assert record["source"]["entity"] == {
        "name": "Maria Lenz",
        "kind": "person",
        "role": "Leiterin",
    }
    assert [report["reported_on"] for report in record["reported_by"]] == ["2026-03-01", None]
    assert record["reported_by"][0]["entity"] == {
        "name": "Das Blatt",
        "kind": "outlet",
        "role": None,
    }
    assert record["stance"] == "announced"
    assert record["confidence"] == 0.88
    assert record["engine"] == {"name": "by-hand", "version": "7"}


def test_missing_parts_are_null_and_ids_hold_inside_the_article() -> None:
    """Ids count from one; a child names its parent by that id."""
    outer, inner = records_of(Article(TEXT), [OUTER, INNER], NamedEngine())  # type: ignore[arg-type]
    assert (outer["id"], inner["id"]) == ("1", "2")
    assert (outer["parent_id"], inner["parent_id"]) == (None, "1")
    assert [inner[part] for part in ("source", "cue", "frame", "addressee")] == [None] * 4
    assert inner["reported_by"] == []


def test_the_engine_gives_the_same_alone_and_in_a_batch() -> None:
    """`extract_many` answers for each article what `extract` does."""
    engine = load_engine("rules")
    articles = [Article("Lenz sagte, es reiche."), Article(""), Article("Laut Amt reicht es.")]
    assert engine.extract_many(articles) == [engine.extract(article) for article in articles]
    assert engine.name == "rules"


def test_an_unknown_engine_is_refused() -> None:
    """The error names the engines that there are."""
    with pytest.raises(EngineUnavailableError, match="rules, trained, auto"):
        load_engine("magic")
