"""Who may do what: keys, scopes, and how many requests in a minute.

Where none is required (on loopback) a request without a key acts for one tenant and may do
everything. A key that is sent is checked everywhere, so that what a key allows can be tried there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog
from flask import g, request

from services.records.keys import Principal
from services.runtime.clock import utcnow
from services.runtime.keys import Scope, allows, parse_key
from services.runtime.problems import Problem
from services.runtime.web import DEFAULT_TENANT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from services.records.store import Store
    from services.runtime.limits import RateLimit

EVERYBODY: Final = Principal(DEFAULT_TENANT, frozenset({Scope.ADMINISTER}))
_CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="beleg"'}


@dataclass(frozen=True, slots=True)
class Guard:
    """Asks for a key on everything below `/v1`.

    `scopes` says which scopes let a method through, by the beginning of the path (the longest
    that fits counts); otherwise reading needs `read` and everything else `administer`.
    """

    store: Store
    limit: RateLimit
    required: bool
    scopes: Mapping[tuple[str, str], tuple[Scope, ...]]

    def watch(self, app: Flask) -> None:
        """Let no request to `app` pass unasked."""
        app.before_request(self._admit)

    def _admit(self) -> None:
        # A browser asks with OPTIONS, and without a key, what it may ask.
        if not request.path.startswith("/v1/") or request.method == "OPTIONS":
            return
        asked = self.required or _scheme() == "bearer"
        principal = self._identify() if asked else EVERYBODY
        g.principal = principal
        g.tenant = principal.tenant
        structlog.contextvars.bind_contextvars(tenant=principal.tenant)
        self.limit.count(principal.key_id or request.remote_addr or "")
        needed = needed_scopes(self.scopes, request.method, request.path)
        if not allows(principal.scopes, needed):
            raise Problem("forbidden", f"This key lacks the scope {' or '.join(needed)}.")

    def _identify(self) -> Principal:
        key = parse_key(_sent_key())
        if key is None:
            detail = "What was sent is not a whole key. " if _sent_key() else ""
            raise Problem(
                "unauthorized",
                f"{detail}Send a key of this installation: Authorization: Bearer beleg_…",
                headers=_CHALLENGE,
            )
        now = utcnow()
        with self.store.reading() as rows:
            principal = rows.keys.principal(key, at=now)
            noting = principal is not None and rows.keys.use_is_due(key.id, at=now)
        if principal is None:
            raise Problem("unauthorized", "This key is not known, or not any more.", (), _CHALLENGE)
        if noting:
            with self.store.transaction() as rows:
                rows.keys.note_use(key.id, at=now)
        return principal


def needed_scopes(
    scopes: Mapping[tuple[str, str], tuple[Scope, ...]], method: str, path: str
) -> tuple[Scope, ...]:
    """Give the scopes of which one is needed to send `method` to `path`; see Guard."""
    asked = "GET" if method == "HEAD" else method
    fitting = [
        (len(known), needed)
        for (by, known), needed in scopes.items()
        if by in (asked, "*") and path.startswith(known)
    ]
    if fitting:
        return max(fitting)[1]
    return (Scope.READ,) if asked == "GET" else (Scope.ADMINISTER,)


def _scheme() -> str:
    return request.headers.get("Authorization", "").partition(" ")[0].lower()


def _sent_key() -> str:
    credentials = request.headers.get("Authorization", "").partition(" ")[2]
    return credentials.strip() if _scheme() == "bearer" else ""
