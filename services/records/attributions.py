"""Attribution records in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, exists, or_, select

from services.records.paging import Page, PageRequest, page_of
from services.records.sources import Sources, source_key
from services.records.tables import AttributionRow, ReportRow, SourceRow
from services.runtime.ids import record_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from services.records.tables import ArticleRow


@dataclass(frozen=True, slots=True)
class AttributionFilter:
    """Which records: those for which everything that is given here holds.

    `source` and `reported_by` are a source's id or its name.
    """

    article_id: str | None = None
    source: str | None = None
    reported_by: str | None = None
    type: str | None = None
    stance: str | None = None
    min_confidence: float | None = None


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
        for record in records:
            self._session.add(_row(article, record, ids, sources, at))
            self._session.add_all(_reports(record, ids, sources))
        self._session.flush()

    def get(self, attribution_id: str) -> dict[str, Any] | None:
        """Give the record with this id, as it is served."""
        query = self._mine().where(AttributionRow.id == attribution_id)
        row = self._session.scalars(query).one_or_none()
        return served(row) if row else None

    def page(self, wanted: AttributionFilter, request: PageRequest) -> Page[dict[str, Any]]:
        """List records as they are served, by time of article, then in reading order."""
        query = self._matching(wanted).order_by(AttributionRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(AttributionRow.id > request.after)
        rows = list(self._session.scalars(query))
        return page_of([served(row) for row in rows], [row.id for row in rows], request.limit)

    def _matching(self, wanted: AttributionFilter) -> Select[AttributionRow]:
        query = self._mine()
        for column, value in (
            (AttributionRow.article_id, wanted.article_id),
            (AttributionRow.type, wanted.type),
            (AttributionRow.stance, wanted.stance),
        ):
            if value is not None:
                query = query.where(column == value)
        if wanted.min_confidence is not None:
            query = query.where(AttributionRow.confidence >= wanted.min_confidence)
        if wanted.source is not None:
            query = query.where(AttributionRow.source_id.in_(self._meant(wanted.source)))
        if wanted.reported_by is not None:
            query = query.where(
                exists().where(
                    ReportRow.attribution_id == AttributionRow.id,
                    ReportRow.source_id.in_(self._meant(wanted.reported_by)),
                )
            )
        return query

    def _meant(self, source: str) -> Select[str]:
        keys = [source_key(kind, source) for kind in _KINDS]
        query = select(SourceRow.id).where(or_(SourceRow.id == source, SourceRow.key.in_(keys)))
        return query if self._tenant is None else query.where(SourceRow.tenant == self._tenant)

    def _mine(self) -> Select[AttributionRow]:
        query = select(AttributionRow)
        if self._tenant is None:
            return query
        return query.where(AttributionRow.tenant == self._tenant)


_KINDS = ("person", "organisation", "outlet", "group", "document", "unnamed")
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
