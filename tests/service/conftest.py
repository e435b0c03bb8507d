"""The services on a real store and a real Redis, without processes of their own."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.api.app import create_app as create_api
from services.extract.engine import load_engine
from services.extract.jobs import run_job
from services.ingest.accept import Intake
from services.ingest.app import create_app as create_ingest
from services.ingest.fetching import fetch_article
from services.ingest.polling import poll
from services.ingest.remote import admission, fetch_page, poll_feed
from services.records.feeds import Polling
from services.records.jobs import Claim, Stage
from services.records.migrations import migrate
from services.records.store import Store, open_store
from services.runtime.clock import utcnow
from services.runtime.outgoing.webhooks import new_box_key
from services.runtime.queue import Hints, Publisher
from services.runtime.settings import Settings
from tests.support.redis import Redis


@dataclass
class Beleg:
    """Ingest, API and store of one test, and a worker that works when it is told to."""

    settings: Settings
    store: Store
    ingest: FlaskClient
    api: FlaskClient
    _deliveries: Iterator[int] = field(default_factory=itertools.count)

    def submit(self, text: str, **more: Any) -> dict[str, Any]:
        """Post an article and give its job."""
        answer = self.ingest.post("/v1/articles", json={"text": text, **more})
        assert answer.status_code in (200, 202), answer.text
        return dict(answer.json)

    def job(self, job_id: str) -> dict[str, Any]:
        """Read a job."""
        return dict(self.ingest.get(f"/v1/jobs/{job_id}").json)

    def claim(self, **changes: Any) -> Claim:
        """Make a claim as a delivery of its own would."""
        now = datetime.now(UTC)
        values = {
            "by": f"delivery-{next(self._deliveries)}",
            "stage": Stage.EXTRACT,
            "at": now,
            "lease_until": now + timedelta(seconds=60),
            "max_attempts": 3,
        }
        return Claim(**(values | changes))

    def work_off(self, job_id: str, **changes: Any) -> None:
        """Do what a worker does when it is handed the job."""
        run_job(
            job_id,
            store=self.store,
            engine=load_engine("rules"),
            claim=self.claim(**changes),
            clock=utcnow,
        )

    def fetch_off(self, job_id: str, **changes: Any) -> None:
        """Do what a fetching worker does when it is handed the job."""
        policy = self.settings.fetch_policy
        fetch_article(
            job_id,
            store=self.store,
            fetch=partial(fetch_page, policy=policy, admit=self.admit),
            queue=Hints(Publisher(self.settings)),
            claim=self.claim(stage=Stage.FETCH, **changes),
            max_text_chars=self.settings.max_text_chars,
            clock=utcnow,
        )

    def poll_off(self, feed_id: str, **changes: Any) -> None:
        """Do what a fetching worker does when it is handed the feed."""
        now = datetime.now(UTC)
        values = {
            "by": f"delivery-{next(self._deliveries)}",
            "at": now,
            "lease_until": now + timedelta(seconds=60),
        }
        poll(
            feed_id,
            store=self.store,
            ask=partial(poll_feed, policy=self.settings.fetch_policy, admit=self.admit),
            queue=Hints(Publisher(self.settings)),
            polling=Polling(**(values | changes)),
            intake=Intake.of(self.settings),
            clock=utcnow,
        )

    @cached_property
    def admit(self) -> Callable[..., None]:
        """What each request of this test's fetching worker is asked for."""
        return admission(self.settings)

    def attributions(self, **query: Any) -> list[dict[str, Any]]:
        """Read attributions over the API."""
        answer = self.api.get("/v1/attributions", query_string=query)
        assert answer.status_code == 200, answer.text
        return list(answer.json["data"])


@pytest.fixture
def settings(database_url: str, redis_server: Redis, tmp_path: Path) -> Settings:
    """Settings of a small installation."""
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        database_url=database_url,
        redis_url=redis_server.url,
        webhook_keys=new_box_key(),
    )


def asking_here(settings: Settings) -> Settings:
    """Let hosts on 127.0.0.1 be asked, as often as a test likes."""
    return settings.model_copy(update={"allowed_private_hosts": "127.0.0.1", "fetch_interval_s": 0})


@pytest.fixture
def make_beleg() -> Iterator[Callable[[Settings], Beleg]]:
    """Set up the services with the settings that a test wants."""
    stores: list[Store] = []

    def make(settings: Settings) -> Beleg:
        store = open_store(settings)
        stores.append(store)
        migrate(store)
        return Beleg(
            settings,
            store,
            create_ingest(settings).test_client(),
            create_api(settings).test_client(),
        )

    yield make
    for store in stores:
        store.engine.dispose()


@pytest.fixture
def beleg(settings: Settings, make_beleg: Callable[[Settings], Beleg]) -> Beleg:
    """The services, set up and empty."""
    return make_beleg(settings)
