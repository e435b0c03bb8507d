"""How every answer to a reader behaves: negotiated, validated by ETag, compressed.

ETags are weak and made of the body, so that they stay true whatever writes the store, and whether
or not an answer is compressed on its way.
"""

from __future__ import annotations

import hashlib
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, current_app, request
from werkzeug.datastructures import MIMEAccept

from services.runtime.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

JSON: Final = "application/json"
_READS: Final = ("GET", "HEAD")
_COMPRESSED: Final = (
    *(JSON, "application/problem+json", "application/ld+json", "application/x-ndjson"),
    *("text/csv", "text/html", "text/css", "text/javascript", "text/plain", "image/svg+xml"),
)
_WORTH_IT_BYTES: Final = 500
_LEVEL: Final = 6
_GZIP: Final = zlib.MAX_WBITS | 16


def mind_readers(app: Flask) -> None:
    """Let the app refuse what it cannot serve, answer 304 where it may, and compress."""
    app.before_request(_refuse_unacceptable)
    # The one registered last comes first: the ETag is made before the answer is compressed.
    app.after_request(_compress)
    app.after_request(_validate)


def preferred(offers: Sequence[str]) -> str:
    """Give the media type that the client likes best, the first one if it does not say.

    Raises a Problem if it accepts none of them.
    """
    if not request.accept_mimetypes:
        return offers[0]
    plain = [(value.partition(";")[0].strip(), q) for value, q in request.accept_mimetypes]
    chosen: str | None = MIMEAccept(plain).best_match(offers)
    if chosen is None:
        raise Problem("not-acceptable", f"Served here: {', '.join(offers)}.")
    return chosen


def _refuse_unacceptable() -> None:
    """Refuse to read what a resource does not serve; `serves` of its view names what it does."""
    if request.method not in _READS or not request.path.startswith("/v1/"):
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None:
        preferred(getattr(getattr(view, "view_class", None), "serves", (JSON,)))


def _validate(response: Response) -> Response:
    if request.method not in _READS or not request.path.startswith("/v1/"):
        return response
    response.vary.add("Accept")
    if response.status_code != HTTPStatus.OK or response.is_streamed:
        return response
    digest = hashlib.sha256(response.get_data()).hexdigest()[:32]
    response.set_etag(digest, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _compress(response: Response) -> Response:
    if response.mimetype not in _COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if (
        request.accept_encodings["gzip"] == 0
        or response.status_code == HTTPStatus.NOT_MODIFIED
        or "Content-Encoding" in response.headers
    ):
        return response
    if response.is_streamed and not response.direct_passthrough:
        response.response = _gzipped(response.iter_encoded())
        response.headers.pop("Content-Length", None)
    else:
        response.direct_passthrough = False
        body = response.get_data()
        if len(body) < _WORTH_IT_BYTES:
            return response
        response.set_data(b"".join(_gzipped([body])))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


def _gzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    for chunk in chunks:
        yield compressor.compress(chunk)
    yield compressor.flush()
