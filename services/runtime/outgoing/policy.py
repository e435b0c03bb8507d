"""What an outgoing request may do: limits and exceptions, as one value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PRODUCT: Final = "Beleg"
_DEFAULT_PORTS: Final = frozenset({80, 443})
_PRIVATE_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?")


class PolicyError(ValueError):
    """A setting of the guard is wrong; the message says which and how to mend it."""


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The limits that every outgoing request keeps.

    `allowed_private_hosts` are the exceptions from the rule that an address has to be public: a
    host as it stands in the URL (`wiki.intern`, `127.0.0.1`, `[::1]`), which may then be asked on
    every port, or with one port (`wiki.intern:8080`). `ca_bundle` is a PEM file of certificate
    authorities to trust instead of the usual ones, for an intranet with its own.
    """

    allowed_private_hosts: frozenset[str] = frozenset()
    allowed_ports: frozenset[int] = _DEFAULT_PORTS
    max_redirects: int = 3
    max_bytes: int = 5_000_000
    """Largest answer, in bytes after decompression."""
    deadline_s: float = 20.0
    """Seconds for a whole fetch: names, connections, redirects and the last byte."""
    connect_timeout_s: float = 5.0
    """Seconds to wait for one address of a host, so that there is time for another."""
    version: str = "0.1"
    contact: str = ""
    """A URL or mail address for whoever finds us in their logs; part of the User-Agent."""
    ca_bundle: str | None = None

    def __post_init__(self) -> None:
        """Refuse what would be quietly ineffective."""
        for entry in self.allowed_private_hosts:
            if not _PRIVATE_HOST.fullmatch(entry):
                raise PolicyError(
                    f"BELEG_ALLOWED_PRIVATE_HOSTS names {entry!r}, which is no host: write it in "
                    "lower case (umlauts as xn--) as it stands in a URL, such as wiki.intern, "
                    "wiki.intern:8080, 127.0.0.1 or [::1], without a scheme or a path"
                )
        if any(character in self.contact for character in "\r\n()"):
            raise PolicyError("The contact may not hold brackets or line breaks")

    @property
    def user_agent(self) -> str:
        """What we call ourselves, honestly: product, version, and where to complain."""
        return f"{PRODUCT}/{self.version}" + (f" (+{self.contact})" if self.contact else "")
