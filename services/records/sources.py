"""Sources: who speaks, over all articles."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, exists, func, or_, select, union_all

from services.records.names import folded
from services.records.paging import Page, PageRequest, after_id, page_of
from services.records.tables import (
    AliasRow,
    ArticleRow,
    AttributionRow,
    ReportRow,
    RoleRow,
    SourceChangeRow,
    SourceRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A source with what is known of it over all articles.

    `attributions` counts what it says, `reports` what it passes on, `articles` those with either.
    """

    id: str
    name: str
    kind: str
    role: str | None
    aliases: list[str]
    roles: list[str]
    attributions: int
    reports: int
    articles: int
    outlets: list[str]
    first_seen: datetime | None
    last_seen: datetime | None


class Sources:
    """The sources of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def get(self, source_id: str) -> SourceSummary | None:
        """Give a source with its counts; None also for one that was merged into another."""
        query = self._standing().where(SourceRow.id == source_id)
        row = self._session.scalars(query).one_or_none()
        return self._summaries([row])[0] if row else None

    def follow(self, source_id: str) -> str:
        """Give the id of the source that the one with this id was merged into, else its own."""
        into = source_id
        while into:
            source_id = into
            query = select(SourceRow.merged_into).where(SourceRow.id == source_id)
            into = self._session.scalar(query) or ""
        return source_id

    def page(
        self, request: PageRequest, *, q: str | None = None, kind: str | None = None
    ) -> Page[SourceSummary]:
        """List sources with their counts, the earliest first; `q` is part of any of their names."""
        query = self._standing().order_by(SourceRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(SourceRow.id > after_id(request, "src"))
        if q:
            named = AliasRow.folded.contains(folded(q), autoescape=True)
            query = query.where(exists().where(AliasRow.source_id == SourceRow.id, named))
        if kind:
            query = query.where(SourceRow.kind == kind)
        rows = list(self._session.scalars(query))
        return page_of(self._summaries(rows), [row.id for row in rows], request.limit)

    def forget_unused(self) -> None:
        """Remove the sources that no record names any more and that nobody merged or split."""
        needed = or_(
            exists().where(AttributionRow.source_id == SourceRow.id),
            exists().where(ReportRow.source_id == SourceRow.id),
            exists().where(SourceChangeRow.from_id == SourceRow.id),
            exists().where(SourceChangeRow.into_id == SourceRow.id),
        )
        self._session.execute(
            delete(SourceRow).where(SourceRow.tenant == self._tenant, ~needed),
            execution_options={"synchronize_session": False},
        )

    def _standing(self) -> Select[SourceRow]:
        query = select(SourceRow).where(SourceRow.merged_into.is_(None))
        return query if self._tenant is None else query.where(SourceRow.tenant == self._tenant)

    def _summaries(self, rows: Sequence[SourceRow]) -> list[SourceSummary]:
        ids = [row.id for row in rows]
        aliases = self._listed(
            select(AliasRow.source_id, AliasRow.name)
            .where(AliasRow.source_id.in_(ids))
            .order_by(AliasRow.short, AliasRow.name)
        )
        roles = self._listed(
            select(RoleRow.source_id, RoleRow.role)
            .where(RoleRow.source_id.in_(ids))
            .order_by(RoleRow.role)
        )
        counted, seen, outlets = self._counts(ids), self._seen(ids), self._outlets(ids)
        return [
            SourceSummary(
                id=row.id,
                name=row.name,
                kind=row.kind,
                role=row.role,
                aliases=[name for name in aliases[row.id] if name != row.name],
                roles=roles[row.id],
                outlets=outlets[row.id],
                attributions=counted[row.id][0],
                reports=counted[row.id][1],
                articles=seen[row.id][0],
                first_seen=seen[row.id][1],
                last_seen=seen[row.id][2],
            )
            for row in rows
        ]

    def _counts(self, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
        said = self._count(AttributionRow.source_id, ids)
        passed_on = self._count(ReportRow.source_id, ids)
        return {id_: (said.get(id_, 0), passed_on.get(id_, 0)) for id_ in ids}

    def _count(self, column: Any, ids: Sequence[str]) -> dict[str, int]:
        query = select(column, func.count()).where(column.in_(ids)).group_by(column)
        return {row[0]: row[1] for row in self._session.execute(query)}

    def _seen(self, ids: Sequence[str]) -> dict[str, tuple[int, Any, Any]]:
        where = _articles_of(ids).subquery()
        query = (
            select(
                where.c.source_id,
                func.count(),
                func.min(ArticleRow.created_at),
                func.max(ArticleRow.created_at),
            )
            .join(ArticleRow, ArticleRow.id == where.c.article_id)
            .group_by(where.c.source_id)
        )
        found = {row[0]: (row[1], row[2], row[3]) for row in self._session.execute(query)}
        return {id_: found.get(id_, (0, None, None)) for id_ in ids}

    def _outlets(self, ids: Sequence[str]) -> dict[str, list[str]]:
        where = _articles_of(ids).subquery()
        return self._listed(
            select(where.c.source_id, ArticleRow.outlet)
            .join(ArticleRow, ArticleRow.id == where.c.article_id)
            .where(ArticleRow.outlet.is_not(None))
            .distinct()
            .order_by(ArticleRow.outlet)
        )

    def _listed(self, query: Select[Any, Any]) -> dict[str, list[str]]:
        listed: dict[str, list[str]] = defaultdict(list)
        rows: Iterable[Any] = self._session.execute(query)
        for source_id, value in rows:
            if value not in listed[source_id]:
                listed[source_id].append(value)
        return listed


def _articles_of(ids: Sequence[str]) -> Any:
    """Each article of each source once, whether it says something there or passes it on."""
    said = select(AttributionRow.source_id, AttributionRow.article_id).where(
        AttributionRow.source_id.in_(ids)
    )
    passed_on = (
        select(ReportRow.source_id, AttributionRow.article_id)
        .join(AttributionRow, AttributionRow.id == ReportRow.attribution_id)
        .where(ReportRow.source_id.in_(ids))
    )
    both = union_all(said, passed_on).subquery()
    return select(both.c.source_id, both.c.article_id).distinct()
