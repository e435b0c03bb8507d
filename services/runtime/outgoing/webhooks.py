"""Webhooks by Standard Webhooks 1.0.0: signing, delivering, and when to try again.

Nothing is stored here: what a delivery comes to is given back as data.
"""

from __future__ import annotations

import base64
import binascii
import random
import secrets
from dataclasses import dataclass
from datetime import UTC, timedelta
from enum import StrEnum
from http import HTTPStatus as Status
from typing import TYPE_CHECKING, Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from standardwebhooks import Webhook

from services.runtime.ids import new_id
from services.runtime.outgoing.errors import OutgoingError
from services.runtime.outgoing.fetch import post
from services.runtime.outgoing.guard import system_resolver
from services.runtime.outgoing.retry_after import seconds_to_wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from services.runtime.outgoing.guard import Resolver
    from services.runtime.outgoing.policy import FetchPolicy

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how a secret begins, not one
SECRET_BYTES: Final = 32
MIN_SECRET_BYTES: Final = 24
MAX_SECRET_BYTES: Final = 64

RETRY_DELAYS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed attempt the next one is due; after the last there is none."""
JITTER: Final = 0.2
"""The largest part of a delay that is added at random, so that retries do not come in waves."""
LONGEST_WAIT: Final = timedelta(hours=24)
"""How much of a Retry-After is honoured."""


class SecretInvalid(ValueError):
    """A webhook secret is not `whsec_` and 24 to 64 bytes in base64, or cannot be decrypted."""


class Verdict(StrEnum):
    """What an attempt to deliver came to."""

    DELIVERED = "delivered"
    RETRY = "retry"
    GONE = "gone"
    """The receiver answered 410: its endpoint is to be disabled."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, as the delivery log keeps it.

    `status` and `excerpt` are the receiver's, `error` is a stable code where there was no answer,
    with its sentence in `detail`. `retry_after` is what the receiver asks to wait.
    """

    verdict: Verdict
    status: int | None = None
    excerpt: bytes = b""
    error: str | None = None
    detail: str | None = None
    retry_after: timedelta | None = None


def new_secret() -> str:
    """Make the secret of an endpoint: `whsec_` and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_message_id() -> str:
    """Name a message; it keeps the name over all its attempts."""
    return new_id("msg")


def signed_headers(
    message_id: str, body: bytes, signing_secrets: Sequence[str], *, at: datetime
) -> dict[str, str]:
    """Sign `body` (UTF-8) with each of the secrets, of which there are two during a rotation.

    `at` is the time of this attempt, not of the first. Raises SecretInvalid.
    """
    # The library takes a time's digits as UTC whatever its zone; these are UTC or wrong.
    moment = at.astimezone(UTC)
    text = body.decode()
    signatures = [_signer(s).sign(message_id, moment, text) for s in signing_secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def deliver(
    url: str,
    *,
    message_id: str,
    body: bytes,
    signing_secrets: Sequence[str],
    at: datetime,
    policy: FetchPolicy,
    resolve: Resolver = system_resolver,
) -> Attempt:
    """Try once to deliver `body` to `url`; never raises for what the other side does.

    A refusal by the guard is retried like a failure, since names and settings change; the
    schedule ends it. Raises SecretInvalid.
    """
    headers = signed_headers(message_id, body, signing_secrets, at=at)
    try:
        answer = post(url, body=body, headers=headers, policy=policy, resolve=resolve)
    except OutgoingError as error:
        return Attempt(Verdict.RETRY, error=error.code, detail=str(error))
    return classify(answer.status, answer.headers, answer.excerpt, now=lambda: at)


def classify(
    status: int,
    headers: Mapping[str, str],
    excerpt: bytes = b"",
    *,
    now: Callable[[], datetime],
) -> Attempt:
    """Say what an answer means: 2xx is success, 410 the end, and everything else a retry."""
    if Status.OK <= status < Status.MULTIPLE_CHOICES:
        return Attempt(Verdict.DELIVERED, status, excerpt)
    if status == Status.GONE:
        return Attempt(Verdict.GONE, status, excerpt)
    wait = seconds_to_wait(headers, now=now)
    return Attempt(
        Verdict.RETRY,
        status,
        excerpt,
        retry_after=None if wait is None else min(timedelta(seconds=wait), LONGEST_WAIT),
    )


def next_attempt_at(
    attempts: int,
    *,
    now: datetime,
    retry_after: timedelta | None = None,
    jitter: Callable[[], float] = random.random,
) -> datetime | None:
    """Say when the next attempt is due after `attempts` failed ones; None when it was the last.

    A Retry-After can put the attempt off, not bring it forward. `jitter` gives 0 to 1.
    """
    if attempts > len(RETRY_DELAYS):
        return None
    delay = RETRY_DELAYS[attempts - 1] * (1 + JITTER * jitter())
    return now + max(delay, retry_after or timedelta())


class SecretBox:
    """Encrypts webhook secrets for the store and decrypts them again.

    The first of `keys` encrypts; all of them decrypt, so that keys can be changed: put the new
    one in front, and drop the old one when every secret has been made anew.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        """Take Fernet keys (`new_box_key`); raises SecretInvalid when one is none."""
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SecretInvalid(
                "A key for webhook secrets has to be 32 bytes in URL-safe base64, and there has "
                "to be one at least"
            ) from None

    def seal(self, secret: str) -> str:
        """Encrypt a secret for the store."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt a secret from the store; raises SecretInvalid when no key fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SecretInvalid("No key fits this webhook secret") from None


def new_box_key() -> str:
    """Make a key for a SecretBox."""
    return Fernet.generate_key().decode()


def _signer(secret: str) -> Webhook:
    try:
        raw = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not (secret.startswith(SECRET_PREFIX) and MIN_SECRET_BYTES <= len(raw) <= MAX_SECRET_BYTES):
        raise SecretInvalid("A webhook secret is whsec_ and 24 to 64 bytes in base64")
    return Webhook(raw)
