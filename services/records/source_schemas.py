"""The schemas of sources, and of what people change about them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from services.records.field_kinds import line, links_of, text_up_to
from services.records.schemas import KINDS

_ID = "src_01KB2M8Q5T4XWZ0F3H6R9V1C7D"
_LONGEST = 500
_MOST = 100
_MOST_RECORDS = 1000


class SourceSchema(Schema):
    """Who speaks, how often, and where."""

    id = fields.String(required=True, metadata={"example": _ID})
    name = fields.String(required=True, metadata={"example": "Mark Rutte"})
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    role = fields.String(
        required=True, allow_none=True, metadata={"example": "NATO-Generalsekretär"}
    )
    aliases = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Other names it is known by.", "example": ["Rutte"]},
    )
    roles = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "All roles it was seen in.", "example": ["NATO-Generalsekretär"]},
    )
    attributions = fields.Integer(
        required=True, metadata={"description": "How many records it is the source of."}
    )
    reports = fields.Integer(
        required=True, metadata={"description": "How often it passes something on."}
    )
    articles = fields.Integer(
        required=True, metadata={"description": "In how many articles it does either."}
    )
    outlets = fields.List(fields.String(), required=True)
    first_seen = fields.AwareDateTime(required=True, allow_none=True)
    last_seen = fields.AwareDateTime(required=True, allow_none=True)
    links = links_of(
        lambda source: {
            "self": f"/v1/sources/{source.id}",
            "attributions": f"/v1/attributions?source={source.id}",
            "reported_by": f"/v1/attributions?reported_by={source.id}",
        }
    )


class SourceChangeSchema(Schema):
    """A merge or a split."""

    id = fields.String(required=True, metadata={"example": "chg_01KB2M8Q5T4XWZ0F3H6R9V1C7D"})
    action = fields.String(required=True, validate=validate.OneOf(("merge", "split")))
    from_id = fields.String(
        required=True,
        data_key="from",
        metadata={"description": "The source that something was taken from.", "example": _ID},
    )
    into_id = fields.String(
        required=True,
        data_key="into",
        metadata={"description": "The source that got it; of a split, the new one."},
    )
    moved = fields.Integer(required=True, metadata={"description": "How many mentions went."})
    created_at = fields.AwareDateTime(required=True)
    undone_at = fields.AwareDateTime(required=True, allow_none=True)
    links = links_of(
        lambda change: {
            "self": f"/v1/source-changes/{change.id}",
            "undo": f"/v1/source-changes/{change.id}/undo",
            "source": f"/v1/sources/{change.into_id}",
        }
    )


class ChangedSourceSchema(Schema):
    """A source after a change, and the changes that made it so."""

    source = fields.Nested(SourceSchema, required=True)
    changes = fields.List(fields.Nested(SourceChangeSchema), required=True)


class MergeSchema(Schema):
    """Whom to merge: this source into another one, or others into this one."""

    into = fields.String(
        validate=text_up_to(_LONGEST),
        metadata={"description": "The source that this one is merged into.", "example": _ID},
    )
    from_ids = fields.List(
        fields.String(validate=text_up_to(_LONGEST)),
        data_key="from",
        validate=validate.Length(1, _MOST),
        metadata={"description": "The sources that are merged into this one.", "example": [_ID]},
    )

    @validates_schema
    def _one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        if len(data) != 1:
            raise ValidationError("Give either `into` or `from`.", "into")


class SplitSchema(Schema):
    """What a new source takes with it."""

    aliases = fields.List(
        fields.String(validate=text_up_to(_LONGEST)),
        load_default=list,
        validate=validate.Length(max=_MOST),
        metadata={
            "description": "Names that go, with every record in which the source has this name.",
            "example": ["Thomas Weber"],
        },
    )
    attributions = fields.List(
        fields.String(validate=text_up_to(_LONGEST)),
        load_default=list,
        validate=validate.Length(max=_MOST_RECORDS),
        metadata={"description": "Ids of single records that go."},
    )
    name = line(_LONGEST, description="The new source's name; otherwise the first of `aliases`.")
    role = line(
        _LONGEST, description="Its role, by which later articles tell it from its namesakes."
    )

    @validates_schema
    def _something(self, data: dict[str, Any], **_: Any) -> None:
        if not data["aliases"] and not data["attributions"]:
            raise ValidationError("Name `aliases` or `attributions` that go.", "aliases")
