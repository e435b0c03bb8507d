"""Moving records from one source to another: what they say and what they pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, exists, func, insert, literal, or_, select, update

from services.records.names import folded
from services.records.tables import AttributionRow, MoveRow, ReportRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from services.records.tables import SourceChangeRow

_AS_SOURCE: Final = -1
_ROWS_AT_ONCE: Final = 500


class Moves:
    """The records that changes move."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all_of(self, change: SourceChangeRow) -> None:
        """Move everything that the change's first source has, and note it."""
        self._move(
            change,
            AttributionRow.source_id == change.from_id,
            ReportRow.source_id == change.from_id,
        )

    def some_of(
        self, change: SourceChangeRow, names: Sequence[str], attributions: Sequence[str]
    ) -> None:
        """Move what stands under the folded `names`, and these records, and note it."""
        said = or_(AttributionRow.named.in_(names), AttributionRow.id.in_(attributions))
        passed_on = or_(ReportRow.named.in_(names), ReportRow.attribution_id.in_(attributions))
        self._move(
            change,
            and_(AttributionRow.source_id == change.from_id, said),
            and_(ReportRow.source_id == change.from_id, passed_on),
        )

    def back(self, change: SourceChangeRow) -> None:
        """Move back what was moved, and what has come since under names that go back.

        Of a split everything goes back, since the new source goes with it.
        """
        said = AttributionRow.source_id == change.into_id
        passed_on = ReportRow.source_id == change.into_id
        if change.action == "merge":
            said = and_(said, or_(self._was_said(change), _since(change, AttributionRow)))
            passed_on = and_(passed_on, or_(self._was_passed_on(change), _since(change, ReportRow)))
        self._give(AttributionRow, said, change.from_id)
        self._give(ReportRow, passed_on, change.from_id)

    def left(self, source_id: str) -> bool:
        """Tell whether a source still has anything."""
        said = select(AttributionRow.id).where(AttributionRow.source_id == source_id)
        passed_on = select(ReportRow.attribution_id).where(ReportRow.source_id == source_id)
        return any(self._session.scalar(query.limit(1)) for query in (said, passed_on))

    def named_in(self, source_id: str, attributions: Sequence[str]) -> set[str]:
        """Give those of the records in which the source speaks or passes something on."""
        said = select(AttributionRow.id).where(
            AttributionRow.source_id == source_id, AttributionRow.id.in_(attributions)
        )
        passed_on = select(ReportRow.attribution_id).where(
            ReportRow.source_id == source_id, ReportRow.attribution_id.in_(attributions)
        )
        return {id_ for query in (said, passed_on) for id_ in self._session.scalars(query)}

    def roles(self, change: SourceChangeRow) -> set[str]:
        """Give the folded roles that the change's second source has in its records."""
        query = select(AttributionRow.body).where(AttributionRow.source_id == change.into_id)
        bodies = self._session.scalars(query.execution_options(yield_per=_ROWS_AT_ONCE))
        roles = (body["source"]["entity"].get("role") for body in bodies)
        return {folded(role) for role in roles if role}

    def _move(
        self, change: SourceChangeRow, said: ColumnElement[bool], passed_on: ColumnElement[bool]
    ) -> None:
        columns = ["change_id", "attribution_id", "position"]
        of_said = select(literal(change.id), AttributionRow.id, literal(_AS_SOURCE)).where(said)
        of_passed_on = select(
            literal(change.id), ReportRow.attribution_id, ReportRow.position
        ).where(passed_on)
        for query in (of_said, of_passed_on):
            self._session.execute(insert(MoveRow).from_select(columns, query))
        self._give(AttributionRow, said, change.into_id)
        self._give(ReportRow, passed_on, change.into_id)
        noted = select(func.count()).where(MoveRow.change_id == change.id)
        change.moved = self._session.scalar(noted) or 0

    def _give(self, table: Any, which: ColumnElement[bool], source_id: str) -> None:
        self._session.execute(
            update(table).where(which).values(source_id=source_id),
            execution_options={"synchronize_session": False},
        )

    @staticmethod
    def _was_said(change: SourceChangeRow) -> ColumnElement[bool]:
        moved = select(MoveRow.attribution_id).where(
            MoveRow.change_id == change.id, MoveRow.position == _AS_SOURCE
        )
        return AttributionRow.id.in_(moved)

    @staticmethod
    def _was_passed_on(change: SourceChangeRow) -> ColumnElement[bool]:
        return exists().where(
            MoveRow.change_id == change.id,
            MoveRow.attribution_id == ReportRow.attribution_id,
            MoveRow.position == ReportRow.position,
        )


def _since(change: SourceChangeRow, row: type[AttributionRow | ReportRow]) -> ColumnElement[bool]:
    """Tell of a record whether it came after the change, under one of the names that go back."""
    names = [key[1] for key in change.names["aliases"]]
    id_ = AttributionRow.id if row is AttributionRow else ReportRow.attribution_id
    later = select(AttributionRow.id).where(
        AttributionRow.tenant == change.tenant, AttributionRow.created_at > change.created_at
    )
    return and_(row.named.in_(names), id_.in_(later))
