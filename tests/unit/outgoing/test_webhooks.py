"""Signing and delivering webhooks, and when to try again."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from services.runtime.clock import utcnow
from services.runtime.outgoing.policy import FetchPolicy
from services.runtime.outgoing.webhooks import (
    JITTER,
    RETRY_DELAYS,
    Attempt,
    SecretBox,
    SecretInvalid,
    Verdict,
    classify,
    deliver,
    new_box_key,
    new_message_id,
    new_secret,
    next_attempt_at,
    signed_headers,
)
from tests.support.stranger import Stranger, answer, status

BODY = json.dumps({"type": "article.extracted", "wer": "Bürgermeisterin"}).encode()
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def secret_of(size: int) -> str:
    return "whsec_" + base64.b64encode(bytes(range(size))).decode()


def test_the_standards_own_library_verifies_what_is_signed() -> None:
    """A receiver with the library and the secret accepts the message, and nobody else's."""
    secret = new_secret()
    headers = signed_headers("msg_1", BODY, [secret], at=utcnow())
    assert Webhook(secret).verify(BODY, headers) == json.loads(BODY)
    for body, wrong in ((BODY + b" ", headers), (BODY, headers | {"webhook-id": "msg_2"})):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, wrong)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)


def test_both_secrets_verify_during_a_rotation() -> None:
    """While a secret is rotated the message is signed with the old and the new one."""
    old, new = new_secret(), new_secret()
    headers = signed_headers("msg_1", BODY, [new, old], at=utcnow())
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(BODY, headers)


def test_every_attempt_has_its_own_time_and_the_same_id() -> None:
    """A retry after hours still verifies, since its timestamp is fresh."""
    secret = new_secret()
    first = signed_headers("msg_1", BODY, [secret], at=utcnow() - timedelta(hours=5))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, first)
    second = signed_headers("msg_1", BODY, [secret], at=utcnow())
    Webhook(secret).verify(BODY, second)
    assert first["webhook-id"] == second["webhook-id"]


def test_the_time_zone_of_the_clock_does_not_matter() -> None:
    """The timestamp is the moment, whatever zone it was told in."""
    secret = new_secret()
    berlin = timezone(timedelta(hours=1))
    headers = signed_headers("msg_1", BODY, [secret], at=utcnow().astimezone(berlin))
    Webhook(secret).verify(BODY, headers)
    assert signed_headers("m", BODY, [secret], at=NOW)["webhook-timestamp"] == "1772366400"


@pytest.mark.parametrize("size", [24, 32, 64])
def test_secrets_of_24_to_64_bytes_are_taken(size: int) -> None:
    """The standard's sizes are the ones that are taken."""
    secret = secret_of(size)
    Webhook(secret).verify(BODY, signed_headers("msg_1", BODY, [secret], at=utcnow()))


@pytest.mark.parametrize(
    "secret",
    [secret_of(23), secret_of(65), "", "whsec_", secret_of(32)[6:], "whsec_kein!base64", "whsec_ä"],
)
def test_other_secrets_are_refused(secret: str) -> None:
    """A short or broken secret would sign with hardly anything."""
    with pytest.raises(SecretInvalid):
        signed_headers("msg_1", BODY, [secret], at=NOW)


def test_secrets_and_ids_are_never_the_same_twice() -> None:
    """Both come from randomness; a secret has 32 bytes."""
    assert len({new_secret() for _ in range(100)}) == 100
    assert len({new_message_id() for _ in range(100)}) == 100
    assert new_message_id().startswith("msg_")
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(
    ("code", "headers", "verdict", "wait"),
    [
        (200, {}, Verdict.DELIVERED, None),
        (204, {"retry-after": "5"}, Verdict.DELIVERED, None),
        (299, {}, Verdict.DELIVERED, None),
        (410, {}, Verdict.GONE, None),
        (301, {}, Verdict.RETRY, None),
        (307, {}, Verdict.RETRY, None),
        (304, {}, Verdict.RETRY, None),
        (400, {}, Verdict.RETRY, None),
        (401, {}, Verdict.RETRY, None),
        (404, {}, Verdict.RETRY, None),
        (429, {"retry-after": "90"}, Verdict.RETRY, timedelta(seconds=90)),
        (
            503,
            {"retry-after": "Sun, 01 Mar 2026 12:10:00 GMT"},
            Verdict.RETRY,
            timedelta(minutes=10),
        ),
        (503, {"retry-after": "999999999"}, Verdict.RETRY, timedelta(hours=24)),
        (500, {"retry-after": "bald"}, Verdict.RETRY, None),
        (199, {}, Verdict.RETRY, None),
    ],
)
def test_answers_mean_what_the_standard_says(
    code: int, headers: dict[str, str], verdict: Verdict, wait: timedelta | None
) -> None:
    """2xx is success, 410 the end, everything else a retry that honours Retry-After."""
    assert classify(code, headers, now=lambda: NOW) == Attempt(verdict, code, retry_after=wait)


