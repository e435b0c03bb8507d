"""Which records somebody wants, as conditions on their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, or_, select, union

from services.records.names import folded
from services.records.tables import AliasRow, AttributionRow, ReportRow, SourceRow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date


@dataclass(frozen=True, slots=True)
class AttributionFilter:
    """Which records: those for which everything that is given here holds.

    `source` and `reported_by` are a source's id or a name of it; `outlet` is the article's.
    `since` and `until` are the first and last day of publication, or of arrival where that is
    all that is known. `language` is a tag and stands for those that begin with it, too. `q` is
    words that the record has.
    """

    article_id: str | None = None
    source: str | None = None
    reported_by: str | None = None
    outlet: str | None = None
    type: str | None = None
    stance: str | None = None
    language: str | None = None
    since: date | None = None
    until: date | None = None
    min_confidence: float | None = None
    q: str | None = None


def conditions(wanted: AttributionFilter, tenant: str | None) -> list[ColumnElement[bool]]:
    """Give what has to hold for a record's row; `q` is left to the search."""
    return [*_of_the_record(wanted), *_of_the_article(wanted), *_of_sources(wanted, tenant)]


def _of_the_record(wanted: AttributionFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.type is not None:
        yield AttributionRow.type == wanted.type
    if wanted.stance is not None:
        yield AttributionRow.stance == wanted.stance
    if wanted.min_confidence is not None:
        yield AttributionRow.confidence >= wanted.min_confidence


def _of_the_article(wanted: AttributionFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.article_id is not None:
        yield AttributionRow.article_id == wanted.article_id
    if wanted.outlet is not None:
        yield AttributionRow.outlet == folded(wanted.outlet)
    if wanted.language is not None:
        tag = wanted.language.lower()
        longer = func.substr(AttributionRow.language, 1, len(tag) + 1) == f"{tag}-"
        yield or_(AttributionRow.language == tag, longer)
    if wanted.since is not None:
        yield AttributionRow.dated_on >= wanted.since
    if wanted.until is not None:
        yield AttributionRow.dated_on <= wanted.until


def _of_sources(wanted: AttributionFilter, tenant: str | None) -> Iterator[ColumnElement[bool]]:
    if wanted.source is not None:
        yield AttributionRow.source_id.in_(_meant(wanted.source, tenant))
    if wanted.reported_by is not None:
        yield exists().where(
            ReportRow.attribution_id == AttributionRow.id,
            ReportRow.source_id.in_(_meant(wanted.reported_by, tenant)),
        )


def _meant(source: str, tenant: str | None) -> CompoundSelect[str]:
    """Whoever has this id, or is known by this name."""
    by_id = select(SourceRow.id).where(SourceRow.id == source)
    by_name = select(AliasRow.source_id).where(AliasRow.folded == folded(source))
    if tenant is not None:
        by_id = by_id.where(SourceRow.tenant == tenant)
        by_name = by_name.where(AliasRow.tenant == tenant)
    return union(by_id, by_name)
