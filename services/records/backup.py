"""Backup and restore: the whole store as JSON lines, the same for SQLite and PostgreSQL.

A backup is one consistent state, taken while the services run. It can be restored into either
kind of store, as long as that is empty and of the same schema.
"""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import Date, Table, func, insert, select

from services.records.migrations import current_revision
from services.records.tables import Base, SearchRow, UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

    from services.records.store import Store

_FORMAT: Final = "beleg-backup/1"
_ROWS_AT_ONCE: Final = 500


class BackupError(Exception):
    """A backup cannot be read or does not fit; nothing was restored."""


def back_up(store: Store, path: Path) -> dict[str, int]:
    """Write the store to a gzipped file; gives the number of rows of each table."""
    counts: dict[str, int] = {}
    # Written aside and renamed, so that a backup is whole or not there.
    partial = path.with_name(path.name + ".partial")
    with (
        store.snapshot() as connection,
        gzip.open(partial, "wt", encoding="utf-8") as file,
    ):
        header = {"format": _FORMAT, "revision": current_revision(connection)}
        file.write(json.dumps(header) + "\n")
        for table in Base.metadata.sorted_tables:
            counts[table.name] = _write_rows(connection, table, file)
        file.write(json.dumps({"end": counts}) + "\n")
    partial.replace(path)
    return counts


def restore(store: Store, path: Path) -> dict[str, int]:
    """Fill an empty store of the same schema from a backup, all or nothing.

    Raises BackupError for a file that is no whole backup, another schema, or a store in use.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file, store.connection() as connection:
            _check_header(file, connection)
            _check_empty(connection)
            counts = _read_rows(connection, file)
            _count_on(connection)
            connection.commit()
            return counts
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"{path} is not a whole backup: {error}") from error


def _write_rows(connection: Connection, table: Table, file: IO[str]) -> int:
    rows = 0
    result = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table))
    for row in result.mappings():
        values = {column.name: _plain(row[column]) for column in table.columns}
        file.write(json.dumps({"table": table.name, "row": values}) + "\n")
        rows += 1
    return rows


def _read_rows(connection: Connection, file: IO[str]) -> dict[str, int]:
    counts = {table.name: 0 for table in Base.metadata.sorted_tables}
    expected: dict[str, int] | None = None
    lines = map(json.loads, file)
    while some := list(islice(lines, _ROWS_AT_ONCE)):
        for line in some:
            if "end" in line:
                expected = line["end"]
        for name, rows in _by_table(some):
            table = Base.metadata.tables[name]
            connection.execute(insert(table), [_typed(table, row) for row in rows])
            counts[name] += len(rows)
    if expected != counts:
        raise ValueError("rows are missing")
    return counts


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL give numbers behind those that were restored; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        number = SearchRow.__table__.c.number
        sequence = func.pg_get_serial_sequence(SearchRow.__tablename__, number.name)
        last = select(func.coalesce(func.max(number), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, last, False)))


def _by_table(lines: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        if "row" in line:
            grouped.setdefault(line["table"], []).append(line["row"])
    yield from grouped.items()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    typed = {}
    for name, value in row.items():
        kind = table.columns[name].type
        if value is not None and isinstance(kind, UtcDateTime):
            value = datetime.fromisoformat(value)  # noqa: PLW2901
        elif value is not None and isinstance(kind, Date):
            value = date.fromisoformat(value)  # noqa: PLW2901
        typed[table.columns[name].key] = value
    return typed


def _check_header(file: IO[str], connection: Connection) -> None:
    header = json.loads(file.readline() or "{}")
    if header.get("format") != _FORMAT:
        raise BackupError("This is not a backup of Beleg.")
    revision = current_revision(connection)
    if header["revision"] != revision:
        raise BackupError(
            f"The backup has schema {header['revision']}, the store {revision}: "
            "migrate the store to that schema first."
        )


def _check_empty(connection: Connection) -> None:
    for table in Base.metadata.sorted_tables:
        used = connection.scalar(select(func.count()).select_from(table))
        if used and table.name != "heartbeats":
            raise BackupError(
                f"The store is in use: {table.name} holds rows; an empty one is needed."
            )
