"""What every Flask app of Beleg has: problems, request ids, logs, health, headers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

import structlog
from flask import Flask, Response, current_app, g, jsonify, request
from flask_cors import CORS
from flask_smorest import Api, Blueprint
from ulid import ULID
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge

from services.runtime.logs import get_logger
from services.runtime.problems import (
    MEDIA_TYPE,
    FieldError,
    Problem,
    from_messages,
    from_status,
)
from services.runtime.reading import JSON, mind_readers
from services.runtime.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Request
    from marshmallow import Schema

    from services.runtime.metrics import Metrics
    from services.runtime.settings import Settings

DEFAULT_TENANT = "default"
_EXPOSED = ["ETag", "Link", "Location", "Retry-After", "X-Request-ID"]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """A dependency that has to answer before the service is ready; `ping` raises if it does not."""

    name: str
    ping: Callable[[], None]


class Paged(Protocol):
    """A page of a list with the cursor of the following one."""

    @property
    def next(self) -> str | None:
        """The cursor, None at the end."""


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest is not typed
    """flask-smorest, answering every error as a problem."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Translate what the framework raises."""
        return problem_response(_problem_of(error))


class StrictParser(FlaskParser):
    """webargs, refusing bodies of other types and query parameters nobody knows."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": "raise", "query": "raise"}  # noqa: RUF012

    def load_json(self, req: Any, schema: Schema) -> Any:  # noqa: ARG002 - webargs' signature
        """Read the body; raises Problems for a wrong type and for broken JSON."""
        if not req.is_json:
            raise _unsupported(req)
        try:
            return req.get_json(cache=False)
        except RequestEntityTooLarge:
            raise
        except (BadRequest, RecursionError):
            raise Problem(
                "malformed-request",
                "The body is not valid JSON encoded as UTF-8.",
                (FieldError("", "Not valid JSON."),),
            ) from None


class StrictBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest is not typed
    """A blueprint whose resources read what they are sent with the strict parser."""

    ARGUMENTS_PARSER = StrictParser()


def make_app(
    name: str, settings: Settings, *, checks: list[Check], metrics: Metrics
) -> tuple[Flask, ProblemApi]:
    """Make a Flask app with everything in place but its resources."""
    app = Flask(name, static_folder=None)
    app.config.update(
        API_TITLE="Beleg",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    _identify_requests(app)
    metrics.watch(app)
    mind_readers(app)
    app.before_request(_refuse_encoded_bodies)
    app.register_error_handler(Problem, problem_response)
    api = ProblemApi(app)
    _add_health(app, checks)
    app.after_request(_harden)
    if settings.origins:
        CORS(app, origins=settings.origins, expose_headers=_EXPOSED, max_age=600)
    return app, api


def link_next(page: Paged) -> Any:
    """Answer with a page, and with a `Link` header to the following one."""
    link = next_link(page)
    return (page, None, {"Link": f'<{link}>; rel="next"'}) if link else page


def next_link(page: Paged) -> str | None:
    """Give the path and query of the page that follows, None at the end."""
    if page.next is None:
        return None
    return f"{request.path}?{urlencode({**request.args.to_dict(), 'cursor': page.next})}"


def current_tenant() -> str:
    """Name the tenant on whose behalf this request acts."""
    return str(g.get("tenant", DEFAULT_TENANT))


def problem_response(problem: Problem) -> Response:
    """Answer with a problem document."""
    body = problem.document() | {"request_id": g.get("request_id")}
    # In ASCII: a client's own words may stand in it, and not all of them can be encoded.
    response = Response(json.dumps(body), problem.status, dict(problem.headers))
    response.content_type = MEDIA_TYPE
    return response


def _unsupported(req: Request) -> Problem:
    """Say which types are taken; a view names them in `takes` where JSON is not the only one."""
    view = current_app.view_functions.get(req.endpoint or "")
    taken = getattr(getattr(view, "view_class", None), "takes", (JSON,))
    return Problem(
        "unsupported-media-type",
        f"Content-Type is {req.mimetype or 'missing'}; {' or '.join(taken)} is expected.",
        headers={"Accept": ", ".join(taken)},
    )


def _refuse_encoded_bodies() -> None:
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding != "identity":
        raise Problem(
            "unsupported-media-type",
            f"Content-Encoding is {coding}; bodies are taken as they are, not compressed.",
            headers={"Accept-Encoding": "identity"},
        )


def _problem_of(error: HTTPException) -> Problem:
    messages = getattr(error, "data", {}).get("messages")
    if messages:
        return from_messages(messages)
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        limit = request.max_content_length
        sizes = FieldError("", f"Longer than {limit} bytes.")
        return Problem("too-large", f"The body is longer than {limit} bytes.", (sizes,))
    detail = error.description or error.name
    if isinstance(error, NotFound):
        detail = f"There is nothing at {request.path}."
    return from_status(status, str(detail), _own_headers(error))


def _own_headers(error: HTTPException) -> Mapping[str, str]:
    return {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in ("content-type", "content-length")
    }


def _identify_requests(app: Flask) -> None:
    @app.before_request
    def begin() -> None:
        sent = request.headers.get("X-Request-ID", "")
        g.request_id = sent if _REQUEST_ID.fullmatch(sent) else str(ULID())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        level = _log.debug if request.path in _QUIET else _log.info
        level("request", method=request.method, path=request.path, status=response.status_code)
        return response


_QUIET = ("/healthz", "/readyz", "/metrics")


def _add_health(app: Flask, checks: list[Check]) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        """Tell that the process answers."""
        return jsonify({"status": "ok"})

    @app.get("/readyz")
    def readyz() -> Response:
        """Tell whether everything answers that the service needs."""
        failures = {check.name: failure for check in checks if (failure := _failure(check))}
        response = jsonify(
            {
                "status": "unavailable" if failures else "ok",
                "checks": {c.name: failures.get(c.name, "ok") for c in checks},
            }
        )
        response.status_code = 503 if failures else 200
        return response


def _failure(check: Check) -> str | None:
    # Whatever a ping raises is what readiness is there to report.
    try:
        check.ping()
    except Exception as error:
        _log.warning("not_ready", check=check.name, error=str(error))
        return type(error).__name__
    return None


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    headers.setdefault("Cache-Control", "no-store")
    return response
