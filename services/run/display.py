"""Who said what according to whom, on a screen."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

CONTENT_CHARS = 160
NOBODY = "(nobody named)"


def show_article(
    screen: Console, article: Mapping[str, Any], attributions: Sequence[Mapping[str, Any]]
) -> None:
    """Show an article's attributions, nested ones below the one they stand in."""
    table = Table(title=_heading(article), title_justify="left", title_style="bold", expand=True)
    for name, options in _COLUMNS.items():
        table.add_column(name, **options)
    for attribution in attributions:
        table.add_row(*(escape(cell) for cell in cells(attribution)))
    screen.print()
    screen.print(table)


_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "who": {"ratio": 3, "style": "bold", "overflow": "fold"},
    "said": {"ratio": 8},
    "how": {"ratio": 2},
    "according to": {"ratio": 2, "overflow": "fold"},
    "sure": {"justify": "right", "no_wrap": True},
}


def cells(attribution: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    """Give the row that shows a record as the API serves it."""
    return (
        _who(attribution["source"]),
        ("↳ " if attribution["parent_id"] else "") + shortened(attribution["content"]["text"]),
        _how(attribution),
        " ← ".join(report["entity"]["name"] for report in attribution["reported_by"]),
        f"{attribution['confidence']:.2f}",
    )


def _how(attribution: Mapping[str, Any]) -> str:
    kind = attribution["type"].replace("_", " ")
    # Almost every statement is asserted; the others are what a reader wants to see.
    return kind if attribution["stance"] == "asserted" else f"{kind}, {attribution['stance']}"


def _who(source: Mapping[str, Any] | None) -> str:
    if source is None:
        return NOBODY
    entity = source["entity"]
    return ", ".join(filter(None, (entity["name"], entity.get("role"))))


def shortened(text: str) -> str:
    """Give `text` on one line, cut between words where it is long."""
    return textwrap.shorten(text, CONTENT_CHARS, placeholder=" …")


def show_failure(screen: Console, article: Mapping[str, Any], job: Mapping[str, Any]) -> None:
    """Show that a job did not succeed, and why."""
    reason = (job["error"] or {}).get("detail", "no reason given")
    screen.print()
    screen.print(f"{_heading(article)}: {job['status']}, {escape(reason)}", style="bold red")


def show_summary(
    screen: Console, found: Sequence[Sequence[Mapping[str, Any]]], seconds: float
) -> None:
    """Show how much was found in how many articles."""
    speakers = {
        attribution["source"]["entity"]["id"]
        for attributions in found
        for attribution in attributions
        if attribution["source"]
    }
    screen.print()
    screen.print(
        f"{sum(map(len, found))} attributions to {len(speakers)} sources in {len(found)} articles, "
        f"in {seconds:.1f} s"
    )


def _heading(article: Mapping[str, Any]) -> str:
    title = escape(article.get("title") or shortened(article["text"]))
    return f"{title} ({escape(article['outlet'])})" if article.get("outlet") else title
