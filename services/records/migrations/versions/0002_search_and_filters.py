"""Search, and what records are filtered by

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INDEXES = {
    "ix_attributions_tenant_id": ["tenant", "id"],
    "ix_attributions_source_id_id": ["source_id", "id"],
    "ix_attributions_tenant_outlet_id": ["tenant", "outlet", "id"],
    "ix_attributions_tenant_dated_on": ["tenant", "dated_on"],
    "ix_attributions_tenant_stance_id": ["tenant", "stance", "id"],
    "ix_attributions_tenant_type_id": ["tenant", "type", "id"],
}
_REPLACED = {"ix_attributions_tenant": ["tenant"], "ix_attributions_source_id": ["source_id"]}
# An external-content table: it keeps the index only, and the triggers keep it true. The terms
# are ready-made, so every character but a space belongs to one.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE fts_records USING fts5(
        terms, content='search_terms', content_rowid='number', tokenize='ascii',
        detail=none, columnsize=0
    )
    """,
    """
    CREATE TRIGGER fts_records_insert AFTER INSERT ON search_terms BEGIN
        INSERT INTO fts_records(rowid, terms) VALUES (new.number, new.terms);
    END
    """,
    """
    CREATE TRIGGER fts_records_delete AFTER DELETE ON search_terms BEGIN
        INSERT INTO fts_records(fts_records, rowid, terms)
        VALUES ('delete', old.number, old.terms);
    END
    """,
)
_POSTGRESQL = """
    CREATE INDEX fts_records ON search_terms
    USING gin (array_to_tsvector(string_to_array(terms, ' '))) WITH (fastupdate = off)
"""


def upgrade() -> None:
    with op.batch_alter_table("attributions") as batch_op:
        batch_op.add_column(sa.Column("dated_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("outlet", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("language", sa.String(length=16), nullable=True))
    _fill_filters()
    with op.batch_alter_table("attributions") as batch_op:
        batch_op.alter_column("dated_on", nullable=False)
        for name in _REPLACED:
            batch_op.drop_index(name)
        for name, columns in _INDEXES.items():
            batch_op.create_index(name, columns)
    op.create_table(
        "search_terms",
        sa.Column("number", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("attribution_id", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribution_id"],
            ["attributions.id"],
            name=op.f("fk_search_terms_attribution_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_terms")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_search_terms_attribution_id", "search_terms", ["attribution_id"])
    op.create_index("ix_search_terms_tenant_number", "search_terms", ["tenant", "number"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _SQLITE:
            op.execute(statement)
    else:
        op.execute(_POSTGRESQL)


def _fill_filters() -> None:
    """Take the articles' dates, outlets and languages into the records there are."""
    op.execute(
        """
        UPDATE attributions SET dated_on = a.day, outlet = a.outlet, language = a.language
        FROM (
            SELECT id, lower(outlet) AS outlet, lower(language) AS language,
                   coalesce(published_on, date(created_at)) AS day
            FROM articles
        ) AS a
        WHERE a.id = attributions.article_id
        """
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE fts_records")
    op.drop_table("search_terms")
    with op.batch_alter_table("attributions") as batch_op:
        for name in _INDEXES:
            batch_op.drop_index(name)
        for name, columns in _REPLACED.items():
            batch_op.create_index(name, columns)
        for name in ("dated_on", "outlet", "language"):
            batch_op.drop_column(name)
