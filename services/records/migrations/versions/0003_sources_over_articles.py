"""Sources over articles: aliases, roles, merges and splits

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_aliases",
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_source_aliases_source_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "kind", "folded", name=op.f("pk_source_aliases")),
    )
    op.create_index("ix_source_aliases_tenant_folded", "source_aliases", ["tenant", "folded"])
    op.create_table(
        "source_roles",
        sa.Column("source_id", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["sources.id"],
            name=op.f("fk_source_roles_source_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source_id", "folded", name=op.f("pk_source_roles")),
    )
    # The key was the kind and the folded name, with a colon between them.
    op.execute(
        """
        INSERT INTO source_aliases (source_id, kind, folded, tenant, name, short)
        SELECT id, kind, substr(key, length(kind) + 2), tenant, name, false FROM sources
        """
    )
    op.execute(
        """
        INSERT INTO source_roles (source_id, folded, role)
        SELECT id, lower(role), role FROM sources WHERE role IS NOT NULL
        """
    )
    with op.batch_alter_table("attributions") as batch_op:
        batch_op.add_column(sa.Column("named", sa.Text(), nullable=True))
    with op.batch_alter_table("reports") as batch_op:
        batch_op.add_column(sa.Column("named", sa.Text(), nullable=True))
    op.execute(
        """
        UPDATE attributions SET named = (
            SELECT substr(key, length(kind) + 2) FROM sources WHERE sources.id = source_id
        )
        """
    )
    op.execute(
        """
        UPDATE reports SET named = (
            SELECT substr(key, length(kind) + 2) FROM sources WHERE sources.id = source_id
        )
        """
    )
    with op.batch_alter_table("reports") as batch_op:
        batch_op.alter_column("named", nullable=False)
    with op.batch_alter_table("sources") as batch_op:
        batch_op.add_column(sa.Column("merged_into", sa.String(length=40), nullable=True))
        batch_op.drop_index("uq_sources_tenant_key")
        batch_op.drop_column("key")
        batch_op.create_index("ix_sources_tenant_id", ["tenant", "id"])
    _create_changes()


def _create_changes() -> None:
    op.create_table(
        "source_changes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("from_id", sa.String(length=40), nullable=False),
        sa.Column("into_id", sa.String(length=40), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_id"], ["sources.id"], name=op.f("fk_source_changes_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["sources.id"], name=op.f("fk_source_changes_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_changes")),
    )
    for column in ("from_id", "into_id"):
        op.create_index(f"ix_source_changes_{column}", "source_changes", [column])
    op.create_index("ix_source_changes_tenant_id", "source_changes", ["tenant", "id"])
    op.create_table(
        "source_moves",
        sa.Column("change_id", sa.String(length=40), nullable=False),
        sa.Column("attribution_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["source_changes.id"],
            name=op.f("fk_source_moves_change_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attribution_id"],
            ["attributions.id"],
            name=op.f("fk_source_moves_attribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "change_id", "attribution_id", "position", name=op.f("pk_source_moves")
        ),
    )
    op.create_index("ix_source_moves_attribution_id", "source_moves", ["attribution_id"])


def downgrade() -> None:
    op.drop_table("source_moves")
    op.drop_table("source_changes")
    with op.batch_alter_table("sources") as batch_op:
        batch_op.add_column(sa.Column("key", sa.Text(), nullable=True))
        batch_op.drop_index("ix_sources_tenant_id")
    op.execute("UPDATE sources SET key = id || ':' || name")
    with op.batch_alter_table("sources") as batch_op:
        batch_op.alter_column("key", nullable=False)
        batch_op.drop_column("merged_into")
        batch_op.create_index("uq_sources_tenant_key", ["tenant", "key"], unique=True)
    for table in ("attributions", "reports"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("named")
    op.drop_table("source_roles")
    op.drop_table("source_aliases")
