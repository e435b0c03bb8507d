"""The tables of feeds: what is polled, and which entries have been seen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.records.tables import Base, Id, Tenant, UtcDateTime


class FeedRow(Base):
    """A feed; `digest` recognises its address again, `etag` and `last_modified` its version.

    `next_poll_at` is when it is due, `publish_at` when the sweeper hints the queue (again), and
    `lease_until` until when the poll in progress, made by `claimed_by`, keeps others off.
    """

    __tablename__ = "feeds"
    __table_args__ = (
        Index("uq_feeds_tenant_digest", "tenant", "digest", unique=True),
        Index(
            "ix_feeds_enabled_publish_at",
            "publish_at",
            sqlite_where=text("enabled"),
            postgresql_where=text("enabled"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    digest: Mapped[str] = mapped_column(String(64))
    url: Mapped[str] = mapped_column(Text)
    outlet: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    every_minutes: Mapped[int] = mapped_column(Integer)
    enabled: Mapped[bool] = mapped_column(Boolean)
    title: Mapped[str | None] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    entries_seen: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    last_polled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    next_poll_at: Mapped[datetime] = mapped_column(UtcDateTime)
    publish_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def due_at(self) -> datetime | None:
        """When it is polled next, None while it is not enabled."""
        return self.next_poll_at if self.enabled else None


class FeedEntryRow(Base):
    """An entry of a feed that has been seen, by the digest of the feed's own id for it."""

    __tablename__ = "feed_entries"

    feed_id: Mapped[str] = mapped_column(
        Id, ForeignKey("feeds.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    article_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("articles.id", ondelete="SET NULL"), index=True
    )
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
