"""The marshmallow schemas: what is taken, what is served, how it is documented."""

from __future__ import annotations

from typing import Any

from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from services.records.articles import NewArticle
from services.records.field_kinds import (
    Day,
    language_tag,
    line,
    links_of,
    not_blank,
    storable,
    storable_json,
    web_address,
)
from services.records.jobs import Status
from services.records.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest, decode_cursor

TYPES = ("direct", "indirect", "reported", "free_indirect", "indirect_free_indirect")
MEDIA = (
    "speech",
    "writing",
    "thought",
    "speech_thought",
    "speech_writing",
    "thought_writing",
    "none",
)
KINDS = ("person", "organisation", "outlet", "group", "document", "unnamed")
STANCES = (
    "asserted",
    "denied",
    "doubted",
    "demanded",
    "announced",
    "feared",
    "hoped",
    "questioned",
    "hearsay",
)


class NewArticleSchema(Schema):
    """An article to extract."""

    text = fields.String(
        load_default=None,
        validate=[not_blank, storable],
        metadata={
            "description": "The article's text; may be missing only where `url` says from where "
            "to fetch it. Spans count its Unicode code points; it is kept "
            "and answered exactly as it was sent.",
            "example": "„Das reicht nicht“, sagte Bürgermeisterin Huber am Montag.",
            "minLength": 1,
        },
    )
    title = line(1000, description="Headline.", example="Rat streitet über Radwege")
    url = web_address(
        {"description": "Where the article stands."}, load_default=None, allow_none=True
    )
    outlet = line(300, description="Who published it.", example="Neustädter Bote")
    author = line(300, description="Who wrote it.")
    published_on = Day(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Day of publication; days such as „am Dienstag“ are counted from it.",
            "example": "2024-12-04",
        },
    )
    language = language_tag()
    external_id = line(500, description="The client's own name for the article.")
    metadata = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        validate=storable_json,
        metadata={"description": "Anything the client wants back with the article; 16 KB."},
    )

    @validates_schema
    def _has_text_or_url(self, data: dict[str, Any], **_: Any) -> None:
        if data["text"] is None and data["url"] is None:
            raise ValidationError("Missing: give the text, or a url to fetch it from.", "text")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> NewArticle:
        return NewArticle(**data)


class FieldErrorSchema(Schema):
    """What is wrong with one field."""

    field = fields.String(required=True, metadata={"example": "text"})
    message = fields.String(required=True)
    location = fields.String(required=True, metadata={"example": "body"})


class ProblemSchema(Schema):
    """A problem (RFC 9457)."""

    class Meta:
        """Problems may carry more than this."""

        unknown = EXCLUDE

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    request_id = fields.String(allow_none=True)
    reason = fields.String(
        metadata={
            "description": "A finer code, where there is one.",
            "example": "url-robots-refused",
        }
    )
    errors = fields.List(fields.Nested(FieldErrorSchema))


class JobSchema(Schema):
    """How far the extraction of an article is."""

    id = fields.String(required=True, metadata={"example": "job_01KB2M8Q5T4XWZ0F3H6R9V1C7D"})
    status = fields.String(required=True, validate=validate.OneOf(list(Status)))
    article_id = fields.String(required=True)
    attempts = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)
    started_at = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    error = fields.Nested(ProblemSchema, required=True, allow_none=True)
    links = links_of(
        lambda job: {
            "self": f"/v1/jobs/{job.id}",
            "article": f"/v1/articles/{job.article_id}",
            "attributions": f"/v1/attributions?article_id={job.article_id}",
        }
    )


class RejectedLineSchema(Schema):
    """A line of a batch that was not accepted."""

    line = fields.Integer(required=True, metadata={"minimum": 1})
    problem = fields.Nested(ProblemSchema, required=True)


