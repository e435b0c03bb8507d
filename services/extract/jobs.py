"""Running a job: load by id, extract, store. Running it twice changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery.exceptions import SoftTimeLimitExceeded

from services.extract.engine.records import records_of
from services.extract.engine.types import Article
from services.records.attempts import begin, fail, put_back
from services.runtime.logs import get_logger
from services.runtime.problems import Problem

if TYPE_CHECKING:
    from services.extract.engine.types import Engine
    from services.records.attempts import Attempt
    from services.records.jobs import Claim
    from services.records.store import Store
    from services.records.tables import ArticleRow
    from services.runtime.clock import Clock

_log = get_logger(__name__)
_RETRY_AFTER = timedelta(seconds=5)


def run_job(job_id: str, *, store: Store, engine: Engine, claim: Claim, clock: Clock) -> None:
    """Make one attempt at a job, if it is there to be taken.

    The attempt is counted before the work, so that an article that kills its worker fails in
    the end. Records and the job's state are stored in one transaction.

    Raises StoreUnavailable; the job is then taken up again when its lease has run out.
    """
    attempt = begin(job_id, claim, store)
    if attempt is None:
        return
    with attempt.told_of_in_logs():
        _log.info("extraction_started", attempt=attempt.job.attempts)
        try:
            records = extract(attempt.article, engine)
        except SoftTimeLimitExceeded:
            _fail(attempt, "The extraction took longer than is allowed.", store, clock)
        except Exception:
            # The engine promises not to raise; if it does, the job must not hang on it.
            _log.exception("extraction_raised")
            _give_up(attempt, store, clock)
        else:
            _finish(attempt, records, store, clock)


def extract(article: ArticleRow, engine: Engine) -> list[dict[str, Any]]:
    """Find the records of an article, as the engine's own command gives them."""
    given = Article(
        text=article.text or "",
        title=article.title,
        published_on=article.published_on,
        outlet=article.outlet,
        language=article.language,
    )
    return records_of(given, engine.extract(given), engine)


def _finish(attempt: Attempt, records: list[dict[str, Any]], store: Store, clock: Clock) -> None:
    with store.transaction() as rows:
        # The article first, as in a deletion, so that the two cannot wait for each other.
        now = clock()
        wanted = rows.articles.lock(attempt.article.id) and rows.jobs.succeed(
            attempt.job.id, by=attempt.claim.by, at=now
        )
        if wanted:
            rows.attributions.replace(attempt.article, records, at=now)
            rows.events.article_extracted(attempt.job, attributions=len(records), at=now)
    _log.info(
        "extraction_succeeded" if wanted else "extraction_unwanted", attributions=len(records)
    )


def _give_up(attempt: Attempt, store: Store, clock: Clock) -> None:
    if attempt.is_last:
        _fail(attempt, "The engine failed on this article at each attempt.", store, clock)
    else:
        put_back(attempt, store, publish_at=clock() + _RETRY_AFTER * attempt.job.attempts)


def _fail(attempt: Attempt, detail: str, store: Store, clock: Clock) -> None:
    fail(attempt, Problem("extraction-failed", detail), store, at=clock())
