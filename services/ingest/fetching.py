"""Fetching an article that was posted by its URL: load by id, fetch, fill in, pass on.

Running it twice changes nothing.
"""

from __future__ import annotations

import random
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from services.ingest.failures import TextTooLong, may_pass, pause_after, problem_of
from services.ingest.page import PageError
from services.records.attempts import begin, fail, put_back
from services.records.field_kinds import only_storable
from services.records.jobs import Stage
from services.runtime.logs import get_logger
from services.runtime.outgoing.errors import HostBusy, OutgoingError
from services.runtime.problems import Problem
from services.runtime.queue import Due

if TYPE_CHECKING:
    from collections.abc import Callable

    from services.ingest.failures import FetchingError
    from services.ingest.page import Page
    from services.records.attempts import Attempt
    from services.records.jobs import Claim
    from services.records.store import Store
    from services.runtime.clock import Clock
    from services.runtime.queue import Queueing

    Fetch = Callable[[str], Page]
    """Gets the article at a URL; raises OutgoingError and PageError."""

# As long as what a client may post.
_LONGEST: Final = {"title": 1000, "author": 300, "outlet": 300}
# How long the queue has to start the extraction before the sweeper steps in.
_HINT_GRACE: Final = timedelta(seconds=10)
_log = get_logger(__name__)


def fetch_article(
    job_id: str,
    *,
    store: Store,
    fetch: Fetch,
    queue: Queueing,
    claim: Claim,
    max_text_chars: int,
    clock: Clock,
) -> None:
    """Make one attempt at fetching a job's article, if it is there to be taken.

    What may pass is tried again later, everything else fails the job with a problem whose
    `reason` is the guard's code. A host that is asked too often by us costs no attempt.

    Raises StoreUnavailable; the job is then taken up again when its lease has run out.
    """
    attempt = begin(job_id, claim, store)
    if attempt is None:
        return
    with attempt.told_of_in_logs():
        _log.info("fetch_started", attempt=attempt.job.attempts)
        try:
            found = taken_from(fetch(attempt.article.url or ""), max_text_chars=max_text_chars)
        except HostBusy as busy:
            _wait_for_turn(attempt, busy, store, clock)
        except (OutgoingError, PageError) as error:
            _give_up(attempt, error, store, clock)
        except Exception:
            # Whatever a strange page makes of our readers, its job must not hang on it.
            _log.exception("fetch_raised")
            problem = Problem("url-unusable", "Beleg cannot read this page.", reason="page-broken")
            fail(attempt, problem, store, at=clock())
        else:
            if _store(attempt, found, store, clock):
                queue.hint(Due(job_id, Stage.EXTRACT))


def taken_from(page: Page, *, max_text_chars: int) -> dict[str, Any]:
    """Give the columns of an article that a page fills; raises TextTooLong."""
    found = {
        name: only_storable(value) if isinstance(value, str) else value
        for name, value in asdict(page).items()
    }
    if len(found["text"]) > max_text_chars:
        raise TextTooLong(f"The page's text has more than {max_text_chars} characters.")
    for name, longest in _LONGEST.items():
        found[name] = (found[name] or "")[:longest].strip() or None
    return found


def _store(attempt: Attempt, found: dict[str, Any], store: Store, clock: Clock) -> bool:
    """Fill the article in and pass its job on; False if nobody wants it any more."""
    with store.transaction() as rows:
        # The article first, as in a deletion, so that the two cannot wait for each other.
        locked = rows.articles.lock(attempt.article.id)
        wanted = locked and rows.jobs.advance(
            attempt.job.id, by=attempt.claim.by, publish_at=clock() + _HINT_GRACE
        )
        if wanted:
            rows.articles.fill(attempt.article.id, found)
    _log.info("fetch_succeeded" if wanted else "fetch_unwanted", characters=len(found["text"]))
    return wanted


def _wait_for_turn(attempt: Attempt, busy: HostBusy, store: Store, clock: Clock) -> None:
    """Let the job wait; the longer it has, the less often it asks for its turn."""
    now = clock()
    waited = now - attempt.job.created_at
    pause = timedelta(seconds=busy.retry_after or 0) + waited / 4 * (1 + random.random())  # noqa: S311
    with store.transaction() as rows:
        rows.jobs.postpone(attempt.job.id, by=attempt.claim.by, publish_at=now + _short(pause))


def _short(pause: timedelta) -> timedelta:
    return min(pause, timedelta(minutes=5))


def _give_up(attempt: Attempt, error: FetchingError, store: Store, clock: Clock) -> None:
    if attempt.is_last or not may_pass(error):
        fail(attempt, problem_of(error), store, at=clock())
        return
    pause = pause_after(error, attempt.job.attempts)
    _log.info("fetch_put_back", reason=error.code, seconds=round(pause.total_seconds()))
    put_back(attempt, store, publish_at=clock() + pause)