class BatchSchema(Schema):
    """How far the articles of one request are."""

    id = fields.String(required=True)
    status = fields.String(required=True, validate=validate.OneOf(("processing", "completed")))
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "`total`, by status of the jobs, and `rejected`."},
    )
    rejected = fields.List(fields.Nested(RejectedLineSchema), required=True)
    created_at = fields.AwareDateTime(required=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    links = links_of(lambda batch: {"self": f"/v1/batches/{batch.id}"})


class ArticleSummarySchema(Schema):
    """An article without its text."""

    id = fields.String(required=True)
    title = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    outlet = fields.String(required=True, allow_none=True)
    author = fields.String(required=True, allow_none=True)
    published_on = fields.Date(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    external_id = fields.String(required=True, allow_none=True)
    metadata = fields.Dict(required=True, attribute="details")
    created_at = fields.AwareDateTime(required=True)
    links = links_of(
        lambda article: {
            "self": f"/v1/articles/{article.id}",
            "attributions": f"/v1/attributions?article_id={article.id}",
        }
    )


class ArticleSchema(ArticleSummarySchema):
    """An article as it was posted."""

    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null until an article posted by its url has been fetched."},
    )


class SpanSchema(Schema):
    """Code points `start` to `end` of the article's text, end exclusive."""

    start = fields.Integer(required=True, metadata={"minimum": 0})
    end = fields.Integer(required=True, metadata={"minimum": 1})


class PartSchema(Schema):
    """Words of the article, and where they stand."""

    text = fields.String(required=True, metadata={"description": "The spans' text, by spaces."})
    spans = fields.List(fields.Nested(SpanSchema), required=True)


class EntitySchema(Schema):
    """Whom a mention means."""

    id = fields.String(required=True)
    name = fields.String(required=True, metadata={"example": "Mark Rutte"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    role = fields.String(allow_none=True, metadata={"example": "NATO-Generalsekretär"})


class SourceMentionSchema(PartSchema):
    """The source as it stands, and whom it means."""

    entity = fields.Nested(EntitySchema, required=True)


class ReportSchema(SourceMentionSchema):
    """An outlet that passes the statement on."""

    reported_on = fields.String(
        required=True, allow_none=True, metadata={"format": "date", "example": "2024-12-04"}
    )


class CueSchema(PartSchema):
    """The words that mark the statement."""

    lemma = fields.String(required=True, allow_none=True, metadata={"example": "warnen"})


class EngineSchema(Schema):
    """What found the record."""

    name = fields.String(required=True)
    version = fields.String(required=True)


class AttributionSchema(Schema):
    """A statement that an article does not make in its own name."""

    id = fields.String(required=True)
    article_id = fields.String(required=True)
    parent_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The statement this one stands inside."},
    )
    type = fields.String(required=True, validate=validate.OneOf(TYPES))
    medium = fields.String(required=True, validate=validate.OneOf(MEDIA))
    content = fields.Nested(PartSchema, required=True)
    source = fields.Nested(
        SourceMentionSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null where the article names nobody."},
    )
    reported_by = fields.List(
        fields.Nested(ReportSchema), required=True, metadata={"description": "Nearest first."}
    )
    cue = fields.Nested(CueSchema, required=True, allow_none=True)
    frame = fields.Nested(PartSchema, required=True, allow_none=True)
    addressee = fields.Nested(PartSchema, required=True, allow_none=True)
    stance = fields.String(required=True, validate=validate.OneOf(STANCES))
    confidence = fields.Float(required=True, metadata={"minimum": 0, "maximum": 1})
    engine = fields.Nested(EngineSchema, required=True)
    created_at = fields.AwareDateTime(required=True)


def page_schema(item: type[Schema], name: str) -> Schema:
    """Make the schema of a page of `item`."""
    page = Schema.from_dict(
        {
            "data": fields.List(fields.Nested(item), required=True),
            "next": fields.String(
                required=True,
                allow_none=True,
                metadata={"description": "Cursor of the following page; null at the end."},
            ),
        },
        name=name,
    )
    return page()


class PageQuerySchema(Schema):
    """Which page."""

    cursor = fields.String(metadata={"description": "`next` of the page before."})
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MAX_LIMIT),
        metadata={"description": "Most items on a page."},
    )


def page_request(query: dict[str, Any]) -> PageRequest:
    """Take the page that a query asks for out of it; raises a Problem for a bad cursor."""
    cursor = query.pop("cursor", None)
    return PageRequest(query.pop("limit"), decode_cursor(cursor) if cursor is not None else None)
