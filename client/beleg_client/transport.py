"""One HTTP request: with a key, a timeout, and another try where that is safe."""

from __future__ import annotations

from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from beleg_client.errors import ConnectionFailed, ProblemError

_CONNECT_TIMEOUT_S: Final = 5.0
# A request is sent again when the service is away or overloaded. POSTs carry an
# Idempotency-Key or are recognised by their content, so that they are safe to repeat, too.
_RETRIES: Final = Retry(
    total=4,
    backoff_factor=0.3,
    status_forcelist=(429, 502, 503, 504),
    allowed_methods=None,
    respect_retry_after_header=True,
    raise_on_status=False,
)


class Transport:
    """Sends requests to one installation of Beleg."""

    def __init__(self, url: str, api_key: str | None, timeout_s: float) -> None:
        self.url = url.rstrip("/")
        self._timeout = (_CONNECT_TIMEOUT_S, timeout_s)
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=_RETRIES))
        # Who asks whether the service is ready wants to hear that it is not.
        self._session.mount(f"{self.url}/readyz", HTTPAdapter())
        self._session.headers["User-Agent"] = "beleg-client/0.1.0"
        if api_key:
            self._session.headers["Authorization"] = f"Bearer {api_key}"

    def send(
        self, method: str, path: str, *, accept: tuple[int, ...] = (), **options: Any
    ) -> requests.Response:
        """Send a request and give its answer.

        Raises ProblemError for a refusal whose status is not among those to `accept`,
        ConnectionFailed for no answer.
        """
        options.setdefault("timeout", self._timeout)
        try:
            response = self._session.request(method, self.url + path, **options)
        except requests.RequestException as error:
            raise ConnectionFailed(f"{self.url} does not answer: {_reason(error)}") from error
        if not response.ok and response.status_code not in accept:
            raise ProblemError(response.status_code, _problem_of(response))
        return response

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Send a request and read the JSON it is answered with."""
        return self.send(method, path, **options).json()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _problem_of(response: requests.Response) -> dict[str, Any]:
    try:
        problem = response.json()
    except requests.JSONDecodeError:
        problem = None
    if isinstance(problem, dict):
        return problem
    return {"status": response.status_code, "title": response.reason}


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "it took too long"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return str(error)
