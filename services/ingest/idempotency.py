"""Answering a request that is sent again with the answer of the first (`Idempotency-Key`)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask import Response

from services.runtime.problems import FieldError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from services.records.store import Store
    from services.records.tables import IdempotencyRow

HEADER = "Idempotency-Key"
_LONGEST = 255


def read_key(header: str | None) -> str | None:
    """Take the key out of its header, quoted as the standard's draft says, or bare.

    Raises a Problem for what is no key.
    """
    if header is None:
        return None
    bare = header.strip()
    key = bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare
    if not (0 < len(key) <= _LONGEST and key.isascii() and key.isprintable()):
        message = f"Expected 1 to {_LONGEST} printable ASCII characters."
        error = FieldError(HEADER, message, "header")
        raise Problem("invalid-request", f"Not valid: {HEADER}.", (error,))
    return key


def fingerprint_of(body: bytes) -> str:
    """Fingerprint a body, to tell the same request from another."""
    return hashlib.sha256(body).hexdigest()


def answer_once(
    key: str,
    fingerprint: str,
    answer: Callable[[], Response],
    *,
    store: Store,
    tenant: str,
    now: datetime,
) -> Response:
    """Give the answer that the first request with this key got, or find it now.

    A request that fails is forgotten, so that it can be sent again under the same key.

    Raises a Problem while the first request is being answered, and for another request.
    """
    with store.transaction(tenant) as rows:
        known = rows.idempotency.take(key, at=now)
    if known is not None:
        return _replay(known, fingerprint)
    try:
        response = answer()
    except BaseException:
        with store.transaction(tenant) as rows:
            rows.idempotency.release(key)
        raise
    with store.transaction(tenant) as rows:
        rows.idempotency.keep(key, fingerprint=fingerprint, answer=_kept(response))
    return response


def _replay(known: IdempotencyRow, fingerprint: str) -> Response:
    if known.answer is None:
        raise Problem(
            "conflict",
            "The first request with this Idempotency-Key is still being answered.",
            headers={"Retry-After": "1"},
        )
    if known.fingerprint != fingerprint:
        error = FieldError(HEADER, "Used before with another body.", "header")
        raise Problem("invalid-request", "This Idempotency-Key belongs to another body.", (error,))
    response = Response(known.answer["body"], known.answer["status"], known.answer["headers"])
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _kept(response: Response) -> dict[str, Any]:
    names = ("Content-Type", "Location", "Retry-After", "Preference-Applied")
    return {
        "status": response.status_code,
        "headers": {n: response.headers[n] for n in names if n in response.headers},
        "body": response.get_data(as_text=True),
    }
