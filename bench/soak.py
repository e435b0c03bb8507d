"""Post articles for a long time while random faults strike, and count what became of them.

    python -m bench.soak --articles 2000 --seed 1 --store postgres

The seed decides articles, faults and pauses; it is printed, so that a run can be made again.
"""

import argparse
import dataclasses
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

from services.runtime.clock import utcnow
from tests.support.installation import REPOSITORY, Accepted, Installation
from tests.support.postgres import Postgres
from tests.support.redis import Redis

CLIENTS = 3
# Every so many articles one kills each worker that touches it.
POISON_EVERY = 400
PATIENCE_S = 1800.0
DONE = ("succeeded", "failed")


@dataclass(frozen=True)
class Counts:
    """What became of the articles; `longest_recovery_s` is from a fault until all is done again."""

    store: str
    seed: int
    accepted: int
    succeeded: int
    failed_with_reason: int
    lost: int
    duplicated: int
    refused: int
    faults: int
    longest_recovery_s: float
    minutes: float

    def row(self) -> str:
        """Give a row of the table in docs/reliability.md."""
        return "| " + " | ".join(str(value) for value in dataclasses.astuple(self)) + " |"


@dataclass
class Soak:
    """One run on one installation."""

    beleg: Installation
    rng: random.Random
    accepted: list[Accepted] = field(default_factory=list)
    refused: int = 0
    struck: list[tuple[str, datetime]] = field(default_factory=list)
    posted: threading.Event = field(default_factory=threading.Event)

    def post_all(self, articles: list[dict[str, Any]], a_second: float) -> None:
        """Post the articles by several clients, about so many a second, until all are accepted."""
        waiting = iter(articles)
        lock = threading.Lock()

        def client() -> None:
            while True:
                with lock:
                    article = next(waiting, None)
                if article is None:
                    return
                self._post(article)
                time.sleep(CLIENTS / a_second)

        clients = [threading.Thread(target=client, daemon=True) for _ in range(CLIENTS)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()
        self.posted.set()

    def _post(self, article: dict[str, Any]) -> None:
        """Post until it is accepted, as a client would; 200 says that an earlier try was."""
        while True:
            try:
                answer = requests.post(
                    f"{self.beleg.url}/v1/articles", json=article, timeout=PATIENCE_S
                )
            except requests.ConnectionError:
                time.sleep(0.2)
                continue
            if answer.status_code in (200, 202):
                job = answer.json()
                self.accepted.append(Accepted(article, job["id"], job["article_id"]))
                return
            assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE, answer.text
            self.refused += 1
            time.sleep(0.2)

    def strike_until_posted(self, pause_s: float) -> None:
        """Let faults strike at random until everything is posted; then mend what is broken.

        Every second time all is well again before the next one strikes: on a slow machine no
        process would live long enough to do any work otherwise.
        """
        faults = faults_of(self.beleg, self.rng)
        while not self.posted.wait(self.rng.uniform(0.5, 1.5) * pause_s):
            if len(self.struck) % 2:
                self.beleg.wait_ready()
            name = self.rng.choice(sorted(faults))
            self.struck.append((name, utcnow()))
            print(f"{utcnow():%H:%M:%S} {name}", file=sys.stderr, flush=True)
            faults[name]()
        self.beleg.mend()

    def count(self, store: str, seed: int, began: float) -> Counts:
        """Wait until all is done, or until patience is at its end, and count."""
        jobs = self._jobs()
        ends = [job["status"] for job in jobs]
        done = [one for one, end in zip(self.accepted, ends, strict=True) if end == "succeeded"]
        return Counts(
            store=store,
            seed=seed,
            accepted=len(self.accepted),
            succeeded=ends.count("succeeded"),
            failed_with_reason=sum(
                job["status"] == "failed" and bool(job["error"]["detail"]) for job in jobs
            ),
            lost=sum(end not in DONE for end in ends),
            duplicated=sum(self.beleg.records(one) != one.expected() for one in done),
            refused=self.refused,
            faults=len(self.struck),
            longest_recovery_s=round(self._longest_recovery(jobs).total_seconds(), 1),
            minutes=round((time.monotonic() - began) / 60, 1),
        )

    def _jobs(self) -> list[dict[str, Any]]:
        deadline = time.monotonic() + PATIENCE_S
        jobs: dict[str, dict[str, Any]] = {}
        while time.monotonic() < deadline:
            for one in self.accepted:
                if jobs.get(one.job_id, {}).get("status") not in DONE:
                    jobs[one.job_id] = self.beleg.job(one)
            if all(job["status"] in DONE for job in jobs.values()):
                break
            time.sleep(0.5)
        return [jobs[one.job_id] for one in self.accepted]

    def _longest_recovery(self, jobs: list[dict[str, Any]]) -> timedelta:
        """From each fault until every article that was accepted before it was done."""
        spans = [
            (datetime.fromisoformat(job["created_at"]), datetime.fromisoformat(job["completed_at"]))
            for job in jobs
            if job["completed_at"]
        ]
        waits = [
            done - at
            for _, at in self.struck
            for created, done in spans
            if created <= at.astimezone(UTC) < done
        ]
        return max(waits, default=timedelta())


def faults_of(beleg: Installation, rng: random.Random) -> dict[str, Callable[[], None]]:
    """Name the faults; each strikes, waits a little and mends what it broke."""

    def killed(name: str) -> Callable[[], None]:
        def strike() -> None:
            beleg.services[name].kill()
            time.sleep(rng.uniform(0, 2))
            beleg.start(name)

        return strike

    def kill_child() -> None:
        if children := beleg.services["worker"].children():
            os.kill(rng.choice(children), signal.SIGKILL)

    def replace_worker() -> None:
        old = beleg.services.pop("worker")
        old.terminate()
        beleg.start("worker")
        old.ended()

    def kill_redis() -> None:
        beleg.redis.kill()
        time.sleep(rng.uniform(0, 3))
        beleg.redis.start()

    def pause_redis() -> None:
        beleg.redis.pause()
        time.sleep(rng.uniform(0.5, 4))
        beleg.redis.resume()

    faults = {
        "a pool child is killed": kill_child,
        "the worker is killed": killed("worker"),
        "the worker is replaced": replace_worker,
        "the sweeper is killed": killed("sweeper"),
        "HTTP is killed": killed("http"),
        "Redis is killed": kill_redis,
        "Redis hangs": pause_redis,
        "Redis is flushed": beleg.redis.flush,
    }
    if postgres := beleg.postgres:

        def kill_postgres() -> None:
            postgres.kill()
            time.sleep(rng.uniform(0, 3))
            postgres.start()

        faults["PostgreSQL is killed"] = kill_postgres
    return faults


def variations(number: int, rng: random.Random) -> list[dict[str, Any]]:
    """Make articles of the paragraphs of examples/, no two alike."""
    examples = [json.loads(p.read_text()) for p in sorted((REPOSITORY / "examples").glob("*.json"))]
    return [_variation(rng.choice(examples), n, rng) for n in range(1, number + 1)]


def _variation(example: dict[str, Any], n: int, rng: random.Random) -> dict[str, Any]:
    paragraphs = example["text"].split("\n\n")
    some = rng.sample(paragraphs, rng.randint(1, len(paragraphs)))
    order = "[die]" if n % POISON_EVERY == 0 else ""
    return {
        "text": "\n\n".join([*some, f"„Das ist Meldung {n}“, sagte Sprecherin Ina Roth."]),
        "title": f"{example['title']} ({n}) {order}",
        "outlet": example["outlet"],
        "published_on": example["published_on"],
    }


def soak(
    beleg: Installation, *, store: str, articles: int, seed: int, a_second: float, pause_s: float
) -> Counts:
    """Run a soak on an installation."""
    began = time.monotonic()
    rng = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    run = Soak(beleg, random.Random(seed))  # noqa: S311
    beleg.mend()
    given = (variations(articles, rng), a_second)
    poster = threading.Thread(target=run.post_all, args=given, daemon=True)
    poster.start()
    run.strike_until_posted(pause_s)
    poster.join()
    return run.count(store, seed, began)


def main() -> None:
    """Run a soak on an installation of its own; exit status 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--store", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--a-second", type=float, default=8.0, help="articles posted a second")
    parser.add_argument("--pause", type=float, default=6.0, help="mean seconds between two faults")
    options = parser.parse_args()
    print(f"seed {options.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="beleg-soak-") as name:
        counts = _soak_in(Path(name), options)
    print("| " + " | ".join(f.name for f in dataclasses.fields(Counts)) + " |")
    print(counts.row())
    sys.exit(counts.lost + counts.duplicated > 0 or counts.accepted != options.articles)


def _soak_in(folder: Path, options: argparse.Namespace) -> Counts:
    postgres = Postgres() if options.store == "postgres" else None
    url = f"sqlite:///{folder}/beleg.db"
    if postgres:
        postgres.start()
        url = postgres.url(postgres.create_database())
    beleg = Installation(folder, Redis(folder / "redis"), url, postgres)
    try:
        return soak(
            beleg,
            store=options.store,
            articles=options.articles,
            seed=options.seed,
            a_second=options.a_second,
            pause_s=options.pause,
        )
    finally:
        beleg.stop()
        if postgres:
            postgres.remove()


if __name__ == "__main__":
    main()
