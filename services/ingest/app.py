"""The ingest service as a Flask app."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from services.ingest.accept import Intake
from services.ingest.resources import EXTENSION, Collaborators, articles, jobs
from services.records.metrics import JobMetrics
from services.records.readiness import readiness_checks
from services.records.store import open_store
from services.runtime.metrics import Metrics
from services.runtime.queue import Hints, Publisher
from services.runtime.web import make_app

if TYPE_CHECKING:
    from flask import Flask

    from services.runtime.settings import Settings


def create_app(settings: Settings) -> Flask:
    """Make the ingest service."""
    store = open_store(settings)
    app, api = make_app(
        "ingest",
        settings,
        checks=readiness_checks(store, settings),
        metrics=Metrics(JobMetrics(store)),
    )
    app.extensions[EXTENSION] = Collaborators(
        store=store,
        queue=Hints(Publisher(settings)),
        intake=Intake(
            max_text_chars=settings.max_text_chars,
            hint_grace=timedelta(seconds=settings.hint_grace_s),
        ),
    )
    api.register_blueprint(articles)
    api.register_blueprint(jobs)
    return app
