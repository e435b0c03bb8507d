"""Accepting articles: the use case behind every 202."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

from services.runtime.outgoing.errors import OutgoingError
from services.runtime.outgoing.guard import check_target
from services.runtime.problems import FieldError, Problem
from services.runtime.queue import Due

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from services.records.articles import NewArticle
    from services.records.store import Rows, Store
    from services.records.tables import JobRow
    from services.runtime.outgoing.policy import FetchPolicy
    from services.runtime.queue import Queueing
    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The job of an article, and whether the article was not known before."""

    job: JobRow
    new: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """What is taken.

    Texts of up to `max_text_chars` code points, and URLs that `policy` lets be fetched, as long
    as fewer jobs wait than may; the queue has `hint_grace` to start a job before the sweeper
    steps in.
    """

    max_text_chars: int
    max_unfinished: int
    max_unfinished_per_tenant: int
    hint_grace: timedelta
    policy: FetchPolicy

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Give what the settings let be taken."""
        return cls(
            max_text_chars=settings.max_text_chars,
            max_unfinished=settings.max_unfinished_jobs,
            max_unfinished_per_tenant=settings.max_unfinished_jobs_per_tenant,
            hint_grace=timedelta(seconds=settings.hint_grace_s),
            policy=settings.fetch_policy,
        )


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

    Raises a Problem for a text that is too long, a URL that is not fetched, and when too many
    jobs wait; StoreUnavailable if nothing could be stored.
    """
    refuse_unfit(article, intake)
    with store.transaction(submission.tenant) as rows:
        refuse_overload(rows, intake)
        (acceptance,) = admit([article], submission, rows, intake)
    if acceptance.new:
        queue.hint(Due(acceptance.job.id, acceptance.job.stage))
    return acceptance


def admit(
    articles: Sequence[NewArticle], submission: Submission, rows: Rows, intake: Intake
) -> list[Acceptance]:
    """Store articles with their jobs, inside a transaction, those that are not known."""
    jobs: dict[str, JobRow] = {}
    acceptances = []
    for row, new in rows.articles.add_all(articles, at=submission.at):
        known = None if new else jobs.get(row.id) or rows.jobs.latest_for(row.id)
        job = known or rows.jobs.add(
            row,
            at=submission.at,
            publish_at=submission.at + intake.hint_grace,
            request_id=submission.request_id,
        )
        jobs[row.id] = job
        acceptances.append(Acceptance(job, new=known is None))
    rows.session.flush()
    return acceptances


def refuse_unfit(article: NewArticle, intake: Intake) -> None:
    """Raise a Problem if the article's text is too long, or its URL not one to be fetched."""
    if article.text is None:
        refuse_url(article.url or "", intake.policy)
    else:
        refuse_too_long(article.text, intake)


def refuse_url(url: str, policy: FetchPolicy) -> None:
    """Raise a Problem if it is plain that nothing is fetched from this URL."""
    try:
        check_target(url, policy)
    except OutgoingError as error:
        named = FieldError("url", str(error))
        raise Problem("invalid-request", "Not valid: url.", (named,), reason=error.code) from None


def refuse_too_long(text: str, intake: Intake) -> None:
    """Raise a Problem if a text is longer than is taken."""
    length = len(text)
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
