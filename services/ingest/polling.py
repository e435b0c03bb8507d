"""Polling a feed: ask for what changed, and take each new entry in as an article, once."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from services.ingest.accept import Submission, admit, refuse_overload, refuse_unfit
from services.ingest.failures import problem_of
from services.ingest.feeds import FeedError, Validators
from services.records.articles import NewArticle
from services.records.feeds import release
from services.records.field_kinds import only_storable
from services.runtime.logs import bound, get_logger
from services.runtime.outgoing.errors import HostBusy, HttpStatus, OutgoingError
from services.runtime.problems import Problem
from services.runtime.queue import Due

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.ingest.accept import Intake
    from services.ingest.failures import FetchingError
    from services.ingest.feeds import Entry
    from services.ingest.remote import Poll
    from services.records.feed_tables import FeedRow
    from services.records.feeds import Polling
    from services.records.store import Rows, Store
    from services.runtime.clock import Clock
    from services.runtime.queue import Queueing

    Ask = Callable[[str, Validators], Poll]
    """Gets the feed at a URL if it changed; raises OutgoingError and FeedError."""

LONGEST_PAUSE: Final = timedelta(hours=24)
# One transaction holds the write lock for as long as this many articles take.
_ENTRIES_A_TRANSACTION: Final = 50
_log = get_logger(__name__)


def poll(
    feed_id: str,
    *,
    store: Store,
    ask: Ask,
    queue: Queueing,
    polling: Polling,
    intake: Intake,
    clock: Clock,
) -> None:
    """Poll a feed, if it is due and nobody else does.

    What goes wrong stands on the feed, which is then polled less and less often; one that is gone
    (410) is polled no more. Entries are remembered with their articles, so that a poll that
    breaks off is continued by the next one.

    Raises StoreUnavailable; the feed is then due again when the lease has run out.
    """
    with store.transaction() as rows:
        feed = rows.feeds.claim(feed_id, polling)
    if feed is None:
        return
    with bound(feed_id=feed_id, tenant=feed.tenant):
        try:
            found = ask(feed.url, Validators(feed.etag, feed.last_modified))
            new = _take_in(feed, found, store=store, queue=queue, intake=intake, now=clock())
        except HostBusy as busy:
            _wait_for_turn(feed, busy, store, clock())
        except (OutgoingError, FeedError) as error:
            _note_failure(feed, problem_of(error), store, clock(), error)
        except Problem as problem:
            _note_failure(feed, problem, store, clock())
        else:
            _note_success(feed, found, store, clock())
            _log.info("feed_polled", changed=found.feed is not None, articles=new)


def _take_in(
    feed: FeedRow, found: Poll, *, store: Store, queue: Queueing, intake: Intake, now: datetime
) -> int:
    """Accept an article for each entry not seen before; gives their number.

    Raises a Problem when too many jobs wait; what was taken in until then stays.
    """
    entries = iter(found.feed.entries if found.feed else ())
    new = 0
    while some := list(islice(entries, _ENTRIES_A_TRANSACTION)):
        with store.transaction(feed.tenant) as rows:
            refuse_overload(rows, intake)
            due = _admit_unseen(rows, feed, some, intake, now)
        for job in due:
            queue.hint(job)
        new += len(due)
    return new


def _admit_unseen(
    rows: Rows, feed: FeedRow, entries: list[Entry], intake: Intake, now: datetime
) -> list[Due]:
    unseen = rows.feeds.unseen(feed.id, [entry.id for entry in entries])
    submission = Submission(feed.tenant, None, now)
    new = []
    for entry in entries:
        if entry.id not in unseen:
            continue
        article = _article_of(entry, feed)
        article_id = None
        if _is_fit(article, intake):
            (acceptance,) = admit([article], submission, rows, intake)
            article_id = acceptance.job.article_id
            if acceptance.new:
                new.append(Due(acceptance.job.id, acceptance.job.stage))
        rows.feeds.remember(feed.id, entry.id, article_id, at=now)
    held = rows.feeds.get(feed.id)
    if held is not None:
        held.entries_seen += len(unseen)
    return new


def _article_of(entry: Entry, feed: FeedRow) -> NewArticle:
    return NewArticle(
        text=None,
        url=entry.url,
        title=only_storable(entry.title or "").strip() or None,
        published_on=entry.published_on,
        outlet=feed.outlet,
        language=feed.language,
        metadata={"feed_id": feed.id},
    )


def _is_fit(article: NewArticle, intake: Intake) -> bool:
    try:
        refuse_unfit(article, intake)
    except Problem as problem:
        _log.info("entry_refused", reason=problem.reason)
        return False
    return True


def _note_success(feed: FeedRow, found: Poll, store: Store, now: datetime) -> None:
    values: dict[str, Any] = {
        "etag": found.validators.etag,
        "last_modified": found.validators.last_modified,
        "failures": 0,
        "last_error": None,
    }
    if found.feed is not None:
        values["title"] = only_storable(found.feed.title or "").strip() or None
    _note(feed, values, store, now, timedelta(minutes=feed.every_minutes))


def _note_failure(
    feed: FeedRow,
    problem: Problem,
    store: Store,
    now: datetime,
    error: FetchingError | None = None,
) -> None:
    values: dict[str, Any] = {"failures": feed.failures + 1, "last_error": problem.document()}
    if isinstance(error, HttpStatus) and error.status == HTTPStatus.GONE:
        values["enabled"] = False
    asked = timedelta(seconds=getattr(error, "retry_after", None) or 0)
    _note(feed, values, store, now, pause_after(feed.every_minutes, feed.failures + 1, asked))
    _log.warning("feed_failed", reason=problem.reason or problem.code, failures=feed.failures + 1)


def pause_after(every_minutes: int, failures: int, asked: timedelta = timedelta()) -> timedelta:
    """Say how long a feed is left alone after so many failures: twice as long with each.

    A day at most, unless it is polled less often anyway; `asked` is what its host asks to wait.
    """
    every = timedelta(minutes=every_minutes)
    grown: timedelta = every * 2 ** min(failures, 20)
    return min(max(grown, asked), max(every, LONGEST_PAUSE))


def _note(
    feed: FeedRow, values: dict[str, Any], store: Store, now: datetime, pause: timedelta
) -> None:
    with store.transaction() as rows:
        held = rows.feeds.held(feed.id, by=feed.claimed_by or "")
        if held is None:
            return
        for name, value in values.items():
            setattr(held, name, value)
        held.last_polled_at = now
        release(held, next_poll_at=now + pause)


def _wait_for_turn(feed: FeedRow, busy: HostBusy, store: Store, now: datetime) -> None:
    with store.transaction() as rows:
        held = rows.feeds.held(feed.id, by=feed.claimed_by or "")
        if held is not None:
            release(held, next_poll_at=now + timedelta(seconds=busy.retry_after or 0))
