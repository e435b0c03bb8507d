"""Attempts at jobs: begun by a claim, ended by success, failure, or being put back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.runtime.logs import bound, get_logger
from services.runtime.problems import Problem

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime

    from services.records.jobs import Claim
    from services.records.store import Rows, Store
    from services.records.tables import ArticleRow, JobRow

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job that was claimed, and its article."""

    job: JobRow
    article: ArticleRow
    claim: Claim

    @property
    def is_last(self) -> bool:
        """Whether the job has no attempt left after this one."""
        return self.job.attempts >= self.claim.max_attempts

    def told_of_in_logs(self) -> AbstractContextManager[None]:
        """Name the job, its article and the request it came with in each line of the log."""
        return bound(job_id=self.job.id, request_id=self.job.request_id, article_id=self.article.id)


def begin(job_id: str, claim: Claim, store: Store) -> Attempt | None:
    """Claim a job, if it is there to be taken.

    The attempt is counted before the work, so that an article that kills its worker fails in
    the end: here, when its last attempt was lost.
    """
    with store.transaction() as rows:
        job = rows.jobs.claim(job_id, claim)
        if job is None:
            lost = _all_lost(claim)
            if rows.jobs.fail_if_used_up(job_id, claim, lost.document()):
                _tell_failure(rows, job_id, lost, claim.at)
                _log.error("job_failed", job_id=job_id, reason=lost.detail)
            return None
        article = rows.articles.get(job.article_id)
    return Attempt(job, article, claim) if article else None


def fail(attempt: Attempt, problem: Problem, store: Store, *, at: datetime) -> None:
    """End the job for good with a problem that says what happened."""
    with store.transaction() as rows:
        error = problem.document()
        if rows.jobs.fail(attempt.job.id, by=attempt.claim.by, at=at, error=error):
            rows.events.article_failed(attempt.job, error, at=at)
    _log.error("job_failed", reason=problem.reason or problem.detail)


def put_back(attempt: Attempt, store: Store, *, publish_at: datetime) -> None:
    """Give the attempt up; the job is tried again from `publish_at` on."""
    with store.transaction() as rows:
        rows.jobs.put_back(attempt.job.id, by=attempt.claim.by, publish_at=publish_at)


def _tell_failure(rows: Rows, job_id: str, problem: Problem, at: datetime) -> None:
    job = rows.jobs.get(job_id)
    if job is not None:
        rows.events.article_failed(job, problem.document(), at=at)


def _all_lost(claim: Claim) -> Problem:
    detail = f"Each of {claim.max_attempts} attempts ended with the loss of its worker."
    return Problem("extraction-failed", detail)
