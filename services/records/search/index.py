"""The index of the records' words, in the store itself: it changes with the records or not at all.

Records are ranked by how they have the words of a query: all exactly as asked for, all at least
inflected, all at least inside compounds. In each rank the youngest come first. Neither changes
while records arrive, so that a page's cursor (rank and number) goes on where the page ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Integer,
    Select,
    Text,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from services.records.dialect import is_sqlite
from services.records.paging import Page, PageRequest, encode_cursor, not_a_cursor
from services.records.search.words import QueryWord, index_terms
from services.records.tables import AttributionRow, SearchRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    _Condition = ColumnElement[bool]
    _Query = Select[AttributionRow, int]

_FTS: Final = table("fts_records", column("rowid"), column("fts_records"))
_VECTOR: Final = literal_column("search_terms.fts_vector", TSVECTOR)
# Words are common where at least so many of the youngest records have them.
_SAMPLE: Final = 200
_COMMON_IN_SAMPLE: Final = 4


class Rank(Enum):
    """How a record has the words of a query; the best first."""

    EXACT = "exact"
    INFLECTED = "inflected"
    COMPOUND = "compound"


@dataclass(frozen=True, slots=True)
class _Hit:
    row: AttributionRow
    rank: Rank
    number: int


class SearchIndex:
    """The words of a tenant's records, or of everybody's where the tenant is None."""

    def __init__(self, session: Session, tenant: str | None) -> None:
        self._session = session
        self._tenant = tenant

    def add(self, rows: Sequence[AttributionRow]) -> None:
        """Index records that are stored; they leave the index when their rows are deleted."""
        entries = [
            {
                "attribution_id": row.id,
                "tenant": row.tenant,
                "terms": index_terms(_text_of(row.body), row.language),
            }
            for row in rows
        ]
        if entries:
            self._session.execute(insert(SearchRow), entries)

    def page(
        self,
        words: Sequence[QueryWord],
        conditions: Sequence[ColumnElement[bool]],
        request: PageRequest,
    ) -> Page[AttributionRow]:
        """List the records that have all the words, the nearest matches first.

        Raises a Problem for a cursor that was given out for another list.
        """
        rank, below = _continued(request.after)
        common = self._common(words)
        hits: list[_Hit] = []
        for current in list(Rank)[list(Rank).index(rank) :]:
            query = self._asking(current, words, self._scope(below), common)
            query = query.where(*conditions).limit(request.limit + 1 - len(hits))
            hits += [_Hit(row, current, number) for row, number in self._session.execute(query)]
            if len(hits) > request.limit:
                break
            below = None
        more = len(hits) > request.limit
        hits = hits[: request.limit]
        cursor = encode_cursor(f"{hits[-1].rank.value}_{hits[-1].number}") if more else None
        return Page([hit.row for hit in hits], cursor)

    def _scope(self, below: int | None) -> list[_Condition]:
        scope = [] if self._tenant is None else [SearchRow.tenant == self._tenant]
        return scope if below is None else [*scope, SearchRow.number < below]

    def _asking(
        self,
        rank: Rank,
        words: Sequence[QueryWord],
        scope: Sequence[_Condition],
        common: set[Rank],
    ) -> _Query:
        if is_sqlite(self._session):
            return _in_sqlite(rank, words, scope)
        if rank in common:
            return _walking_in_postgresql(rank, words, scope)
        return _indexed_in_postgresql(rank, words, scope)

    def _common(self, words: Sequence[QueryWord]) -> set[Rank]:
        """Tell in which ranks PostgreSQL finds enough records by walking through them.

        Its planner cannot: it takes a row to be cheap to look at, and words for rarer or more
        frequent than they are.
        """
        if is_sqlite(self._session):
            return set()
        sample = select(_VECTOR.label("vector")).order_by(SearchRow.number.desc()).limit(_SAMPLE)
        if self._tenant is not None:
            sample = sample.where(SearchRow.tenant == self._tenant)
        seen = sample.cte("sample").prefix_with("MATERIALIZED")
        counts = [
            func.count().filter(seen.c.vector.op("@@")(_tsquery(rank, words))) for rank in Rank
        ]
        counted = self._session.execute(select(*counts).select_from(seen)).one()
        return {
            rank for rank, count in zip(Rank, counted, strict=True) if count >= _COMMON_IN_SAMPLE
        }


def _text_of(body: dict[str, Any]) -> str:
    """Give the words a record is found by: what is said, who says it and who passes it on."""
    mentions = [body["source"], *body["reported_by"]]
    named = [text for mention in mentions if mention for text in (mention["text"], _name(mention))]
    return "\n".join([body["content"]["text"], *named])


def _name(mention: dict[str, Any]) -> str:
    return str(mention["entity"]["name"])


def _continued(after: str | None) -> tuple[Rank, int | None]:
    if after is None:
        return Rank.EXACT, None
    rank, _, number = after.partition("_")
    if rank not in {r.value for r in Rank} or not number.isdecimal():
        raise not_a_cursor()
    return Rank(rank), int(number)


def _in_sqlite(rank: Rank, words: Sequence[QueryWord], scope: Sequence[_Condition]) -> _Query:
    # The plus keeps SQLite from asking the index about each record instead of walking through it.
    walked = literal_column("+fts_records.rowid", Integer)
    expression = _expression(rank, words, quote='"', signs=(" AND ", " OR ", " NOT "))
    return (
        select(AttributionRow, SearchRow.number)
        .select_from(_FTS)
        .join(SearchRow, SearchRow.number == walked)
        .join(AttributionRow, AttributionRow.id == SearchRow.attribution_id)
        .where(_FTS.c.fts_records.op("MATCH")(expression), *scope)
        .order_by(_FTS.c.rowid.desc())
    )


def _walking_in_postgresql(
    rank: Rank, words: Sequence[QueryWord], scope: Sequence[_Condition]
) -> _Query:
    """Look through the records from the youngest on, until enough are found."""
    return (
        select(AttributionRow, SearchRow.number)
        .join(SearchRow, AttributionRow.id == SearchRow.attribution_id)
        .where(_VECTOR.op("@@")(_tsquery(rank, words)), *scope)
        .order_by(SearchRow.number.desc())
    )


def _indexed_in_postgresql(
    rank: Rank, words: Sequence[QueryWord], scope: Sequence[_Condition]
) -> _Query:
    """Let the index find all of them, whatever the planner thinks of it."""
    rows = select(SearchRow.number, SearchRow.attribution_id)
    having = rows.where(_VECTOR.op("@@")(_tsquery(rank, words)), *scope)
    found = having.cte("found").prefix_with("MATERIALIZED")
    return (
        select(AttributionRow, found.c.number)
        .join(found, AttributionRow.id == found.c.attribution_id)
        .order_by(found.c.number.desc())
    )


def _tsquery(rank: Rank, words: Sequence[QueryWord]) -> ColumnElement[Any]:
    expression = _expression(rank, words, quote="'", signs=(" & ", " | ", " & !"))
    return cast(cast(expression, Text), TSQUERY)


def _expression(
    rank: Rank, words: Sequence[QueryWord], *, quote: str, signs: tuple[str, str, str]
) -> str:
    """Write down what a record of this rank, and of no better one, has."""
    every, either, but_not = signs

    def all_of(terms: Callable[[QueryWord], list[str]]) -> str:
        each = (either.join(f"{quote}{term}{quote}" for term in terms(word)) for word in words)
        return "(" + every.join(f"({terms})" for terms in each) + ")"

    ranks = list(Rank)
    wanted = all_of(_TERMS[rank])
    better = ranks[: ranks.index(rank)]
    return wanted + but_not + all_of(_TERMS[better[-1]]) if better else wanted


_TERMS: Final[dict[Rank, Callable[[QueryWord], list[str]]]] = {
    Rank.EXACT: lambda word: [f"w{word.word}"],
    Rank.INFLECTED: lambda word: [f"s{stem}" for stem in word.stems],
    Rank.COMPOUND: lambda word: [f"{kind}{stem}" for stem in word.stems for kind in "sp"],
}
