"""The real extraction worker, with an engine that does what an article's title asks for.

`celery -A tests.support.worker worker` runs the product's own module; only its engine is wrapped,
so that a test can hold an article, break it, or have it kill the process it is in.
"""

import os
import re
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded

from services.extract import worker
from services.extract.engine import load_engine
from services.extract.engine.types import Article, Attribution, Engine
from services.records.store import StoreUnavailable

app = worker.app


class ObedientEngine:
    """The engine that the settings name, after it did as the title says."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.name
        self.version = engine.version

    def extract(self, article: Article) -> list[Attribution]:
        for order, obey in ORDERS.items():
            if found := re.search(rf"\[{order}(?: ([^\]]+))?\]", article.title or ""):
                obey(found[1])
        return self._engine.extract(article)

    def extract_many(self, articles: Iterable[Article]) -> list[list[Attribution]]:
        return [self.extract(article) for article in articles]


def hold(gate: str) -> None:
    """Say that work has begun, and by which process; go on when the gate is open."""
    with Path(f"{gate}.begun").open("a") as begun:
        begun.write(f"{os.getpid()}\n")
    while not Path(gate).exists():
        time.sleep(0.02)


def die(while_there: str | None) -> None:
    """Kill the process; with a path, only while that exists."""
    if while_there is None or Path(while_there).exists():
        os.kill(os.getpid(), signal.SIGKILL)


def fail(while_there: str) -> None:
    """Raise, though the engine promises not to, while the path exists."""
    if Path(while_there).exists():
        raise RuntimeError


def hang(_: str | None) -> None:
    """Neither end nor heed the soft time limit."""
    while True:
        with suppress(SoftTimeLimitExceeded):
            time.sleep(600)


def dawdle(seconds: str) -> None:
    """Take so many seconds more."""
    time.sleep(float(seconds))


ORDERS: dict[str, Callable[[str], None]] = {
    "hold": hold,
    "die": die,
    "fail": fail,
    "hang": hang,
    "dawdle": dawdle,
}


@cache
def obedient_engine() -> Engine:
    return ObedientEngine(load_engine(worker.settings.engine))


worker.engine = obedient_engine  # type: ignore[assignment]
with suppress(StoreUnavailable):
    # Every child is forked from a parent with an open connection, the way that corrupts sockets.
    worker.store.ping()
