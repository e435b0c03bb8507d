"""Attribution records in the store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, select

from services.records.filters import AttributionFilter, conditions
from services.records.locks import hold_sources
from services.records.names import folded
from services.records.paging import Page, PageRequest, after_id, page_of
from services.records.recognition import Key, key_of, recognise
from services.records.search.index import SearchIndex
from services.records.search.words import query_words
from services.records.sources import Sources
from services.records.tables import AttributionRow, ReportRow, SourceRow
from services.runtime.ids import record_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from services.records.tables import ArticleRow

_BODY = ("content", "source", "reported_by", "cue", "frame", "addressee")


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
        hold_sources(self._session)
        self._session.execute(delete(AttributionRow).where(AttributionRow.article_id == article.id))
        ids = {
            record["id"]: record_id(article.id, ordinal, _engine_key(record))
            for ordinal, record in enumerate(records)
        }
        sources = recognise(self._session, article.tenant, _mentions(records), at=at)
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
        return self._served([row])[0] if row else None

    def page(self, wanted: AttributionFilter, request: PageRequest) -> Page[dict[str, Any]]:
        """List records as they are served: by relevance with `q`, else in reading order.

        Reading order is the time of the article, then its text. Raises a Problem for a cursor
        that was given out for another list.
        """
        holds = conditions(self._followed(wanted), self._tenant)
        if wanted.q is not None:
            search = SearchIndex(self._session, self._tenant)
            found = search.page(query_words(wanted.q), holds, request)
            return Page(self._served(found.data), found.next)
        query = self._mine().where(*holds).order_by(AttributionRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(AttributionRow.id > after_id(request, "att"))
        rows = list(self._session.scalars(query))
        return page_of(self._served(rows), [row.id for row in rows], request.limit)

    def _followed(self, wanted: AttributionFilter) -> AttributionFilter:
        """Let the ids of merged sources stand for what they were merged into."""
        follow = Sources(self._session, self._tenant).follow
        return replace(
            wanted,
            source=wanted.source and follow(wanted.source),
            reported_by=wanted.reported_by and follow(wanted.reported_by),
        )

    def _mine(self) -> Select[AttributionRow]:
        query = select(AttributionRow)
        if self._tenant is None:
            return query
        return query.where(AttributionRow.tenant == self._tenant)

    def _served(self, rows: Sequence[AttributionRow]) -> list[dict[str, Any]]:
        reports = self._reports_of([row.id for row in rows if row.body["reported_by"]])
        ids = {row.source_id for row in rows} | {id_ for each in reports.values() for id_ in each}
        query = select(SourceRow).where(SourceRow.id.in_(ids - {None}))
        sources = {source.id: source for source in self._session.scalars(query)}
        return [
            served(
                row,
                sources.get(row.source_id or ""),
                [sources[source_id] for source_id in reports[row.id]],
            )
            for row in rows
        ]

    def _reports_of(self, ids: Sequence[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        if ids:
            query = select(ReportRow.attribution_id, ReportRow.source_id)
            query = query.where(ReportRow.attribution_id.in_(ids)).order_by(ReportRow.position)
            for attribution_id, source_id in self._session.execute(query):
                found[attribution_id].append(source_id)
        return found


def served(
    row: AttributionRow, source: SourceRow | None, reports: Sequence[SourceRow]
) -> dict[str, Any]:
    """Give a record in the shape in which the API serves it."""
    body = row.body
    return {
        "id": row.id,
        "article_id": row.article_id,
        "parent_id": row.parent_id,
        "type": row.type,
        "medium": row.medium,
        "content": body["content"],
        "source": source and _meaning(body["source"], source),
        "reported_by": [
            _meaning(report, outlet)
            for report, outlet in zip(body["reported_by"], reports, strict=True)
        ],
        "cue": body["cue"],
        "frame": body["frame"],
        "addressee": body["addressee"],
        "stance": row.stance,
        "confidence": row.confidence,
        "engine": {"name": row.engine_name, "version": row.engine_version},
        "created_at": row.created_at,
    }


def _meaning(mention: dict[str, Any], source: SourceRow) -> dict[str, Any]:
    """Say whom a mention means; a name keeps the spelling that its article has."""
    entity = mention["entity"]
    same = folded(entity["name"]) == folded(source.name)
    meant = {
        "id": source.id,
        "name": entity["name"] if same else source.name,
        "kind": source.kind,
        "role": entity.get("role"),
    }
    return {**mention, "entity": meant}


def _row(
    article: ArticleRow,
    record: dict[str, Any],
    ids: Mapping[str, str],
    sources: Mapping[Key, str],
    at: datetime,
) -> AttributionRow:
    key = _key(record["source"]) if record["source"] else None
    return AttributionRow(
        id=ids[record["id"]],
        tenant=article.tenant,
        article_id=article.id,
        parent_id=ids[record["parent_id"]] if record["parent_id"] else None,
        type=record["type"],
        medium=record["medium"],
        stance=record["stance"],
        confidence=record["confidence"],
        source_id=sources[key] if key else None,
        named=key[1] if key else None,
        dated_on=article.published_on or article.created_at.date(),
        outlet=folded(article.outlet) if article.outlet else None,
        language=article.language.lower() if article.language else None,
        body={name: record[name] for name in _BODY},
        engine_name=record["engine"]["name"],
        engine_version=record["engine"]["version"],
        created_at=at,
    )


def _reports(
    record: dict[str, Any], ids: Mapping[str, str], sources: Mapping[Key, str]
) -> list[ReportRow]:
    return [
        ReportRow(
            attribution_id=ids[record["id"]],
            position=position,
            source_id=sources[_key(report)],
            named=_key(report)[1],
        )
        for position, report in enumerate(record["reported_by"])
    ]


def _mentions(records: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for record in records:
        if record["source"]:
            yield record["source"]
        yield from record["reported_by"]


def _key(mention: dict[str, Any]) -> Key:
    return key_of(mention["entity"]["kind"], mention["entity"]["name"])


def _engine_key(record: dict[str, Any]) -> str:
    return f"{record['engine']['name']}/{record['engine']['version']}"
