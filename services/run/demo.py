"""`python -m services.run.demo`: submit the examples to a Beleg of its own, show who said what."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import requests
from rich.console import Console as Screen

from services.run.claims import TakenError
from services.run.display import show_article, show_failure, show_summary
from services.run.journal import Console, Split
from services.run.machine import run
from services.run.readiness import NotReadyError
from services.run.redis_server import NoRedisError
from services.runtime.settings import Settings, SettingsError, load_settings

EXAMPLES = Path(__file__).parents[2] / "examples"
# Wide enough to read where the output is not a terminal and so has no width of its own.
WIDTH_ELSEWHERE = 120
PATIENCE_S = 180.0
POLL_S = 0.2
ANSWER_S = 30.0
INTERRUPTED = 130
LAST_LINES = 30
DONE = ("succeeded", "failed", "canceled")

Json = dict[str, Any]


class DemoError(Exception):
    """The demo cannot go on; the message says why."""


@click.command()
@click.argument(
    "examples",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=EXAMPLES,
)
def main(examples: Path) -> None:
    """Start Beleg on a free port, submit every article in EXAMPLES, print who said what, stop.

    Each *.json file in the folder EXAMPLES is the body of a POST to /v1/articles. Exit status: 0
    when every article succeeded, 1 when something failed, 2 for wrong settings, 130 when
    interrupted. Nothing is kept.
    """
    screen = screen_on(sys.stdout)
    with TemporaryDirectory(prefix="beleg-demo-") as folder:
        log = Path(folder) / "log"
        try:
            settings = demo_settings(load_settings(), Path(folder))
            status = _run(settings, read_articles(examples), screen, log)
        except SettingsError as error:
            click.echo(f"The demo does not run: {error}", err=True)
            sys.exit(2)
        except (NotReadyError, NoRedisError, TakenError, DemoError) as error:
            click.echo(f"The demo does not run: {error}\n{_tail(log)}", err=True)
            sys.exit(1)
    sys.exit(INTERRUPTED if status is None else status)


def screen_on(stream: Any) -> Screen:
    """Give a screen of a readable width on `stream`."""
    return Screen(file=stream, width=None if stream.isatty() else WIDTH_ELSEWHERE, highlight=False)


def demo_settings(settings: Settings, folder: Path) -> Settings:
    """Give `settings` on a free port with a store and a Redis of their own below `folder`."""
    kept = settings.model_dump(exclude={"database_url", "redis_url"})
    own = {"data_dir": folder, "port": 0, "host": "127.0.0.1", "log_format": "console"}
    return Settings.model_construct(**(kept | own))


def read_articles(examples: Path) -> list[Json]:
    """Read the articles in the folder `examples`; raises DemoError when there are none."""
    try:
        articles = [json.loads(path.read_text()) for path in sorted(examples.glob("*.json"))]
    except ValueError as error:
        raise DemoError(f"a file in {examples} is not JSON: {error}") from error
    if not articles:
        raise DemoError(f"there is no *.json in {examples}")
    return articles


def _run(settings: Settings, articles: list[Json], screen: Screen, log: Path) -> int | None:
    with log.open("w") as lines:
        journal = Split(ours=Console(sys.stdout), others=Console(lines))
        return run(
            settings,
            journal,
            lambda url: asyncio.to_thread(demonstrate, url, articles, screen),
        )


def demonstrate(url: str, articles: list[Json], screen: Screen) -> int:
    """Submit `articles` to the Beleg at `url` and show what it found; 0 when all succeeded.

    Raises DemoError when it does not answer as it should.
    """
    began = time.monotonic()
    try:
        jobs = [_submit(url, article) for article in articles]
        jobs = [_finished(url, job, began + PATIENCE_S) for job in jobs]
        found = [_attributions(url, job) for job in jobs]
    except requests.RequestException as error:
        raise DemoError(str(error)) from error
    for article, job, attributions in zip(articles, jobs, found, strict=True):
        if job["status"] == "succeeded":
            show_article(screen, article, attributions)
        else:
            show_failure(screen, article, job)
    show_summary(screen, found, time.monotonic() - began)
    return 0 if all(job["status"] == "succeeded" for job in jobs) else 1


def _submit(url: str, article: Json) -> Json:
    answer = requests.post(f"{url}/v1/articles", json=article, timeout=ANSWER_S)
    if not answer.ok:
        raise DemoError(f"„{article.get('title')}“ was refused: {answer.text}")
    job: Json = answer.json()
    return job


def _finished(url: str, job: Json, deadline: float) -> Json:
    while job["status"] not in DONE:
        if time.monotonic() > deadline:
            raise DemoError(f"job {job['id']} is still {job['status']} after {PATIENCE_S:g} s")
        time.sleep(POLL_S)
        job = _get(url + job["links"]["self"])
    return job


def _attributions(url: str, job: Json) -> list[Json]:
    page = _get(url + job["links"]["attributions"])
    found: list[Json] = page["data"]
    while page["next"]:
        page = _get(f"{url}{job['links']['attributions']}&cursor={page['next']}")
        found += page["data"]
    return found


def _get(url: str) -> Json:
    answer = requests.get(url, timeout=ANSWER_S)
    answer.raise_for_status()
    body: Json = answer.json()
    return body


def _tail(log: Path) -> str:
    return "\n".join(log.read_text().splitlines()[-LAST_LINES:]) if log.exists() else ""


if __name__ == "__main__":
    main()
