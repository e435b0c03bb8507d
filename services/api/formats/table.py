"""Records as rows of a table, for spreadsheets and data frames (CSV after RFC 4180).

A cell that begins like a formula would be run by a spreadsheet when the file is opened, and what
is said in an article is anybody's words: such a cell gets an apostrophe in front, which
spreadsheets take for "this is text". Other formats keep the words as they are.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from services.records.citations import Citation

COLUMNS: Final = (
    *("id", "article_id", "parent_id", "type", "medium", "stance", "confidence"),
    *("content", "start", "end", "source", "source_id", "source_name", "source_kind"),
    *("source_role", "reported_by", "reported_on", "cue", "cue_lemma", "addressee"),
    *("outlet", "title", "url", "published_on", "language", "engine", "created_at"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Write rows as CSV: commas, quotes where needed, CRLF."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([_safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def table_row(cited: Citation) -> list[Any]:
    """Give a record's cells in the order of `COLUMNS`."""
    record, article = cited.record, cited.article
    cells: Mapping[str, Any] = {
        **{name: record[name] for name in COLUMNS[:7]},
        **_content(record["content"]),
        **_source(record["source"]),
        "reported_by": "; ".join(report["entity"]["name"] for report in record["reported_by"]),
        "reported_on": "; ".join(report["reported_on"] or "" for report in record["reported_by"]),
        "cue": _text(record["cue"]),
        "cue_lemma": (record["cue"] or {}).get("lemma"),
        "addressee": _text(record["addressee"]),
        **{name: getattr(article, name) for name in ("outlet", "title", "url", "published_on")},
        "language": article.language,
        "engine": f"{record['engine']['name']} {record['engine']['version']}",
        "created_at": record["created_at"].isoformat(),
    }
    return [cells[name] for name in COLUMNS]


def _content(content: dict[str, Any]) -> dict[str, Any]:
    spans = content["spans"]
    return {"content": content["text"], "start": spans[0]["start"], "end": spans[-1]["end"]}


def _source(source: dict[str, Any] | None) -> dict[str, Any]:
    entity = source["entity"] if source else {}
    return {
        "source": _text(source),
        "source_id": entity.get("id"),
        "source_name": entity.get("name"),
        "source_kind": entity.get("kind"),
        "source_role": entity.get("role"),
    }


def _text(part: dict[str, Any] | None) -> str | None:
    return part["text"] if part else None


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
