"""The ingest service as a Flask app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.ingest.accept import Intake
from services.ingest.feed_resources import feeds
from services.ingest.resources import EXTENSION, Collaborators, articles, batches, jobs
from services.ingest.waiting import Waiting
from services.records.access import Guard
from services.records.metrics import JobMetrics, OutgoingMetrics
from services.records.readiness import readiness_checks
from services.records.store import open_store
from services.runtime.keys import Scope
from services.runtime.limits import RateLimit
from services.runtime.metrics import Metrics
from services.runtime.queue import Hints, Publisher
from services.runtime.queue_metrics import QueueMetrics
from services.runtime.web import make_app

if TYPE_CHECKING:
    from flask import Flask

    from services.runtime.settings import Settings

SCOPES = {
    ("POST", "/v1/articles"): (Scope.WRITE,),
    ("DELETE", "/v1/articles"): (Scope.WRITE,),
    ("POST", "/v1/jobs"): (Scope.WRITE,),
    # Who may submit may also ask what became of it.
    ("GET", "/v1/jobs"): (Scope.READ, Scope.WRITE),
    ("GET", "/v1/batches"): (Scope.READ, Scope.WRITE),
    ("POST", "/v1/feeds"): (Scope.WRITE,),
    ("PATCH", "/v1/feeds"): (Scope.WRITE,),
    ("DELETE", "/v1/feeds"): (Scope.WRITE,),
    ("GET", "/v1/feeds"): (Scope.READ, Scope.WRITE),
}


def create_app(settings: Settings) -> Flask:
    """Make the ingest service."""
    store = open_store(settings)
    metrics = Metrics(JobMetrics(store), OutgoingMetrics(store), QueueMetrics(settings))
    app, api = make_app(
        "ingest", settings, checks=readiness_checks(store, settings), metrics=metrics
    )
    Guard(store, RateLimit(settings, metrics.registry), settings.keys_required, SCOPES).watch(app)
    app.extensions[EXTENSION] = Collaborators(
        store=store,
        queue=Hints(Publisher(settings)),
        intake=Intake.of(settings),
        waiting=Waiting(store, at_once=max(1, settings.http_threads // 2)),
        settings=settings,
    )
    api.register_blueprint(articles)
    api.register_blueprint(jobs)
    api.register_blueprint(batches)
    api.register_blueprint(feeds)
    return app
