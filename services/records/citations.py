"""Records together with what is known of the articles they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from services.records.tables import ArticleRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What is known of an article, without its text."""

    id: str
    title: str | None
    url: str | None
    outlet: str | None
    author: str | None
    published_on: date | None
    language: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Citation:
    """A record as it is served, and the article it stands in."""

    record: dict[str, Any]
    article: ArticleFacts


class Citations:
    """The articles behind records that were read with the same session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._text: tuple[str, str] = ("", "")

    def of(self, records: Sequence[dict[str, Any]]) -> list[Citation]:
        """Put each record together with its article."""
        facts = self._facts({record["article_id"] for record in records})
        return [Citation(record, facts[record["article_id"]]) for record in records]

    def text(self, article_id: str) -> str:
        """Give an article's text; the one asked for last is kept, since records stand together."""
        if self._text[0] != article_id:
            query = select(ArticleRow.text).where(ArticleRow.id == article_id)
            self._text = (article_id, self._session.scalar(query) or "")
        return self._text[1]

    def _facts(self, ids: set[str]) -> dict[str, ArticleFacts]:
        columns = [getattr(ArticleRow, name) for name in ArticleFacts.__dataclass_fields__]
        rows = self._session.execute(select(*columns).where(ArticleRow.id.in_(ids)))
        return {row[0]: ArticleFacts(*row) for row in rows}
