"""The routes of sources: who speaks, and what people set right about them."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import redirect
from flask.views import MethodView

from services.api.collaborators import store
from services.records.queries import SourceQuerySchema
from services.records.schemas import PageQuerySchema, page_request, page_schema
from services.records.source_changes import Split
from services.records.source_schemas import (
    ChangedSourceSchema,
    MergeSchema,
    SourceChangeSchema,
    SourceSchema,
    SplitSchema,
)
from services.runtime.clock import utcnow
from services.runtime.problems import not_found
from services.runtime.web import StrictBlueprint, current_tenant, link_next

if TYPE_CHECKING:
    from services.records.store import Rows
    from services.records.tables import SourceChangeRow

sources = StrictBlueprint(
    "sources", __name__, url_prefix="/v1/sources", description="Who speaks, over all articles."
)
changes = StrictBlueprint(
    "source changes",
    __name__,
    url_prefix="/v1/source-changes",
    description="What people have set right about sources; each can be undone.",
)

_LED_ON = {
    int(HTTPStatus.TEMPORARY_REDIRECT): {
        "description": "Merged into another source.",
        "headers": {"Location": {"schema": {"type": "string"}, "description": "The other one."}},
    }
}


@sources.route("")
class SourceList(MethodView):
    """All sources."""

    @sources.arguments(SourceQuerySchema, location="query")
    @sources.response(HTTPStatus.OK, page_schema(SourceSchema, "SourcePage"))
    def get(self, query: dict[str, Any]) -> Any:
        """List sources with their counts, the earliest first."""
        page = page_request(query)
        with store().reading(current_tenant()) as rows:
            return link_next(rows.sources.page(page, **query))


@sources.route("/<source_id>")
class Source(MethodView):
    """One source."""

    @sources.response(HTTPStatus.OK, SourceSchema)
    @sources.doc(responses=_LED_ON)
    def get(self, source_id: str) -> Any:
        """Read a source with its counts; one that was merged leads to the other."""
        with store().reading(current_tenant()) as rows:
            source = rows.sources.get(source_id)
            if source is None:
                return _elsewhere(rows, source_id)
        return source


@sources.route("/<source_id>/merge")
class SourceMerge(MethodView):
    """Merging sources."""

    @sources.arguments(MergeSchema)
    @sources.response(HTTPStatus.OK, ChangedSourceSchema)
    def post(self, wanted: dict[str, Any], source_id: str) -> dict[str, Any]:
        """Merge this source `into` another one, or others (`from`) into this one.

        Every record moves, and later articles that use the names and roles follow. Each merge can
        be undone.
        """
        now = utcnow()
        with store().transaction(current_tenant()) as rows:
            if "into" in wanted:
                made = [rows.source_changes.merge(source_id, wanted["into"], field="into", at=now)]
            else:
                made = [
                    rows.source_changes.merge(other, source_id, field="from", at=now)
                    for other in dict.fromkeys(wanted["from_ids"])
                ]
            return _changed(rows, made)


@sources.route("/<source_id>/split")
class SourceSplit(MethodView):
    """Splitting a source."""

    @sources.arguments(SplitSchema)
    @sources.response(HTTPStatus.CREATED, ChangedSourceSchema)
    def post(self, wanted: dict[str, Any], source_id: str) -> Any:
        """Move names, or single records, of this source into a new one."""
        with store().transaction(current_tenant()) as rows:
            made = rows.source_changes.split(source_id, Split(**wanted), at=utcnow())
            body = _changed(rows, [made])
        return body, None, {"Location": f"/v1/sources/{made.into_id}"}


@changes.route("")
class SourceChangeList(MethodView):
    """All changes."""

    @changes.arguments(PageQuerySchema, location="query")
    @changes.response(HTTPStatus.OK, page_schema(SourceChangeSchema, "SourceChangePage"))
    def get(self, query: dict[str, Any]) -> Any:
        """List merges and splits, the earliest first, with those that were undone."""
        with store().reading(current_tenant()) as rows:
            return link_next(rows.source_changes.page(page_request(query)))


@changes.route("/<change_id>")
class SourceChange(MethodView):
    """One change."""

    @changes.response(HTTPStatus.OK, SourceChangeSchema)
    def get(self, change_id: str) -> SourceChangeRow:
        """Read a merge or split."""
        with store().reading(current_tenant()) as rows:
            change = rows.source_changes.get(change_id)
        if change is None:
            raise not_found("source change", change_id)
        return change


@changes.route("/<change_id>/undo")
class SourceChangeUndo(MethodView):
    """Taking a change back."""

    @changes.response(HTTPStatus.OK, SourceChangeSchema)
    def post(self, change_id: str) -> SourceChangeRow:
        """Bring back what a merge or split moved.

        What has come since under the names that go back goes with them. A later change of the same
        sources has to be undone before.
        """
        with store().transaction(current_tenant()) as rows:
            return rows.source_changes.undo(change_id, at=utcnow())


def _elsewhere(rows: Rows, source_id: str) -> Any:
    into = rows.sources.follow(source_id)
    if into == source_id or rows.sources.get(into) is None:
        raise not_found("source", source_id)
    # Temporary, since the merge may be undone.
    return redirect(f"/v1/sources/{into}", HTTPStatus.TEMPORARY_REDIRECT)


def _changed(rows: Rows, made: list[SourceChangeRow]) -> dict[str, Any]:
    rows.session.flush()
    return {"source": rows.sources.get(made[-1].into_id), "changes": made}
