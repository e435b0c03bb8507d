"""Webhooks: endpoints, events, deliveries and their attempts

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _tenant() -> sa.Column:
    return sa.Column("tenant", sa.String(length=64), nullable=False)


def _belongs(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "webhooks",
        _id("id"),
        _tenant(),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("sealed_old_secret", sa.Text(), nullable=True),
        _moment("old_secret_until", nullable=True),
        _moment("failing_since", nullable=True),
        _moment("delivered_at", nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index("ix_webhooks_tenant", "webhooks", ["tenant"])
    op.create_table(
        "events",
        _id("id"),
        _tenant(),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("spread_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_created_at", "events", ["created_at"])
    _create_partial_index("ix_events_waiting_id", "events", ["id"], "spread_at IS NULL")
    op.create_table(
        "deliveries",
        _id("id"),
        _tenant(),
        _id("webhook_id"),
        _id("event_id"),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("next_attempt_at", nullable=True),
        _moment("lease_until", nullable=True),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        _moment("created_at"),
        _moment("completed_at", nullable=True),
        _belongs("deliveries", "webhook_id", "webhooks"),
        _belongs("deliveries", "event_id", "events"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        "uq_deliveries_webhook_id_event_id", "deliveries", ["webhook_id", "event_id"], unique=True
    )
    op.create_index("ix_deliveries_webhook_id_id", "deliveries", ["webhook_id", "id"])
    op.create_index("ix_deliveries_event_id", "deliveries", ["event_id"])
    _create_partial_index(
        "ix_deliveries_pending_webhook_id_next_attempt_at",
        "deliveries",
        ["webhook_id", "next_attempt_at"],
        "status = 'pending'",
    )
    op.create_table(
        "delivery_attempts",
        _id("id"),
        _id("delivery_id"),
        _moment("at"),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("excerpt", sa.Text(), nullable=True),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        _belongs("delivery_attempts", "delivery_id", "deliveries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempts")),
    )
    op.create_index("ix_delivery_attempts_delivery_id", "delivery_attempts", ["delivery_id"])


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def downgrade() -> None:
    for table in ("delivery_attempts", "deliveries", "events", "webhooks"):
        op.drop_table(table)
