"""The API service as a Flask app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.api.collaborators import EXTENSION
from services.api.keys import keys
from services.api.pages import pages
from services.api.resources import attributions, exports
from services.api.sources import changes, sources
from services.api.webhooks import EXTENSION as SEALING
from services.api.webhooks import Sealing, webhooks
from services.records.access import Guard
from services.records.metrics import JobMetrics, OutgoingMetrics
from services.records.readiness import readiness_checks
from services.records.store import open_store
from services.runtime.keys import Scope
from services.runtime.limits import RateLimit
from services.runtime.metrics import Metrics
from services.runtime.queue_metrics import QueueMetrics
from services.runtime.web import make_app
from services.runtime.webhook_keys import secret_box

if TYPE_CHECKING:
    from flask import Flask

    from services.runtime.settings import Settings

SCOPES = {
    ("*", "/v1/keys"): (Scope.ADMINISTER,),
    ("*", "/v1/webhooks"): (Scope.ADMINISTER,),
}


def create_app(settings: Settings) -> Flask:
    """Make the API service; raises SettingsError without a key for the secrets of webhooks."""
    store = open_store(settings)
    metrics = Metrics(JobMetrics(store), OutgoingMetrics(store), QueueMetrics(settings))
    app, api = make_app("api", settings, checks=readiness_checks(store, settings), metrics=metrics)
    Guard(store, RateLimit(settings, metrics.registry), settings.keys_required, SCOPES).watch(app)
    app.extensions[EXTENSION] = store
    app.extensions[SEALING] = Sealing(secret_box(settings), settings.fetch_policy)
    api.register_blueprint(attributions)
    api.register_blueprint(exports)
    api.register_blueprint(sources)
    api.register_blueprint(changes)
    api.register_blueprint(keys)
    api.register_blueprint(webhooks)
    app.register_blueprint(pages)
    return app
