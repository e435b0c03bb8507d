"""The pages people read: the documentation of the API and the catalogue of problems.

Everything is served by us, and the content security policy lets nothing else in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, send_from_directory, url_for

from services.runtime.problems import CATALOGUE, not_found

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
# Swagger UI sets styles on elements; scripts come from files of ours alone.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
pages = Blueprint("pages", __name__, template_folder="templates")


@pages.get("/")
def home() -> BaseResponse:
    """Lead to the documentation."""
    return redirect(url_for("pages.docs"))


@pages.get("/openapi.json")
def openapi() -> Response:
    """Serve the OpenAPI document of all services, as `make openapi` wrote it."""
    return send_from_directory(_HERE, "openapi.json", mimetype="application/json")


@pages.get("/docs")
def docs() -> Response:
    """Show the OpenAPI document."""
    return _page("docs.html")


@pages.get("/problems")
def problems() -> Response:
    """Show every problem Beleg answers with."""
    return _page("problems.html", problems=list(CATALOGUE.values()))


@pages.get("/problems/<code>")
def problem(code: str) -> Response:
    """Show one problem."""
    if code not in CATALOGUE:
        raise not_found("problem", code)
    return _page("problems.html", problems=[CATALOGUE[code]])


@pages.get("/static/<path:name>")
def static(name: str) -> Response:
    """Serve a style sheet or script of a page."""
    response = send_from_directory(_STATIC, name)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _page(template: str, **values: object) -> Response:
    response = Response(render_template(template, **values), mimetype="text/html")
    response.headers["Content-Security-Policy"] = _POLICY
    return response
