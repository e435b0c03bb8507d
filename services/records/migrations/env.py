"""How Alembic reaches the store: over the connection that `migrate` hands in."""

from alembic import context

from services.records.migrations import is_declared
from services.records.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    include_name=is_declared,
)
with context.begin_transaction():
    context.run_migrations()
