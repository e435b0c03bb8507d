"""A stranger's host, and what is allowed to reach it."""

from collections.abc import Iterator

import pytest

from services.runtime.outgoing.policy import FetchPolicy
from tests.support.stranger import Stranger


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    """Give a host on 127.0.0.1 whose answers the test writes."""
    with Stranger() as host:
        yield host


@pytest.fixture
def policy() -> FetchPolicy:
    """Give a policy that lets 127.0.0.1 and zeitung.intern be reached."""
    return FetchPolicy(allowed_private_hosts=frozenset({"127.0.0.1", "zeitung.intern"}))
