"""Sources: who speaks, over all articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, exists, func, or_, select

from services.records.dialect import insert
from services.records.names import folded
from services.records.paging import Page, PageRequest, after_id, page_of
from services.records.tables import ArticleRow, AttributionRow, ReportRow, SourceRow
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A source with what is known of it over all articles."""

    id: str
    name: str
    kind: str
    role: str | None
    attributions: int
    articles: int
    outlets: list[str]
    first_seen: datetime | None
    last_seen: datetime | None


class Sources:
    """The sources of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def of(self, entity: dict[str, Any], *, at: datetime) -> SourceRow:
        """Give the source that an entity of a record means, new if need be."""
        key = source_key(entity["kind"], entity["name"])
        self._session.execute(
            insert(self._session, SourceRow.__table__)
            .values(
                id=new_id("src"),
                tenant=self._tenant,
                key=key,
                name=entity["name"],
                kind=entity["kind"],
                role=entity.get("role"),
                created_at=at,
            )
            .on_conflict_do_nothing(index_elements=["tenant", "key"])
        )
        return self._session.scalars(self._mine().where(SourceRow.key == key)).one()

    def get(self, source_id: str) -> SourceSummary | None:
        """Give a source with its counts."""
        row = self._session.scalars(self._mine().where(SourceRow.id == source_id)).one_or_none()
        return self._summaries([row])[0] if row else None

    def page(
        self, request: PageRequest, *, q: str | None = None, kind: str | None = None
    ) -> Page[SourceSummary]:
        """List sources with their counts, the earliest first."""
        query = self._mine().order_by(SourceRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(SourceRow.id > after_id(request, "src"))
        if q:
            query = query.where(SourceRow.key.contains(folded(q), autoescape=True))
        if kind:
            query = query.where(SourceRow.kind == kind)
        rows = list(self._session.scalars(query))
        return page_of(self._summaries(rows), [row.id for row in rows], request.limit)

    def forget_unused(self) -> None:
        """Remove the sources that no record names any more."""
        named = or_(
            exists().where(AttributionRow.source_id == SourceRow.id),
            exists().where(ReportRow.source_id == SourceRow.id),
        )
        self._session.execute(
            delete(SourceRow).where(SourceRow.tenant == self._tenant, ~named),
            execution_options={"synchronize_session": False},
        )

    def _mine(self) -> Select[SourceRow]:
        query = select(SourceRow)
        return query if self._tenant is None else query.where(SourceRow.tenant == self._tenant)

    def _summaries(self, rows: list[SourceRow]) -> list[SourceSummary]:
        ids = [row.id for row in rows]
        counted = self._counts(ids)
        outlets = self._outlets(ids)
        return [
            SourceSummary(
                id=row.id,
                name=row.name,
                kind=row.kind,
                role=row.role,
                outlets=outlets.get(row.id, []),
                **counted.get(row.id, _NOTHING),
            )
            for row in rows
        ]

    def _counts(self, ids: list[str]) -> dict[str, dict[str, Any]]:
        query = (
            select(
                AttributionRow.source_id,
                func.count(),
                func.count(AttributionRow.article_id.distinct()),
                func.min(ArticleRow.created_at),
                func.max(ArticleRow.created_at),
            )
            .join(ArticleRow, ArticleRow.id == AttributionRow.article_id)
            .where(AttributionRow.source_id.in_(ids))
            .group_by(AttributionRow.source_id)
        )
        return {
            source_id: {
                "attributions": attributions,
                "articles": articles,
                "first_seen": first,
                "last_seen": last,
            }
            for source_id, attributions, articles, first, last in self._session.execute(query)
            if source_id
        }

    def _outlets(self, ids: list[str]) -> dict[str, list[str]]:
        query = (
            select(AttributionRow.source_id, ArticleRow.outlet)
            .join(ArticleRow, ArticleRow.id == AttributionRow.article_id)
            .where(AttributionRow.source_id.in_(ids), ArticleRow.outlet.is_not(None))
            .distinct()
            .order_by(ArticleRow.outlet)
        )
        found: dict[str, list[str]] = {}
        for source_id, outlet in self._session.execute(query):
            if source_id and outlet:
                found.setdefault(source_id, []).append(outlet)
        return found


_NOTHING: dict[str, Any] = {
    "attributions": 0,
    "articles": 0,
    "first_seen": None,
    "last_seen": None,
}


def source_key(kind: str, name: str) -> str:
    """Make the key by which a source is recognised: its kind and its folded name."""
    return f"{kind}:{folded(name)}"
