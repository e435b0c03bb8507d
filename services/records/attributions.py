"""Attribution records in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, select

from services.records.filters import AttributionFilter, conditions
from services.records.names import folded
from services.records.paging import Page, PageRequest, after_id, page_of
from services.records.search.index import SearchIndex
from services.records.search.words import query_words
from services.records.sources import Sources
from services.records.tables import AttributionRow, ReportRow
from services.runtime.ids import record_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from services.records.tables import ArticleRow


class Attributions:
    """The records of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def replace(
        self, article: ArticleRow, records: Sequence[dict[str, Any]], *, at: datetime
    ) -> None:
        """Make these the records of the article, instead of all that were there.

        `records` are the engine's: with ids and parent ids that hold inside the article only.
        Ids are made from article, engine and order, so that the same records keep their ids.
        """
        self._session.execute(delete(AttributionRow).where(AttributionRow.article_id == article.id))
        ids = {
            record["id"]: record_id(article.id, ordinal, _engine_key(record))
            for ordinal, record in enumerate(records)
        }
        sources = _SourceIds(Sources(self._session, article.tenant), at)
        rows = [_row(article, record, ids, sources, at) for record in records]
        self._session.add_all(rows)
        for record in records:
            self._session.add_all(_reports(record, ids, sources))
        self._session.flush()
        SearchIndex(self._session, article.tenant).add(rows)

    def get(self, attribution_id: str) -> dict[str, Any] | None:
        """Give the record with this id, as it is served."""
        query = self._mine().where(AttributionRow.id == attribution_id)
        row = self._session.scalars(query).one_or_none()
        return served(row) if row else None

    def page(self, wanted: AttributionFilter, request: PageRequest) -> Page[dict[str, Any]]:
        """List records as they are served: by relevance with `q`, else in reading order.

        Reading order is the time of the article, then its text. Raises a Problem for a cursor
        that was given out for another list.
        """
        holds = conditions(wanted, self._tenant)
        if wanted.q is not None:
            search = SearchIndex(self._session, self._tenant)
            found = search.page(query_words(wanted.q), holds, request)
            return Page([served(row) for row in found.data], found.next)
        query = self._mine().where(*holds).order_by(AttributionRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(AttributionRow.id > after_id(request, "att"))
        rows = list(self._session.scalars(query))
        return page_of([served(row) for row in rows], [row.id for row in rows], request.limit)

    def _mine(self) -> Select[AttributionRow]:
        query = select(AttributionRow)
        if self._tenant is None:
            return query
        return query.where(AttributionRow.tenant == self._tenant)


_BODY = ("content", "source", "reported_by", "cue", "frame", "addressee")


def served(row: AttributionRow) -> dict[str, Any]:
    """Give a record in the shape in which the API serves it."""
    return {
        "id": row.id,
        "article_id": row.article_id,
        "parent_id": row.parent_id,
        "type": row.type,
        "medium": row.medium,
        **row.body,
        "stance": row.stance,
        "confidence": row.confidence,
        "engine": {"name": row.engine_name, "version": row.engine_version},
        "created_at": row.created_at,
    }


class _SourceIds:
    """The sources that one article's records name, each looked up once."""

    def __init__(self, sources: Sources, at: datetime) -> None:
        self._sources = sources
        self._at = at
        self._known: dict[tuple[str, str], str] = {}

    def of(self, entity: dict[str, Any]) -> str:
        key = (entity["kind"], entity["name"])
        if key not in self._known:
            self._known[key] = self._sources.of(entity, at=self._at).id
        return self._known[key]


def _row(
    article: ArticleRow,
    record: dict[str, Any],
    ids: dict[str, str],
    sources: _SourceIds,
    at: datetime,
) -> AttributionRow:
    source = _with_source_id(record["source"], sources)
    body = {name: record[name] for name in _BODY} | {
        "source": source,
        "reported_by": [_with_source_id(report, sources) for report in record["reported_by"]],
    }
    return AttributionRow(
        id=ids[record["id"]],
        tenant=article.tenant,
        article_id=article.id,
        parent_id=ids[record["parent_id"]] if record["parent_id"] else None,
        type=record["type"],
        medium=record["medium"],
        stance=record["stance"],
        confidence=record["confidence"],
        source_id=source["entity"]["id"] if source else None,
        dated_on=article.published_on or article.created_at.date(),
        outlet=folded(article.outlet) if article.outlet else None,
        language=article.language.lower() if article.language else None,
        body=body,
        engine_name=record["engine"]["name"],
        engine_version=record["engine"]["version"],
        created_at=at,
    )


def _reports(record: dict[str, Any], ids: dict[str, str], sources: _SourceIds) -> list[ReportRow]:
    return [
        ReportRow(
            attribution_id=ids[record["id"]],
            position=position,
            source_id=sources.of(report["entity"]),
        )
        for position, report in enumerate(record["reported_by"])
    ]


def _with_source_id(mention: dict[str, Any] | None, sources: _SourceIds) -> dict[str, Any] | None:
    if mention is None:
        return None
    return {**mention, "entity": {"id": sources.of(mention["entity"]), **mention["entity"]}}


def _engine_key(record: dict[str, Any]) -> str:
    return f"{record['engine']['name']}/{record['engine']['version']}"
