"""Feeds in the store: when each is due, who polls it, and which entries have been seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import CursorResult, Select, delete, func, or_, select, update

from services.records.dialect import insert
from services.records.feed_tables import FeedEntryRow, FeedRow
from services.records.names import address
from services.records.paging import Page, PageRequest, after_id, page_of
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A feed to poll, validated; `outlet` and `language` are for its articles."""

    url: str
    every_minutes: int
    outlet: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Polling:
    """A poll that somebody wants to make; `by` names the delivery of its task."""

    by: str
    at: datetime
    lease_until: datetime


class Feeds:
    """The feeds of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def add(self, new: NewFeed, *, at: datetime) -> tuple[FeedRow, bool]:
        """Store a feed that is due at once; gives the row and whether it is new.

        The digest of its address decides, so that two who add the same at once get one feed.
        """
        digest = _digest(address(new.url))
        inserted = self._session.execute(
            insert(self._session, FeedRow.__table__)
            .values(
                id=new_id("feed"),
                tenant=self._tenant,
                digest=digest,
                url=new.url,
                outlet=new.outlet,
                language=new.language,
                every_minutes=new.every_minutes,
                enabled=True,
                entries_seen=0,
                failures=0,
                next_poll_at=at,
                publish_at=at,
                created_at=at,
            )
            .on_conflict_do_nothing(index_elements=["tenant", "digest"])
            .returning(FeedRow.__table__.c.id)
        ).scalar()
        row = self._session.scalars(self._mine().where(FeedRow.digest == digest)).one()
        return row, inserted is not None

    def get(self, feed_id: str) -> FeedRow | None:
        """Give the feed with this id."""
        return self._session.scalars(self._mine().where(FeedRow.id == feed_id)).one_or_none()

    def page(self, request: PageRequest) -> Page[FeedRow]:
        """List feeds, the earliest first."""
        query = self._mine().order_by(FeedRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(FeedRow.id > after_id(request, "feed"))
        rows = list(self._session.scalars(query))
        return page_of(rows, [row.id for row in rows], request.limit)

    def delete(self, feed_id: str) -> bool:
        """Stop polling a feed and forget it; its articles stay. False if there is none."""
        row = self.get(feed_id)
        if row is not None:
            self._session.execute(delete(FeedRow).where(FeedRow.id == row.id))
        return row is not None

    def take_due(self, *, at: datetime, again_at: datetime, limit: int) -> list[str]:
        """Take up to `limit` feeds that are due to be published, and put them off to `again_at`.

        Gives their ids. Of two sweepers, each feed goes to one.
        """
        due = (
            select(FeedRow)
            .where(FeedRow.enabled, FeedRow.publish_at <= at)
            .order_by(FeedRow.publish_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        feeds = list(self._session.scalars(due))
        for feed in feeds:
            feed.publish_at = again_at
        return [feed.id for feed in feeds]

    def claim(self, feed_id: str, polling: Polling) -> FeedRow | None:
        """Begin a poll; None if the feed is not due, or in somebody else's hands."""
        query = (
            update(FeedRow)
            .where(
                FeedRow.id == feed_id,
                FeedRow.enabled,
                FeedRow.next_poll_at <= polling.at,
                or_(FeedRow.lease_until.is_(None), FeedRow.lease_until <= polling.at),
            )
            .values(
                claimed_by=polling.by,
                lease_until=polling.lease_until,
                publish_at=polling.lease_until,
            )
        )
        won = self._session.execute(query.execution_options(synchronize_session=False))
        assert isinstance(won, CursorResult)  # noqa: S101 - what an UPDATE gives
        return self.get(feed_id) if won.rowcount else None

    def held(self, feed_id: str, *, by: str) -> FeedRow | None:
        """Give a feed that `by` polls, to change it; None if it is not its any more."""
        query = select(FeedRow).where(FeedRow.id == feed_id, FeedRow.claimed_by == by)
        return self._session.scalars(query.with_for_update()).one_or_none()

    def unseen(self, feed_id: str, entry_ids: Iterable[str]) -> set[str]:
        """Give those of the feed's own ids of entries that have not been seen."""
        by_digest = {_digest(entry_id): entry_id for entry_id in entry_ids}
        seen = self._session.scalars(
            select(FeedEntryRow.digest).where(
                FeedEntryRow.feed_id == feed_id, FeedEntryRow.digest.in_(list(by_digest))
            )
        )
        return set(by_digest.values()) - {by_digest[digest] for digest in seen}

    def remember(
        self, feed_id: str, entry_id: str, article_id: str | None, *, at: datetime
    ) -> None:
        """Note that an entry has been seen, and which article it led to, if any."""
        self._session.execute(
            insert(self._session, FeedEntryRow.__table__)
            .values(feed_id=feed_id, digest=_digest(entry_id), article_id=article_id, seen_at=at)
            .on_conflict_do_nothing(index_elements=["feed_id", "digest"])
        )

    def failing(self) -> int:
        """Count the feeds whose last poll failed."""
        return self._session.scalar(select(func.count()).where(FeedRow.failures > 0)) or 0

    def _mine(self) -> Select[Any]:
        query = select(FeedRow)
        return query if self._tenant is None else query.where(FeedRow.tenant == self._tenant)


def schedule(feed: FeedRow, *, at: datetime) -> None:
    """Let a feed be polled next at this moment."""
    feed.next_poll_at = feed.publish_at = at


def release(feed: FeedRow, *, next_poll_at: datetime) -> None:
    """End a poll; the next is made at `next_poll_at`."""
    feed.claimed_by = feed.lease_until = None
    schedule(feed, at=next_poll_at)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
