"""A store that is stopped, locked or full: 503 and never a 202, and all of it recovers."""

import multiprocessing
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.records.store import open_store
from services.runtime.settings import Settings
from tests.support.installation import Installation


def test_postgresql_restarting_in_mid_batch_loses_nothing(beleg_on_postgres: Installation) -> None:
    """While it is away: 503 and a red /readyz; when it is back, everything is done once."""
    beleg = beleg_on_postgres
    assert beleg.postgres
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=8)
    gate.wait_begun(2)
    beleg.postgres.kill()
    refused = beleg.post(beleg.article())
    assert refused.status_code == 503
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert int(refused.headers["Retry-After"]) > 0
    assert beleg.readiness()["checks"]["store"] == "StoreUnavailable"
    gate.open()
    beleg.postgres.start()
    beleg.assert_succeeded([*held, *beleg.submit(times=2)])
    beleg.wait_ready()


def test_a_locked_sqlite_refuses_and_recovers(beleg_on_sqlite: Installation) -> None:
    """Another program that keeps the write lock makes POST answer 503; later all is done."""
    beleg = beleg_on_sqlite
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=4)
    gate.wait_begun(2)
    with closing(sqlite3.connect(beleg.folder / "beleg.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert beleg.post(beleg.article()).status_code == 503
        gate.open()
        other.execute("ROLLBACK")
    beleg.assert_succeeded([*held, *beleg.submit(times=2)])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB; where one may not be mounted, the test says so and is left out."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0777", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a file system can be mounted by root only; see test_a_full_sqlite_…")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path) -> Path:
    """Write until no byte is left."""
    ballast = disk / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue
    return ballast


def test_a_full_disk_refuses_and_recovers(small_disk: Path, start_redis: object) -> None:
    """With no room left POST is 503 and never 202; with room again everything goes on."""
    folder = small_disk / "beleg"
    redis = start_redis({})  # type: ignore[operator]
    beleg = Installation(folder, redis, f"sqlite:///{folder}/beleg.db")
    try:
        refuses_when_full_and_recovers(beleg, small_disk)
    finally:
        beleg.stop()


def refuses_when_full_and_recovers(beleg: Installation, disk: Path) -> None:
    beleg.mend()
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=4)
    gate.wait_begun(2)
    ballast = fill(disk)
    # There may be room in pages that the store has already: more articles than fit there.
    long = [beleg.article() for _ in range(20)]
    for article in long:
        article["text"] += "".join(f" Zeile {line}." for line in range(8_000))
    answers = [(article, beleg.post(article)) for article in long]
    assert {answer.status_code for _, answer in answers} <= {202, 503}
    assert answers[-1][1].status_code == 503
    taken = [beleg.taken(article, answer) for article, answer in answers if answer.ok]
    ballast.unlink()
    gate.open()
    beleg.assert_succeeded([*held, *taken, *beleg.submit(times=2)])
    beleg.wait_ready()


def test_four_children_of_a_process_with_open_connections_can_query(database_url: str) -> None:
    """Forking with an open pool mixes no answers up, in the children or in the parent."""
    store = open_store(Settings(_env_file=None, database_url=database_url))
    store.ping()
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()

    def ask(number: int) -> None:
        store.forget_connections()
        answers.put([echo(store, number) for _ in range(50)])

    children = [fork.Process(target=ask, args=(number,)) for number in range(4)]
    for child in children:
        child.start()
    assert {echo(store, 99) for _ in range(50)} == {99}
    found = sorted(answers.get() for _ in children)
    for child in children:
        child.join(timeout=60)
        assert child.exitcode == 0
    assert found == [[number] * 50 for number in range(4)]
    store.engine.dispose()


def echo(store: object, number: int) -> int:
    with store.reading() as rows:  # type: ignore[attr-defined]
        return int(rows.session.scalar(sa.select(sa.literal(number))))
