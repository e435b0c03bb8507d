"""Jobs: what was promised, how far it is, and who works on it.

    queued ──claim──▶ processing ──▶ succeeded | failed
      ▲  └──cancel──▶ canceled           │
      └───────────retry──────────────────┘

Every change of state is one conditional UPDATE, so that of two who try, one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, or_, select, update

from services.records.tables import JobRow
from services.runtime.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from services.records.tables import ArticleRow


class Stage(StrEnum):
    """What has to be done next."""

    FETCH = "fetch"
    EXTRACT = "extract"


class Status(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


UNFINISHED = (Status.QUEUED, Status.PROCESSING)


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that somebody wants to make.

    `by` names the delivery of the task. `redelivered` says that the queue gave the same delivery
    out again because its worker was lost, so that its lease need not be waited for.
    """

    by: str
    stage: Stage
    at: datetime
    lease_until: datetime
    max_attempts: int
    redelivered: bool = False


class Jobs:
    """The jobs of a tenant, or of all where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def add(
        self, article: ArticleRow, *, at: datetime, publish_at: datetime, request_id: str | None
    ) -> JobRow:
        """Promise that this article will be extracted, after it was fetched if need be.

        It is written with what else the session holds, at the latest at the transaction's end.
        """
        job = JobRow(
            id=new_id("job"),
            tenant=article.tenant,
            article_id=article.id,
            request_id=request_id,
            stage=Stage.FETCH if article.text is None else Stage.EXTRACT,
            status=Status.QUEUED,
            attempts=0,
            created_at=at,
            publish_at=publish_at,
        )
        self._session.add(job)
        return job

    def get(self, job_id: str) -> JobRow | None:
        """Give the job with this id."""
        query = self._mine().where(JobRow.id == job_id).execution_options(populate_existing=True)
        return self._session.scalars(query).one_or_none()

    def latest_for(self, article_id: str) -> JobRow | None:
        """Give the youngest job of an article."""
        query = self._mine().where(JobRow.article_id == article_id)
        return self._session.scalars(query.order_by(JobRow.id.desc()).limit(1)).one_or_none()

    def claim(self, job_id: str, claim: Claim) -> JobRow | None:
        """Begin an attempt; None if the job is done, canceled or in somebody else's hands."""
        takeable = or_(
            JobRow.status == Status.QUEUED,
            and_(JobRow.status == Status.PROCESSING, _lost(claim)),
        )
        won = self._change(
            job_id,
            and_(JobRow.stage == claim.stage, takeable, JobRow.attempts < claim.max_attempts),
            status=Status.PROCESSING,
            attempts=JobRow.attempts + 1,
            started_at=func.coalesce(JobRow.started_at, claim.at),
            claimed_by=claim.by,
            lease_until=claim.lease_until,
            publish_at=claim.lease_until,
        )
        return self.get(job_id) if won else None

    def fail_if_used_up(self, job_id: str, claim: Claim, error: dict[str, Any]) -> bool:
        """Fail a job whose attempts are used up and whose last one was lost."""
        return self._change(
            job_id,
            and_(
                JobRow.stage == claim.stage,
                JobRow.status == Status.PROCESSING,
                JobRow.attempts >= claim.max_attempts,
                _lost(claim),
            ),
            status=Status.FAILED,
            error=error,
            completed_at=claim.at,
            lease_until=None,
        )

    def succeed(self, job_id: str, *, by: str, at: datetime) -> bool:
        """Finish the attempt that `by` makes; False if it is not its attempt any more."""
        return self._change(
            job_id,
            _held(by),
            status=Status.SUCCEEDED,
            completed_at=at,
            error=None,
            lease_until=None,
        )

    def fail(self, job_id: str, *, by: str, at: datetime, error: dict[str, Any]) -> bool:
        """End the job for good with a problem that says what happened."""
        return self._change(
            job_id,
            _held(by),
            status=Status.FAILED,
            completed_at=at,
            error=error,
            lease_until=None,
        )

    def advance(self, job_id: str, *, by: str, publish_at: datetime) -> bool:
        """Queue a job whose article has been fetched for its extraction."""
        return self._change(
            job_id,
            _held(by),
            stage=Stage.EXTRACT,
            status=Status.QUEUED,
            attempts=0,
            publish_at=publish_at,
            lease_until=None,
        )

    def put_back(self, job_id: str, *, by: str, publish_at: datetime) -> bool:
        """Give an attempt up; the sweeper publishes the job again at `publish_at`."""
        return self._change(
            job_id, _held(by), status=Status.QUEUED, publish_at=publish_at, lease_until=None
        )

    def postpone(self, job_id: str, *, by: str, publish_at: datetime) -> bool:
        """Give an attempt back that was not made, so that it does not count."""
        return self._change(
            job_id,
            _held(by),
            status=Status.QUEUED,
            attempts=JobRow.attempts - 1,
            publish_at=publish_at,
            lease_until=None,
        )

    def cancel(self, job_id: str, *, at: datetime) -> bool:
        """Cancel a job that is not done; what its attempt may still find is thrown away."""
        return self._change(
            job_id,
            JobRow.status.in_(UNFINISHED),
            status=Status.CANCELED,
            completed_at=at,
            lease_until=None,
        )

    def retry(self, job_id: str, *, publish_at: datetime) -> bool:
        """Queue a job anew that failed or was canceled, with all its attempts."""
        return self._change(
            job_id,
            JobRow.status.in_((Status.FAILED, Status.CANCELED)),
            status=Status.QUEUED,
            attempts=0,
            error=None,
            started_at=None,
            completed_at=None,
            claimed_by=None,
            publish_at=publish_at,
        )

    def take_due(
        self, stage: Stage, *, at: datetime, again_at: datetime, furthest: datetime, limit: int
    ) -> list[JobRow]:
        """Take up to `limit` jobs that are due in this stage, and put them off to `again_at`.

        Nothing is put off beyond `furthest`: what is, was written by a clock that was ahead, so
        it is due, and its lease is worth nothing. Of two sweepers, each job goes to one: rows
        another one holds are passed over.
        """
        due = (
            select(JobRow)
            .where(
                JobRow.status.in_(UNFINISHED),
                JobRow.stage == stage,
                or_(JobRow.publish_at <= at, JobRow.publish_at > furthest),
            )
            .order_by(JobRow.publish_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        jobs = list(self._session.scalars(due))
        for job in jobs:
            job.publish_at = again_at
            if job.lease_until and job.lease_until > furthest:
                job.lease_until = at
        return jobs

    def unfinished_reach(self, limit: int) -> bool:
        """Tell whether at least `limit` jobs are not done; reads no more rows than that."""
        some = self._mine().where(JobRow.status.in_(UNFINISHED)).limit(limit).subquery()
        return (self._session.scalar(select(func.count()).select_from(some)) or 0) >= limit

    def everybodys(self) -> Jobs:
        """Give the jobs of all tenants, in the same transaction."""
        return Jobs(self._session, None)

    def counts(self) -> dict[str, int]:
        """Count the jobs by status."""
        rows = self._session.execute(select(JobRow.status, func.count()).group_by(JobRow.status))
        return {str(status): int(count) for status, count in rows}

    def attempts(self) -> dict[str, int]:
        """Count the attempts made at the jobs, by the jobs' status."""
        made = func.sum(JobRow.attempts)
        rows = self._session.execute(select(JobRow.status, made).group_by(JobRow.status))
        return {str(status): int(count) for status, count in rows}

    def oldest_unfinished(self) -> datetime | None:
        """Tell when the job was created that waits longest."""
        query = select(func.min(JobRow.created_at)).where(JobRow.status.in_(UNFINISHED))
        return self._session.scalar(query)

    def _mine(self) -> Select[JobRow]:
        query = select(JobRow)
        return query if self._tenant is None else query.where(JobRow.tenant == self._tenant)

    def _change(self, job_id: str, condition: ColumnElement[bool], **values: Any) -> bool:
        query = update(JobRow).where(JobRow.id == job_id, condition).values(**values)
        if self._tenant is not None:
            query = query.where(JobRow.tenant == self._tenant)
        result = self._session.execute(query.execution_options(synchronize_session=False))
        assert isinstance(result, CursorResult)  # noqa: S101 - what an UPDATE gives
        return result.rowcount == 1


def _lost(claim: Claim) -> ColumnElement[bool]:
    lost = JobRow.lease_until <= claim.at
    return or_(lost, JobRow.claimed_by == claim.by) if claim.redelivered else lost


def _held(by: str) -> ColumnElement[bool]:
    return and_(JobRow.status == Status.PROCESSING, JobRow.claimed_by == by)
