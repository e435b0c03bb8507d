"""RFC 9457 problem details: how Beleg says no, the same way everywhere.

An error of the domain is a `Problem` with a stable code; its page lies at `/problems/{code}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `field` is a dotted path, `location` where it was sent."""

    field: str
    message: str
    location: str = "body"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """An entry of the error catalogue."""

    code: str
    status: HTTPStatus
    title: str
    help: str


CATALOGUE: dict[str, ProblemType] = {
    entry.code: entry
    for entry in (
        ProblemType(
            "malformed-request",
            HTTPStatus.BAD_REQUEST,
            "The request cannot be parsed",
            "The body is not valid JSON, or a header or the request line is broken. "
            "Check the syntax and that the body is encoded as UTF-8.",
        ),
        ProblemType(
            "unauthorized",
            HTTPStatus.UNAUTHORIZED,
            "A key is needed",
            "Send `Authorization: Bearer beleg_…` with a key that is neither expired nor revoked. "
            "Whoever runs the installation makes keys with `python -m services.admin keys create`.",
        ),
        ProblemType(
            "forbidden",
            HTTPStatus.FORBIDDEN,
            "The key does not allow this",
            "Use a key with the scope that `detail` names.",
        ),
        ProblemType(
            "not-found",
            HTTPStatus.NOT_FOUND,
            "There is nothing at this address",
            "The path is not known, or the id it names does not exist (any more).",
        ),
        ProblemType(
            "method-not-allowed",
            HTTPStatus.METHOD_NOT_ALLOWED,
            "This address does not take this method",
            "The `Allow` header names the methods that it takes.",
        ),
        ProblemType(
            "not-acceptable",
            HTTPStatus.NOT_ACCEPTABLE,
            "No format that the client accepts can be served",
            "Leave `Accept` out or name one of the formats in the documentation.",
        ),
        ProblemType(
            "too-slow",
            HTTPStatus.REQUEST_TIMEOUT,
            "The request did not come in time",
            "Send the whole body without long pauses. Nothing was stored.",
        ),
        ProblemType(
            "conflict",
            HTTPStatus.CONFLICT,
            "The present state does not allow this",
            "For instance a job that is done cannot be canceled, and one that runs cannot be "
            "retried. Read the resource again and decide anew.",
        ),
        ProblemType(
            "too-large",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "The request is too large",
            "An article's text and a request's body have a largest size; `errors` names which "
            "one was passed and the limit. Send less at a time.",
        ),
        ProblemType(
            "unsupported-media-type",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body has a content type that is not taken here",
            "Send `Content-Type: application/json`, for a batch of articles "
            "`application/x-ndjson`, without a `Content-Encoding`. The header `Accept` or "
            "`Accept-Encoding` of the answer names what is taken.",
        ),
        ProblemType(
            "invalid-request",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The request does not validate",
            "`errors` names each field and what is wrong with it. Nothing was stored.",
        ),
        ProblemType(
            "too-many-requests",
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too many requests",
            "Wait as long as `Retry-After` says, then try again.",
        ),
        ProblemType(
            "internal-error",
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Beleg made a mistake",
            "This is our fault. The request may be sent again; if it keeps failing, report the "
            "`request_id`.",
        ),
        ProblemType(
            "store-unavailable",
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The store cannot be used at present",
            "Nothing was accepted. Wait as long as `Retry-After` says, then try again.",
        ),
        ProblemType(
            "overloaded",
            HTTPStatus.SERVICE_UNAVAILABLE,
            "Too many articles wait already",
            "Nothing was accepted. Wait as long as `Retry-After` says, then try again.",
        ),
        ProblemType(
            "extraction-failed",
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "The article could not be extracted",
            "The job used up its attempts. `detail` says what happened; the job can be retried.",
        ),
        ProblemType(
            "url-refused",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The URL is not one that Beleg asks",
            "`reason` is the guard's code and `detail` says it in words: only public hosts are "
            "asked, on the usual ports, without passwords in the URL, and as their robots.txt "
            "allows. See docs/fetching.md.",
        ),
        ProblemType(
            "url-unreachable",
            HTTPStatus.BAD_GATEWAY,
            "The URL brought no document",
            "`reason` is a code such as `url-http-status` or `url-timed-out` and `detail` says it "
            "in words. What may pass has been tried several times; the job can be retried.",
        ),
        ProblemType(
            "url-unusable",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "What the URL brought cannot be used",
            "`reason` is a code such as `page-without-article` or `feed-invalid` and `detail` says "
            "it in words. Post the article's text instead of its URL.",
        ),
    )
}
OF_WORK = frozenset({"extraction-failed", "url-refused", "url-unreachable", "url-unusable"})
"""What becomes of accepted work; no request is answered with these."""
_BY_STATUS = {
    int(entry.status): entry
    for entry in reversed(CATALOGUE.values())
    if entry.code not in OF_WORK and entry.code != "overloaded"
}


@dataclass
class Problem(Exception):
    """Something that a client has to be told; `code` is an entry of the catalogue.

    `reason` is a stable code that is finer than the catalogue's, where there is one.
    """

    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None

    def __post_init__(self) -> None:
        """Give the exception its message."""
        super().__init__(self.detail)

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status it is answered with."""
        return CATALOGUE[self.code].status

    def document(self) -> dict[str, Any]:
        """Give the problem as an RFC 9457 object."""
        entry = CATALOGUE[self.code]
        body: dict[str, Any] = {
            "type": f"/problems/{entry.code}",
            "title": entry.title,
            "status": int(entry.status),
            "detail": self.detail,
        }
        if self.reason:
            body["reason"] = self.reason
        if self.errors:
            body["errors"] = [
                {"field": e.field, "message": e.message, "location": e.location}
                for e in self.errors
            ]
        return body


def not_found(what: str, identifier: str) -> Problem:
    """Say that there is no `what` with this id."""
    return Problem("not-found", f"There is no {what} {identifier}.")


def from_status(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Problem:
    """Make a problem of an HTTP error that the framework raised."""
    entry = _BY_STATUS.get(status)
    if entry is None:
        entry = _BY_STATUS[400 if status < HTTPStatus.INTERNAL_SERVER_ERROR else 500]
    return Problem(entry.code, detail, headers=headers or {})


def from_messages(messages: Mapping[str, Any]) -> Problem:
    """Make a problem of marshmallow's messages as webargs nests them: `{location: {field: …}}`."""
    errors = tuple(
        FieldError(path, message, "body" if location == "json" else location)
        for location, fields in messages.items()
        for path, message in _flatten(fields)
    )
    named = ", ".join(dict.fromkeys(e.field for e in errors if e.field))
    return Problem("invalid-request", f"Not valid: {named or 'the request'}.", errors)


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for key, value in messages.items():
            name = "" if key == "_schema" else str(key)
            yield from _flatten(value, ".".join(p for p in (path, name) if p))
    elif isinstance(messages, list):
        for item in messages:
            yield from _flatten(item, path)
    else:
        yield path, str(messages)
