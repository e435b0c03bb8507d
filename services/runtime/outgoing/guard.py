"""Which URLs may be asked for, and at which addresses.

A URL is taken apart once; a name is resolved once; every address it has must be allowed, and the
connection then goes to exactly one of those. So a name that changes its mind between the check
and the connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

import idna
from requests_hardened.ip_filter import InvalidIPAddress, get_ip_address

from services.runtime.outgoing.errors import (
    AddressRefused,
    CredentialsRefused,
    HostUnknown,
    PortRefused,
    SchemeRefused,
    UrlInvalid,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.runtime.outgoing.deadline import Deadline
    from services.runtime.outgoing.policy import FetchPolicy

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Resolver = Callable[[str, int], Sequence[str]]
    """Gives the addresses of a host and port as text; raises OSError where there are none."""

MAX_URL_CHARS: Final = 2048
MAX_HOST_CHARS: Final = 253
_SCHEME_PORTS: Final = {"http": 80, "https": 443}
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_BROADCAST: Final = ipaddress.IPv4Address("255.255.255.255")
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
# Spaces, control characters and backslashes are where two readers of one URL disagree.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# What RFC 3986 lets stand in a path or query; everything else is percent-encoded.
_SAFE: Final = "!$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart: `host` in ASCII, lower case, without brackets or a final dot."""

    scheme: str
    host: str
    port: int
    path: str
    """Path and query as they are sent, percent-encoded; begins with a slash."""

    @property
    def authority(self) -> str:
        """Host and port as they stand in a URL and in the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _SCHEME_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt is valid for."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The URL put together again."""
        return self.origin + self.path


def parse_target(url: str, policy: FetchPolicy) -> Target:
    """Take `url` apart, refusing what may not be asked for whatever it resolves to.

    Raises UrlInvalid, SchemeRefused, CredentialsRefused or PortRefused.
    """
    if len(url) > MAX_URL_CHARS:
        raise UrlInvalid(f"The URL is longer than {MAX_URL_CHARS} characters.")
    if _AMBIGUOUS.search(url):
        raise UrlInvalid("The URL holds a space, a backslash or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UrlInvalid("The URL cannot be parsed.") from None
    if parts.scheme not in _SCHEME_PORTS:
        raise SchemeRefused("Only http and https URLs are fetched.")
    if "@" in parts.netloc:
        raise CredentialsRefused("The URL holds a user name or password; leave them out.")
    query = f"?{quote(parts.query, _SAFE)}" if parts.query else ""
    target = Target(
        scheme=parts.scheme,
        host=_normal_host(parts.netloc, parts.hostname),
        port=_SCHEME_PORTS[parts.scheme] if port is None else port,
        path=(quote(parts.path, _SAFE) or "/") + query,
    )
    if target.port not in policy.allowed_ports and not is_named_private(target, policy):
        raise PortRefused(f"Port {target.port} is not one that URLs are fetched from.")
    return target


def check_target(url: str, policy: FetchPolicy) -> Target:
    """Do what `parse_target` does, and refuse hosts of which it is plain what they resolve to.

    It is for telling whoever names a URL at once; what the other names resolve to is checked
    when the request is made. Raises AddressRefused besides.
    """
    target = parse_target(url, policy)
    if not is_named_private(target, policy) and _is_plainly_inside(target.host):
        raise AddressRefused("The URL's host is not on the public internet.")
    return target


def _is_plainly_inside(host: str) -> bool:
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_named_private(target: Target, policy: FetchPolicy) -> bool:
    """Say whether the operator allowed this very host although it is not public."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    return not policy.allowed_private_hosts.isdisjoint({host, f"{host}:{target.port}"})


def _normal_host(netloc: str, hostname: str | None) -> str:
    if not hostname:
        raise UrlInvalid("The URL names no host.")
    if netloc.startswith("["):
        return _literal_ipv6(hostname)
    try:
        host = idna.encode(hostname.removesuffix("."), uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        host = hostname.removesuffix(".")
    labels = host.split(".")
    if not host.isascii() or len(host) > MAX_HOST_CHARS or not all(map(_LABEL.fullmatch, labels)):
        raise UrlInvalid("The URL's host is not a valid name.")
    if _NUMBER.fullmatch(labels[-1]):
        return _literal_ipv4(host)
    return host


def _literal_ipv6(host: str) -> str:
    if "%" in host:
        raise UrlInvalid("The URL's address names a network interface.")
    try:
        return str(ipaddress.IPv6Address(host))
    except ValueError:
        raise UrlInvalid("The URL's host is not a valid address.") from None


def _literal_ipv4(host: str) -> str:
    """Take four decimal numbers only: `127.1`, `0x7f000001` and `0177.0.0.1` hide something."""
    try:
        return str(ipaddress.IPv4Address(host))
    except ValueError:
        raise UrlInvalid("The URL's host is not a valid address.") from None


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of `host`, each once, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked_addresses(
    target: Target, policy: FetchPolicy, resolve: Resolver, deadline: Deadline
) -> list[Address]:
    """Resolve the target's host, once, and check every address that it has.

    One address that is not public refuses the host: a name that points inside as well as
    outside is a mistake or an attack. Raises AddressRefused, HostUnknown or TimedOut.
    """
    addresses = [_address(text) for text in _resolve_in_time(target, resolve, deadline)]
    named = is_named_private(target, policy)
    if not all(_is_unicast(a) if named else is_public(a) for a in addresses):
        raise AddressRefused("The URL's host is not on the public internet.")
    return addresses


def _resolve_in_time(target: Target, resolve: Resolver, deadline: Deadline) -> Sequence[str]:
    # The system's resolver knows no timeout, so a thread waits for it that may be left behind.
    answer: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(resolve(target.host, target.port))
        except (OSError, UnicodeError) as error:
            answer.put(OSError(str(error)))

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        found = answer.get(timeout=deadline.remaining())
    except Empty:
        raise deadline.error() from None
    if isinstance(found, OSError) or not found:
        raise HostUnknown(f"The host {target.host} cannot be resolved.")
    return found


def _address(text: str) -> Address:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise AddressRefused("The URL's host is not on the public internet.") from None


def _is_unicast(address: Address) -> bool:
    return not (address.is_multicast or address.is_unspecified or address == _BROADCAST)


def is_public(address: Address) -> bool:
    """Say whether `address` belongs to one host on the public internet.

    IPv6 has to be global unicast proper. That leaves out every way to write an IPv4 address in
    six (mapped, `::a.b.c.d`, NAT64, 6to4), site-local and unique local addresses. The list of
    requests-hardened has to agree: two lists are forgotten less easily than one.
    """
    if isinstance(address, ipaddress.IPv6Address) and (
        address not in _GLOBAL_UNICAST or address in _SIX_TO_FOUR or address.scope_id
    ):
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    try:
        get_ip_address(str(address), _SCHEME_PORTS["https"], allow_loopback=False)
    except (InvalidIPAddress, OSError):
        return False
    return True
