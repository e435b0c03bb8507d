"""API keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.runtime.keys import (
    ApiKey,
    KeyMalformed,
    PresentedKey,
    Scope,
    hash_secret,
    new_key,
    parse_key,
    verify,
)

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def test_a_new_key_is_recognised() -> None:
    """What is shown once is what later verifies, by its id and the hash of its secret."""
    key = new_key()
    presented = parse_key(f" {key.text}\n")
    assert presented.id == key.id
    assert verify(presented, key.secret_hash)
    assert key.secret_hash == hash_secret(presented.secret)
    assert presented.secret not in key.secret_hash


def test_keys_have_the_documented_form() -> None:
    """`beleg_<id>_<secret>_<checksum>`, with 256 bits of secret."""
    prefix, identifier, secret, checksum = new_key().text.split("_")
    assert (prefix, len(identifier), len(secret), len(checksum)) == ("beleg", 12, 43, 6)
    assert len({new_key().text for _ in range(100)}) == 100


def test_every_typing_error_is_noticed() -> None:
    """A character changed, dropped, doubled or swapped is refused without a look-up."""
    text = new_key().text
    wrong = {text[:i] + ("a" if text[i] != "a" else "b") + text[i + 1 :] for i in range(len(text))}
    wrong |= {text[:i] + text[i + 1 :] for i in range(len(text))}
    wrong |= {text[:i] + text[i] + text[i:] for i in range(len(text))}
    wrong |= {text[:i] + text[i + 1] + text[i] + text[i + 2 :] for i in range(len(text) - 1)}
    for changed in wrong - {text}:
        with pytest.raises(KeyMalformed) as caught:
            parse_key(changed)
        assert changed not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "beleg", "beleg___", "Bearer x", "ghp_abc", "beleg_" + "ä" * 63, "x" * 100_000]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    """Other services' tokens and nonsense are told apart from keys."""
    with pytest.raises(KeyMalformed):
        parse_key(text)


def test_another_secret_does_not_verify() -> None:
    """Knowing the id of a key is not knowing the key."""
    key, other = new_key(), parse_key(new_key().text)
    assert not verify(PresentedKey(key.id, other.secret), key.secret_hash)


def test_keys_do_not_show_their_secrets() -> None:
    """Neither a log line nor a traceback that holds a key gives it away."""
    key = new_key()
    presented = parse_key(key.text)
    assert presented.secret not in repr(key) + repr(presented) + repr(stored(key.secret_hash))
    assert key.secret_hash not in repr(key) + repr(stored(key.secret_hash))


def stored(secret_hash: str, *scopes: Scope, identifier: str = "k") -> ApiKey:
    return ApiKey(identifier, secret_hash, "bote", "Redaktion", frozenset(scopes), NOW)


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, True),
        ({"expires_at": NOW + timedelta(seconds=1)}, True),
        ({"expires_at": NOW}, False),
        ({"revoked_at": NOW - timedelta(days=1)}, False),
        ({"secret_hash": hash_secret("anders")}, False),
        ({"id": "anders"}, False),
    ],
)
def test_a_key_is_valid_until_it_expires_or_is_revoked(
    changes: dict[str, object], valid: bool
) -> None:
    """Only the right secret for this very key, within its time, is let in."""
    key = new_key()
    known = replace(stored(key.secret_hash, identifier=key.id), **changes)
    assert known.is_valid(parse_key(key.text), now=NOW) is valid


@pytest.mark.parametrize(
    ("granted", "allowed"),
    [
        ((), set()),
        ((Scope.READ,), {Scope.READ}),
        ((Scope.WRITE_ARTICLES,), {Scope.WRITE_ARTICLES}),
        ((Scope.ADMINISTER,), set(Scope)),
    ],
)
def test_scopes_allow_what_they_name(granted: tuple[Scope, ...], allowed: set[Scope]) -> None:
    """Reading does not write, writing does not read, administering does everything."""
    key = stored("", *granted)
    assert {scope for scope in Scope if key.allows(scope)} == allowed


def test_scopes_are_spelt_as_documented() -> None:
    """The names are part of the API."""
    assert {str(scope) for scope in Scope} == {"articles:write", "read", "administer"}
