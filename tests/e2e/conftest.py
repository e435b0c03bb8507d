"""A whole installation, started as a user starts it."""

from collections.abc import Iterator

import pytest

from tests.support.running import RunningBeleg


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBeleg]:
    """Beleg as `make run` starts it, on a port of its own; it may ask hosts on 127.0.0.1."""
    hosts = {"BELEG_ALLOWED_PRIVATE_HOSTS": "127.0.0.1"}
    beleg = RunningBeleg(tmp_path_factory.mktemp("installation"), hosts)
    yield beleg
    beleg.stop()
