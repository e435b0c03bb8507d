"""Whom the client speaks to."""

import pytest

from tests.support.stranger import Stranger


@pytest.fixture
def server(stranger: Stranger) -> Stranger:
    """Give a host that answers in Beleg's stead."""
    return stranger
