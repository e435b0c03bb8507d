"""Both Flask apps on one port, told apart by path as a reverse proxy in front of them would."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.api.app import create_app as create_api
from services.ingest.app import create_app as create_ingest
from services.runtime.logs import configure_logs
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# deploy/nginx.conf says the same; a test holds the two together.
INGEST_PATHS = ("/v1/articles", "/v1/jobs", "/v1/batches", "/v1/feeds")


def is_ingests(path: str) -> bool:
    """Tell whether the path, as the client sent it, belongs to ingest and not to the API."""
    return any(path == own or path.startswith(f"{own}/") for own in INGEST_PATHS)


def dispatch(ingest: WSGIApplication, api: WSGIApplication) -> WSGIApplication:
    """Join the two services' apps into one."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        service = ingest if is_ingests(environ.get("PATH_INFO", "")) else api
        return service(environ, start_response)

    return app


def create_app() -> WSGIApplication:
    """Make the app of `make run` from the settings in the environment."""
    settings = load_settings()
    configure_logs(settings, "http")
    return dispatch(create_ingest(settings), create_api(settings))
