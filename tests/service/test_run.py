"""`make run` for real: it comes up, stays up, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
import requests

from tests.support.processes import wait_until
from tests.support.redis import Redis
from tests.support.running import ROOT, RunningBeleg

ARTICLE = "„Wir fangen im Mai an“, sagte Bürgermeisterin Ina Roth am Dienstag im Rat von {}."
EVERYTHING = {"http", "worker", "fetcher", "sweeper", "deliverer", "redis", "watchdog"}

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Mapping[str, str]], RunningBeleg]]:
    """Start a Beleg of this test's own on `tmp_path`, with the settings given."""
    started: list[RunningBeleg] = []

    def begin(settings: Mapping[str, str]) -> RunningBeleg:
        started.append(RunningBeleg(tmp_path, settings))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


def refused(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Start a Beleg that is not expected to run."""
    return subprocess.run(
        [sys.executable, "-m", "services.run", *arguments],
        env={**os.environ, "BELEG_DATA_DIR": str(folder), **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_serves_both_services_on_one_port(running_beleg: RunningBeleg) -> None:
    """An article posted to ingest is extracted by the worker and read from the API."""
    job = running_beleg.wait_for(running_beleg.submit(ARTICLE.format("Auenheim")))
    assert job["status"] == "succeeded"
    found = requests.get(running_beleg.url + job["links"]["attributions"], timeout=30).json()[
        "data"
    ]
    assert [each["content"]["text"] for each in found] == ["„Wir fangen im Mai an“"]
    assert running_beleg.running() == EVERYTHING


@pytest.mark.parametrize("name", ["worker", "fetcher", "sweeper", "deliverer", "redis", "http"])
def test_a_killed_process_is_started_again(running_beleg: RunningBeleg, name: str) -> None:
    """After kill -9 of any process it says so, and an article posted then still succeeds."""
    before = running_beleg.pid(name)
    os.kill(before, signal.SIGKILL)
    wait_until(
        lambda: f"{name} was killed by SIGKILL; starting it again" in running_beleg.output,
        what="the supervisor to say so",
    )
    job = running_beleg.wait_for(running_beleg.submit(ARTICLE.format(name)))
    assert job["status"] == "succeeded"
    assert running_beleg.pid(name) != before


def test_a_second_instance_is_refused(running_beleg: RunningBeleg, tmp_path: Path) -> None:
    """Neither the data folder nor the port can be used twice, and the refusal says what to do."""
    (folder,) = {Path(line.split("lies in ")[1]) for line in running_beleg.output.splitlines()[:1]}
    same_folder = refused(folder, "--port", "0")
    assert same_folder.returncode == 2
    assert "Beleg already runs on the data folder" in same_folder.stderr
    port = running_beleg.url.rsplit(":", 1)[1]
    same_port = refused(tmp_path, "--port", port)
    assert same_port.returncode == 2
    assert f"Port {port} on 127.0.0.1 is not to be had" in same_port.stderr
    assert running_beleg.running() == EVERYTHING


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    """A setting that cannot be is named, with the exit status for wrong usage."""
    answer = refused(tmp_path, BELEG_JOB_HARD_LIMIT_S="500")
    assert answer.returncode == 2
    assert "BELEG_VISIBILITY_TIMEOUT_S" in answer.stderr


def test_a_store_that_cannot_be_reached_is_named(tmp_path: Path) -> None:
    """It says which store, without the password, stops what it started, and gives status 1."""
    url = "postgresql+psycopg://ina:geheim@/beleg?host=/nowhere"
    answer = refused(tmp_path, "--port", "0", BELEG_DATABASE_URL=url)
    assert answer.returncode == 1
    assert "the store postgresql+psycopg://ina:***@/beleg" in answer.stderr
    assert "geheim" not in answer.stderr
    assert "stopped" in answer.stdout


def test_leaves_nothing_behind_and_loses_nothing(
    start: Callable[[Mapping[str, str]], RunningBeleg],
) -> None:
    """After kill -9 all processes end, the next start has the articles, SIGTERM ends that one."""
    killed = start({})
    job = killed.submit(ARTICLE.format("Birkenau"))
    killed.send(signal.SIGKILL)
    killed.wait()
    wait_until(lambda: not killed.left(), what="all processes to end")

    beleg = start({})
    assert beleg.wait_for(job)["status"] == "succeeded"
    beleg.send(signal.SIGTERM)
    assert beleg.wait() == 0
    assert beleg.left() == []
    host, port = beleg.url.removeprefix("http://").split(":")
    socket.create_server((host, int(port))).close()


def test_uses_the_redis_that_is_named(
    start: Callable[[Mapping[str, str]], RunningBeleg], redis_server: Redis
) -> None:
    """With BELEG_REDIS_URL no Redis is started; with JSON logs every line is one object."""
    beleg = start({"BELEG_REDIS_URL": redis_server.url, "BELEG_LOG_FORMAT": "json"})
    assert beleg.running() == EVERYTHING - {"redis"}
    beleg.stop()
    services = {json.loads(line)["service"] for line in beleg.output.splitlines()}
    assert {"beleg", "sweeper"} <= services
