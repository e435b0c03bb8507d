"""The whole of Beleg as `make run` starts it, asked from outside."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from tests.support.installation import SETTINGS, Accepted, comparable, unheard_article
from tests.support.running import RunningBeleg

ARTICLES = 150


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningBeleg]:
    beleg = RunningBeleg(tmp_path, SETTINGS)
    yield beleg
    beleg.stop()


def test_150_articles_survive_the_workers_and_then_redis(running: RunningBeleg) -> None:
    """All workers are killed while articles arrive, then Redis; each ends with its records."""
    accepted = []
    for number in range(ARTICLES):
        if number == ARTICLES // 3:
            kill_tree(running.pid("worker"))
        if number == ARTICLES // 2:
            kill_tree(running.pid("redis"))
        article = unheard_article(number)
        job = running.submit(**article)
        accepted.append((Accepted(article, job["id"], job["article_id"]), job))
    for one, job in accepted:
        assert running.wait_for(job)["status"] == "succeeded"
        assert records(running, job) == one.expected()


def kill_tree(pid: int) -> None:
    for process in [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]:
        process.send_signal(signal.SIGKILL)


def records(running: RunningBeleg, job: dict[str, Any]) -> list[dict[str, Any]]:
    found = requests.get(running.url + job["links"]["attributions"], timeout=60).json()
    return comparable(found["data"])
