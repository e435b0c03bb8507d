"""`beleg sources`: who speaks, and setting right who is who."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_COLUMNS = ("id", "name", "kind", "role", "attributions", "articles", "outlets")
_CHANGE_COLUMNS = ("id", "action", "from", "into", "moved", "created_at", "undone_at")


@click.group(invoke_without_command=True)
@click.option("-q", "--query", "q", help="Only names that contain this.")
@click.option("--kind", help="person, organisation, outlet, group, document or unnamed.")
@click.option("--limit", default=100, show_default=True, help="At most so many; 0 for all.")
@click.pass_context
def sources(context: click.Context, /, limit: int, **query: Any) -> None:
    """List who speaks, how often, and where; or set it right."""
    if context.invoked_subcommand:
        return
    beleg, output = context.obj
    output.items(islice(beleg.sources(**query), limit or None), _COLUMNS)


@sources.command()
@click.argument("source_id")
@click.option("--into", required=True, help="The id of the source that it is merged into.")
@click.pass_obj
def merge(obj: tuple[Beleg, Output], /, source_id: str, into: str) -> None:
    """Merge the source SOURCE_ID into another one."""
    beleg, output = obj
    _tell(output, beleg.merge_source(source_id, into=into))


@sources.command()
@click.argument("source_id")
@click.option("--alias", "aliases", multiple=True, help="A name that goes to a new source.")
@click.option("--attribution", "attributions", multiple=True, help="A record's id that goes.")
@click.option("--name", help="The new source's name.")
@click.option("--role", help="Its role.")
@click.pass_obj
def split(obj: tuple[Beleg, Output], /, source_id: str, **what: Any) -> None:
    """Move names or records of the source SOURCE_ID into a new one."""
    beleg, output = obj
    _tell(output, beleg.split_source(source_id, **what))


@sources.command()
@click.pass_obj
def changes(obj: tuple[Beleg, Output], /) -> None:
    """List merges and splits, with those that were undone."""
    beleg, output = obj
    output.items(beleg.source_changes(), _CHANGE_COLUMNS)


@sources.command()
@click.argument("change_id")
@click.pass_obj
def undo(obj: tuple[Beleg, Output], /, change_id: str) -> None:
    """Bring back what the change CHANGE_ID moved."""
    beleg, output = obj
    output.one(beleg.undo_source_change(change_id), f"The change {change_id} is undone.")


def _tell(output: Output, changed: dict[str, Any]) -> None:
    source, changes = changed["source"], changed["changes"]
    undo = ", ".join(f"`beleg sources undo {change['id']}`" for change in changes)
    output.one(changed, f"{source['id']} {source['name']}; undo it with {undo}.")
