"""Accepting articles: the use case behind every 202."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.runtime.problems import FieldError, Problem

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from services.records.articles import NewArticle
    from services.records.store import Store
    from services.records.tables import JobRow
    from services.runtime.queue import Queueing


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The job of an article, and whether the article was not known before."""

    job: JobRow
    new: bool


@dataclass(frozen=True, slots=True)
class Intake:
    """What articles are measured by: the longest text in code points, the queue's head start."""

    max_text_chars: int
    hint_grace: timedelta


def accept(
    article: NewArticle,
    *,
    store: Store,
    queue: Queueing,
    tenant: str,
    request_id: str | None,
    intake: Intake,
    now: datetime,
) -> Acceptance:
    """Store the article with its job, then hint the queue.

    The job row is the promise behind our 202. The hint may be lost: the sweeper publishes
    whatever is due. An article that is known already keeps the job it has.

    Raises a Problem for a text that is too long, StoreUnavailable if nothing could be stored.
    """
    refuse_too_long(article, intake)
    with store.transaction(tenant) as rows:
        row, new = rows.articles.add(article, at=now)
        job = None if new else rows.jobs.latest_for(row.id)
        if job is not None:
            return Acceptance(job, new=False)
        job = rows.jobs.add(row, at=now, publish_at=now + intake.hint_grace, request_id=request_id)
    queue.hint(job.id)
    return Acceptance(job, new=True)


def refuse_too_long(article: NewArticle, intake: Intake) -> None:
    """Raise a Problem if the article's text is longer than is taken."""
    length = len(article.text)
    if length > intake.max_text_chars:
        raise Problem(
            "too-large",
            f"The text has {length} characters; at most {intake.max_text_chars} are taken.",
            (FieldError("text", f"Longer than {intake.max_text_chars} characters."),),
        )
