"""Whom a source means, who passed a statement on, and how the source stands to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.types import Attribution, Entity, Kind, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Article, Statement


def resolve(
    article: Article, document: Document, statements: Sequence[Statement]
) -> list[Attribution]:
    """Turn statements into attributions; the source is named as it stands."""
    del document
    return [
        Attribution(
            type=statement.type,
            medium=statement.medium,
            content=statement.content,
            source=_source(article.text, statement),
            cue=statement.cue,
            frame=statement.frame,
            addressee=statement.addressee,
            confidence=statement.confidence,
            parent=statement.parent,
        )
        for statement in statements
    ]


def _source(text: str, statement: Statement) -> Source | None:
    if not statement.source:
        return None
    name = " ".join(text[span.start : span.end] for span in statement.source)
    return Source(statement.source, Entity(name, Kind.UNNAMED))
