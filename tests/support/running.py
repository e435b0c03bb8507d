"""A whole Beleg with all its processes, as `make run` starts it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import requests

from tests.support.processes import launch, wait_until

PROGRAMS = {
    "http": "gunicorn",
    "worker": "services.extract.worker",
    "fetcher": "services.ingest.worker",
    "sweeper": "services.ingest.sweeper",
    "deliverer": "services.api.deliver",
    "redis": "redis-server",
    "watchdog": "watchdog.py",
}
DONE = ("succeeded", "failed", "canceled")
ROOT = Path(__file__).parents[2]


class RunningBeleg:
    """`python -m services.run` on a free port with its state in a folder."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "output"
        self._log.unlink(missing_ok=True)
        with self._log.open("wb") as log:
            self._process = launch(
                [sys.executable, "-m", "services.run", "--port", "0"],
                cwd=ROOT,
                env={**os.environ, "BELEG_DATA_DIR": str(folder / "var"), **(settings or {})},
                stdout=log,
                stderr=log,
            )
        self.url: str = wait_until(self._address, within=150, what="Beleg to get ready")
        self._descendants = self._present()

    @property
    def output(self) -> str:
        """All that it has printed so far."""
        return self._log.read_text()

    def pid(self, name: str) -> int:
        """Give the process id of the service `name` (or of the `watchdog`)."""
        return wait_until(lambda: self._pid(name), what=f"{name} to run")

    def running(self) -> set[str]:
        """Name the services that run now."""
        return {name for name in PROGRAMS if self._pid(name)}

    def submit(self, text: str | None = None, **more: Any) -> dict[str, Any]:
        """Post an article and give its job; waits while the HTTP server starts again."""
        article = more if text is None else {"text": text, **more}
        return wait_until(lambda: self._post(article), what="an article to be accepted")

    def wait_for(self, job: dict[str, Any]) -> dict[str, Any]:
        """Wait until the job is done, and give it."""
        return wait_until(lambda: self._done(job), within=120, what=f"job {job['id']} to be done")

    def send(self, number: signal.Signals) -> None:
        """Send the supervisor a signal."""
        self._remember()
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait until the supervisor has ended, and give its exit status."""
        return self._process.wait(timeout=150)

    def left(self) -> list[str]:
        """Give the command lines of what it started and what is still there."""
        return [" ".join(process.cmdline()) for process in self._descendants if _alive(process)]

    def stop(self) -> None:
        """Stop it, if it still runs, and wait until it has ended."""
        if self._process.poll() is None:
            self.send(signal.SIGTERM)
            try:
                self.wait()
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _address(self) -> str | None:
        assert self._process.poll() is None, self.output
        found = re.search(r"Beleg is ready on (http://[\d.:]+)", self.output)
        return found[1] if found else None

    def _pid(self, name: str) -> int | None:
        for process in self._children():
            try:
                if any(PROGRAMS[name] in word for word in process.cmdline()):
                    return int(process.pid)
            except psutil.NoSuchProcess:
                continue
        return None

    def _children(self) -> list[psutil.Process]:
        return list(psutil.Process(self._process.pid).children())

    def _present(self) -> set[psutil.Process]:
        return set(psutil.Process(self._process.pid).children(recursive=True))

    def _remember(self) -> None:
        self._descendants |= self._present()

    def _post(self, article: dict[str, Any]) -> dict[str, Any] | None:
        try:
            answer = requests.post(f"{self.url}/v1/articles", json=article, timeout=30)
        except requests.ConnectionError:
            return None
        assert answer.ok, answer.text
        return dict(answer.json())

    def _done(self, job: dict[str, Any]) -> dict[str, Any] | None:
        try:
            answer = requests.get(self.url + job["links"]["self"], timeout=30)
        except requests.ConnectionError:
            return None
        found = dict(answer.json())
        return found if found["status"] in DONE else None


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
