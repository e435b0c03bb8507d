"""Exports: all records that match, streamed in one of several formats.

The records are read page by page, each in a transaction of its own, so that memory does not grow
with the export and nobody has to wait for a slow reader.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from services.api.formats import schema_org, table, web_annotation
from services.records.citations import Citation, Citations
from services.records.paging import PageRequest, decode_cursor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from services.records.filters import AttributionFilter
    from services.records.store import Store

_AT_ONCE: Final = 250


@dataclass(frozen=True, slots=True)
class Source:
    """What an item is made from: the record, its article, the article's text, our address."""

    cited: Citation
    text: Callable[[str], str]
    base: str


@dataclass(frozen=True, slots=True)
class Format:
    """How an export is written: before, between and after its items."""

    media_type: str
    suffix: str
    item: Callable[[Source], str]
    head: str = ""
    between: str = ""
    tail: str = ""


def export(
    wanted: AttributionFilter, form: Format, *, store: Store, tenant: str, base: str
) -> Iterator[str]:
    """Stream all records that match, in the order of lists.

    What is wrong is raised here, before the first piece is given out.
    """
    pieces = _pieces(wanted, form, store=store, tenant=tenant, base=base)
    return chain([next(pieces)], pieces)


def _pieces(
    wanted: AttributionFilter, form: Format, *, store: Store, tenant: str, base: str
) -> Iterator[str]:
    before = form.head
    after: str | None = None
    while True:
        with store.reading(tenant) as rows:
            page = rows.attributions.page(wanted, PageRequest(_AT_ONCE, after))
            citations = Citations(rows.session)
            items = [
                form.item(Source(cited, citations.text, base)) for cited in citations.of(page.data)
            ]
        yield before + form.between.join(items)
        if page.next is None:
            break
        after, before = decode_cursor(page.next), form.between
    yield form.tail


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat())


def _annotation_line(source: Source) -> str:
    text = source.text(source.cited.article.id)
    return _line(web_annotation.annotation(source.cited, text, source.base)) + "\n"


FORMATS: Final = {
    "ndjson": Format(
        media_type="application/x-ndjson",
        suffix="ndjson",
        item=lambda source: _line(source.cited.record) + "\n",
    ),
    "csv": Format(
        media_type="text/csv",
        suffix="csv",
        item=lambda source: table.csv_lines([table.table_row(source.cited)]),
        head=table.csv_lines([table.COLUMNS]),
    ),
    "jsonld": Format(
        media_type=schema_org.MEDIA_TYPE,
        suffix="jsonld",
        item=lambda source: _line(schema_org.quotation_or_claim(source.cited, source.base)),
        head=f'{{"@context": "{schema_org.CONTEXT}", "@graph": [\n',
        between=",\n",
        tail="\n]}\n",
    ),
    "annotations": Format(
        media_type="application/x-ndjson", suffix="ndjson", item=_annotation_line
    ),
}
