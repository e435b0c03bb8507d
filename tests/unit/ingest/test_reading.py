"""Reading foreign pages and feeds within bounds."""

import base64
import subprocess
from datetime import date

import pytest

from services.ingest.feeds import FeedError, parse_feed
from services.ingest.page import PageTooComplex, PageWithoutArticle, read_page
from services.ingest.reading import answer_to, read_feed_within, read_page_within
from tests.unit.ingest.test_feeds import ITEM, rss
from tests.unit.ingest.test_page import LINKED, URL, page


def test_reads_the_same_as_without_bounds() -> None:
    """The process of its own gives back exactly what it read."""
    html = page(LINKED).encode("cp1252")
    found = read_page_within(html, url=URL, charset="cp1252")
    assert found == read_page(html, url=URL, charset="cp1252")
    assert found.published_on == date(2026, 3, 4)
    assert read_feed_within(rss(ITEM), url=URL) == parse_feed(rss(ITEM), url=URL)


def test_errors_come_back_as_they_are() -> None:
    """What is no article or feed is said so with the same words."""
    with pytest.raises(PageWithoutArticle, match="page holds no"):
        read_page_within(b"<html></html>", url=URL)
    with pytest.raises(FeedError, match="neither RSS nor Atom"):
        read_feed_within(b"<html></html>", url=URL)


@pytest.mark.parametrize(
    ("what", "body", "arguments", "answer"),
    [
        ("feed", rss(""), {}, {"title": "Elbtaler Bote", "entries": ()}),
        ("feed", b"", {}, {"error": "What the URL brings is neither RSS nor Atom."}),
        ("page", b"", {}, {"error": "The page holds no text."}),
    ],
)
def test_answers_are_plain_data(
    what: str, body: bytes, arguments: dict[str, str], answer: dict[str, object]
) -> None:
    """What comes back from the reading process is data or a sentence, never code."""
    task = {
        "what": what,
        "body": base64.b64encode(body).decode(),
        "arguments": {"url": URL} | arguments,
    }
    assert answer_to(task) == answer


def test_time_is_bounded() -> None:
    """Pages and feeds that keep their parsers busy for long are given up."""
    lines = page(body="<p>" + "x<br>" * 600_000).encode()
    with pytest.raises(PageTooComplex, match="within 1 seconds"):
        read_page_within(lines, url=URL, seconds=1)
    with pytest.raises(FeedError, match="within 1 seconds"):
        read_feed_within(rss("<a>" * 500_000), url=URL, seconds=1)


def test_memory_is_bounded() -> None:
    """A page that needs more memory than it may have is given up, and the machine stays usable."""
    with pytest.raises(PageTooComplex):
        read_page_within(page(body="<p>x" * 200_000).encode(), url=URL, memory_bytes=150_000_000)


def test_the_reader_does_not_know_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords in the environment stay with us, should a parser ever be taken over."""
    monkeypatch.setenv("BELEG_DATABASE_URL", "postgresql://geheim@db/beleg")
    seen: list[dict[str, str]] = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: (seen.append(k["env"]), run(*a, **k))[1])
    read_page_within(page().encode(), url=URL)
    assert not any(name.startswith("BELEG_") for name in seen[0])
