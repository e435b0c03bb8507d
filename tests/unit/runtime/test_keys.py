"""API keys as such."""

import pytest

from services.runtime.keys import Scope, allows, new_key, parse_key


def test_a_key_opens_what_it_was_made_for() -> None:
    """A key survives being written and read, and opens its own hash only."""
    key, other = new_key(), new_key()
    assert parse_key(str(key)) == key
    assert key.opens(key.secret_hash)
    assert not other.opens(key.secret_hash)
    assert key.secret not in repr(key)
    assert len({new_key().secret for _ in range(100)}) == 100


def test_a_mistyped_key_is_no_key() -> None:
    """Every change of one character is noticed without asking the store."""
    text = str(new_key())
    for position, char in enumerate(text):
        changed = text[:position] + ("x" if char != "x" else "y") + text[position + 1 :]
        assert parse_key(changed) is None


@pytest.mark.parametrize("text", ["", "_", "beleg", "beleg_a_b", "a_b_c_d", "é_a_b_c", "a" * 9999])
def test_nonsense_is_no_key(text: str) -> None:
    """Whatever is sent as a key is read without an error."""
    assert parse_key(text) is None


@pytest.mark.parametrize(
    ("has", "needs", "may"),
    [
        ({Scope.READ}, (Scope.READ,), True),
        ({Scope.READ}, (Scope.WRITE,), False),
        ({Scope.READ}, (Scope.READ, Scope.WRITE), True),
        ({Scope.ADMINISTER}, (Scope.WRITE,), True),
        (set(), (Scope.READ,), False),
    ],
)
def test_scopes_allow_what_they_name(has: set[Scope], needs: tuple[Scope, ...], may: bool) -> None:
    """Administering allows everything, any other scope only itself."""
    assert allows(frozenset(has), needs) is may
