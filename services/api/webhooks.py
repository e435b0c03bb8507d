"""The routes of webhooks, for those who administer their tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from flask import current_app
from flask.views import MethodView

from services.api.collaborators import store
from services.api.webhook_schemas import (
    DeliveryQuerySchema,
    DeliverySchema,
    NewWebhookSchema,
    ShownWebhookSchema,
    WebhookChangeSchema,
    WebhookListSchema,
    WebhookSchema,
)
from services.records.deliveries import replay
from services.records.schemas import page_request, page_schema
from services.records.webhooks import NewWebhook, disable, enable, rotate
from services.runtime.clock import utcnow
from services.runtime.outgoing.errors import OutgoingError
from services.runtime.outgoing.guard import check_target
from services.runtime.outgoing.webhooks import new_secret
from services.runtime.problems import FieldError, Problem, not_found
from services.runtime.web import StrictBlueprint, current_tenant, link_next

if TYPE_CHECKING:
    from services.records.deliveries import DeliveryLog
    from services.records.store import Rows
    from services.records.webhook_tables import WebhookRow
    from services.runtime.outgoing.policy import FetchPolicy
    from services.runtime.outgoing.webhooks import SecretBox

EXTENSION: Final = "beleg.api.webhooks"
ROTATION_GRACE: Final = timedelta(hours=24)
MOST_PER_TENANT: Final = 100

webhooks = StrictBlueprint(
    "webhooks", __name__, url_prefix="/v1/webhooks", description="Being told instead of asking."
)


@dataclass(frozen=True, slots=True)
class Sealing:
    """What the routes need besides the store: how secrets are kept and which URLs are asked."""

    box: SecretBox
    policy: FetchPolicy


@webhooks.route("")
class WebhookList(MethodView):
    """All endpoints."""

    @webhooks.response(HTTPStatus.OK, WebhookListSchema)
    def get(self) -> dict[str, Any]:
        """List the endpoints of this tenant, without their secrets."""
        with store().reading(current_tenant()) as rows:
            return {"data": rows.webhooks.all()}

    @webhooks.arguments(NewWebhookSchema)
    @webhooks.response(HTTPStatus.CREATED, ShownWebhookSchema)
    def post(self, new: dict[str, Any]) -> Any:
        """Make an endpoint that is told of what happens from now on; its secret is shown once."""
        _refuse_url(new["url"])
        secret = new_secret()
        sealed = NewWebhook(new["url"], new["events"], _sealing().box.seal(secret))
        with store().transaction(current_tenant()) as rows:
            if rows.webhooks.count() >= MOST_PER_TENANT:
                raise Problem("conflict", f"There are {MOST_PER_TENANT} webhooks already.")
            row = rows.webhooks.add(sealed, at=utcnow())
        return _shown(row, secret), None, {"Location": f"/v1/webhooks/{row.id}"}


@webhooks.route("/<webhook_id>")
class Webhook(MethodView):
    """One endpoint."""

    @webhooks.response(HTTPStatus.OK, WebhookSchema)
    def get(self, webhook_id: str) -> WebhookRow:
        """Read an endpoint, and whether it takes what it is told."""
        with store().reading(current_tenant()) as rows:
            return _found(rows, webhook_id)

    @webhooks.arguments(WebhookChangeSchema)
    @webhooks.response(HTTPStatus.OK, WebhookSchema)
    def patch(self, change: dict[str, Any], webhook_id: str) -> WebhookRow:
        """Change an endpoint's address or events, disable it, or enable it again."""
        if "url" in change:
            _refuse_url(change["url"])
        with store().transaction(current_tenant()) as rows:
            row = _found(rows, webhook_id)
            row.url = change.get("url", row.url)
            row.events = sorted(set(change.get("events", row.events)))
            if "enabled" in change and change["enabled"] != row.enabled:
                enable(row) if change["enabled"] else disable(row, None)
        return row

    @webhooks.response(HTTPStatus.NO_CONTENT)
    def delete(self, webhook_id: str) -> None:
        """Delete an endpoint with its deliveries and their log."""
        with store().transaction(current_tenant()) as rows:
            if not rows.webhooks.delete(webhook_id):
                raise not_found("webhook", webhook_id)


