"""Idempotency keys: a request that is sent again gets the answer of the first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, update

from services.records.dialect import insert
from services.records.tables import IdempotencyRow

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

KEPT_FOR: Final = timedelta(hours=24)
# A request that has not been answered for so long was lost with its process.
LOST_AFTER: Final = timedelta(seconds=60)


class IdempotencyKeys:
    """The keys of a tenant."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def take(self, key: str, *, at: datetime) -> IdempotencyRow | None:
        """Reserve the key: None when it is ours now, else what is known of its first request."""
        self._forget_stale(key, at)
        ours = self._session.execute(
            insert(self._session, IdempotencyRow.__table__)
            .values(tenant=self._tenant, key=key, created_at=at)
            .on_conflict_do_nothing()
            .returning(IdempotencyRow.__table__.c.key)
        ).scalar()
        if ours:
            return None
        return self._session.get(IdempotencyRow, (self._tenant, key))

    def keep(self, key: str, *, fingerprint: str, answer: dict[str, Any]) -> None:
        """Keep the answer for those who send the request again."""
        self._session.execute(
            update(IdempotencyRow)
            .where(IdempotencyRow.tenant == self._tenant, IdempotencyRow.key == key)
            .values(fingerprint=fingerprint, answer=answer)
        )

    def release(self, key: str) -> None:
        """Forget a key whose request failed, so that it can be sent again."""
        self._session.execute(
            delete(IdempotencyRow).where(
                IdempotencyRow.tenant == self._tenant, IdempotencyRow.key == key
            )
        )

    def forget_old(self, *, at: datetime) -> None:
        """Forget the keys of all tenants that have been kept long enough."""
        self._session.execute(
            delete(IdempotencyRow).where(IdempotencyRow.created_at < at - KEPT_FOR)
        )

    def _forget_stale(self, key: str, at: datetime) -> None:
        mine = (IdempotencyRow.tenant == self._tenant, IdempotencyRow.key == key)
        self._session.execute(
            delete(IdempotencyRow).where(*mine, IdempotencyRow.created_at < at - KEPT_FOR)
        )
        self._session.execute(
            delete(IdempotencyRow).where(
                *mine,
                IdempotencyRow.answer.is_(None),
                IdempotencyRow.created_at < at - LOST_AFTER,
            )
        )
