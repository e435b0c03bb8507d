"""API keys in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Select, select, update

from services.records.tables import KeyRow
from services.runtime.keys import ApiKey, Scope, new_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

# Writing down each use would make every request a write.
_USE_NOTED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Principal:
    """On whose behalf a request is made, and what it may do."""

    tenant: str
    scopes: frozenset[Scope]
    key_id: str | None = None


class Keys:
    """The keys of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def create(
        self,
        name: str,
        scopes: Iterable[Scope],
        *,
        tenant: str,
        at: datetime,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, KeyRow]:
        """Make a key; its secret is shown to its owner once and then known to nobody."""
        key = new_key()
        row = KeyRow(
            id=key.id,
            tenant=tenant,
            name=name,
            scopes=sorted(scopes),
            secret_hash=key.secret_hash,
            created_at=at,
            expires_at=expires_at,
        )
        self._session.add(row)
        self._session.flush()
        return key, row

    def principal(self, key: ApiKey, *, at: datetime) -> Principal | None:
        """Tell what a key allows; None for one that is unknown, wrong, expired or revoked."""
        row = self._session.get(KeyRow, key.id)
        known = row is not None and key.opens(row.secret_hash)
        if row is None or not known or row.revoked_at is not None:
            return None
        if row.expires_at is not None and row.expires_at <= at:
            return None
        return Principal(row.tenant, frozenset(map(Scope, row.scopes)), row.id)

    def note_use(self, key_id: str, *, at: datetime) -> None:
        """Note that a key was used."""
        self._session.execute(update(KeyRow).where(KeyRow.id == key_id).values(last_used_at=at))

    def use_is_due(self, key_id: str, *, at: datetime) -> bool:
        """Tell whether the last note of a key's use is old enough for another."""
        row = self._session.get(KeyRow, key_id)
        last = row.last_used_at if row else at
        return last is None or at - last >= _USE_NOTED_EVERY

    def get(self, key_id: str) -> KeyRow | None:
        """Give the key with this id."""
        return self._session.scalars(self._mine().where(KeyRow.id == key_id)).one_or_none()

    def all(self) -> list[KeyRow]:
        """List the keys, the earliest first."""
        return list(self._session.scalars(self._mine().order_by(KeyRow.created_at, KeyRow.id)))

    def revoke(self, key_id: str, *, at: datetime) -> KeyRow | None:
        """End a key at once; None if there is none."""
        row = self.get(key_id)
        if row is not None and row.revoked_at is None:
            row.revoked_at = at
        return row

    def rotate(
        self, key_id: str, *, at: datetime, grace: timedelta
    ) -> tuple[ApiKey, KeyRow] | None:
        """Make a key like this one; the old one works for `grace` longer."""
        old = self.get(key_id)
        if old is None or old.revoked_at is not None:
            return None
        old.expires_at = min(old.expires_at or at + grace, at + grace)
        return self.create(old.name, map(Scope, old.scopes), tenant=old.tenant, at=at)

    def _mine(self) -> Select[KeyRow]:
        query = select(KeyRow)
        return query if self._tenant is None else query.where(KeyRow.tenant == self._tenant)
