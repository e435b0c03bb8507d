"""`beleg feeds`: articles that come by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_COLUMNS = (
    *("id", "url", "outlet", "enabled", "entries_seen", "failures"),
    *("last_error.detail", "next_poll_at"),
)
_SETTINGS = (
    click.option("--outlet", help="Outlet of its articles, instead of what their pages say."),
    click.option("--language", help="Language of its articles, such as de."),
    click.option("--every-minutes", type=int, help="Minutes between two polls."),
)


def _settable(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_SETTINGS):
        command = option(command)
    return command


@click.group()
def feeds() -> None:
    """Let the entries of RSS and Atom feeds become articles."""


@feeds.command("list")
@click.pass_obj
def list_feeds(obj: tuple[Beleg, Output], /) -> None:
    """List the feeds, and how it goes with them."""
    beleg, output = obj
    output.items(beleg.feeds(), _COLUMNS)


@feeds.command("create")
@click.argument("url")
@_settable
@click.pass_obj
def create_feed(obj: tuple[Beleg, Output], /, url: str, **settings: Any) -> None:
    """Poll the feed at URL from now on."""
    beleg, output = obj
    made = beleg.create_feed(url, **settings)
    output.one(made, f"{made['id']} {made['url']}, every {made['every_minutes']} minutes")


@feeds.command("show")
@click.argument("feed_id")
@click.pass_obj
def show_feed(obj: tuple[Beleg, Output], /, feed_id: str) -> None:
    """Show the feed FEED_ID: when it was polled, when it will be, and what went wrong."""
    beleg, output = obj
    output.one(beleg.feed(feed_id))


@feeds.command("change")
@click.argument("feed_id")
@_settable
@click.option("--enable/--disable", "enabled", default=None, help="Whether it is polled.")
@click.pass_obj
def change_feed(obj: tuple[Beleg, Output], /, feed_id: str, **change: Any) -> None:
    """Change the feed FEED_ID; what is not named stays. An empty outlet or language is none."""
    beleg, output = obj
    named = {name: value for name, value in change.items() if value is not None}
    emptied = {name: None for name, value in named.items() if value == ""}
    output.one(beleg.change_feed(feed_id, **(named | emptied)))


@feeds.command("poll")
@click.argument("feed_id")
@click.pass_obj
def poll_feed(obj: tuple[Beleg, Output], /, feed_id: str) -> None:
    """Have the feed FEED_ID polled at once."""
    beleg, output = obj
    output.one(beleg.poll_feed(feed_id), f"The feed {feed_id} is polled in a moment.")


@feeds.command("delete")
@click.argument("feed_id")
@click.pass_obj
def delete_feed(obj: tuple[Beleg, Output], /, feed_id: str) -> None:
    """Stop polling the feed FEED_ID and forget it; its articles stay."""
    beleg, output = obj
    beleg.delete_feed(feed_id)
    output.one({"id": feed_id, "deleted": True}, f"The feed {feed_id} is gone.")
