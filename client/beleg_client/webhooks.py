"""Receiving webhooks: is this really from Beleg?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from standardwebhooks import Webhook, WebhookVerificationError

if TYPE_CHECKING:
    from collections.abc import Mapping


class InvalidWebhook(Exception):
    """The request was not signed with the endpoint's secret, or is too old."""


def verify_webhook(secret: str, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """Give the event of a webhook request after checking its signature (Standard Webhooks).

    `body` is the request's body exactly as it came. Raises InvalidWebhook.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        event = Webhook(secret).verify(body, lowered)
    except (WebhookVerificationError, ValueError) as error:
        raise InvalidWebhook(str(error)) from error
    return dict(event)
