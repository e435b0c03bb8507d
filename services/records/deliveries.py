"""Deliveries: each event on its way to each endpoint that listens for it.

    pending ──taken, attempted──▶ delivered | failed
       ▲  └──attempted in vain──▶ pending, later
       └────────replay───────────────┘

Who takes one holds it by a lease; when that runs out, it is taken again, with the same message id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from services.records.dialect import insert
from services.records.paging import Page, PageRequest, after_id, page_of
from services.records.webhook_tables import DeliveryAttemptRow, DeliveryRow, EventRow, WebhookRow
from services.records.webhooks import Webhooks
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session


class DeliveryStatus(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Due:
    """An endpoint for which deliveries are due; `failing` if its last attempt failed."""

    webhook_id: str
    failing: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery that was taken, with all that it takes to attempt it."""

    delivery: DeliveryRow
    event: EventRow
    webhook: WebhookRow


@dataclass(frozen=True, slots=True)
class DeliveryLog:
    """A delivery with its event and all attempts at it."""

    delivery: DeliveryRow
    event: EventRow
    attempts: list[DeliveryAttemptRow]


class Deliveries:
    """The deliveries of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def add(self, event: EventRow, webhook: WebhookRow, *, at: datetime) -> None:
        """Put an event on its way to an endpoint, unless it is."""
        self._session.execute(
            insert(self._session, DeliveryRow.__table__)
            .values(
                id=new_id("dlv"),
                tenant=event.tenant,
                webhook_id=webhook.id,
                event_id=event.id,
                status=DeliveryStatus.PENDING,
                attempts=0,
                next_attempt_at=at,
                created_at=at,
            )
            .on_conflict_do_nothing(index_elements=["webhook_id", "event_id"])
        )

    def spread(self, *, at: datetime, limit: int) -> int:
        """Put up to `limit` new events on their way to all that listen; gives their number."""
        waiting = (
            select(EventRow)
            .where(EventRow.spread_at.is_(None))
            .order_by(EventRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        events = list(self._session.scalars(waiting))
        webhooks = Webhooks(self._session, None)
        for event in events:
            for webhook in webhooks.listening(event.type, event.tenant):
                if webhook.created_at <= event.created_at:
                    self.add(event, webhook, at=at)
            event.spread_at = at
        return len(events)

    def anything_to_spread(self) -> bool:
        """Tell whether there are new events."""
        query = select(EventRow.id).where(EventRow.spread_at.is_(None)).limit(1)
        return self._session.scalars(query).first() is not None

    def due(self, *, at: datetime) -> list[Due]:
        """Give the endpoints for which something is due, whoever has waited longest first."""
        query = (
            select(DeliveryRow.webhook_id, WebhookRow.failing_since)
            .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
            .where(_is_due(at), WebhookRow.enabled)
            .group_by(DeliveryRow.webhook_id, WebhookRow.failing_since)
            .order_by(func.min(DeliveryRow.next_attempt_at))
        )
        found = self._session.execute(query)
        return [Due(webhook_id, since is not None) for webhook_id, since in found]

    def take(
        self, webhook_id: str, *, by: str, at: datetime, lease_until: datetime
    ) -> Taken | None:
        """Take the delivery to an endpoint that is due longest; nobody else gets it."""
        query = (
            select(DeliveryRow, EventRow, WebhookRow)
            .join(EventRow, EventRow.id == DeliveryRow.event_id)
            .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
            .where(DeliveryRow.webhook_id == webhook_id, _is_due(at), WebhookRow.enabled)
            .order_by(DeliveryRow.next_attempt_at, DeliveryRow.id)
            .limit(1)
            .with_for_update(skip_locked=True, of=DeliveryRow)
        )
        row = self._session.execute(query).one_or_none()
        if row is None:
            return None
        taken = Taken(*row)
        taken.delivery.claimed_by = by
        taken.delivery.lease_until = lease_until
        self._session.flush()
        return taken

    def held(self, taken: Taken) -> Taken | None:
        """Give a delivery that was taken, to change it; None if somebody else has it by now."""
        endpoint = select(WebhookRow).where(WebhookRow.id == taken.webhook.id)
        # The endpoint first, as in its deletion, so that the two cannot wait for each other.
        webhook = self._session.scalars(endpoint.with_for_update(key_share=True)).one_or_none()
        ours = select(DeliveryRow).where(
            DeliveryRow.id == taken.delivery.id,
            DeliveryRow.claimed_by == taken.delivery.claimed_by,
            DeliveryRow.status == DeliveryStatus.PENDING,
        )
        delivery = self._session.scalars(ours.with_for_update()).one_or_none()
        return Taken(delivery, taken.event, webhook) if webhook and delivery else None

    def log(self, attempt: DeliveryAttemptRow) -> None:
        """Add an attempt to the log."""
        self._session.add(attempt)

    def get(self, webhook_id: str, delivery_id: str) -> DeliveryLog | None:
        """Give a delivery to this endpoint with its log."""
        query = self._mine(webhook_id).where(DeliveryRow.id == delivery_id)
        return self._one(query)

    def of_event(self, webhook_id: str, event_id: str) -> DeliveryLog | None:
        """Give the delivery of an event to this endpoint with its log."""
        query = self._mine(webhook_id).where(DeliveryRow.event_id == event_id)
        return self._one(query)

    def page(
        self, webhook_id: str, request: PageRequest, *, status: str | None = None
    ) -> Page[DeliveryLog]:
        """List the deliveries to an endpoint with their logs, the latest first."""
        query = self._mine(webhook_id).order_by(DeliveryRow.id.desc()).limit(request.limit + 1)
        if request.after:
            query = query.where(DeliveryRow.id < after_id(request, "dlv"))
        if status:
            query = query.where(DeliveryRow.status == status)
        rows = [(delivery, event) for delivery, event in self._session.execute(query)]
        return page_of(self._logs(rows), [delivery.id for delivery, _ in rows], request.limit)

    def pending(self) -> int:
        """Count the deliveries that have not been heard yet."""
        waiting = select(func.count()).where(DeliveryRow.status == DeliveryStatus.PENDING)
        return self._session.scalar(waiting) or 0

    def _one(self, query: Select[DeliveryRow, EventRow]) -> DeliveryLog | None:
        row = self._session.execute(query).one_or_none()
        return self._logs([(row[0], row[1])])[0] if row else None

    def _mine(self, webhook_id: str) -> Select[DeliveryRow, EventRow]:
        query = (
            select(DeliveryRow, EventRow)
            .join(EventRow, EventRow.id == DeliveryRow.event_id)
            .where(DeliveryRow.webhook_id == webhook_id)
        )
        return query if self._tenant is None else query.where(DeliveryRow.tenant == self._tenant)

    def _logs(self, rows: list[tuple[DeliveryRow, EventRow]]) -> list[DeliveryLog]:
        query = (
            select(DeliveryAttemptRow)
            .where(DeliveryAttemptRow.delivery_id.in_([delivery.id for delivery, _ in rows]))
            .order_by(DeliveryAttemptRow.id)
        )
        attempts: dict[str, list[DeliveryAttemptRow]] = {}
        for attempt in self._session.scalars(query):
            attempts.setdefault(attempt.delivery_id, []).append(attempt)
        return [DeliveryLog(d, event, attempts.get(d.id, [])) for d, event in rows]


def replay(delivery: DeliveryRow, *, at: datetime) -> None:
    """Deliver again from the beginning of the schedule, under the same message id."""
    delivery.status = DeliveryStatus.PENDING
    delivery.attempts = 0
    delivery.next_attempt_at = at
    delivery.lease_until = delivery.claimed_by = delivery.completed_at = None


def _is_due(at: datetime) -> ColumnElement[bool]:
    free = or_(DeliveryRow.lease_until.is_(None), DeliveryRow.lease_until <= at)
    return and_(
        DeliveryRow.status == DeliveryStatus.PENDING, DeliveryRow.next_attempt_at <= at, free
    )
