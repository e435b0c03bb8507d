"""Where SQLite and PostgreSQL have to be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def is_sqlite(session: Session) -> bool:
    """Tell whether this session speaks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def insert(session: Session, table: Any) -> Any:
    """Make an INSERT in the dialect of the session, which knows ON CONFLICT."""
    return (sqlite if is_sqlite(session) else postgresql).insert(table)
