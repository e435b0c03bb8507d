"""From a web page to the article on it: main text and what the page says about it.

This is pure, and only as fast as the page is decent: regular expressions below trafilatura take
minutes for some hostile pages. `reading.read_page_within` bounds it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urljoin, urlsplit

import trafilatura

from services.ingest.charset import decode_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MIN_TEXT_CHARS: Final = 60
"""Below this, what is left of a page is a cookie notice or `Loading …`, not an article."""
_LANGUAGE: Final = re.compile(r"([a-zA-Z]{2,3})([-_].{0,20})?")
_HOST_PREFIX: Final = re.compile(r"^(www|m|mobile|amp)\.")
# Guessing at dates in the running text or the footer would give wrong ones; none is better.
_DATE: Final = {"extensive_search": False, "original_date": True}


class PageError(Exception):
    """A page brought no article; `code` is stable and the message fit for a client."""

    code: ClassVar[str]


class PageWithoutArticle(PageError):
    """There is no article's text on the page."""

    code = "page-without-article"


class PageTooComplex(PageError):
    """Reading the page took more time or memory than a page is worth."""

    code = "page-too-complex"


@dataclass(frozen=True, slots=True)
class Page:
    """The article on a page: paragraphs of `text` end in a line break.

    `published_on` is the day the page itself names, `language` an ISO 639 code, `outlet` the
    site's name or else its host, `url` the canonical one where the page names one of its own host.
    """

    text: str
    url: str
    title: str | None = None
    author: str | None = None
    published_on: date | None = None
    language: str | None = None
    outlet: str | None = None


def read_page(html: bytes, *, url: str, charset: str | None = None) -> Page:
    """Take the article out of a page that was fetched from `url`.

    `charset` is the one that the Content-Type named. Raises PageWithoutArticle.
    """
    tree = trafilatura.load_html(decode_page(html, charset))
    if tree is None:
        raise PageWithoutArticle("The page holds no text.")
    _drop_broken_json(tree)
    language, site_name = _language(tree), _attribute(tree, _SITE_NAME)
    found: Any = trafilatura.bare_extraction(
        tree,
        url=url,
        include_comments=False,
        with_metadata=True,
        date_extraction_params=_DATE,
    )
    text = _without_title(found.text or "", found.title) if found else ""
    if len(text) < MIN_TEXT_CHARS:
        raise PageWithoutArticle(
            "The page holds no article, as far as can be seen without a browser."
        )
    return Page(
        text=text,
        url=_canonical(found.url, url),
        title=found.title or None,
        author=found.author or None,
        published_on=_date(found.date),
        language=language,
        outlet=site_name or found.sitename or urlsplit(url).hostname,
    )


_SITE_NAME: Final = "//meta[@property='og:site_name']/@content"
_LANGUAGES: Final = (
    "/html/@lang",
    "//meta[@property='og:locale']/@content",
    "//meta[translate(@http-equiv,'CL','cl')='content-language']/@content",
)


def _drop_broken_json(tree: HtmlElement) -> None:
    """Remove linked data that is no JSON; what is guessed from it is slow and often wrong."""
    for script in tree.xpath("//script[contains(@type, 'json')]"):
        try:
            json.loads(script.text or "")
        except (ValueError, RecursionError):
            script.drop_tree()


def _attribute(tree: HtmlElement, path: str) -> str | None:
    values = tree.xpath(path)
    return str(values[0]).strip()[:200] or None if values else None


def _language(tree: HtmlElement) -> str | None:
    for path in _LANGUAGES:
        tag = _LANGUAGE.fullmatch(_attribute(tree, path) or "")
        if tag:
            return tag.group(1).lower()
    return None


def _without_title(text: str, title: str | None) -> str:
    """Drop a headline that is repeated as the first line; it has its own field."""
    first, _, rest = text.strip().partition("\n")
    return rest.strip() if title and first.strip() == title.strip() else text.strip()


def _canonical(stated: str | None, url: str) -> str:
    """Believe a canonical URL of the same host only: a page must not pose as another outlet's."""
    try:
        canonical = urljoin(url, stated or "")
        parts = urlsplit(canonical)
        same = _site(parts.hostname) == _site(urlsplit(url).hostname)
    except ValueError:
        return url
    return (
        canonical if parts.scheme in {"http", "https"} and same and "@" not in parts.netloc else url
    )


def _site(host: str | None) -> str:
    return _HOST_PREFIX.sub("", (host or "").lower().removesuffix("."))


def _date(stated: str | None) -> date | None:
    try:
        return date.fromisoformat((stated or "")[:10])
    except ValueError:
        return None
