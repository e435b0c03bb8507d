"""Who may work on the sources while others do.

On SQLite a transaction that writes has the store to itself. On PostgreSQL advisory locks, kept
until the transaction ends, hold apart those who give records their sources (many at once) and
those who merge, split and remove sources (one, alone). Everybody takes this lock before any rows.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from services.records.dialect import is_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

_SOURCES: Final = "sources"


def hold_sources(session: Session) -> None:
    """Keep the sources from being merged, split and removed."""
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock_shared(_number(_SOURCES))))


def hold_sources_alone(session: Session) -> None:
    """Keep everybody else from giving records their sources, and from changing these."""
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(_number(_SOURCES))))


def hold_names(session: Session, tenant: str, names: Iterable[str]) -> None:
    """Keep others from making sources with these names at the same time."""
    if not is_sqlite(session):
        for number in sorted({_number(f"{tenant}/{name}") for name in names}):
            session.execute(select(func.pg_advisory_xact_lock(number)))


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