@webhooks.route("/<webhook_id>/rotate")
class WebhookRotation(MethodView):
    """Replacing a secret."""

    @webhooks.response(HTTPStatus.OK, ShownWebhookSchema)
    def post(self, webhook_id: str) -> SimpleNamespace:
        """Make a new secret; for 24 hours messages are signed with the old one as well."""
        secret = new_secret()
        with store().transaction(current_tenant()) as rows:
            row = _found(rows, webhook_id)
            rotate(row, _sealing().box.seal(secret), at=utcnow(), grace=ROTATION_GRACE)
        return _shown(row, secret)


@webhooks.route("/<webhook_id>/test")
class WebhookTest(MethodView):
    """Trying an endpoint."""

    @webhooks.response(HTTPStatus.ACCEPTED, DeliverySchema)
    def post(self, webhook_id: str) -> DeliveryLog | None:
        """Send an event of the type `webhook.test`; its delivery shows what came of it."""
        now = utcnow()
        with store().transaction(current_tenant()) as rows:
            row = _enabled(rows, webhook_id)
            event = rows.events.test(row, at=now)
            rows.deliveries.add(event, row, at=now)
            return rows.deliveries.of_event(row.id, event.id)


@webhooks.route("/<webhook_id>/deliveries")
class DeliveryList(MethodView):
    """What was delivered to an endpoint, and what not."""

    @webhooks.arguments(DeliveryQuerySchema, location="query")
    @webhooks.response(HTTPStatus.OK, page_schema(DeliverySchema, "DeliveryPage"))
    def get(self, query: dict[str, Any], webhook_id: str) -> Any:
        """List the deliveries of the last 30 days with every attempt, the latest first."""
        page = page_request(query)
        with store().reading(current_tenant()) as rows:
            row = _found(rows, webhook_id)
            return link_next(rows.deliveries.page(row.id, page, status=query.get("status")))


@webhooks.route("/<webhook_id>/deliveries/<delivery_id>/replay")
class DeliveryReplay(MethodView):
    """Delivering again."""

    @webhooks.response(HTTPStatus.ACCEPTED, DeliverySchema)
    def post(self, webhook_id: str, delivery_id: str) -> DeliveryLog:
        """Deliver an event again, under the same `webhook-id`, whatever became of it before."""
        with store().transaction(current_tenant()) as rows:
            row = _enabled(rows, webhook_id)
            found = rows.deliveries.get(row.id, delivery_id)
            if found is None:
                raise not_found("delivery", delivery_id)
            replay(found.delivery, at=utcnow())
        return found


def _sealing() -> Sealing:
    return cast("Sealing", current_app.extensions[EXTENSION])


def _refuse_url(url: str) -> None:
    try:
        check_target(url, _sealing().policy)
    except OutgoingError as error:
        named = FieldError("url", str(error))
        raise Problem("invalid-request", "Not valid: url.", (named,), reason=error.code) from None


def _found(rows: Rows, webhook_id: str) -> WebhookRow:
    row = rows.webhooks.get(webhook_id)
    if row is None:
        raise not_found("webhook", webhook_id)
    return row


def _enabled(rows: Rows, webhook_id: str) -> WebhookRow:
    row = _found(rows, webhook_id)
    if not row.enabled:
        raise Problem("conflict", "The webhook is disabled; enable it first.")
    return row


def _shown(row: WebhookRow, secret: str) -> SimpleNamespace:
    served = set(WebhookSchema().fields) - {"links"}
    return SimpleNamespace(**{name: getattr(row, name) for name in served}, secret=secret)
