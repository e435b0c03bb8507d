"""`beleg webhooks`: who is told of what happens."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_COLUMNS = ("id", "url", "events", "enabled", "disabled_reason", "delivered_at")
_DELIVERY_COLUMNS = ("id", "event_type", "status", "attempts.status", "next_attempt_at")


@click.group()
def webhooks() -> None:
    """Be told instead of asking; needs a key that may administer."""


@webhooks.command("list")
@click.pass_obj
def list_webhooks(obj: tuple[Beleg, Output], /) -> None:
    """List the endpoints, without their secrets."""
    beleg, output = obj
    output.items(beleg.webhooks(), _COLUMNS)


@webhooks.command("create")
@click.argument("url")
@click.option("--event", "events", multiple=True, help="What to tell of; default: everything.")
@click.pass_obj
def create_webhook(obj: tuple[Beleg, Output], /, url: str, events: tuple[str, ...]) -> None:
    """Make an endpoint at URL and print its secret, this once."""
    beleg, output = obj
    made = beleg.create_webhook(url, list(events) or None)
    output.one(made, f"{made['id']} {made['secret']}")


@webhooks.command("change")
@click.argument("webhook_id")
@click.option("--url", help="Its new address.")
@click.option("--event", "events", multiple=True, help="What to tell of from now on.")
@click.option("--enable/--disable", "enabled", default=None, help="Whether to deliver.")
@click.pass_obj
def change_webhook(
    obj: tuple[Beleg, Output],
    /,
    webhook_id: str,
    url: str | None,
    events: tuple[str, ...],
    enabled: bool | None,
) -> None:
    """Change the endpoint WEBHOOK_ID; what is not named stays."""
    beleg, output = obj
    changed = beleg.change_webhook(
        webhook_id, url=url, events=list(events) or None, enabled=enabled
    )
    output.one(changed)


@webhooks.command("delete")
@click.argument("webhook_id")
@click.pass_obj
def delete_webhook(obj: tuple[Beleg, Output], /, webhook_id: str) -> None:
    """Delete the endpoint WEBHOOK_ID with the log of its deliveries."""
    beleg, output = obj
    beleg.delete_webhook(webhook_id)
    output.one({"id": webhook_id, "deleted": True}, f"The webhook {webhook_id} is gone.")


@webhooks.command("rotate")
@click.argument("webhook_id")
@click.pass_obj
def rotate_webhook(obj: tuple[Beleg, Output], /, webhook_id: str) -> None:
    """Print a new secret; the old one signs as well for another day."""
    beleg, output = obj
    made = beleg.rotate_webhook(webhook_id)
    output.one(made, made["secret"])


@webhooks.command("test")
@click.argument("webhook_id")
@click.pass_obj
def test_webhook(obj: tuple[Beleg, Output], /, webhook_id: str) -> None:
    """Send the endpoint WEBHOOK_ID an event of the type `webhook.test`."""
    beleg, output = obj
    output.one(beleg.test_webhook(webhook_id))


@webhooks.command("deliveries")
@click.argument("webhook_id")
@click.option("--status", help="Only those that are like this.")
@click.option("--limit", default=100, show_default=True, help="At most so many; 0 for all.")
@click.pass_obj
def list_deliveries(
    obj: tuple[Beleg, Output], /, webhook_id: str, status: str | None, limit: int
) -> None:
    """List what was delivered to the endpoint WEBHOOK_ID, and what not."""
    beleg, output = obj
    found = beleg.webhook_deliveries(webhook_id, status=status)
    output.items(islice(found, limit or None), _DELIVERY_COLUMNS)


@webhooks.command("replay")
@click.argument("webhook_id")
@click.argument("delivery_id")
@click.pass_obj
def replay_delivery(obj: tuple[Beleg, Output], /, webhook_id: str, delivery_id: str) -> None:
    """Deliver the event of DELIVERY_ID again."""
    beleg, output = obj
    output.one(beleg.replay_delivery(webhook_id, delivery_id))
