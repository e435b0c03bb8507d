"""What is taken and served about webhooks."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from services.records.deliveries import DeliveryStatus
from services.records.field_kinds import links_of, web_address
from services.records.schemas import PageQuerySchema
from services.records.webhooks import EventType

_WHERE = {
    "description": "Where to post. Has to be on the public internet, or a host that the "
    "installation names.",
    "example": "https://newsroom.example/beleg",
}
_EVENTS = [str(event) for event in EventType]
_ENDPOINT_EXAMPLE = "whk_01KB2M8Q5T4XWZ0F3H6R9V1C7D"


def _events(**options: Any) -> fields.List[str]:
    return fields.List(
        fields.String(validate=validate.OneOf(_EVENTS)),
        validate=validate.Length(1),
        metadata={"description": "What to tell of.", "example": ["article.extracted"]},
        **options,
    )


class NewWebhookSchema(Schema):
    """An endpoint to make."""

    url = web_address(_WHERE, required=True)
    events = _events(load_default=_EVENTS)

    @post_load
    def _once_each(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"events": sorted(set(data["events"]))}


class WebhookChangeSchema(Schema):
    """What is to change about an endpoint; what is left out stays."""

    url = web_address(_WHERE)
    events = _events()
    enabled = fields.Boolean(
        metadata={"description": "True: deliver again, also what has waited meanwhile."}
    )


class WebhookSchema(Schema):
    """An endpoint, without its secret."""

    id = fields.String(required=True, metadata={"example": _ENDPOINT_EXAMPLE})
    url = fields.String(required=True, metadata={"format": "uri"})
    events = fields.List(fields.String(), required=True)
    enabled = fields.Boolean(required=True)
    disabled_reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why nothing is delivered any more, if that was not by hand."},
    )
    failing_since = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "First failed attempt since the last success."},
    )
    delivered_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "Last success."}
    )
    created_at = fields.AwareDateTime(required=True)
    links = links_of(
        lambda webhook: {
            "self": f"/v1/webhooks/{webhook.id}",
            "deliveries": f"/v1/webhooks/{webhook.id}/deliveries",
        }
    )


class ShownWebhookSchema(WebhookSchema):
    """An endpoint whose secret has just been made: the only time that it is shown."""

    secret = fields.String(
        required=True,
        metadata={
            "description": "Verify messages with it as Standard Webhooks lays down.",
            "example": "whsec_…",
        },
    )


class WebhookListSchema(Schema):
    """All endpoints of a tenant."""

    data = fields.List(fields.Nested(WebhookSchema), required=True)


class DeliveryAttemptSchema(Schema):
    """One attempt: what the receiver said, or why it said nothing."""

    at = fields.AwareDateTime(required=True)
    seconds = fields.Float(required=True)
    status = fields.Integer(
        required=True, allow_none=True, metadata={"description": "HTTP status of the receiver."}
    )
    excerpt = fields.String(
        required=True, allow_none=True, metadata={"description": "Beginning of its answer."}
    )
    error = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Code, where there was no answer.", "example": "url-timed-out"},
    )
    detail = fields.String(required=True, allow_none=True)


class DeliverySchema(Schema):
    """An event on its way to an endpoint."""

    id = fields.String(required=True, attribute="delivery.id")
    event_id = fields.String(
        required=True,
        attribute="event.id",
        metadata={"description": "The `webhook-id` of every attempt."},
    )
    event_type = fields.String(required=True, attribute="event.type")
    status = fields.String(
        required=True,
        attribute="delivery.status",
        validate=validate.OneOf(list(DeliveryStatus)),
    )
    next_attempt_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="delivery.next_attempt_at"
    )
    created_at = fields.AwareDateTime(required=True, attribute="delivery.created_at")
    completed_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="delivery.completed_at"
    )
    attempts = fields.List(fields.Nested(DeliveryAttemptSchema), required=True)


class DeliveryQuerySchema(PageQuerySchema):
    """Which deliveries."""

    status = fields.String(validate=validate.OneOf(list(DeliveryStatus)))
