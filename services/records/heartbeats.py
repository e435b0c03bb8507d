"""Signs of life that prove work, not just a running process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.records.dialect import insert
from services.records.tables import HeartbeatRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class Heartbeats:
    """Who worked last, and when."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def beat(self, name: str, at: datetime) -> None:
        """Note that `name` did its work at this moment."""
        beat = insert(self._session, HeartbeatRow).values(name=name, beaten_at=at)
        # Several processes beat at once; none of them may stumble over another's first beat.
        self._session.execute(
            beat.on_conflict_do_update(index_elements=["name"], set_={"beaten_at": at})
        )

    def last(self, name: str) -> datetime | None:
        """Tell when `name` last did its work."""
        row = self._session.get(HeartbeatRow, name)
        return row.beaten_at if row else None
