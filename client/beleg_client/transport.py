"""One HTTP request: with a key, a timeout, and another try where that is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ReadTimeoutError
from urllib3.util import Retry

from beleg_client.errors import BelegError, ConnectionFailed, ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONNECT_TIMEOUT_S: Final = 5.0
# Sent again when the service is away or overloaded, with a growing pause.
_REPEATABLE: Final = Retry(
    total=4,
    backoff_factor=0.3,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=None,
    respect_retry_after_header=True,
    raise_on_status=False,
)
# What would happen twice if it were done twice is sent again only where it certainly was not done:
# no connection came about, or the service said so.
_ONCE: Final = _REPEATABLE.new(read=0, other=0, status_forcelist=(429, 503))


class Transport:
    """Sends requests to one installation of Beleg."""

    def __init__(self, url: str, api_key: str | None, timeout_s: float) -> None:
        self.url = url.rstrip("/")
        if not _is_address(self.url):
            raise BelegError(f"{url!r} is not an address such as http://127.0.0.1:8000.")
        self._timeout = (_CONNECT_TIMEOUT_S, timeout_s)
        self._repeatable = self._session(_REPEATABLE, api_key)
        self._once = self._session(_ONCE, api_key)

    def send(
        self, method: str, path: str, *, accept: tuple[int, ...] = (), **options: Any
    ) -> requests.Response:
        """Send a request and give its answer.

        Raises ProblemError for a refusal whose status is not among those to `accept`,
        ConnectionFailed for no answer.
        """
        options.setdefault("timeout", self._timeout)
        session = self._repeatable if _is_repeatable(method, options) else self._once
        try:
            response = session.request(method, self.url + path, **options)
        except requests.RequestException as error:
            raise ConnectionFailed(f"{self.url} does not answer: {_reason(error)}") from error
        if not response.ok and response.status_code not in accept:
            raise ProblemError(response.status_code, _problem_of(response))
        return response

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Send a request and read the JSON it is answered with."""
        response = self.send(method, path, **options)
        try:
            return response.json()
        except requests.JSONDecodeError as error:
            raise BelegError(f"{self.url} does not answer with JSON: is it Beleg?") from error

    def blocks(self, path: str, parameters: dict[str, Any], size: int) -> Iterator[bytes]:
        """Stream an answer in blocks of at most `size` bytes.

        Raises ConnectionFailed if it breaks off, so that a part is never taken for the whole.
        """
        with self.send("GET", path, params=parameters, stream=True) as response:
            try:
                yield from response.iter_content(size)
            except requests.RequestException as error:
                raise ConnectionFailed(f"{self.url} broke off in the middle.") from error

    def close(self) -> None:
        """Close the connections."""
        self._repeatable.close()
        self._once.close()

    def _session(self, retries: Retry, api_key: str | None) -> requests.Session:
        session = requests.Session()
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=retries))
        # Who asks whether the service is ready wants to hear that it is not.
        session.mount(f"{self.url}/readyz", HTTPAdapter())
        session.headers["User-Agent"] = "beleg-client/0.1.0"
        if api_key:
            session.headers["Authorization"] = f"Bearer {api_key}"
        return session


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_repeatable(method: str, options: dict[str, Any]) -> bool:
    return method != "POST" or "Idempotency-Key" in options.get("headers", {})


def _problem_of(response: requests.Response) -> dict[str, Any]:
    try:
        problem = response.json()
    except requests.JSONDecodeError:
        problem = None
    if isinstance(problem, dict):
        return problem
    return {"status": response.status_code, "title": response.reason}


def _reason(error: requests.RequestException) -> str:
    # Behind the last of several tries stands what ended it.
    behind = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.Timeout) or isinstance(behind, ReadTimeoutError):
        return "it took too long"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error)
