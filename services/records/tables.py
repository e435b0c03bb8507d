"""The tables of the store, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store the moment in UTC."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back, aware of being UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table has: names for its constraints, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Id = String(40)
Tenant = String(64)


class ArticleRow(Base):
    """An article exactly as it was posted; `digest` recognises the same one again.

    `text` is missing until an article that was posted by its address has been fetched.
    """

    __tablename__ = "articles"
    __table_args__ = (Index("uq_articles_tenant_digest", "tenant", "digest", unique=True),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    title: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    outlet: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str | None] = mapped_column(Text)
    published_on: Mapped[date | None] = mapped_column(Date)
    language: Mapped[str | None] = mapped_column(String(16))
    external_id: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column("metadata", JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class JobRow(Base):
    """The promise behind a 202: this article will be extracted.

    `stage` is what has to be done next: fetch the article, or extract it.
    `publish_at` is when the sweeper hints the queue (again); `lease_until` is until when the
    attempt in progress, made by `claimed_by`, keeps others off.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index(
            "ix_jobs_unfinished_publish_at",
            "publish_at",
            sqlite_where=text("status IN ('queued', 'processing')"),
            postgresql_where=text("status IN ('queued', 'processing')"),
        ),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    article_id: Mapped[str] = mapped_column(
        Id, ForeignKey("articles.id", ondelete="CASCADE"), index=True
    )
    request_id: Mapped[str | None] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16), index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    publish_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str | None] = mapped_column(String(64))


class BatchRow(Base):
    """Articles that came in one request; its lines lead to their jobs or to what is wrong."""

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    total: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class BatchLineRow(Base):
    """A line of a batch: the job of its article, or the problem that kept it out."""

    __tablename__ = "batch_lines"

    batch_id: Mapped[str] = mapped_column(
        Id, ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True
    )
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("jobs.id", ondelete="CASCADE"), index=True
    )
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class IdempotencyRow(Base):
    """The answer that a request with this key got; none while it is being answered."""

    __tablename__ = "idempotency_keys"

    tenant: Mapped[str] = mapped_column(Tenant, primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class KeyRow(Base):
    """An API key; of its secret only the hash is kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant, index=True)
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    secret_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SourceRow(Base):
    """Somebody or something that statements are attributed to.

    A source that was merged into another one keeps its row, so that its id still leads somewhere
    and the merge can be undone.
    """

    __tablename__ = "sources"
    __table_args__ = (Index("ix_sources_tenant_id", "tenant", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    role: Mapped[str | None] = mapped_column(Text)
    merged_into: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AliasRow(Base):
    """A name under which a source was seen, as what kind; `short` if only as a last name."""

    __tablename__ = "source_aliases"
    __table_args__ = (Index("ix_source_aliases_tenant_folded", "tenant", "folded"),)

    source_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    folded: Mapped[str] = mapped_column(Text, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    name: Mapped[str] = mapped_column(Text)
    short: Mapped[bool] = mapped_column(Boolean)


class RoleRow(Base):
    """A role in which a source was seen."""

    __tablename__ = "source_roles"

    source_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True
    )
    folded: Mapped[str] = mapped_column(Text, primary_key=True)
    role: Mapped[str] = mapped_column(Text)


class SourceChangeRow(Base):
    """A merge or a split: what went from one source into another one.

    `names` holds the aliases and roles that went, to bring them back; the records that went are
    in `source_moves`.
    """

    __tablename__ = "source_changes"
    __table_args__ = (Index("ix_source_changes_tenant_id", "tenant", "id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    action: Mapped[str] = mapped_column(String(16))
    from_id: Mapped[str] = mapped_column(Id, ForeignKey("sources.id"), index=True)
    into_id: Mapped[str] = mapped_column(Id, ForeignKey("sources.id"), index=True)
    moved: Mapped[int] = mapped_column(Integer)
    names: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MoveRow(Base):
    """A mention that a change moved: the report at `position`, or the source where it is -1."""

    __tablename__ = "source_moves"

    change_id: Mapped[str] = mapped_column(
        Id, ForeignKey("source_changes.id", ondelete="CASCADE"), primary_key=True
    )
    attribution_id: Mapped[str] = mapped_column(
        Id, ForeignKey("attributions.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)


class AttributionRow(Base):
    """A statement with its parts; `body` holds them as they are served.

    Whom the source and the reports mean is not in `body` but in `source_id` and in `reports`, since
    it can change; `named` is the folded name by which the source was recognised. `dated_on`,
    `outlet` and `language` are the article's, for filters: the day of publication or else of
    arrival, and the other two folded. Lists are in the order of ids, so each index ends with them.
    """

    __tablename__ = "attributions"
    __table_args__ = (
        Index("ix_attributions_tenant_id", "tenant", "id"),
        Index("ix_attributions_source_id_id", "source_id", "id"),
        Index("ix_attributions_tenant_outlet_id", "tenant", "outlet", "id"),
        Index("ix_attributions_tenant_dated_on", "tenant", "dated_on"),
        Index("ix_attributions_tenant_stance_id", "tenant", "stance", "id"),
        Index("ix_attributions_tenant_type_id", "tenant", "type", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    tenant: Mapped[str] = mapped_column(Tenant)
    article_id: Mapped[str] = mapped_column(
        Id, ForeignKey("articles.id", ondelete="CASCADE"), index=True
    )
    parent_id: Mapped[str | None] = mapped_column(Id)
    type: Mapped[str] = mapped_column(String(32))
    medium: Mapped[str] = mapped_column(String(32))
    stance: Mapped[str] = mapped_column(String(32))
    confidence: Mapped[float] = mapped_column(Float)
    source_id: Mapped[str | None] = mapped_column(Id, ForeignKey("sources.id"))
    named: Mapped[str | None] = mapped_column(Text)
    dated_on: Mapped[date] = mapped_column(Date)
    outlet: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    engine_name: Mapped[str] = mapped_column(String(64))
    engine_version: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportRow(Base):
    """An outlet that passes a statement on; position 0 is the nearest to the reader."""

    __tablename__ = "reports"

    attribution_id: Mapped[str] = mapped_column(
        Id, ForeignKey("attributions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    source_id: Mapped[str] = mapped_column(Id, ForeignKey("sources.id"), index=True)
    named: Mapped[str] = mapped_column(Text)


class SearchRow(Base):
    """The words of a record, as terms with spaces between them; later records get higher numbers.

    SQLite indexes them in the FTS5 table `fts_records`, PostgreSQL in a GIN index of the same name.
    """

    __tablename__ = "search_terms"
    __table_args__ = (
        Index("ix_search_terms_tenant_number", "tenant", "number"),
        {"sqlite_autoincrement": True},
    )

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    attribution_id: Mapped[str] = mapped_column(
        Id, ForeignKey("attributions.id", ondelete="CASCADE"), index=True
    )
    tenant: Mapped[str] = mapped_column(Tenant)
    terms: Mapped[str] = mapped_column(Text)


class HeartbeatRow(Base):
    """When a worker last did what it is there for."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    beaten_at: Mapped[datetime] = mapped_column(UtcDateTime)
