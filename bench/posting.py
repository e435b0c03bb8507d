"""Measure how long POST /v1/articles takes while the worker is busy, and while Redis hangs.

    python -m bench.posting [--articles N]

A Beleg of its own runs as `make run` starts it. The articles are those in examples/, each with a
number of its own, so that the worker has all of them before it.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import tempfile
import time
from http import HTTPStatus
from itertools import cycle, islice
from pathlib import Path

import requests

from services.run.demo import EXAMPLES, read_articles
from tests.support.running import RunningBeleg

AFTER = 20
"""Articles posted while Redis hangs."""


def main() -> None:
    """Measure, and print a line for each state."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=300, help="default: %(default)s")
    count = parser.parse_args().articles
    examples = islice(cycle(read_articles(EXAMPLES)), count + AFTER)
    texts = [f"{article['text']}\n\nNr. {n}." for n, article in enumerate(examples)]
    with tempfile.TemporaryDirectory() as folder:
        beleg = RunningBeleg(Path(folder))
        try:
            print(line("the worker busy", [post(beleg, text) for text in texts[:count]]))
            redis = beleg.pid("redis")
            os.kill(redis, signal.SIGSTOP)
            print(line("Redis hanging", [post(beleg, text) for text in texts[count:]]))
            os.kill(redis, signal.SIGCONT)
        finally:
            beleg.stop()


def post(beleg: RunningBeleg, text: str) -> float:
    """Post an article; gives the seconds until 202."""
    begun = time.perf_counter()
    answer = requests.post(f"{beleg.url}/v1/articles", json={"text": text}, timeout=60)
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    return time.perf_counter() - begun


def line(state: str, seconds: list[float]) -> str:
    """Give the figures of a state."""
    ordered = sorted(1000 * each for each in seconds)
    high = ordered[int(0.95 * (len(ordered) - 1))]
    return (
        f"{state}: {len(ordered)} requests, median {statistics.median(ordered):.0f} ms, "
        f"95 % under {high:.0f} ms, slowest {ordered[-1]:.0f} ms"
    )


if __name__ == "__main__":
    main()
