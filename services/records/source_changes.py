"""Merging and splitting sources by hand, and taking it back.

A change moves records, and the names and roles by which later articles are recognised, from one
source into another one. Undoing it brings back what it moved, and what has come since under the
names that go back. Whatever changed the same sources later has to be undone before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Select, or_, select

from services.records.locks import hold_sources_alone
from services.records.moves import Moves
from services.records.names import folded
from services.records.paging import Page, PageRequest, after_id, page_of
from services.records.source_names import SourceNames
from services.records.tables import (
    AliasRow,
    RoleRow,
    SourceChangeRow,
    SourceRow,
)
from services.runtime.ids import new_id
from services.runtime.problems import FieldError, Problem, not_found

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

MERGE: Final = "merge"
SPLIT: Final = "split"


@dataclass(frozen=True, slots=True)
class Split:
    """What a new source takes with it: names, with all records under them, and single records."""

    aliases: Sequence[str] = ()
    attributions: Sequence[str] = ()
    name: str | None = None
    role: str | None = None


class SourceChanges:
    """The merges and splits of a tenant."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant
        self._moves = Moves(session)
        self._names = SourceNames(session)

    def page(self, request: PageRequest) -> Page[SourceChangeRow]:
        """List changes, the earliest first."""
        query = self._mine().order_by(SourceChangeRow.id).limit(request.limit + 1)
        if request.after:
            query = query.where(SourceChangeRow.id > after_id(request, "chg"))
        rows = list(self._session.scalars(query))
        return page_of(rows, [row.id for row in rows], request.limit)

    def get(self, change_id: str) -> SourceChangeRow | None:
        """Give the change with this id."""
        return self._session.scalars(self._mine().where(SourceChangeRow.id == change_id)).first()

    def merge(self, from_id: str, into_id: str, *, field: str, at: datetime) -> SourceChangeRow:
        """Move all that one source has into another one.

        Raises a Problem that names `field` where the other one does not exist or is the same, and
        one that says conflict where either of them was merged into a third.
        """
        hold_sources_alone(self._session)
        if from_id == into_id:
            raise _refusal(field, "A source cannot be merged into itself.")
        source = self._standing(from_id, field if field == "from" else None)
        into = self._standing(into_id, field if field == "into" else None)
        change = self._add(MERGE, source, into, at)
        self._moves.all_of(change)
        change.names = self._names.move_all(source.id, into.id)
        source.merged_into = into.id
        return change

    def split(self, source_id: str, wanted: Split, *, at: datetime) -> SourceChangeRow:
        """Move names and records of a source into a new one.

        Raises a Problem for names and records that the source does not have, and for what would
        leave nothing behind.
        """
        hold_sources_alone(self._session)
        source = self._standing(source_id, None)
        aliases = self._aliases_of(source, wanted.aliases)
        self._refuse_strangers(source, wanted.attributions)
        new = self._new_source(source, wanted, aliases, at)
        change = self._add(SPLIT, source, new, at)
        self._moves.some_of(change, [row.folded for row in aliases], wanted.attributions)
        if not self._moves.left(source.id):
            raise _refusal("aliases", "Nothing would be left of the source.")
        roles = self._moves.roles(change)
        change.names = self._names.move_some(source.id, new.id, aliases, roles)
        self._names.introduce(new)
        return change

    def undo(self, change_id: str, *, at: datetime) -> SourceChangeRow:
        """Bring back what a change moved.

        Raises a Problem for a change that is not known, undone, or followed by another one.
        """
        hold_sources_alone(self._session)
        change = self.get(change_id)
        if change is None:
            raise not_found("source change", change_id)
        if change.undone_at is not None:
            raise Problem("conflict", f"The change {change_id} was undone before.")
        self._refuse_followed(change)
        self._moves.back(change)
        source = self._session.get_one(SourceRow, change.from_id)
        into = self._session.get_one(SourceRow, change.into_id)
        if change.action == MERGE:
            self._names.bring_back(change.names, into.id, source.id)
            source.merged_into = None
        else:
            self._names.move_all(into.id, source.id)
            into.merged_into = source.id
        change.undone_at = at
        return change

    def _mine(self) -> Select[SourceChangeRow]:
        query = select(SourceChangeRow)
        if self._tenant is None:
            return query
        return query.where(SourceChangeRow.tenant == self._tenant)

    def _standing(self, source_id: str, field: str | None) -> SourceRow:
        """Give a source that was not merged; `field` named it, or the address if there is none."""
        query = select(SourceRow).where(SourceRow.id == source_id)
        if self._tenant is not None:
            query = query.where(SourceRow.tenant == self._tenant)
        row = self._session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if row is None:
            raise (
                _refusal(field, f"There is no source {source_id}.")
                if field
                else not_found("source", source_id)
            )
        if row.merged_into is not None:
            raise Problem("conflict", f"{source_id} has been merged into {row.merged_into}.")
        return row

    def _add(
        self, action: str, source: SourceRow, into: SourceRow, at: datetime
    ) -> SourceChangeRow:
        change = SourceChangeRow(
            id=new_id("chg"),
            tenant=source.tenant,
            action=action,
            from_id=source.id,
            into_id=into.id,
            moved=0,
            names={},
            created_at=at,
        )
        self._session.add(change)
        self._session.flush()
        return change

    def _aliases_of(self, source: SourceRow, names: Sequence[str]) -> list[AliasRow]:
        rows = self._names.aliases(source.id, names)
        strange = {folded(name) for name in names} - {row.folded for row in rows}
        if strange:
            raise _refusal("aliases", f"Not a name of this source: {', '.join(sorted(strange))}.")
        return rows

    def _refuse_strangers(self, source: SourceRow, attributions: Sequence[str]) -> None:
        strange = set(attributions) - self._moves.named_in(source.id, attributions)
        if strange:
            raise _refusal("attributions", f"Not by this source: {', '.join(sorted(strange))}.")

    def _new_source(
        self, source: SourceRow, wanted: Split, aliases: Sequence[AliasRow], at: datetime
    ) -> SourceRow:
        name = wanted.name or next((row.name for row in aliases), source.name)
        new = SourceRow(
            id=new_id("src"),
            tenant=source.tenant,
            name=name,
            kind=source.kind,
            role=wanted.role,
            created_at=at,
        )
        self._session.add(new)
        self._session.flush()
        if wanted.role:
            self._session.add(
                RoleRow(source_id=new.id, folded=folded(wanted.role), role=wanted.role)
            )
        self._session.flush()
        return new

    def _refuse_followed(self, change: SourceChangeRow) -> None:
        both = (change.from_id, change.into_id)
        touching = or_(SourceChangeRow.from_id.in_(both), SourceChangeRow.into_id.in_(both))
        query = self._mine().where(
            touching, SourceChangeRow.id > change.id, SourceChangeRow.undone_at.is_(None)
        )
        later = self._session.scalars(query.order_by(SourceChangeRow.id.desc())).first()
        if later:
            raise Problem("conflict", f"Undo {later.id} first: it changed the same sources later.")


def _refusal(field: str, message: str) -> Problem:
    return Problem("invalid-request", f"Not valid: {field}.", (FieldError(field, message),))
