"""Accepting articles: the use case behind every 202."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.runtime.problems import FieldError, Problem
from services.runtime.queue import Due

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from services.records.articles import NewArticle
    from services.records.store import Rows, Store
    from services.records.tables import JobRow
    from services.runtime.queue import Queueing


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The job of an article, and whether the article was not known before."""

    job: JobRow
    new: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """What is taken.

    Texts of up to `max_text_chars` code points, as long as fewer jobs wait than may; the queue
    has `hint_grace` to start a job before the sweeper steps in.
    """

    max_text_chars: int
    max_unfinished: int
    max_unfinished_per_tenant: int
    hint_grace: timedelta


@dataclass(frozen=True, slots=True)
class Submission:
    """On whose behalf articles come, in which request, and when."""

    tenant: str
    request_id: str | None
    at: datetime


def accept(
    article: NewArticle,
    submission: Submission,
    *,
    store: Store,
    queue: Queueing,
    intake: Intake,
) -> Acceptance:
    """Store the article with its job, then hint the queue.

    The job row is the promise behind our 202. The hint may be lost: the sweeper publishes
    whatever is due. An article that is known already keeps the job it has.

    Raises a Problem for a text that is too long and when too many jobs wait, StoreUnavailable
    if nothing could be stored.
    """
    refuse_too_long(article, intake)
    with store.transaction(submission.tenant) as rows:
        refuse_overload(rows, intake)
        acceptance = admit(article, submission, rows, intake)
    if acceptance.new:
        queue.hint(Due(acceptance.job.id, acceptance.job.stage))
    return acceptance


def admit(article: NewArticle, submission: Submission, rows: Rows, intake: Intake) -> Acceptance:
    """Store the article with its job, inside a transaction, unless it is known."""
    row, new = rows.articles.add(article, at=submission.at)
    known = None if new else rows.jobs.latest_for(row.id)
    if known is not None:
        return Acceptance(known, new=False)
    job = rows.jobs.add(
        row,
        at=submission.at,
        publish_at=submission.at + intake.hint_grace,
        request_id=submission.request_id,
    )
    return Acceptance(job, new=True)


def refuse_too_long(article: NewArticle, intake: Intake) -> None:
    """Raise a Problem if the article's text is longer than is taken."""
    length = len(article.text or "")
    if length > intake.max_text_chars:
        raise Problem(
            "too-large",
            f"The text has {length} characters; at most {intake.max_text_chars} are taken.",
            (FieldError("text", f"Longer than {intake.max_text_chars} characters."),),
        )


def refuse_overload(rows: Rows, intake: Intake) -> None:
    """Raise a Problem if as many jobs wait as may."""
    if rows.jobs.unfinished_reach(intake.max_unfinished_per_tenant):
        raise Problem(
            "too-many-requests",
            f"{intake.max_unfinished_per_tenant} of your articles wait to be extracted; "
            "send more when some are done.",
            headers={"Retry-After": "10"},
        )
    if rows.jobs.everybodys().unfinished_reach(intake.max_unfinished):
        raise Problem(
            "overloaded",
            "As many articles wait to be extracted as this installation takes.",
            headers={"Retry-After": "30"},
        )
