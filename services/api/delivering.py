"""Delivering: take what is due, try it, and write down what it came to.

The store keeps everything. A delivery is taken by a lease; whoever takes it and dies loses it to
the next, who sends the same message again.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from services.records.deliveries import DeliveryStatus
from services.records.field_kinds import only_storable
from services.records.store import StoreUnavailable
from services.records.webhook_tables import DeliveryAttemptRow
from services.records.webhooks import EXHAUSTED, GONE, disable, sealed_secrets
from services.runtime.ids import new_id
from services.runtime.logs import bound, get_logger
from services.runtime.outgoing.fetch import POST_DEADLINE_S
from services.runtime.outgoing.webhooks import (
    Attempt,
    SecretInvalid,
    Verdict,
    deliver,
    next_attempt_at,
)

if TYPE_CHECKING:
    from datetime import datetime

    from services.api.slots import Slots
    from services.records.deliveries import Taken
    from services.records.store import Rows, Store
    from services.runtime.clock import Clock
    from services.runtime.outgoing.policy import FetchPolicy
    from services.runtime.outgoing.webhooks import SecretBox

LEASE: Final = timedelta(seconds=POST_DEADLINE_S + 10)
_AT_ONCE: Final = 100
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outbound:
    """What delivering needs of its surroundings."""

    store: Store
    box: SecretBox
    policy: FetchPolicy
    clock: Clock
    writing: threading.Lock = field(default_factory=threading.Lock)


def spread(store: Store, *, now: datetime) -> int:
    """Put new events on their way to the endpoints that listen; gives their number."""
    with store.reading() as rows:
        if not rows.deliveries.anything_to_spread():
            return 0
    with store.transaction() as rows:
        return rows.deliveries.spread(at=now, limit=_AT_ONCE)


def take(store: Store, slots: Slots, *, by: str, now: datetime) -> list[Taken]:
    """Take the deliveries that are due and find a place; the places are the caller's to give back.

    Each endpoint gets one before any gets another, so that a long queue for one is no wait for
    the others.
    """
    with store.reading() as rows:
        if not rows.deliveries.due(at=now):
            return []
    places: list[str] = []
    try:
        with store.transaction() as rows:
            return _take_in_turn(rows, slots, places, by, now)
    except StoreUnavailable:
        for endpoint in places:
            slots.give_back(endpoint)
        raise


def _take_in_turn(
    rows: Rows, slots: Slots, places: list[str], by: str, now: datetime
) -> list[Taken]:
    """Go round the endpoints until nothing is due or no place is left; notes them in `places`."""
    taken: list[Taken] = []
    waiting = rows.deliveries.due(at=now)
    while waiting:
        again = []
        for due in waiting:
            if not slots.take(due.webhook_id, failing=due.failing):
                continue
            found = rows.deliveries.take(due.webhook_id, by=by, at=now, lease_until=now + LEASE)
            if found is None:
                slots.give_back(due.webhook_id)
                continue
            places.append(due.webhook_id)
            taken.append(found)
            again.append(due)
        waiting = again
    return taken


def attempt(taken: Taken, out: Outbound) -> None:
    """Try a delivery once and write down what it came to.

    Raises StoreUnavailable where that cannot be written; the delivery is then made again.
    """
    with bound(delivery_id=taken.delivery.id, event_id=taken.event.id):
        begun, clock_s = out.clock(), time.monotonic()
        outcome = _send(taken, out, begun)
        entry = _entry(taken, outcome, begun, time.monotonic() - clock_s)
        # One after the other, so that many that end at once crowd out nobody else who writes.
        with out.writing, out.store.transaction() as rows:
            _settle(rows, taken, outcome, entry, out.clock())
        _log.info("delivery_attempted", verdict=str(outcome.verdict), status=outcome.status)


def _send(taken: Taken, out: Outbound, at: datetime) -> Attempt:
    try:
        secrets = [out.box.open(sealed) for sealed in sealed_secrets(taken.webhook, at=at)]
    except SecretInvalid:
        detail = "The endpoint's secret cannot be read with the keys in BELEG_WEBHOOK_KEYS."
        return Attempt(Verdict.RETRY, error="secret-unreadable", detail=detail)
    return deliver(
        taken.webhook.url,
        message_id=taken.event.id,
        body=taken.event.body.encode(),
        signing_secrets=secrets,
        at=at,
        policy=out.policy,
    )


def _entry(taken: Taken, outcome: Attempt, at: datetime, seconds: float) -> DeliveryAttemptRow:
    return DeliveryAttemptRow(
        id=new_id("dat"),
        delivery_id=taken.delivery.id,
        at=at,
        seconds=round(seconds, 3),
        status=outcome.status,
        excerpt=only_storable(outcome.excerpt.decode("utf-8", "replace")) or None,
        error=outcome.error,
        detail=outcome.detail,
    )


def _settle(
    rows: Rows, taken: Taken, outcome: Attempt, entry: DeliveryAttemptRow, now: datetime
) -> None:
    held = rows.deliveries.held(taken)
    if held is None:
        return
    rows.deliveries.log(entry)
    held.delivery.attempts += 1
    held.delivery.lease_until = held.delivery.claimed_by = None
    if outcome.verdict is Verdict.DELIVERED:
        _end(held, DeliveryStatus.DELIVERED, now)
        held.webhook.failing_since, held.webhook.delivered_at = None, now
        return
    held.webhook.failing_since = held.webhook.failing_since or now
    if outcome.verdict is Verdict.GONE:
        _end(held, DeliveryStatus.FAILED, now)
        _disable(held, GONE)
    else:
        _try_later(held, outcome, now)


def _try_later(held: Taken, outcome: Attempt, now: datetime) -> None:
    later = next_attempt_at(held.delivery.attempts, now=now, retry_after=outcome.retry_after)
    held.delivery.next_attempt_at = later
    if later is None:
        _end(held, DeliveryStatus.FAILED, now)
        success = held.webhook.delivered_at
        # A receiver that took others meanwhile is not dead, it only cannot take this one.
        if success is None or success < held.delivery.created_at:
            _disable(held, EXHAUSTED)


def _end(held: Taken, status: DeliveryStatus, now: datetime) -> None:
    held.delivery.status = status
    held.delivery.next_attempt_at = None
    held.delivery.completed_at = now


def _disable(held: Taken, reason: str) -> None:
    disable(held.webhook, reason)
    _log.warning("webhook_disabled", webhook_id=held.webhook.id, reason=reason)
