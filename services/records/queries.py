"""The schemas of queries: which records and sources a list, a search or an export is about."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.records.field_kinds import LANGUAGE_TAG, Day, storable, text_up_to
from services.records.filters import AttributionFilter
from services.records.schemas import KINDS, STANCES, TYPES, PageQuerySchema
from services.records.search.words import query_words

_MOST_WORDS = 30


def _words(description: str, example: str) -> fields.String:
    return fields.String(
        validate=text_up_to(500),
        metadata={"description": description, "example": example},
    )


def _searchable(q: str) -> None:
    count = len(query_words(q))
    if count == 0:
        raise ValidationError("Has no word to search for.")
    if count > _MOST_WORDS:
        raise ValidationError(f"Has {count} words; at most {_MOST_WORDS} are searched for.")


class AttributionFilterSchema(Schema):
    """Which records."""

    article_id = _words("Only of this article.", "art_01KB2M8Q5T4XWZ0F3H6R9V1C7D")
    source = _words("Only by this source: its id or one of its names.", "Mark Rutte")
    reported_by = _words("Only what this outlet passes on: its id or one of its names.", "dpa")
    outlet = _words("Only from articles of this outlet, whatever the case.", "Neustädter Bote")
    type = fields.String(validate=validate.OneOf(TYPES))
    stance = fields.String(validate=validate.OneOf(STANCES))
    language = fields.String(
        validate=LANGUAGE_TAG,
        metadata={
            "description": "Only from articles in this language; `de` stands for `de-AT`, too.",
            "example": "de",
        },
    )
    since = Day(
        data_key="from",
        metadata={
            "description": "Only from articles published on this day or later. The day of arrival "
            "(UTC) counts where no day of publication is known.",
            "example": "2024-12-01",
        },
    )
    until = Day(
        data_key="to",
        metadata={"description": "As `from`: this day or earlier.", "example": "2024-12-31"},
    )
    min_confidence = fields.Float(
        validate=validate.Range(0, 1),
        metadata={"description": "Only records at least this sure: fewer, but righter."},
    )
    q = fields.String(
        validate=[validate.Length(max=500), storable, _searchable],
        metadata={
            "description": "Only records with all these words in what is said or in the names of "
            "who says it and who passes it on; inflected words and compounds are found, too.",
            "example": "Rakete",
        },
    )

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if "since" in data and "until" in data and data["since"] > data["until"]:
            raise ValidationError("Lies before `from`.", "to")


class AttributionQuerySchema(AttributionFilterSchema, PageQuerySchema):
    """Which records, and which page of them."""


EXPORT_FORMATS = ("ndjson", "csv", "jsonld", "annotations")


class ExportQuerySchema(AttributionFilterSchema):
    """Which records, and in which format."""

    format = fields.String(
        validate=validate.OneOf(EXPORT_FORMATS),
        metadata={
            "description": "`ndjson`: a record a line. `csv`: a table. `jsonld`: schema.org's "
            "Quotation and Claim. `annotations`: a W3C Web Annotation a line. Without it, what "
            "`Accept` asks for; else `ndjson`.",
        },
    )
    bom = fields.Boolean(
        load_default=False,
        metadata={"description": "Begin the CSV with a byte order mark, which Excel needs."},
    )

    @validates_schema
    def _bom_of_csv(self, data: dict[str, Any], **_: Any) -> None:
        if data["bom"] and data.get("format") != "csv":
            raise ValidationError("Only `format=csv` can begin with one.", "bom")


def attribution_filter(query: dict[str, Any]) -> AttributionFilter:
    """Make the filter of what is left of a query without its page."""
    return AttributionFilter(**query)


class SourceQuerySchema(PageQuerySchema):
    """Which sources."""

    q = _words("Only sources with a name that contains this, whatever the case.", "huber")
    kind = fields.String(validate=validate.OneOf(KINDS))
