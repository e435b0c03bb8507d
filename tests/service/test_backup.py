"""Backup, restore, retention."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from services.records.backup import BackupError, back_up, restore
from services.records.migrations import migrate
from services.records.store import open_store
from services.records.tables import Base
from services.runtime.clock import utcnow
from services.runtime.settings import Settings
from tests.service.conftest import Beleg
from tests.support.postgres import Postgres

TEXT = "„Das reicht nicht“, sagte Anna Huber der Zeit. Er widersprach."


@pytest.fixture
def filled(beleg: Beleg) -> Beleg:
    for n in range(3):
        job = beleg.submit(f"{TEXT} {n}", published_on="2024-12-04", metadata={"n": [n, "ä"]})
        beleg.work_off(job["id"])
    beleg.submit("Noch nicht dran.")
    return beleg


def test_a_backup_restores_everything_into_either_store(
    filled: Beleg, tmp_path: Path, spare_databases: list[str]
) -> None:
    """What is restored, and backed up again, is what was there, whatever the stores are."""
    first, second = tmp_path / "first.gz", tmp_path / "second.gz"
    counts = back_up(filled.store, first)
    assert counts["articles"] == 4
    assert counts["attributions"] >= 3
    for url in spare_databases:
        other = open_store(Settings(_env_file=None, database_url=url))
        migrate(other)
        assert restore(other, first) == counts
        back_up(other, second)
        assert sorted(gzip.decompress(first.read_bytes()).splitlines()) == sorted(
            gzip.decompress(second.read_bytes()).splitlines()
        )
        other.engine.dispose()


@pytest.fixture
def spare_databases(postgres_server: Postgres, tmp_path: Path) -> Iterator[list[str]]:
    """An empty database of each kind, beside the one the services use."""
    name = postgres_server.create_database()
    yield [f"sqlite:///{tmp_path / 'spare.db'}", postgres_server.url(name)]
    postgres_server.drop_database(name)


def test_a_store_in_use_is_not_overwritten(filled: Beleg, tmp_path: Path) -> None:
    """Restoring needs an empty store."""
    back_up(filled.store, tmp_path / "b.gz")
    with pytest.raises(BackupError, match="in use"):
        restore(filled.store, tmp_path / "b.gz")


def test_half_a_backup_restores_nothing(filled: Beleg, tmp_path: Path) -> None:
    """A file that was cut off, or is something else, changes nothing."""
    path = tmp_path / "b.gz"
    back_up(filled.store, path)
    with filled.store.transaction() as rows:
        for table in reversed(Base.metadata.sorted_tables):
            rows.session.execute(delete(table))
    whole = path.read_bytes()
    lines = gzip.decompress(whole).splitlines(keepends=True)
    for broken in (
        whole[: len(whole) // 2],
        gzip.compress(b"".join(lines[:-2])),
        gzip.compress(b"".join(lines[:-1])),
        b"no gzip",
        gzip.compress(b'{"format": "other"}\n'),
    ):
        path.write_bytes(broken)
        with pytest.raises(BackupError):
            restore(filled.store, path)
        assert filled.ingest.get("/v1/articles").json["data"] == []
    path.write_bytes(whole)
    assert restore(filled.store, path)["articles"] == 4


def test_old_articles_are_forgotten(filled: Beleg) -> None:
    """Retention removes what is older than it may be, with records and sources, and no more."""
    with filled.store.transaction() as rows:
        assert rows.articles.delete_older_than(utcnow() - timedelta(days=1), limit=10) == 0
        assert rows.articles.delete_older_than(utcnow(), limit=2) == 2
        assert rows.articles.delete_older_than(utcnow(), limit=10) == 2
    assert filled.attributions() == []
    assert filled.api.get("/v1/sources").json["data"] == []


def test_the_command_looks_after_an_installation(tmp_path: Path, database_url: str) -> None:
    """Migrating, backing up and restoring work from the shell, and errors are one line."""

    def admin(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "services.admin", *words],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "BELEG_DATABASE_URL": database_url, **env},
        )

    path = str(tmp_path / "b.gz")
    assert "is up to date now" in admin("migrate").stdout
    assert "was up to date" in admin("migrate").stdout
    assert "0 articles" in admin("backup", path).stdout
    assert "0 articles" in admin("restore", path).stdout
    wrong = admin("migrate", BELEG_ENGINE="magic")
    assert (wrong.returncode, wrong.stderr[:20]) == (1, "Error: BELEG_ENGINE:")
    away = admin("migrate", BELEG_DATABASE_URL="postgresql://nobody@127.0.0.1:1/x")
    assert away.returncode == 1
    assert "Traceback" not in away.stderr
