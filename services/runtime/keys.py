"""API keys: what they look like, how they are checked, what they allow. Nothing is stored here.

A key is `beleg_<id>_<secret>_<checksum>`. The id finds it in the store, which keeps only a hash
of the secret. The checksum refuses typing errors, and other services' keys, without a look-up,
and lets scanners of leaked secrets recognise a key for sure.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

PREFIX: Final = "beleg"
ID_CHARS: Final = 12
SECRET_CHARS: Final = 43
"""Characters of the secret: 256 bits."""
_CHECKSUM_CHARS: Final = 6
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_KEY: Final = re.compile(
    rf"{PREFIX}_(?P<id>[0-9A-Za-z]{{{ID_CHARS}}})_(?P<secret>[0-9A-Za-z]{{{SECRET_CHARS}}})"
    rf"_(?P<checksum>[0-9A-Za-z]{{{_CHECKSUM_CHARS}}})"
)


class Scope(StrEnum):
    """What a key may be used for."""

    WRITE_ARTICLES = "articles:write"
    READ = "read"
    ADMINISTER = "administer"


class KeyMalformed(ValueError):
    """This is no key, or one with a typing error; the message never holds the key."""


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key as a client sends it, well-formed but not yet verified."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made: `text` is shown once, `secret_hash` is stored."""

    id: str
    text: str = field(repr=False)
    secret_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the store knows it; everything that came with it belongs to its `tenant`."""

    id: str
    secret_hash: str = field(repr=False)
    tenant: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_valid(self, presented: PresentedKey, *, now: datetime) -> bool:
        """Say whether this key was presented and may still be used.

        The secret is compared in constant time, and also where the key has expired, so that the
        time of an answer tells nothing about either.
        """
        matches = verify(presented, self.secret_hash) and presented.id == self.id
        expired = self.expires_at is not None and self.expires_at <= now
        return matches and self.revoked_at is None and not expired

    def allows(self, scope: Scope) -> bool:
        """Say whether this key may be used for `scope`; who administers may do everything."""
        return scope in self.scopes or Scope.ADMINISTER in self.scopes


def new_key() -> NewKey:
    """Make a key out of the system's randomness."""
    identifier, secret = _random(ID_CHARS), _random(SECRET_CHARS)
    body = f"{PREFIX}_{identifier}_{secret}"
    return NewKey(identifier, f"{body}_{_checksum(body)}", hash_secret(secret))


def parse_key(text: str) -> PresentedKey:
    """Take a key apart; raises KeyMalformed for what is no key or has a wrong checksum."""
    found = _KEY.fullmatch(text.strip())
    if found is None:
        raise KeyMalformed("This is not an API key of Beleg: they begin with beleg_.")
    body, _, checksum = found.group().rpartition("_")
    if not hmac.compare_digest(checksum, _checksum(body)):
        raise KeyMalformed("The API key has a typing error, or a part of it is missing.")
    return PresentedKey(found["id"], found["secret"])


def hash_secret(secret: str) -> str:
    """Hash a secret for the store.

    256 random bits cannot be guessed, so a fast hash is enough and each request stays cheap.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def verify(presented: PresentedKey, secret_hash: str) -> bool:
    """Compare the presented secret with a stored hash in constant time."""
    return hmac.compare_digest(hash_secret(presented.secret), secret_hash)


def _random(chars: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(chars))


def _checksum(body: str) -> str:
    number = zlib.crc32(body.encode())
    digits = []
    for _ in range(_CHECKSUM_CHARS):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
