"""A store that is stopped, locked or full: 503 and never a 202, and all of it recovers."""

import contextlib
import multiprocessing
import sqlite3
import subprocess
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import psutil
import sqlalchemy as sa

from services.records.store import Store, open_store
from services.runtime.settings import Settings
from tests.support.installation import Installation
from tests.support.redis import Redis


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


def test_a_full_disk_refuses_and_recovers(
    tmp_path: Path, start_redis: Callable[[Mapping[str, str]], Redis]
) -> None:
    """With no room left POST is 503 and never 202; with room again everything goes on."""
    disk = tmp_path / "disk"
    disk.mkdir()
    small = SmallDisk(disk) if may_mount(disk) else Quota()
    beleg = Installation(disk / "beleg", start_redis({}), f"sqlite:///{disk}/beleg/beleg.db")
    try:
        refuses_when_full_and_recovers(beleg, small)
    finally:
        beleg.stop()
        small.remove()


def refuses_when_full_and_recovers(beleg: Installation, disk: "SmallDisk | Quota") -> None:
    beleg.mend()
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=4)
    gate.wait_begun(2)
    disk.fill(beleg)
    # There may be room in pages that the store has already: more articles than fit there.
    long = [beleg.article() for _ in range(20)]
    for article in long:
        article["text"] += "".join(f" Zeile {line}." for line in range(8_000))
    answers = [(article, beleg.post(article)) for article in long]
    assert {answer.status_code for _, answer in answers} <= {202, 503}
    assert answers[-1][1].status_code == 503
    taken = [beleg.taken(article, answer) for article, answer in answers if answer.ok]
    disk.make_room(beleg)
    gate.open()
    beleg.assert_succeeded([*held, *taken, *beleg.submit(times=2)])
    beleg.wait_ready()


class SmallDisk:
    """A mounted file system of 4 MB."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self, _: Installation) -> None:
        """Write until no byte is left."""
        with (self._folder / "ballast").open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                with contextlib.suppress(OSError):
                    while file.write(b"\0" * size):
                        pass

    def make_room(self, _: Installation) -> None:
        (self._folder / "ballast").unlink()

    def remove(self) -> None:
        subprocess.run(["umount", "--lazy", str(self._folder)], check=True)


def may_mount(folder: Path) -> bool:
    """Mount a small file system at `folder`, where that is allowed."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m,mode=0777", "tmpfs", str(folder)]
    return subprocess.run(mount, check=False, capture_output=True).returncode == 0


class Quota:
    """Where nothing may be mounted: a limit on the size of the files that processes write."""

    def fill(self, beleg: Installation) -> None:
        self._limit(beleg, (beleg.folder / "beleg.db-wal").stat().st_size)

    def make_room(self, beleg: Installation) -> None:
        self._limit(beleg, psutil.RLIM_INFINITY)

    def remove(self) -> None:
        """Nothing is left."""

    @staticmethod
    def _limit(beleg: Installation, size: int) -> None:
        for service in beleg.services.values():
            for pid in [service.process.pid, *service.children()]:
                process = psutil.Process(pid)
                process.rlimit(psutil.RLIMIT_FSIZE, (size, psutil.RLIM_INFINITY))


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


def echo(store: Store, number: int) -> int:
    with store.reading() as rows:
        return int(rows.session.scalar(sa.select(sa.literal(number))))
