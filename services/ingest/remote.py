"""Articles and feeds from their URLs: the guarded way out, then the bounded reading."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus as Status
from typing import TYPE_CHECKING

from services.ingest.feeds import Feed, Validators, validators_of
from services.ingest.reading import read_feed_within, read_page_within
from services.runtime.outgoing.fetch import FEED, HTML, fetch
from services.runtime.outgoing.guard import system_resolver
from services.runtime.outgoing.pace import TurnsInMemory, in_turn, pace_admission
from services.runtime.outgoing.robots import RulesInMemory, robots_admission

if TYPE_CHECKING:
    from services.ingest.page import Page
    from services.runtime.outgoing.fetch import Admission
    from services.runtime.outgoing.guard import Resolver
    from services.runtime.outgoing.policy import FetchPolicy
    from services.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Poll:
    """What polling a feed brought: no feed where nothing changed since the last time."""

    feed: Feed | None
    validators: Validators


def admission(settings: Settings) -> Admission:
    """Make what every request is asked for: the host's robots.txt, then the host's turn.

    What is known of hosts is kept in it, so a process makes one.
    """
    pace = pace_admission(TurnsInMemory(), interval_s=settings.fetch_interval_s)
    if settings.robots == "ignore":
        return pace
    return in_turn(robots_admission(settings.fetch_policy, RulesInMemory()), pace)


def fetch_page(
    url: str, *, policy: FetchPolicy, admit: Admission, resolve: Resolver = system_resolver
) -> Page:
    """Get the article at `url`.

    Raises OutgoingError where the page cannot be had, PageError where it holds no article.
    """
    found = fetch(url, policy=policy, content_types=HTML, admit=admit, resolve=resolve)
    return read_page_within(found.body, url=found.url, charset=found.charset)


def poll_feed(
    url: str,
    validators: Validators,
    *,
    policy: FetchPolicy,
    admit: Admission,
    resolve: Resolver = system_resolver,
) -> Poll:
    """Ask for the feed at `url` if it changed since `validators`.

    Raises OutgoingError where it cannot be had, FeedError where it is no feed.
    """
    found = fetch(
        url,
        policy=policy,
        content_types=FEED,
        headers=validators.conditions(),
        admit=admit,
        resolve=resolve,
    )
    if found.status == Status.NOT_MODIFIED:
        return Poll(None, validators.after(found.headers))
    content_type = found.headers.get("content-type", "")
    feed = read_feed_within(found.body, url=found.url, content_type=content_type)
    return Poll(feed, validators_of(found.headers))
