"""Getting a document from a URL that a stranger named, and posting to one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from email.message import Message
from http import HTTPStatus as Status
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from urllib3.exceptions import HTTPError

from services.runtime.outgoing.connection import exchange
from services.runtime.outgoing.deadline import Deadline
from services.runtime.outgoing.errors import (
    ContentTypeRefused,
    EncodingRefused,
    HttpStatus,
    TooLarge,
    TooManyRedirects,
    UrlInvalid,
)
from services.runtime.outgoing.guard import checked_addresses, parse_target, system_resolver
from services.runtime.outgoing.retry_after import seconds_to_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from urllib3 import BaseHTTPResponse

    from services.runtime.outgoing.guard import Resolver, Target
    from services.runtime.outgoing.policy import FetchPolicy

    Admission = Callable[[Target, Deadline], None]
    """Asked before every hop; may wait within the deadline, and raises an OutgoingError for no."""

HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
FEED: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
    }
)
ANY: Final = frozenset({"*/*"})
POST_DEADLINE_S: Final = 10.0
EXCERPT_BYTES: Final = 2048
_CONDITIONS: Final = frozenset({"If-None-Match", "If-Modified-Since"})
_REDIRECTS: Final = frozenset(
    {
        Status.MOVED_PERMANENTLY,
        Status.FOUND,
        Status.SEE_OTHER,
        Status.TEMPORARY_REDIRECT,
        Status.PERMANENT_REDIRECT,
    }
)
_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document and where it was in the end; header names are in lower case.

    `status` is 200 to 299, or 304 with an empty body where the request was conditional.
    `charset` is the one the Content-Type names, if any.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content_type: str
    charset: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said to a POST: the status, and the beginning of the body for a log."""

    status: int
    headers: Mapping[str, str]
    excerpt: bytes


def admit_all(target: Target, deadline: Deadline) -> None:
    """Admit every request."""


def fetch(
    url: str,
    *,
    policy: FetchPolicy,
    content_types: frozenset[str] = HTML,
    headers: Mapping[str, str] | None = None,
    admit: Admission = admit_all,
    resolve: Resolver = system_resolver,
) -> Fetched:
    """Get the document at `url` within the policy's deadline, following its redirects.

    Each hop is checked as if it had been named first. `headers` are for conditions such as
    If-None-Match. Raises FetchRefused where the policy or `admit` forbids the request, and
    FetchFailed where it brings no document.
    """
    deadline = Deadline(policy.deadline_s)
    sent = _request_headers(policy, content_types) | dict(headers or {})
    for _ in range(policy.max_redirects + 1):
        target = parse_target(url, policy)
        addresses = checked_addresses(target, policy, resolve, deadline)
        admit(target, deadline)
        with exchange(
            "GET", target, addresses, headers=sent, policy=policy, deadline=deadline
        ) as answer:
            location = _redirect(answer)
            if location is None:
                return _document(
                    target,
                    answer,
                    conditional=not _CONDITIONS.isdisjoint(sent),
                    content_types=content_types,
                    policy=policy,
                    deadline=deadline,
                )
            url = _led_on(target, location)
    raise TooManyRedirects(f"The URL leads on more than {policy.max_redirects} times.")


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    policy: FetchPolicy,
    resolve: Resolver = system_resolver,
) -> Answer:
    """Send `body` to `url` within the policy's deadline or 10 seconds, whichever is less.

    Redirects are answers like any other. Raises FetchRefused or FetchFailed when there is none.
    """
    deadline = Deadline(min(policy.deadline_s, POST_DEADLINE_S))
    target = parse_target(url, policy)
    addresses = checked_addresses(target, policy, resolve, deadline)
    sent = {"User-Agent": policy.user_agent, "Accept-Encoding": "identity"} | dict(headers)
    with exchange(
        "POST", target, addresses, headers=sent, body=body, policy=policy, deadline=deadline
    ) as answer:
        return Answer(answer.status, _headers(answer), _excerpt(answer))


def within(policy: FetchPolicy, deadline: Deadline, *, seconds: float) -> FetchPolicy:
    """Narrow `policy` for a request that is made on behalf of another one."""
    return replace(policy, deadline_s=min(seconds, deadline.remaining()))


def _request_headers(policy: FetchPolicy, content_types: frozenset[str]) -> dict[str, str]:
    return {
        "User-Agent": policy.user_agent,
        "Accept": ", ".join(sorted(content_types)),
        "Accept-Encoding": "gzip, deflate",
    }


def _redirect(answer: BaseHTTPResponse) -> str | None:
    location = answer.headers.get("Location")
    if answer.status not in _REDIRECTS or not location:
        return None
    location = location.strip().replace(" ", "%20")
    try:
        # Header bytes arrive as Latin-1; what servers put there unencoded is UTF-8.
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location


def _led_on(target: Target, location: str) -> str:
    try:
        return urljoin(target.url, location)
    except ValueError:
        raise UrlInvalid("The URL leads on to something that is no URL.") from None


def _document(
    target: Target,
    answer: BaseHTTPResponse,
    *,
    conditional: bool,
    content_types: frozenset[str],
    policy: FetchPolicy,
    deadline: Deadline,
) -> Fetched:
    headers = _headers(answer)
    if answer.status == Status.NOT_MODIFIED and conditional:
        return Fetched(target.url, answer.status, headers, "", None, b"")
    _check_status(answer.status, headers)
    content_type, charset = _content_type(headers)
    if content_types.isdisjoint({content_type, "*/*"}):
        raise ContentTypeRefused(
            f"The answer is {_printable(content_type) or 'of no stated type'}, "
            f"not {' or '.join(sorted(content_types))}."
        )
    body = _body(answer, headers, policy.max_bytes)
    if deadline.passed():
        # The watchdog's shutdown looks like the end of a body without a stated length.
        raise deadline.error()
    return Fetched(target.url, answer.status, headers, content_type, charset, body)


def _headers(answer: BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.headers.items()}


def _check_status(status: int, headers: Mapping[str, str]) -> None:
    if Status.OK <= status < Status.MULTIPLE_CHOICES:
        return
    raise HttpStatus(
        status, f"The host answered with status {status}.", retry_after=seconds_to_wait(headers)
    )


def _content_type(headers: Mapping[str, str]) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = headers.get("content-type", "")
    stated = message["Content-Type"].strip() != ""
    return (message.get_content_type() if stated else "", message.get_content_charset())


def _printable(text: str) -> str:
    return "".join(character for character in text[:80] if character.isprintable())


def _body(answer: BaseHTTPResponse, headers: Mapping[str, str], max_bytes: int) -> bytes:
    """Read the body, never holding more than `max_bytes` and a chunk of it decompressed."""
    too_large = TooLarge(f"The answer is larger than {max_bytes} bytes.")
    if headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise EncodingRefused("The answer is compressed in a way that was not asked for.")
    if (answer.length_remaining or 0) > max_bytes:
        raise too_large
    body = bytearray()
    for chunk in answer.stream(_CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > max_bytes:
            raise too_large
    return bytes(body)


def _excerpt(answer: BaseHTTPResponse) -> bytes:
    """Take what has come of the body already; the status is all that counts."""
    try:
        return answer.read1(EXCERPT_BYTES, decode_content=False)
    except (HTTPError, OSError, ValueError):
        return b""
