"""The proxy sends each path where the development server sends it, and its limits fit ours."""

import json
import re
from pathlib import Path

import pytest

from services.run.http import INGEST_PATHS, is_ingests
from services.runtime import gunicorn
from services.runtime.problems import CATALOGUE, MEDIA_TYPE
from services.runtime.settings import Settings

TEXT = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()


def ingest_rule() -> re.Pattern[str]:
    """Give the pattern of the location whose requests go to ingest."""
    (pattern,) = re.findall(r"location ~ (\S+) \{\s+proxy_pass \$ingest;", TEXT)
    return re.compile(pattern)


def number(name: str) -> int:
    (found,) = re.findall(rf"\b{name}\s+(\d+)", TEXT)
    return int(found)


PATHS = [
    *INGEST_PATHS,
    *(f"{path}/" for path in INGEST_PATHS),
    *(f"{path}/x_1/cancel" for path in INGEST_PATHS),
    *(f"{path}x" for path in INGEST_PATHS),
    *(f"/x{path}" for path in INGEST_PATHS),
    *("/", "/v1", "/v1/", "/v1/attributions", "/v1/sources/src_1", "/v1/facts", "/v1/export"),
    *("/v1/webhooks", "/docs", "/openapi.json", "/healthz", "/readyz", "/V1/ARTICLES"),
]


@pytest.mark.parametrize("path", PATHS)
def test_paths_go_to_the_same_service(path: str) -> None:
    """The proxy and the development server agree about every path."""
    assert bool(ingest_rule().search(path)) == is_ingests(path)


def test_all_other_paths_go_to_the_api() -> None:
    """There is one rule for ingest, one for metrics, and the rest is the API's."""
    assert re.search(r"location / \{\s+proxy_pass \$api;", TEXT)
    assert len(re.findall(r"proxy_pass", TEXT)) == 2


def test_metrics_stay_inside() -> None:
    """Whoever comes through the proxy does not get them."""
    assert re.search(r"location = /metrics \{\s+return 404;", TEXT)


def test_the_service_itself_says_what_is_too_large() -> None:
    """The proxy lets pass a little more than the service does, whose answer names the limit."""
    limit = number("client_max_body_size") * 2**20
    default = Settings.model_fields["max_request_bytes"].default
    assert default < limit < 2 * default


def test_the_service_gives_up_before_the_proxy() -> None:
    """A slow request ends with the service's answer, and kept connections with the proxy's end."""
    assert number("proxy_read_timeout") > gunicorn.timeout
    assert gunicorn.keepalive > number("keepalive_timeout")
    assert number("proxy_connect_timeout") <= 5


@pytest.mark.parametrize("document", re.findall(r"return \d+ '(\{.*\})'", TEXT))
def test_the_proxys_own_errors_are_problems(document: str) -> None:
    """They have the form, the types and the titles of the services' own."""
    problem = json.loads(document)
    assert set(problem) == {"type", "title", "status", "request_id"}
    if problem["type"] != "about:blank":
        known = CATALOGUE[problem["type"].removeprefix("/problems/")]
        assert (problem["title"], problem["status"]) == (known.title, known.status)


def test_every_error_of_the_proxy_is_a_problem() -> None:
    """Each error page has the media type of problem documents."""
    errors = re.findall(r"location @\w+ \{(.*?)\n        \}", TEXT, flags=re.DOTALL)
    assert len(errors) == len(set(re.findall(r"error_page .* (@\w+);", TEXT)))
    assert all(f"default_type {MEDIA_TYPE};" in error for error in errors)
