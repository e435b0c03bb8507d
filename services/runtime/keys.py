"""API keys: what they look like, what they allow, how they are checked.

A key is `beleg_<id>_<secret>_<checksum>`. The id finds its row; of the secret only a hash is
kept; the checksum refuses a mistyped key without asking the store.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from services.runtime.ids import ALPHABET

if TYPE_CHECKING:
    from collections.abc import Collection

_PREFIX: Final = "beleg"
_ID_LENGTH: Final = 16
_SECRET_LENGTH: Final = 40
_CHECKSUM_LENGTH: Final = 8


class Scope(StrEnum):
    """What a key allows; `administer` allows everything."""

    WRITE = "articles:write"
    READ = "read"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key in clear: shown once, when it is made."""

    id: str
    secret: str

    def __str__(self) -> str:
        """Spell the key as its owner sends it."""
        body = f"{_PREFIX}_{self.id}_{self.secret}"
        return f"{body}_{_checksum(body)}"

    def __repr__(self) -> str:
        """Leave the secret out of logs and tracebacks."""
        return f"ApiKey(id={self.id!r})"

    @property
    def secret_hash(self) -> str:
        """What is kept of the secret; it is long and random, so a fast hash is enough."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def opens(self, secret_hash: str) -> bool:
        """Compare with what was kept, in constant time."""
        return hmac.compare_digest(self.secret_hash, secret_hash)


def new_key() -> ApiKey:
    """Make a key nobody can guess."""
    return ApiKey(_random(_ID_LENGTH), _random(_SECRET_LENGTH))


def parse_key(text: str) -> ApiKey | None:
    """Read a key; None for what cannot be one."""
    body, _, checksum = text.rpartition("_")
    parts = body.split("_")
    if not text.isascii() or len(parts) != 3 or parts[0] != _PREFIX:  # noqa: PLR2004
        return None
    if not hmac.compare_digest(checksum, _checksum(body)):
        return None
    return ApiKey(parts[1], parts[2])


def allows(scopes: frozenset[Scope], any_of: Collection[Scope]) -> bool:
    """Tell whether these scopes hold one of those that are needed."""
    return Scope.ADMINISTER in scopes or not scopes.isdisjoint(any_of)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):0{_CHECKSUM_LENGTH}x}"
