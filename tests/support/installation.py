"""Beleg in real processes that a test may kill, stop, starve and start again."""

import itertools
import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import requests

from services.extract.engine import load_engine
from services.extract.engine.records import records_of
from services.extract.engine.types import Article
from services.records.migrations import migrate
from services.records.store import Store, open_store
from services.run.claims import claim_port
from services.runtime.settings import Settings
from tests.support.postgres import Postgres
from tests.support.processes import launch, wait_until
from tests.support.redis import Redis

Json = dict[str, Any]

REPOSITORY = Path(__file__).parents[2]
UNFINISHED = ("queued", "processing")
# Within this time after the last fault every accepted article is done. With the settings below a
# lost attempt is noticed after 19 s at the latest; the rest is room for a slow machine.
RECOVERY_S = 120.0
# Small, so that a test need not wait; in the order in which they must be.
SETTINGS = {
    "BELEG_ENGINE": "rules",
    "BELEG_LOG_LEVEL": "info",
    "BELEG_WORKER_CONCURRENCY": "2",
    "BELEG_JOB_SOFT_LIMIT_S": "12",
    "BELEG_JOB_HARD_LIMIT_S": "14",
    "BELEG_VISIBILITY_TIMEOUT_S": "16",
    "BELEG_HINT_GRACE_S": "2",
    "BELEG_SWEEP_EVERY_S": "0.5",
    "BELEG_HEARTBEAT_EVERY_S": "1",
    "BELEG_HEARTBEAT_STALE_S": "5",
    "BELEG_DATABASE_TIMEOUT_S": "3",
    # The tests poll without pause.
    "BELEG_REQUESTS_PER_MINUTE": "0",
    "BELEG_ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
    "BELEG_FETCH_INTERVAL_S": "0",
}
SENTENCES = (
    "„Das reicht nicht“, sagte Bürgermeisterin Ina Huber.",
    "Laut Polizei wurde niemand verletzt.",
    "Minister Jan Odenthal kündigte an, das Land werde die Kosten übernehmen.",
)


