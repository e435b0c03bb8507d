"""Webhook endpoints in the store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import Select, delete, func, select

from services.records.webhook_tables import WebhookRow
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy.orm import Session

GONE: Final = "The receiver answered 410 Gone."
EXHAUSTED: Final = "Every attempt of a delivery failed, and no other one succeeded meanwhile."


class EventType(StrEnum):
    """What an endpoint can be told of."""

    EXTRACTED = "article.extracted"
    FAILED = "article.failed"
    BATCH_COMPLETED = "batch.completed"


TEST: Final = "webhook.test"
"""The event that is sent by hand, to whichever endpoint."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An endpoint to make, with its secret encrypted."""

    url: str
    events: Sequence[str]
    sealed_secret: str


class Webhooks:
    """The endpoints of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def add(self, new: NewWebhook, *, at: datetime) -> WebhookRow:
        """Make an endpoint that is told of what happens from now on."""
        row = WebhookRow(
            id=new_id("whk"),
            tenant=self._tenant,
            url=new.url,
            events=list(new.events),
            enabled=True,
            sealed_secret=new.sealed_secret,
            created_at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def count(self) -> int:
        """Count the endpoints."""
        return self._session.scalar(select(func.count()).select_from(self._mine().subquery())) or 0

    def get(self, webhook_id: str) -> WebhookRow | None:
        """Give the endpoint with this id."""
        return self._session.scalars(self._mine().where(WebhookRow.id == webhook_id)).one_or_none()

    def all(self) -> list[WebhookRow]:
        """List the endpoints, the earliest first."""
        return list(self._session.scalars(self._mine().order_by(WebhookRow.id)))

    def listening(self, event_type: str, tenant: str) -> list[WebhookRow]:
        """Give a tenant's endpoints that want to be told of such events."""
        query = select(WebhookRow).where(WebhookRow.tenant == tenant, WebhookRow.enabled)
        return [row for row in self._session.scalars(query) if event_type in row.events]

    def given_up(self) -> int:
        """Count the endpoints that were disabled because they did not hear."""
        query = select(func.count()).where(
            ~WebhookRow.enabled, WebhookRow.disabled_reason.is_not(None)
        )
        return self._session.scalar(query) or 0

    def delete(self, webhook_id: str) -> bool:
        """Remove an endpoint with its deliveries; False if there is none."""
        row = self.get(webhook_id)
        if row is not None:
            self._session.execute(delete(WebhookRow).where(WebhookRow.id == row.id))
        return row is not None

    def _mine(self) -> Select[WebhookRow]:
        query = select(WebhookRow)
        return query if self._tenant is None else query.where(WebhookRow.tenant == self._tenant)


def enable(row: WebhookRow) -> None:
    """Deliver to an endpoint again, also what has waited meanwhile."""
    row.enabled, row.disabled_reason, row.failing_since = True, None, None


def disable(row: WebhookRow, reason: str | None) -> None:
    """Deliver nothing more to an endpoint, until it is enabled by hand."""
    row.enabled, row.disabled_reason = False, reason


def rotate(row: WebhookRow, sealed_secret: str, *, at: datetime, grace: timedelta) -> None:
    """Give an endpoint a new secret; the old one signs beside it for `grace` longer."""
    row.sealed_old_secret, row.old_secret_until = row.sealed_secret, at + grace
    row.sealed_secret = sealed_secret


def sealed_secrets(row: WebhookRow, *, at: datetime) -> list[str]:
    """Give the secrets that sign at this moment, encrypted as they are kept."""
    if row.sealed_old_secret is None or row.old_secret_until is None or row.old_secret_until <= at:
        return [row.sealed_secret]
    return [row.sealed_secret, row.sealed_old_secret]
