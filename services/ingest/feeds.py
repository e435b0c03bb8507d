"""From the bytes of an RSS or Atom feed to its entries.

This is pure; `reading.read_feed_within` bounds its time. Nothing here fetches or opens anything:
feedparser is given a stream, since it would take a string for a URL or the name of a file.
"""

from __future__ import annotations

import hashlib
import html
import io
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urljoin, urlsplit

import feedparser

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_ENTRIES: Final = 500
MAX_TITLE_CHARS: Final = 500
MAX_SUMMARY_CHARS: Final = 5000
MAX_ID_CHARS: Final = 500
_TAG: Final = re.compile(r"<[^<>]*>")


class FeedError(Exception):
    """What was fetched is no feed; `code` is stable and the message fit for a client."""

    code: ClassVar[str] = "feed-invalid"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `id` is the feed's own name for it, and the same whenever it is polled."""

    id: str
    url: str
    title: str | None = None
    published_on: date | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's title and its entries, in the feed's order, each id once."""

    title: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Validators:
    """What a host said last about a feed's version, to be asked for changes only."""

    etag: str | None = None
    last_modified: str | None = None

    def conditions(self) -> dict[str, str]:
        """Give the headers of a conditional request."""
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in named.items() if value}

    def after(self, headers: Mapping[str, str]) -> Validators:
        """Give the validators after an answer with these headers (lower case); 304 keeps them."""
        return replace(
            self,
            etag=headers.get("etag", self.etag),
            last_modified=headers.get("last-modified", self.last_modified),
        )


def validators_of(headers: Mapping[str, str]) -> Validators:
    """Read the validators of a whole answer (status 200) from its headers, in lower case."""
    return Validators().after(headers)


def parse_feed(body: bytes, *, url: str, content_type: str = "") -> Feed:
    """Read the feed that was fetched from `url`, at most its first 500 entries.

    Entries without an http or https link are left out. Raises FeedError when it is no feed.
    """
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type} if content_type else {},
        # Both are for showing foreign HTML, which Beleg does not, and slow on hostile input.
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version"):
        raise FeedError("What the URL brings is neither RSS nor Atom.")
    entries: dict[str, Entry] = {}
    for entry in _entries(parsed.entries, url):
        entries.setdefault(entry.id, entry)
    return Feed(_plain(parsed.feed.get("title"), MAX_TITLE_CHARS), tuple(entries.values()))


def _entries(found: list[Any], url: str) -> Iterator[Entry]:
    for item in found[:MAX_ENTRIES]:
        link = _link(item.get("link"), url)
        if link is not None:
            yield Entry(
                id=_identity(item.get("id") or link),
                url=link,
                title=_plain(item.get("title"), MAX_TITLE_CHARS),
                published_on=_published_on(item),
                summary=_plain(item.get("summary"), MAX_SUMMARY_CHARS),
            )


def _link(stated: str | None, url: str) -> str | None:
    try:
        link = urljoin(url, (stated or "").strip())
        parts = urlsplit(link)
    except ValueError:
        return None
    return link if stated and parts.scheme in {"http", "https"} and parts.hostname else None


def _identity(stated: str) -> str:
    """Keep the feed's id, or its digest where it is too long to be stored."""
    if len(stated) <= MAX_ID_CHARS:
        return stated
    return f"sha256:{hashlib.sha256(stated.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _plain(stated: str | None, max_chars: int) -> str | None:
    """Give the text of a title or summary, which may be HTML, on one line."""
    text = html.unescape(_TAG.sub(" ", (stated or "")[: 4 * max_chars]))
    return " ".join(text.split())[:max_chars] or None


def _published_on(item: Any) -> date | None:
    """Read the day an entry appeared, as the feed's own time zone counts days."""
    stated = _first(item, "published", "updated").strip()[:80]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(stated).date()
        except (ValueError, OverflowError):
            continue
    parsed = _first(item, "published_parsed", "updated_parsed")
    return date(*parsed[:3]) if parsed else None


def _first(item: Any, *names: str) -> Any:
    # Asking for one that is missing makes feedparser look for another, with a warning.
    return next((item[name] for name in names if name in item), None) or ""
