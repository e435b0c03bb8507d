"""One installation of real processes for each kind of store, mended before each test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.records.jobs import Stage
from services.runtime.clock import utcnow
from tests.support.installation import Installation
from tests.support.postgres import Postgres
from tests.support.redis import Redis


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test its time, and keep those together that share an installation.

    A fault may take the whole recovery bound, more than once, on a slow machine.
    """
    for item in items:
        if isinstance(item, pytest.Function) and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(600))
            if installation := _shared_installation(item):
                item.add_marker(pytest.mark.xdist_group(f"faults-{installation}"))


def _shared_installation(item: pytest.Function) -> str | None:
    for kind in ("sqlite", "postgres"):
        if f"beleg_on_{kind}" in item.fixturenames:
            return kind
    if "beleg" not in item.fixturenames:
        return None
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("beleg", item.path.stem)) if callspec else item.path.stem


@pytest.fixture(scope="session")
def sqlite_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("sqlite")
    installation = Installation(folder, Redis(folder / "redis"), f"sqlite:///{folder}/beleg.db")
    yield installation
    installation.stop()


@pytest.fixture(scope="session")
def postgres_installation(
    tmp_path_factory: pytest.TempPathFactory, _postgres: Postgres
) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("postgres")
    _postgres.start()
    url = _postgres.url(_postgres.create_database())
    installation = Installation(folder, Redis(folder / "redis"), url, _postgres)
    yield installation
    installation.stop()


@pytest.fixture(params=["sqlite", "postgres"])
def beleg(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """A running Beleg on either kind of store; its processes may be broken at will."""
    installation: Installation = request.getfixturevalue(f"{request.param}_installation")
    yield from mended(installation)


@pytest.fixture
def beleg_on_sqlite(sqlite_installation: Installation) -> Iterator[Installation]:
    """A running Beleg on SQLite, for what has nothing to do with the kind of store."""
    yield from mended(sqlite_installation)


@pytest.fixture
def beleg_on_postgres(postgres_installation: Installation) -> Iterator[Installation]:
    """A running Beleg on PostgreSQL."""
    yield from mended(postgres_installation)


def mended(installation: Installation) -> Iterator[Installation]:
    installation.mend()
    yield installation
    # What a failed test leaves must not fail the next one as well.
    installation.redis.resume()
    if installation.postgres:
        installation.postgres.start()
    with installation.store.transaction() as rows:
        now = utcnow()
        for stage in Stage:
            for job in rows.jobs.take_due(stage, at=now, again_at=now, furthest=now, limit=999):
                rows.jobs.cancel(job.id, at=now)


@pytest.fixture
def own_installation(
    tmp_path: Path, start_redis: Callable[..., Redis]
) -> Iterator[Callable[..., Installation]]:
    """Start a Beleg for this test alone, on SQLite, with options of Redis and settings."""
    started: list[Installation] = []

    def start(**options: str) -> Installation:
        url = f"sqlite:///{tmp_path}/beleg.db"
        started.append(Installation(tmp_path, start_redis(options), url))
        started[-1].mend()
        return started[-1]

    yield start
    for installation in started:
        installation.stop()
