"""The routes of the API: they translate between HTTP and the store, nothing else."""

from __future__ import annotations

import json
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask.views import MethodView

from services.api.collaborators import store
from services.api.documented import also_served
from services.api.export import FORMATS, export
from services.api.formats import schema_org, web_annotation
from services.records.citations import Citations
from services.records.queries import (
    AttributionQuerySchema,
    ExportQuerySchema,
    attribution_filter,
)
from services.records.schemas import AttributionSchema, page_request, page_schema
from services.runtime.clock import utcnow
from services.runtime.problems import not_found
from services.runtime.reading import JSON, preferred
from services.runtime.web import StrictBlueprint, current_tenant, link_next, next_link

if TYPE_CHECKING:
    from services.records.paging import Page

attributions = StrictBlueprint(
    "attributions",
    __name__,
    url_prefix="/v1/attributions",
    description="Who says what, according to whom, and where it stands.",
)
exports = StrictBlueprint(
    "exports", __name__, url_prefix="/v1/export", description="All records that match, as a file."
)


@attributions.route("")
class AttributionList(MethodView):
    """All attributions."""

    serves = (JSON, web_annotation.MEDIA_TYPE)

    @attributions.arguments(AttributionQuerySchema, location="query")
    @attributions.response(HTTPStatus.OK, page_schema(AttributionSchema, "AttributionPage"))
    @attributions.doc(responses=also_served(web_annotation.PROFILE))
    def get(self, query: dict[str, Any]) -> Any:
        """List attributions, by time of article, then in reading order.

        With `q` the nearest matches come first: the words as they are asked for, then inflected,
        then inside compounds; in each of these the youngest first.
        """
        page = page_request(query)
        with store().reading(current_tenant()) as rows:
            found = rows.attributions.page(attribution_filter(query), page)
            if preferred(self.serves) == web_annotation.MEDIA_TYPE:
                return _annotation_page(found, Citations(rows.session))
        return link_next(found)


@attributions.route("/<attribution_id>")
class Attribution(MethodView):
    """One attribution."""

    serves = (JSON, web_annotation.MEDIA_TYPE)

    @attributions.response(HTTPStatus.OK, AttributionSchema)
    @attributions.doc(responses=also_served(web_annotation.PROFILE))
    def get(self, attribution_id: str) -> Any:
        """Read an attribution, as `application/ld+json` a W3C Web Annotation."""
        with store().reading(current_tenant()) as rows:
            record = rows.attributions.get(attribution_id)
            if record is None:
                raise not_found("attribution", attribution_id)
            if preferred(self.serves) == web_annotation.MEDIA_TYPE:
                return _ld_json(_annotations([record], Citations(rows.session))[0])
        return record


@exports.route("")
class Export(MethodView):
    """All records that match."""

    serves = tuple(dict.fromkeys(form.media_type for form in FORMATS.values()))

    @exports.arguments(ExportQuerySchema, location="query")
    @exports.response(HTTPStatus.OK, AttributionSchema, content_type=FORMATS["ndjson"].media_type)
    @exports.doc(responses=also_served("text/csv", schema_org.MEDIA_TYPE))
    def get(self, query: dict[str, Any]) -> Response:
        """Export all records that match, streamed, in the order of the list."""
        name = query.pop("format", None) or _format_accepted(preferred(self.serves))
        bom = ["\ufeff"] if query.pop("bom") else []
        form = FORMATS[name]
        pieces = export(
            attribution_filter(query), form, store=store(), tenant=current_tenant(), base=_base()
        )
        disposition = f'attachment; filename="attributions-{utcnow():%Y-%m-%d}.{form.suffix}"'
        return Response(
            chain(bom, pieces),
            content_type=f"{form.media_type}; charset=utf-8",
            headers={"Content-Disposition": disposition},
        )


def _format_accepted(media_type: str) -> str:
    return next(name for name, form in FORMATS.items() if form.media_type == media_type)


def _base() -> str:
    return request.host_url.rstrip("/")


def _annotations(records: list[dict[str, Any]], citations: Citations) -> list[dict[str, Any]]:
    return [
        web_annotation.annotation(cited, citations.text(cited.article.id), _base())
        for cited in citations.of(records)
    ]


def _annotation_page(found: Page[dict[str, Any]], citations: Citations) -> Response:
    link = next_link(found)
    response = _ld_json(
        web_annotation.annotation_page(
            _annotations(found.data, citations),
            address=request.url,
            following=link and _base() + link,
            collection=request.base_url,
        )
    )
    if link:
        response.headers["Link"] = f'<{link}>; rel="next"'
    return response


def _ld_json(document: dict[str, Any]) -> Response:
    return Response(json.dumps(document, ensure_ascii=False), content_type=web_annotation.PROFILE)
