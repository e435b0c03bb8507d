"""`beleg attributions` and `beleg export`: what was found."""

from __future__ import annotations

from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_FILTERS = (
    click.option("--article-id", help="Only of this article."),
    click.option("--source", help="Only by this source: its id or one of its names."),
    click.option("--reported-by", help="Only what this outlet passes on."),
    click.option("--outlet", help="Only from articles of this outlet."),
    click.option("--type", help="direct, indirect, reported, …"),
    click.option("--stance", help="asserted, denied, doubted, demanded, …"),
    click.option("--language", help="Only from articles in this language."),
    click.option("--from", "from_", help="Only published on this day or later (YYYY-MM-DD)."),
    click.option("--to", help="Only published on this day or earlier."),
    click.option("--min-confidence", type=float, help="Only records at least this sure."),
    click.option("-q", "--query", "q", help="Only records with these words."),
)


def _filtered(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(_FILTERS):
        command = option(command)
    return command


@click.command()
@_filtered
@click.option("--limit", default=100, show_default=True, help="At most so many; 0 for all.")
@click.pass_obj
def attributions(obj: tuple[Beleg, Output], /, limit: int, **query: Any) -> None:
    """List who said what according to whom."""
    beleg, output = obj
    found = beleg.attributions(**query)
    columns = ("source.entity.name", "type", "stance", "content.text", "reported_by.entity.name")
    output.items(islice(found, limit or None), columns)


@click.command()
@_filtered
@click.option(
    "--format",
    "form",
    default="ndjson",
    show_default=True,
    help="ndjson, csv, jsonld or annotations.",
)
@click.option(
    "-o",
    "--output",
    "file",
    type=click.File("wb", lazy=False),
    default="-",
    help="Default: stdout.",
)
@click.pass_obj
def export(obj: tuple[Beleg, Output], /, form: str, file: IO[bytes], **query: Any) -> None:
    """Write all attributions that match to a file."""
    beleg, _ = obj
    for block in beleg.export(form, **query):
        file.write(block)
