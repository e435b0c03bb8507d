"""The search's vector, kept instead of made for every row that is looked at

Revision: 0006
Follows: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VECTOR = "array_to_tsvector(string_to_array(terms, ' '))"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX fts_records")
    op.execute(
        "ALTER TABLE search_terms "
        f"ADD COLUMN fts_vector tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED"
    )
    op.execute(
        "CREATE INDEX fts_records ON search_terms USING gin (fts_vector) WITH (fastupdate = off)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX fts_records")
    op.execute("ALTER TABLE search_terms DROP COLUMN fts_vector")
    op.execute(
        f"CREATE INDEX fts_records ON search_terms USING gin ({_VECTOR}) WITH (fastupdate = off)"
    )
