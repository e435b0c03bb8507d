"""The names and roles by which sources are recognised, as they go from one to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_, update

from services.records.dialect import insert
from services.records.identity.rule import Named, names_of
from services.records.names import folded
from services.records.tables import AliasRow, RoleRow, SourceRow

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

Moved = dict[str, Any]


class SourceNames:
    """Aliases and roles; what was moved is `{"aliases": [[kind, folded]], "roles": [folded]}`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def aliases(self, source_id: str, names: Sequence[str]) -> list[AliasRow]:
        """Give a source's aliases of these names, full ones first."""
        query = select(AliasRow).where(
            AliasRow.source_id == source_id, AliasRow.folded.in_([folded(n) for n in names])
        )
        return list(self._session.scalars(query.order_by(AliasRow.short, AliasRow.name)))

    def move_all(self, from_id: str, into_id: str) -> Moved:
        """Move all names and roles but those that the other source has as well."""
        return self._move(from_id, into_id, self._keys(from_id), self._roles(from_id))

    def move_some(
        self, from_id: str, into_id: str, aliases: Sequence[AliasRow], roles: Collection[str]
    ) -> Moved:
        """Move these names, and those of the folded roles that the source has."""
        keys = {(row.kind, row.folded) for row in aliases}
        return self._move(from_id, into_id, keys, self._roles(from_id) & set(roles))

    def bring_back(self, moved: Mapping[str, Any], from_id: str, into_id: str) -> None:
        """Give names and roles back that were moved."""
        self._give(moved["aliases"], moved["roles"], from_id, into_id)

    def introduce(self, source: SourceRow) -> None:
        """Let a new source be known by its own name and role, or take its role from its roles."""
        rows = [
            {
                "source_id": source.id,
                "kind": source.kind,
                "folded": folded(name),
                "tenant": source.tenant,
                "name": name,
                "short": short,
            }
            for name, short in names_of(Named(source.name, source.kind), "").items()
        ]
        self._add(AliasRow, rows)
        if source.role:
            role = {"source_id": source.id, "folded": folded(source.role), "role": source.role}
            self._add(RoleRow, [role])
        else:
            query = select(RoleRow.role).where(RoleRow.source_id == source.id)
            source.role = self._session.scalars(query.order_by(RoleRow.folded)).first()

    def _move(
        self, from_id: str, into_id: str, keys: set[tuple[str, str]], roles: set[str]
    ) -> Moved:
        going = sorted(keys - self._keys(into_id))
        moved = sorted(roles - self._roles(into_id))
        self._give(going, moved, from_id, into_id)
        return {"aliases": [list(key) for key in going], "roles": moved}

    def _give(
        self, aliases: Sequence[Sequence[str]], roles: Sequence[str], from_id: str, into_id: str
    ) -> None:
        keys = tuple_(AliasRow.kind, AliasRow.folded).in_([tuple(key) for key in aliases])
        for statement in (
            update(AliasRow).where(AliasRow.source_id == from_id, keys),
            update(RoleRow).where(RoleRow.source_id == from_id, RoleRow.folded.in_(roles)),
        ):
            self._session.execute(
                statement.values(source_id=into_id),
                execution_options={"synchronize_session": False},
            )

    def _add(self, table: type[AliasRow | RoleRow], rows: list[dict[str, Any]]) -> None:
        statement = insert(self._session, table.__table__).on_conflict_do_nothing()
        self._session.execute(statement, rows)

    def _keys(self, source_id: str) -> set[tuple[str, str]]:
        query = select(AliasRow.kind, AliasRow.folded).where(AliasRow.source_id == source_id)
        return {(row[0], row[1]) for row in self._session.execute(query)}

    def _roles(self, source_id: str) -> set[str]:
        query = select(RoleRow.folded).where(RoleRow.source_id == source_id)
        return set(self._session.scalars(query))
