"""Batches: articles that came in one request, and what became of each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, exists, func, insert, select

from services.records.jobs import UNFINISHED, Status
from services.records.tables import BatchLineRow, BatchRow, JobRow
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a batch: the job of its article, or the problem that kept it out."""

    number: int
    job_id: str | None = None
    problem: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """How far a batch is."""

    id: str
    counts: dict[str, int]
    rejected: list[dict[str, Any]]
    created_at: datetime
    completed_at: datetime | None

    @property
    def status(self) -> str:
        """`completed` when no line is waited for any more, else `processing`."""
        unfinished = sum(self.counts[status] for status in UNFINISHED)
        return "processing" if unfinished else "completed"


class Batches:
    """The batches of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def begin(self, *, at: datetime) -> str:
        """Open a batch and give its id."""
        batch = BatchRow(id=new_id("bat"), tenant=self._tenant, total=0, created_at=at)
        self._session.add(batch)
        self._session.flush()
        return batch.id

    def add(self, batch_id: str, lines: Sequence[Line]) -> None:
        """Note what became of these lines."""
        if not lines:
            return
        self._session.execute(
            insert(BatchLineRow),
            [
                {
                    "batch_id": batch_id,
                    "line": line.number,
                    "job_id": line.job_id,
                    "problem": line.problem,
                }
                for line in lines
            ],
        )

    def received(self, batch_id: str, total: int, *, at: datetime) -> None:
        """Close the batch: all its lines are known."""
        batch = self._session.scalars(self._mine().where(BatchRow.id == batch_id)).one()
        batch.total = total
        batch.received_at = at

    def get(self, batch_id: str) -> BatchSummary | None:
        """Give the batch with this id and how far it is."""
        batch = self._session.scalars(self._mine().where(BatchRow.id == batch_id)).one_or_none()
        if batch is None:
            return None
        rejected = self._rejected(batch_id)
        by_status = self._by_status(batch_id)
        counts = {"total": batch.total}
        counts |= {str(status): by_status.get(status, 0) for status in Status}
        counts["rejected"] = len(rejected)
        return BatchSummary(batch_id, counts, rejected, batch.created_at, batch.completed_at)

    def complete_done(self, *, at: datetime, limit: int = 100) -> list[BatchRow]:
        """Mark the batches that have just got done and give them."""
        waits = (
            exists()
            .where(BatchLineRow.batch_id == BatchRow.id, BatchLineRow.job_id == JobRow.id)
            .where(JobRow.status.in_(UNFINISHED))
        )
        query = (
            select(BatchRow)
            .where(BatchRow.received_at.is_not(None), BatchRow.completed_at.is_(None), ~waits)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        done = list(self._session.scalars(query))
        for batch in done:
            batch.completed_at = at
        return done

    def _rejected(self, batch_id: str) -> list[dict[str, Any]]:
        query = (
            select(BatchLineRow)
            .where(BatchLineRow.batch_id == batch_id, BatchLineRow.job_id.is_(None))
            .order_by(BatchLineRow.line)
        )
        return [{"line": r.line, "problem": r.problem} for r in self._session.scalars(query)]

    def _by_status(self, batch_id: str) -> dict[str, int]:
        query = (
            select(JobRow.status, func.count())
            .join(BatchLineRow, BatchLineRow.job_id == JobRow.id)
            .where(BatchLineRow.batch_id == batch_id)
            .group_by(JobRow.status)
        )
        return {str(status): int(count) for status, count in self._session.execute(query)}

    def _mine(self) -> Select[BatchRow]:
        query = select(BatchRow)
        return query if self._tenant is None else query.where(BatchRow.tenant == self._tenant)
