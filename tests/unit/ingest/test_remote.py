"""Articles and feeds from hosts on the network."""

from datetime import date

import pytest

from services.ingest.feeds import Validators
from services.ingest.page import PageWithoutArticle
from services.ingest.remote import fetch_page, poll_feed
from services.runtime.outgoing.errors import RobotsRefused
from services.runtime.outgoing.fetch import admit_all
from services.runtime.outgoing.policy import FetchPolicy
from services.runtime.outgoing.robots import RulesInMemory, robots_admission
from tests.support.stranger import Stranger, answer, redirect, status
from tests.unit.ingest.test_feeds import ITEM, rss
from tests.unit.ingest.test_page import FIRST, LINKED, SECOND, page

POLICY = FetchPolicy(allowed_private_hosts=frozenset({"127.0.0.1"}))


def test_an_article_comes_from_its_url(stranger: Stranger) -> None:
    """Redirects, charset and metadata come together in one article."""
    stranger.scripts["/kurz"] = redirect("/bruecke")
    stranger.scripts["/bruecke"] = answer(
        page(LINKED).encode("cp1252"), "text/html; charset=latin1"
    )
    found = fetch_page(stranger.url("/kurz"), policy=POLICY, admit=admit_all)
    assert found.text == f"{FIRST}\n{SECOND}"
    assert found.url == stranger.url("/bruecke")
    assert (found.published_on, found.outlet) == (date(2026, 3, 4), "Elbtaler Bote Verlag")


def test_a_page_without_an_article_and_a_closed_door_are_errors(stranger: Stranger) -> None:
    """What cannot be read or may not be fetched is told apart."""
    stranger.scripts["/leer"] = answer(b"<html></html>")
    with pytest.raises(PageWithoutArticle):
        fetch_page(stranger.url("/leer"), policy=POLICY, admit=admit_all)
    stranger.scripts["/robots.txt"] = answer(b"User-agent: *\nDisallow: /", "text/plain")
    admit = robots_admission(POLICY, RulesInMemory())
    with pytest.raises(RobotsRefused):
        fetch_page(stranger.url("/leer"), policy=POLICY, admit=admit)


def test_a_feed_is_asked_for_changes_only(stranger: Stranger) -> None:
    """The second poll sends the validators of the first, and brings nothing when all is old."""
    stranger.scripts["/feed"] = answer(rss(ITEM), "application/rss+xml", ETag='"1"')
    first = poll_feed(stranger.url("/feed"), Validators(), policy=POLICY, admit=admit_all)
    assert first.feed is not None
    assert [entry.id for entry in first.feed.entries] == ["bote-1"]
    stranger.scripts["/feed"] = status(304)
    second = poll_feed(stranger.url("/feed"), first.validators, policy=POLICY, admit=admit_all)
    assert second.feed is None
    assert second.validators == first.validators == Validators(etag='"1"')
    assert stranger.requests[1].headers["if-none-match"] == '"1"'
