"""What the command prints: tables for people, JSON for pipes; progress goes to standard error."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Output:
    """Where results go, and in which form."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def items(self, items: Iterable[dict[str, Any]], columns: Sequence[str]) -> None:
        """Print items as they come: a JSON object a line, or a table."""
        if self.as_json:
            for item in items:
                self.one(item)
            return
        table = Table(*columns, expand=True)
        for item in items:
            table.add_row(*(Text(cell) for cell in cells(item, columns)))
        Console().print(table)

    def one(self, item: dict[str, Any], said: str | None = None) -> None:
        """Print one thing: as JSON, or what is `said` of it."""
        if self.as_json or said is None:
            indent = None if self.as_json else 2
            click.echo(json.dumps(item, ensure_ascii=False, indent=indent))
        else:
            click.echo(said)

    @staticmethod
    def progress() -> Progress:
        """Make a progress bar; it shows on a terminal only."""
        return Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )


def cells(item: dict[str, Any], columns: Sequence[str]) -> list[str]:
    """Give the cells of an item; a column such as `source.entity.name` looks inside."""
    return [_plain(_inside(item, column.split("."))) for column in columns]


def _inside(item: Any, path: list[str]) -> Any:
    for name in path:
        if isinstance(item, list):
            return [_inside(one, path[path.index(name) :]) for one in item]
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    return "" if value is None else str(value)
