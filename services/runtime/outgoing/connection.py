"""One exchange with one host, at an address that was checked before.

urllib3 is told to connect to the address, while the Host header, SNI and the certificate's check
keep the name. It reads no environment: no proxy, no netrc, no cookies.
"""

from __future__ import annotations

import ssl
from contextlib import closing, contextmanager
from http.client import HTTPException
from typing import TYPE_CHECKING, Any

import certifi
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3 import exceptions as urllib3_errors
from urllib3.connection import HTTPConnection, HTTPSConnection

from services.runtime.outgoing.deadline import Watchdog
from services.runtime.outgoing.errors import BrokenAnswer, ConnectFailed, FetchFailed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from urllib3 import BaseHTTPResponse

    from services.runtime.outgoing.deadline import Deadline
    from services.runtime.outgoing.guard import Address, Target
    from services.runtime.outgoing.policy import FetchPolicy


class _WatchedHTTP(HTTPConnection):
    """A connection that the watchdog can shut down."""

    def __init__(self, *args: Any, watchdog: Watchdog, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watchdog = watchdog

    def connect(self) -> None:
        super().connect()
        self._watchdog.guard(self.sock)


class _WatchedHTTPS(HTTPSConnection):
    """The same over TLS; the handshake is bounded by the connect timeout as a whole."""

    def __init__(self, *args: Any, watchdog: Watchdog, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watchdog = watchdog

    def connect(self) -> None:
        super().connect()
        if self.sock is not None:
            self._watchdog.guard(self.sock)


class _WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTP


class _WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPS


@contextmanager
def exchange(
    method: str,
    target: Target,
    addresses: Sequence[Address],
    *,
    headers: Mapping[str, str],
    policy: FetchPolicy,
    deadline: Deadline,
    body: bytes | None = None,
) -> Iterator[BaseHTTPResponse]:
    """Send one request to the first of `addresses` that takes a connection.

    Gives the answer with its body unread; redirects are not followed and nothing is tried twice.
    Raises ConnectFailed, BrokenAnswer or TimedOut, also for what goes wrong while the body is
    read inside the `with`.
    """
    headers = {"Host": target.authority, "Connection": "close"} | dict(headers)
    try:
        with Watchdog(deadline) as watchdog:
            pools = [_pool(target, address, watchdog, policy) for address in addresses]
            ask = _ask(
                pools, method, target.path, body, headers=headers, policy=policy, deadline=deadline
            )
            with closing(ask) as answer:
                # Cut off by the watchdog, headers look like shorter headers.
                deadline.remaining()
                yield answer
    except (urllib3_errors.HTTPError, HTTPException, OSError) as error:
        if deadline.passed() or isinstance(error, urllib3_errors.ReadTimeoutError):
            raise deadline.error() from None
        raise _translated(error) from error


def _pool(
    target: Target, address: Address, watchdog: Watchdog, policy: FetchPolicy
) -> HTTPConnectionPool:
    if target.scheme == "http":
        return _WatchedHTTPPool(str(address), target.port, watchdog=watchdog)
    return _WatchedHTTPSPool(
        str(address),
        target.port,
        watchdog=watchdog,
        cert_reqs=ssl.CERT_REQUIRED,
        ca_certs=policy.ca_bundle or certifi.where(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _ask(
    pools: Sequence[HTTPConnectionPool],
    method: str,
    path: str,
    body: bytes | None,
    *,
    headers: Mapping[str, str],
    policy: FetchPolicy,
    deadline: Deadline,
) -> BaseHTTPResponse:
    for position, pool in enumerate(pools, start=1):
        left = deadline.remaining()
        try:
            return pool.urlopen(
                method,
                path,
                body=body,
                headers=headers,
                retries=False,
                redirect=False,
                timeout=Timeout(connect=min(policy.connect_timeout_s, left), read=left),
                preload_content=False,
            )
        except (urllib3_errors.NewConnectionError, urllib3_errors.ConnectTimeoutError):
            # Nothing was sent, so the next address may be asked without asking twice.
            if position == len(pools):
                raise
    raise AssertionError("a checked host has at least one address")


def _translated(error: Exception) -> FetchFailed:
    # The messages of urllib3 name addresses; a stranger must not learn them from ours.
    match error:
        case urllib3_errors.SSLError():
            return ConnectFailed("The host's certificate or TLS cannot be trusted.")
        case urllib3_errors.NewConnectionError() | urllib3_errors.ConnectTimeoutError():
            return ConnectFailed("The host takes no connection.")
        case urllib3_errors.DecodeError():
            return BrokenAnswer("The answer is not compressed the way its header says.")
        case _:
            return BrokenAnswer("The answer is not HTTP, or broke off.")
