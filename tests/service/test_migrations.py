"""The schema's steps."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from services.records.migrations import is_current, is_declared, migrate
from services.records.store import open_store
from services.records.tables import Base
from services.runtime.settings import Settings


def test_the_steps_lead_to_the_tables(database_url: str) -> None:
    """After all steps the schema is what the tables declare, and migrating again does nothing."""
    store = open_store(Settings(_env_file=None, database_url=database_url))
    assert not is_current(store)
    migrate(store)
    migrate(store)
    assert is_current(store)
    with create_engine(database_url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_declared}
        )
        assert compare_metadata(context, Base.metadata) == []
    store.engine.dispose()
