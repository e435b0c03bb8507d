"""What is allowed to be reached."""

import pytest

from services.runtime.outgoing.policy import FetchPolicy


@pytest.fixture
def policy() -> FetchPolicy:
    """Give a policy that lets 127.0.0.1 and zeitung.intern be reached."""
    return FetchPolicy(allowed_private_hosts=frozenset({"127.0.0.1", "zeitung.intern"}))