@dataclass
class Service:
    """One process of an installation with all that it starts itself."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def children(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children(recursive=True)]

    def terminate(self) -> None:
        """Ask it to stop."""
        self.process.terminate()

    def ended(self) -> int:
        """Wait for it to end of itself; gives its exit status."""
        return self.process.wait(timeout=RECOVERY_S)

    def kill(self) -> None:
        """Kill -9 it and all it started."""
        self._signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def kill_alone(self) -> None:
        """Kill -9 the process, not its children."""
        self.process.kill()
        self.process.wait(timeout=60)

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        # It leads a process group of its own. Once it has ended and was waited for, its number
        # may be somebody else's.
        if self.runs:
            os.killpg(self.process.pid, number)


@dataclass
class Gate:
    """Holds the articles that carry its order until it is opened."""

    path: Path

    @property
    def order(self) -> str:
        return f"[hold {self.path}]"

    def begun(self) -> list[int]:
        """The processes that work on held articles, one entry for each attempt."""
        begun = Path(f"{self.path}.begun")
        return [int(line) for line in begun.read_text().split()] if begun.exists() else []

    def wait_begun(self, attempts: int) -> list[int]:
        """Wait until so many attempts have begun."""
        wait_until(
            lambda: len(self.begun()) >= attempts,
            within=RECOVERY_S,
            what=f"{attempts} attempts to begin",
        )
        return self.begun()

    def open(self) -> None:
        self.path.touch()


@dataclass
class Installation:
    """HTTP, workers and sweeper on a Redis and a store."""

    folder: Path
    redis: Redis
    database_url: str
    postgres: Postgres | None = None
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)
    services: dict[str, Service] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self._listener = claim_port("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.session = requests.Session()
        # A connection that was kept would be found broken after a restart of the server.
        self.session.headers["Connection"] = "close"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.redis.start()
        told: Json = {"data_dir": self.folder, "database_url": self.database_url}
        self.store: Store = open_store(Settings.model_validate(told))
        migrate(self.store)

    # Processes

    def mend(self) -> None:
        """Start whatever does not run, and wait until everything answers."""
        self.redis.start()
        self.redis.resume()
        if self.postgres:
            self.postgres.start()
        for name in ("http", "sweeper", "worker"):
            self.start(name)
        for name in set(self.services) - {"http", "sweeper", "worker"}:
            self.services.pop(name).kill()
        self.wait_ready()

    def start(self, name: str, **settings: str) -> Service:
        """Start `http`, `sweeper`, `fetcher`, or another worker, unless that runs."""
        service = self.services.get(name)
        if service is None or not service.runs:
            service = self.services[name] = self._launch(name, settings)
        return service

    def stop(self) -> None:
        """Kill everything."""
        for service in self.services.values():
            service.kill()
        self._listener.close()
        self.session.close()
        self.store.engine.dispose()
        self.redis.kill()

    def _launch(self, name: str, settings: Mapping[str, str]) -> Service:
        log = self.folder / f"{name}.log"
        listener = self._listener.fileno()
        commands = {
            "http": (
                *("gunicorn", "--config", "python:services.runtime.gunicorn"),
                *("--bind", f"fd://{listener}", "services.run.http:create_app()"),
            ),
            "sweeper": ("services.ingest.sweeper",),
            "fetcher": celery("services.ingest.worker", "fetch", name),
        }
        command = commands.get(name) or celery("tests.support.worker", "extract", name)
        with log.open("ab") as out:
            process = launch(
                [sys.executable, "-m", *command],
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env=self.environment(settings),
                pass_fds=(listener,) if name == "http" else (),
                start_new_session=True,
            )
        return Service(process, log)

    def environment(self, settings: Mapping[str, str] | None = None) -> dict[str, str]:
        """What every process of the installation is told."""
        return {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "OMP_NUM_THREADS": "1",
            "BELEG_DATA_DIR": str(self.folder),
            "BELEG_DATABASE_URL": self.database_url,
            "BELEG_REDIS_URL": self.redis.url,
            **self.settings,
            **(settings or {}),
        }

    # What a client does

    def gate(self) -> Gate:
        """Make a closed gate."""
        return Gate(self.folder / f"gate-{uuid.uuid4().hex}")

    def article(self, order: str = "", **more: Any) -> Json:
        """Make an article that nobody posted before."""
        return unheard_article(next(self._numbers), order) | more

    def post(self, article: Json, timeout: float = RECOVERY_S) -> requests.Response:
        """Post an article, whatever the answer."""
        return self.session.post(f"{self.url}/v1/articles", json=article, timeout=timeout)

    def submit(self, order: str = "", times: int = 1) -> list["Accepted"]:
        """Post articles that are all accepted."""
        return [self.accepted(self.article(order)) for _ in range(times)]

    def accepted(self, article: Json) -> "Accepted":
        """Post an article that is accepted."""
        return self.taken(article, self.post(article))

    def taken(self, article: Json, answer: requests.Response) -> "Accepted":
        """Take an answer that has to be a 202."""
        assert answer.status_code == 202, answer.text
        return Accepted(article, answer.json()["id"], answer.json()["article_id"])

    def job(self, accepted: "Accepted") -> Json:
        """Read a job."""
        return self._get(f"/v1/jobs/{accepted.job_id}")

    def retry(self, accepted: "Accepted") -> None:
        """Bring a failed job back."""
        answer = self.session.post(
            f"{self.url}/v1/jobs/{accepted.job_id}/retry", timeout=RECOVERY_S
        )
        assert answer.status_code == 202, answer.text

    def wait_done(
        self, accepted: Collection["Accepted"], within: float = RECOVERY_S
    ) -> dict[str, Json]:
        """Wait until all of them are done; gives the jobs by their ids."""
        done: dict[str, Json] = {}

        def all_done() -> bool:
            for one in accepted:
                if one.job_id not in done and (job := self.job(one))["status"] not in UNFINISHED:
                    done[one.job_id] = job
            return len(done) == len(accepted)

        self._wait_until(all_done, within=within, what=f"{len(accepted)} jobs")
        return done

    def assert_succeeded(self, accepted: Collection["Accepted"]) -> list[Json]:
        """All of them succeed, each with exactly the records that the engine alone gives."""
        jobs = list(self.wait_done(accepted).values())
        assert {job["status"] for job in jobs} == {"succeeded"}, jobs
        for one in accepted:
            assert self.records(one) == one.expected()
        return jobs

    def records(self, accepted: "Accepted") -> list[Json]:
        """Read an article's records, in the form in which the engine alone gives them."""
        path = f"/v1/attributions?limit=100&article_id={accepted.article_id}"
        return comparable(self._get(path)["data"])

    def readiness(self) -> Json:
        """Read `/readyz`, whatever its status."""
        body: Json = self.session.get(f"{self.url}/readyz", timeout=RECOVERY_S).json()
        return body

    def wait_ready(self) -> None:
        """Wait until `/readyz` is green; that needs a worker that does heartbeat tasks."""
        self._wait_until(
            lambda: self.readiness()["status"] == "ok", within=2 * RECOVERY_S, what="/readyz"
        )

    def metrics(self) -> dict[str, float]:
        """Read `/metrics`, by name with labels."""
        lines = self.session.get(f"{self.url}/metrics", timeout=RECOVERY_S).text.splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def _wait_until(self, condition: Callable[[], bool], *, within: float, what: str) -> None:
        try:
            wait_until(condition, within=within, what=what)
        except AssertionError as error:
            ended = {
                name: service.process.returncode
                for name, service in self.services.items()
                if not service.runs
            }
            raise AssertionError(f"{error}; ended: {ended}; logs are in {self.folder}") from None

    def _get(self, path: str) -> Json:
        answer = self.session.get(self.url + path, timeout=RECOVERY_S)
        assert answer.status_code == 200, answer.text
        body: Json = answer.json()
        return body


