"""The routes of API keys, for those who administer their tenant."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask.views import MethodView
from marshmallow import Schema, fields, post_load, validate

from services.api.collaborators import store
from services.records.field_kinds import not_blank, storable
from services.runtime.clock import utcnow
from services.runtime.keys import Scope
from services.runtime.problems import not_found
from services.runtime.web import StrictBlueprint, current_tenant

if TYPE_CHECKING:
    from services.records.tables import KeyRow
    from services.runtime.keys import ApiKey

ROTATION_GRACE = timedelta(hours=24)


class NewKeySchema(Schema):
    """A key to make."""

    name = fields.String(
        required=True,
        validate=[validate.Length(1, 200), not_blank, storable],
        metadata={"description": "What it is for.", "example": "Crawler in the basement"},
    )
    scopes = fields.List(
        fields.String(validate=validate.OneOf(list(Scope))),
        required=True,
        validate=validate.Length(1),
        metadata={"example": ["articles:write", "read"]},
    )
    expires_in_days = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(1, 3650)
    )

    @post_load
    def _once_each(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return data | {"scopes": sorted(set(data["scopes"]))}


class KeySchema(Schema):
    """A key, without its secret."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)


class ShownKeySchema(KeySchema):
    """A key that has just been made: the only time that it is shown."""

    key = fields.String(required=True)


class KeyListSchema(Schema):
    """All keys of a tenant."""

    data = fields.List(fields.Nested(KeySchema), required=True)


keys = StrictBlueprint("keys", __name__, url_prefix="/v1/keys", description="Who may do what.")


@keys.route("")
class KeyList(MethodView):
    """All keys."""

    @keys.response(HTTPStatus.OK, KeyListSchema)
    def get(self) -> dict[str, Any]:
        """List the keys of this tenant, without their secrets."""
        with store().reading(current_tenant()) as rows:
            return {"data": rows.keys.all()}

    @keys.arguments(NewKeySchema)
    @keys.response(HTTPStatus.CREATED, ShownKeySchema)
    def post(self, new: dict[str, Any]) -> dict[str, Any]:
        """Make a key; it is shown this once."""
        now, days = utcnow(), new["expires_in_days"]
        with store().transaction(current_tenant()) as rows:
            made = rows.keys.create(
                new["name"],
                map(Scope, new["scopes"]),
                tenant=current_tenant(),
                at=now,
                expires_at=now + timedelta(days=days) if days else None,
            )
        return _shown(*made)


@keys.route("/<key_id>")
class Key(MethodView):
    """One key."""

    @keys.response(HTTPStatus.OK, KeySchema)
    def delete(self, key_id: str) -> KeyRow:
        """Revoke a key: from now on it opens nothing."""
        with store().transaction(current_tenant()) as rows:
            row = rows.keys.revoke(key_id, at=utcnow())
        if row is None:
            raise not_found("key", key_id)
        return row


@keys.route("/<key_id>/rotate")
class KeyRotation(MethodView):
    """Replacing a key."""

    @keys.response(HTTPStatus.CREATED, ShownKeySchema)
    def post(self, key_id: str) -> dict[str, Any]:
        """Make a key like this one; the old one works for another 24 hours."""
        with store().transaction(current_tenant()) as rows:
            made = rows.keys.rotate(key_id, at=utcnow(), grace=ROTATION_GRACE)
        if made is None:
            raise not_found("key", key_id)
        return _shown(*made)


def _shown(key: ApiKey, row: KeyRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in KeySchema().fields} | {"key": str(key)}
