"""The routes of the API: they translate between HTTP and the store, nothing else."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask.views import MethodView
from flask_smorest import Blueprint

from services.api.collaborators import store
from services.records.queries import (
    AttributionQuerySchema,
    SourceQuerySchema,
    attribution_filter,
)
from services.records.schemas import AttributionSchema, SourceSchema, page_request, page_schema
from services.runtime.problems import not_found
from services.runtime.web import StrictParser, current_tenant, link_next

if TYPE_CHECKING:
    from services.records.sources import SourceSummary

Blueprint.ARGUMENTS_PARSER = StrictParser()
attributions = Blueprint(
    "attributions",
    __name__,
    url_prefix="/v1/attributions",
    description="Who says what, according to whom, and where it stands.",
)
sources = Blueprint(
    "sources", __name__, url_prefix="/v1/sources", description="Who speaks, over all articles."
)


@attributions.route("")
class AttributionList(MethodView):
    """All attributions."""

    @attributions.arguments(AttributionQuerySchema, location="query")
    @attributions.response(HTTPStatus.OK, page_schema(AttributionSchema, "AttributionPage"))
    def get(self, query: dict[str, Any]) -> Any:
        """List attributions, by time of article, then in reading order.

        With `q` the nearest matches come first: the words as they are asked for, then inflected,
        then inside compounds; in each of these the youngest first.
        """
        page = page_request(query)
        with store().reading(current_tenant()) as rows:
            return link_next(rows.attributions.page(attribution_filter(query), page))


@attributions.route("/<attribution_id>")
class Attribution(MethodView):
    """One attribution."""

    @attributions.response(HTTPStatus.OK, AttributionSchema)
    def get(self, attribution_id: str) -> dict[str, Any]:
        """Read an attribution."""
        with store().reading(current_tenant()) as rows:
            record = rows.attributions.get(attribution_id)
        if record is None:
            raise not_found("attribution", attribution_id)
        return record


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
    def get(self, source_id: str) -> SourceSummary:
        """Read a source with its counts."""
        with store().reading(current_tenant()) as rows:
            source = rows.sources.get(source_id)
        if source is None:
            raise not_found("source", source_id)
        return source
