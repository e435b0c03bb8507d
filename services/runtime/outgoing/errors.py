"""Why a request was not made, or came to nothing.

Every error has a stable `code` and a message fit for whoever named the URL: it never tells what
a name resolves to or what an address inside our network answers.
"""

from __future__ import annotations

from http import HTTPStatus as Status
from typing import ClassVar


class OutgoingError(Exception):
    """The base of everything that can go wrong with an outgoing request.

    `retryable` says whether the same request may succeed later; `retry_after` is the number of
    seconds that the other side, or our own politeness, asks to wait, where it is known.
    """

    code: ClassVar[str]
    retryable: bool = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class FetchRefused(OutgoingError):
    """Beleg does not make this request, whatever the other side would answer."""


class UrlInvalid(FetchRefused):
    """The URL cannot be read in one way only."""

    code = "url-invalid"


class SchemeRefused(FetchRefused):
    """The URL is neither http nor https."""

    code = "url-scheme-refused"


class CredentialsRefused(FetchRefused):
    """The URL holds a user name or a password."""

    code = "url-credentials-refused"


class PortRefused(FetchRefused):
    """The URL names a port that is not allowed."""

    code = "url-port-refused"


class AddressRefused(FetchRefused):
    """The host is not on the public internet, nor allowed by name."""

    code = "url-address-refused"


class TooManyRedirects(FetchRefused):
    """The URL leads on more often than we follow."""

    code = "url-too-many-redirects"


class RobotsRefused(FetchRefused):
    """The host's robots.txt asks us not to fetch this."""

    code = "url-robots-refused"


class HostBusy(FetchRefused):
    """We have asked this host too often of late; `retry_after` says when its turn is."""

    code = "url-host-busy"
    retryable = True


class FetchFailed(OutgoingError):
    """The request was made and did not bring what was asked for."""

    retryable = True


class HostUnknown(FetchFailed):
    """The host's name does not resolve."""

    code = "url-host-unknown"


class ConnectFailed(FetchFailed):
    """No connection to the host, or none that can be trusted."""

    code = "url-connect-failed"


class TimedOut(FetchFailed):
    """The request as a whole took longer than its deadline."""

    code = "url-timed-out"


class BrokenAnswer(FetchFailed):
    """The answer is not HTTP, or broke off."""

    code = "url-broken-answer"


class RobotsUnreachable(FetchFailed):
    """The host's robots.txt cannot be had, so that nothing may be fetched there for a while."""

    code = "url-robots-unreachable"


class HttpStatus(FetchFailed):
    """The host answered with a status that brings no document; `status` is that status."""

    code = "url-http-status"

    def __init__(self, status: int, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message, retry_after=retry_after)
        self.status = status
        # A document that is not there, or not for us, will not be there in a minute either.
        self.retryable = status in _PASSING or status >= Status.INTERNAL_SERVER_ERROR


_PASSING = frozenset({Status.REQUEST_TIMEOUT, Status.TOO_EARLY, Status.TOO_MANY_REQUESTS})


class TooLarge(FetchFailed):
    """The answer is larger than what we take."""

    code = "url-too-large"
    retryable = False


class ContentTypeRefused(FetchFailed):
    """The answer is not of a type that was asked for."""

    code = "url-content-type-refused"
    retryable = False


class EncodingRefused(FetchFailed):
    """The answer is compressed in a way that was not asked for."""

    code = "url-encoding-refused"
    retryable = False
