"""Giving the sources of an article's records their ids: somebody known, or somebody new."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert as plain_insert
from sqlalchemy import select

from services.records.dialect import insert
from services.records.identity.rule import Known, Named, names_of, who_is
from services.records.locks import hold_names
from services.records.names import folded
from services.records.tables import AliasRow, RoleRow, SourceRow
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

Key = tuple[str, str]


@dataclass(slots=True)
class _Mentioned:
    """Somebody whom an article names, with all the names it gives them."""

    named: Named
    names: dict[str, bool] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return key_of(self.named.kind, self.named.name)


def key_of(kind: str, name: str) -> Key:
    """Give what tells apart whom one article names."""
    return kind, folded(name)


def recognise(
    session: Session, tenant: str, mentions: Iterable[dict[str, Any]], *, at: datetime
) -> dict[Key, str]:
    """Give the source's id for each entity that an article's records mention, new if need be.

    `mentions` have a `text` and an `entity`. Inside an article one name and kind is one source.
    The caller holds the sources (`locks.hold_sources`).
    """
    people = _mentioned(mentions)
    known = _Book(session, tenant)
    known.read(people)
    unknown = [one for one in people if known.who(one) is None]
    if unknown:
        hold_names(session, tenant, (_last_word(one) for one in unknown))
        known.read(people)
    # Full names first, so that a last name finds whom it may belong to.
    for one in sorted(people, key=lambda one: " " not in one.named.name):
        known.note(one, known.who(one) or known.add(one))
    known.write(at)
    return known.found


def _mentioned(mentions: Iterable[dict[str, Any]]) -> list[_Mentioned]:
    people: dict[Key, _Mentioned] = {}
    for mention in mentions:
        entity = mention["entity"]
        named = Named(entity["name"], entity["kind"], entity.get("role"))
        one = people.setdefault(key_of(named.kind, named.name), _Mentioned(named))
        if one.named.role is None and named.role is not None:
            one.named = replace(one.named, role=named.role)
        for name, short in names_of(named, mention["text"]).items():
            one.names.setdefault(name, short)
    return list(people.values())


def _last_word(one: _Mentioned) -> str:
    return one.key[1].split()[-1] if one.key[1] else ""


class _Book:
    """The names and roles of the sources that an article may mean, and what it adds to them."""

    def __init__(self, session: Session, tenant: str) -> None:
        self.found: dict[Key, str] = {}
        self._session = session
        self._tenant = tenant
        self._by_name: dict[Key, list[Known]] = {}
        self._aliases: set[tuple[str, str, str]] = set()
        self._roles: dict[str, list[str]] = {}
        self._new: list[tuple[str, Named]] = []
        self._new_aliases: dict[tuple[str, str, str], tuple[str, bool]] = {}
        self._new_roles: dict[tuple[str, str], str] = {}

    def read(self, people: Sequence[_Mentioned]) -> None:
        """Read who has any of the names."""
        names = sorted({folded(name) for one in people for name in one.names})
        rows = self._session.execute(
            select(AliasRow.kind, AliasRow.folded, AliasRow.source_id, AliasRow.short)
            .join(SourceRow, SourceRow.id == AliasRow.source_id)
            .where(
                AliasRow.tenant == self._tenant,
                AliasRow.folded.in_(names),
                SourceRow.merged_into.is_(None),
            )
            .order_by(SourceRow.id)
        ).all()
        self._roles = self._roles_of({row.source_id for row in rows})
        self._aliases = {(row.source_id, row.kind, row.folded) for row in rows}
        self._by_name = {}
        for row in rows:
            known = Known(row.source_id, tuple(self._roles.get(row.source_id, ())), row.short)
            self._by_name.setdefault((row.kind, row.folded), []).append(known)

    def who(self, one: _Mentioned) -> str | None:
        """Give the id of the source that is meant, if it is known."""
        known = who_is(one.named, self._by_name.get(one.key, []))
        return known.id if known else None

    def add(self, one: _Mentioned) -> str:
        """Make a new source."""
        source_id = new_id("src")
        self._new.append((source_id, one.named))
        return source_id

    def note(self, one: _Mentioned, source_id: str) -> None:
        """Note who is meant, and what names and role the source has by that."""
        self.found[one.key] = source_id
        kind, role = one.named.kind, one.named.role
        for name, short in one.names.items():
            key = (source_id, kind, folded(name))
            if key not in self._aliases:
                self._new_aliases.setdefault(key, (name, short))
                known = Known(source_id, (role,) if role else (), short)
                self._by_name.setdefault((kind, folded(name)), []).append(known)
        if role and folded(role) not in {folded(r) for r in self._roles.get(source_id, ())}:
            self._new_roles[source_id, folded(role)] = role

    def write(self, at: datetime) -> None:
        """Store what is new."""
        self._add_sources(at)
        self._add(
            AliasRow,
            [
                {
                    "source_id": source_id,
                    "kind": kind,
                    "folded": key,
                    "tenant": self._tenant,
                    "name": name,
                    "short": short,
                }
                for (source_id, kind, key), (name, short) in sorted(self._new_aliases.items())
            ],
        )
        self._add(
            RoleRow,
            [
                {"source_id": source_id, "folded": key, "role": role}
                for (source_id, key), role in sorted(self._new_roles.items())
            ],
        )

    def _add_sources(self, at: datetime) -> None:
        if not self._new:
            return
        rows = [
            {
                "id": source_id,
                "tenant": self._tenant,
                "name": named.name,
                "kind": named.kind,
                "role": named.role,
                "created_at": at,
            }
            for source_id, named in self._new
        ]
        self._session.execute(plain_insert(SourceRow), rows)

    def _add(self, table: type[AliasRow | RoleRow], rows: list[dict[str, Any]]) -> None:
        if rows:
            statement = insert(self._session, table.__table__).on_conflict_do_nothing()
            self._session.execute(statement, rows)

    def _roles_of(self, ids: set[str]) -> dict[str, list[str]]:
        roles: dict[str, list[str]] = defaultdict(list)
        query = select(RoleRow.source_id, RoleRow.role).where(RoleRow.source_id.in_(ids))
        for source_id, role in self._session.execute(query.order_by(RoleRow.folded)):
            roles[source_id].append(role)
        return roles
