"""The store's schema, step by step, the same steps on SQLite and PostgreSQL."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from services.records.store import Store


def migrate(store: Store, revision: str = "head") -> None:
    """Bring the store's schema to `revision`; does nothing where it is there already."""
    config = _config()
    with store.connection() as connection, _foreign_keys_off(connection):
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables: dropping the old one would take the rows that point to it."""
    raw = connection.connection.dbapi_connection
    sqlite = connection.dialect.name == "sqlite"
    assert raw is not None  # noqa: S101 - the connection has just been opened
    if sqlite:
        raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        if sqlite:
            connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


def current_revision(connection: Connection) -> str | None:
    """Tell which step the store's schema is at; None for an empty store."""
    return MigrationContext.configure(connection).get_current_revision()


def is_declared(name: str | None, _kind: str, _parents: object) -> bool:
    """Tell whether something in the store is what a table declares, for comparisons with these.

    The search's own index is made by SQL that only one kind of store understands.
    """
    return not (name or "").startswith("fts_")


def is_current(store: Store) -> bool:
    """Tell whether the store's schema is the one this code expects."""
    with store.snapshot() as connection:
        at = current_revision(connection)
    return at == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return config
