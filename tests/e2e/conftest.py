"""A whole installation, started as a user starts it."""

from collections.abc import Iterator

import pytest

from tests.support.running import RunningBeleg


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBeleg]:
    """Beleg as `make run` starts it, on a port of its own."""
    beleg = RunningBeleg(tmp_path_factory.mktemp("installation"))
    yield beleg
    beleg.stop()