def test_retries_follow_the_schedule_and_end() -> None:
    """Attempts are due after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h; then it is over."""
    hours = [5 / 3600, 5 / 60, 0.5, 2, 5, 10, 14, 20, 24]
    due = [next_attempt_at(n, now=NOW, jitter=lambda: 0.0) for n in range(1, 11)]
    assert [(d - NOW) / timedelta(hours=1) for d in due if d] == pytest.approx(hours)
    assert due[9] is None


def test_jitter_spreads_retries_within_bounds() -> None:
    """Chance puts an attempt off by a fifth of its delay at most, and not always the same."""
    for attempts, delay in enumerate(RETRY_DELAYS, start=1):
        due = {next_attempt_at(attempts, now=NOW) for _ in range(50)}
        assert len(due) > 10
        assert all(d and delay <= d - NOW <= delay * (1 + JITTER) for d in due)


def test_retry_after_puts_off_but_does_not_hurry() -> None:
    """The later of schedule and Retry-After counts; exhausted is exhausted."""
    for wait, due in ((timedelta(hours=1), timedelta(hours=1)), (timedelta(), RETRY_DELAYS[1])):
        found = next_attempt_at(2, now=NOW, retry_after=wait, jitter=lambda: 0.0)
        assert found == NOW + due
    assert next_attempt_at(10, now=NOW, retry_after=timedelta(hours=1)) is None


def test_delivers_to_a_receiver_that_verifies(stranger: Stranger, policy: FetchPolicy) -> None:
    """What arrives over HTTP is what the library verifies, byte for byte."""
    secret = new_secret()
    stranger.scripts["/hook"] = answer(b"danke")
    attempt = deliver(
        stranger.url("/hook"),
        message_id="msg_1",
        body=BODY,
        signing_secrets=[secret],
        at=utcnow(),
        policy=policy,
    )
    assert attempt == Attempt(Verdict.DELIVERED, 200, b"danke")
    received = stranger.requests[0]
    assert Webhook(secret).verify(received.body, dict(received.headers)) == json.loads(BODY)
    assert received.headers["content-type"] == "application/json"


def test_failures_are_data(stranger: Stranger, policy: FetchPolicy) -> None:
    """Neither a receiver that refuses nor one that may not be reached raises anything."""
    stranger.scripts["/gone"] = status(410)
    stranger.scripts["/busy"] = status(503, Retry_After="60")

    def attempt(url: str) -> Attempt:
        return deliver(
            url,
            message_id="msg_1",
            body=BODY,
            signing_secrets=[new_secret()],
            at=utcnow(),
            policy=policy,
        )

    assert attempt(stranger.url("/gone")).verdict is Verdict.GONE
    assert attempt(stranger.url("/busy")).retry_after == timedelta(seconds=60)
    refused = attempt("http://10.0.0.1/")
    assert (refused.verdict, refused.status) == (Verdict.RETRY, None)
    assert refused.error == "url-address-refused"
    assert refused.detail


def test_secrets_are_encrypted_at_rest() -> None:
    """The store sees neither the secret nor the same thing twice; the key opens it."""
    box, secret = SecretBox([new_box_key()]), new_secret()
    sealed = box.seal(secret)
    assert secret not in sealed
    assert sealed != box.seal(secret)
    assert box.open(sealed) == secret


def test_keys_of_the_box_can_be_changed() -> None:
    """Old and new keys work side by side until the old one is dropped."""
    old, new = new_box_key(), new_box_key()
    secret = new_secret()
    sealed, both = SecretBox([old]).seal(secret), SecretBox([new, old])
    anew = both.seal(both.open(sealed))
    assert SecretBox([new]).open(anew) == secret
    for keys, text in (([new], sealed), ([old], anew), ([new], "kaputt"), ([new], "")):
        with pytest.raises(SecretInvalid, match="No key fits"):
            SecretBox(keys).open(text)


@pytest.mark.parametrize("keys", [[], ["kurz"], [new_box_key(), ""], ["ä" * 44]])
def test_a_box_needs_proper_keys(keys: list[str]) -> None:
    """A wrong key is an error at start-up, with advice."""
    with pytest.raises(SecretInvalid, match="32 bytes"):
        SecretBox(keys)