def unheard_article(number: int, order: str = "") -> Json:
    """Make an article that nobody posted before."""
    text = f"Meldung {number} ({uuid.uuid4().hex[:8]}). " + " ".join(SENTENCES)
    return {"text": text, "title": f"Meldung {number} {order}"}


def celery(module: str, queue: str, name: str) -> tuple[str, ...]:
    """Give the command of a worker."""
    return (
        *("celery", "--quiet", "-A", module, "worker", "-Q", queue),
        *("--hostname", f"{name}@%h", "--loglevel", "info"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )


@dataclass(frozen=True)
class Accepted:
    """An article that got its 202."""

    article: Json
    job_id: str
    article_id: str

    def expected(self) -> list[Json]:
        """The records that the engine alone gives."""
        published_on = self.article.get("published_on")
        given = Article(
            text=self.article["text"],
            title=self.article.get("title"),
            outlet=self.article.get("outlet"),
            language=self.article.get("language"),
            published_on=date.fromisoformat(published_on) if published_on else None,
        )
        engine = load_engine("rules")
        records = records_of(given, engine.extract(given), engine)
        assert records
        return comparable(records)


def comparable(records: Iterable[Json]) -> list[Json]:
    """Leave out what only a store knows; a parent is told by its place in the list."""
    records = [json.loads(json.dumps(record)) for record in records]
    places = {record["id"]: place for place, record in enumerate(records)}
    for record in records:
        record["parent_id"] = places[record["parent_id"]] if record["parent_id"] else None
        for mention in [record["source"], *record["reported_by"]]:
            if mention:
                mention["entity"].pop("id", None)
        for name in ("id", "article_id", "created_at", "fact_id"):
            record.pop(name, None)
    return records
