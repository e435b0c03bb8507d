"""The real servers every test can ask for.

Each pytest process has one Redis and one PostgreSQL of its own, started when a test first asks.
"""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.running import RunningBeleg
from tests.support.stranger import Stranger


@pytest.fixture(scope="session")
def _redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.kill()


@pytest.fixture
def redis_server(_redis: Redis) -> Iterator[Redis]:
    """Give a running, empty Redis, which the test may kill, pause, restart, flush and so on."""
    _redis.start()
    _redis.flush()
    yield _redis
    _redis.resume()


@pytest.fixture
def start_redis(tmp_path: Path) -> Iterator[Callable[[Mapping[str, str]], Redis]]:
    """Start a Redis for this test alone with options of its own, such as `{"maxmemory": "3mb"}`."""
    started: list[Redis] = []

    def start(options: Mapping[str, str]) -> Redis:
        started.append(Redis(tmp_path / f"redis-{len(started)}", options))
        started[-1].start()
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def postgres_server(_postgres: Postgres) -> Iterator[Postgres]:
    """Give a running PostgreSQL, which the test may stop, kill and start."""
    _postgres.start()
    yield _postgres
    _postgres.start()


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """Give the SQLAlchemy URL of a fresh, empty PostgreSQL database."""
    database = postgres_server.create_database()
    yield postgres_server.url(database)
    postgres_server.start()
    postgres_server.drop_database(database)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give the SQLAlchemy URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'beleg.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Give an empty database's SQLAlchemy URL; the test runs once on each kind of store."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    """Give a host on 127.0.0.1 whose answers the test writes."""
    with Stranger() as host:
        yield host


@pytest.fixture(scope="session")
def running_beleg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBeleg]:
    """Give a whole Beleg with all its processes, which the tests share: start from its URL.

    It has a store of its own, so a test may count only on what it posted itself. It may ask hosts
    on 127.0.0.1.
    """
    hosts = {"BELEG_ALLOWED_PRIVATE_HOSTS": "127.0.0.1"}
    running = RunningBeleg(tmp_path_factory.mktemp("beleg"), hosts)
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on what the developer's own environment says."""
    for name in [name for name in os.environ if name.startswith("BELEG_")]:
        monkeypatch.delenv(name)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one, so that nothing goes untested in silence."""
    report = yield
    if _in_ci() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed in CI: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that is skipped."""
    report = yield
    if _in_ci() and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed in CI: {report.longrepr}"
    return report


def _in_ci() -> bool:
    return os.environ.get("CI", "") not in ("", "0", "false")
