"""Articles in the store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, delete, select

from services.records.dialect import insert
from services.records.locks import hold_sources, hold_sources_alone
from services.records.names import address
from services.records.paging import Page, PageRequest, page_of
from services.records.sources import Sources
from services.records.tables import ArticleRow
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as it was posted, validated; without a text, it is to be fetched."""

    text: str | None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    author: str | None = None
    published_on: date | None = None
    language: str | None = None
    external_id: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """Fingerprint what makes it this article: all of it but the client's own metadata.

        An article to be fetched is its address, whatever else is said about it.
        """
        parts = {name: value for name, value in asdict(self).items() if name != "metadata"}
        if self.text is None:
            parts = {"url": address(self.url or "")}
        canonical = json.dumps(parts, sort_keys=True, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


class Articles:
    """The articles of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def add(self, article: NewArticle, *, at: datetime) -> tuple[ArticleRow, bool]:
        """Store the article; gives the row and whether it is new."""
        return self.add_all([article], at=at)[0]

    def add_all(
        self, articles: Sequence[NewArticle], *, at: datetime
    ) -> list[tuple[ArticleRow, bool]]:
        """Store articles; gives the row of each and whether it is new, in their order.

        The unique digest decides, so that two who post the same at once get one article.
        """
        digests = [article.digest() for article in articles]
        values = {
            digest: self._values(article, digest, at)
            for article, digest in zip(articles, digests, strict=True)
        }
        statement = insert(self._session, ArticleRow.__table__)
        self._session.execute(
            statement.on_conflict_do_nothing(index_elements=["tenant", "digest"]),
            # In one order, so that two who post the same articles do not wait for each other.
            sorted(values.values(), key=itemgetter("digest")),
        )
        rows = self._session.scalars(self._mine().where(ArticleRow.digest.in_(list(values))))
        found = {row.digest: row for row in rows}
        # The first of several that are the same is the new one.
        new = {digest for digest, row in found.items() if row.id == values[digest]["id"]}
        added = []
        for digest in digests:
            added.append((found[digest], digest in new))
            new.discard(digest)
        return added

    def _values(self, article: NewArticle, digest: str, at: datetime) -> dict[str, Any]:
        return {
            **{name: getattr(article, name) for name in _POSTED},
            "id": new_id("art"),
            "tenant": self._tenant,
            "digest": digest,
            "metadata": article.metadata,
            "created_at": at,
        }

    def get(self, article_id: str) -> ArticleRow | None:
        """Give the article with this id."""
        return self._session.scalars(self._mine().where(ArticleRow.id == article_id)).one_or_none()

    def lock(self, article_id: str) -> bool:
        """Keep the article from being deleted until this transaction ends; False if it is gone."""
        hold_sources(self._session)
        query = self._mine().where(ArticleRow.id == article_id)
        return self._session.scalars(query.with_for_update(key_share=True)).first() is not None

    def fill(self, article_id: str, found: dict[str, Any]) -> None:
        """Add what was found at the article's address; what the client said stays."""
        row = self._session.scalars(self._mine().where(ArticleRow.id == article_id)).one()
        for name, value in found.items():
            if getattr(row, name) is None:
                setattr(row, name, value)

    def page(self, request: PageRequest) -> Page[ArticleRow]:
        """List articles, the earliest first."""
        query = self._mine().order_by(ArticleRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(ArticleRow.id > request.after)
        rows = list(self._session.scalars(query))
        return page_of(rows, [row.id for row in rows], request.limit)

    def delete(self, article_id: str) -> bool:
        """Remove an article with its jobs and records, and the sources nobody names any more."""
        row = self.get(article_id)
        if row is None:
            return False
        hold_sources_alone(self._session)
        self._session.execute(delete(ArticleRow).where(ArticleRow.id == article_id))
        Sources(self._session, row.tenant).forget_unused()
        return True

    def delete_older_than(self, moment: datetime, *, limit: int) -> int:
        """Remove up to `limit` articles that came before `moment`; gives their number."""
        hold_sources_alone(self._session)
        old = self._mine().where(ArticleRow.created_at < moment).limit(limit)
        rows = list(self._session.scalars(old))
        self._session.execute(delete(ArticleRow).where(ArticleRow.id.in_([r.id for r in rows])))
        for tenant in {row.tenant for row in rows}:
            Sources(self._session, tenant).forget_unused()
        return len(rows)

    def _mine(self) -> Select[ArticleRow]:
        query = select(ArticleRow)
        return query if self._tenant is None else query.where(ArticleRow.tenant == self._tenant)


_POSTED = (
    "text",
    "title",
    "url",
    "outlet",
    "author",
    "published_on",
    "language",
    "external_id",
)
