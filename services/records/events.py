"""Events: what receivers of webhooks are told, written in the transaction of what it tells of.

They hold ids, links and counts, and nothing of an article.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete

from services.records.webhook_tables import EventRow
from services.records.webhooks import TEST, EventType, Webhooks
from services.runtime.outgoing.webhooks import new_message_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from services.records.batches import BatchSummary
    from services.records.tables import JobRow
    from services.records.webhook_tables import WebhookRow


class Events:
    """The outbox of all tenants; an event that nobody listens for is not kept."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def article_extracted(self, job: JobRow, *, attributions: int, at: datetime) -> None:
        """Tell that an article's records are there, and how many."""
        about = _about(job) | {"attributions": attributions}
        self._tell(EventType.EXTRACTED, job.tenant, about, at)

    def article_failed(self, job: JobRow, error: dict[str, Any], *, at: datetime) -> None:
        """Tell that an article's job has failed for good, and with which problem."""
        self._tell(EventType.FAILED, job.tenant, _about(job) | {"error": error}, at)

    def batch_completed(self, batch: BatchSummary, tenant: str, *, at: datetime) -> None:
        """Tell that no line of a batch is waited for any more."""
        about = {
            "batch_id": batch.id,
            "counts": batch.counts,
            "links": {"batch": f"/v1/batches/{batch.id}"},
        }
        self._tell(EventType.BATCH_COMPLETED, tenant, about, at)

    def test(self, webhook: WebhookRow, *, at: datetime) -> EventRow:
        """Make an event for one endpoint, to see whether it is told."""
        about = {"webhook_id": webhook.id, "links": {"webhook": f"/v1/webhooks/{webhook.id}"}}
        event = _event(TEST, webhook.tenant, about, at)
        event.spread_at = at
        self._session.add(event)
        self._session.flush()
        return event

    def forget_older_than(self, moment: datetime) -> None:
        """Remove the events from before `moment` with their deliveries."""
        self._session.execute(delete(EventRow).where(EventRow.created_at < moment))

    def _tell(self, event_type: str, tenant: str, about: dict[str, Any], at: datetime) -> None:
        if Webhooks(self._session, tenant).listening(event_type, tenant):
            self._session.add(_event(event_type, tenant, about, at))
            self._session.flush()


def _event(event_type: str, tenant: str, about: dict[str, Any], at: datetime) -> EventRow:
    told = {"type": event_type, "timestamp": at.isoformat(), "data": about}
    return EventRow(
        id=new_message_id(),
        tenant=tenant,
        type=event_type,
        body=json.dumps(told),
        created_at=at,
    )


def _about(job: JobRow) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "article_id": job.article_id,
        "links": {
            "job": f"/v1/jobs/{job.id}",
            "article": f"/v1/articles/{job.article_id}",
            "attributions": f"/v1/attributions?article_id={job.article_id}",
        },
    }
