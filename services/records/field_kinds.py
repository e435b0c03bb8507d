"""The kinds of fields that our schemas are made of, and what each of them refuses."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from marshmallow import ValidationError, fields, validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Control characters but tab, line feed, vertical tab, form feed and return; the surrogates.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_LAST_CONTROL = 0x7F
_MAX_METADATA_BYTES = 16_384
_MAX_METADATA_DEPTH = 20
LINKS: Final = {"type": "object", "additionalProperties": {"type": "string"}}
"""What a JSON schema says of links: an object of paths by name."""
LANGUAGE_TAG: Final = validate.Regexp(
    r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", error="Not a language tag such as de or en-GB."
)


def storable(text: str) -> None:
    """Refuse what no store keeps unchanged: lone surrogates and control characters."""
    found = _UNSTORABLE.search(text)
    if found:
        code = ord(found[0])
        kind = "Lone surrogate" if code > _LAST_CONTROL else "Control character"
        raise ValidationError(f"{kind} U+{code:04X} at position {found.start()}.")


def only_storable(text: str) -> str:
    """Leave out what no store keeps, for texts that were found and not posted."""
    return _UNSTORABLE.sub("", text)


def not_blank(text: str) -> None:
    """Refuse a text without anything but white space."""
    if not text.strip():
        raise ValidationError("Must not be empty or only white space.")


def text_up_to(longest: int) -> list[Callable[[str], Any]]:
    """Give what checks a text that has to say something, in at most `longest` code points."""
    return [validate.Length(max=longest), not_blank, storable]


def storable_json(value: dict[str, Any]) -> None:
    """Refuse what no store keeps in any of the texts, and what is too deep or too long."""
    pending: list[tuple[Any, int]] = [(value, 1)]
    while pending:
        item, depth = pending.pop()
        if depth > _MAX_METADATA_DEPTH:
            raise ValidationError(f"Nested deeper than {_MAX_METADATA_DEPTH}.")
        if isinstance(item, str):
            storable(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise ValidationError("Not a number that JSON knows.")
        elif isinstance(item, dict):
            pending += [(part, depth + 1) for part in (*item.keys(), *item.values())]
        elif isinstance(item, list):
            pending += [(part, depth + 1) for part in item]
    if len(json.dumps(value)) > _MAX_METADATA_BYTES:
        raise ValidationError(f"Longer than {_MAX_METADATA_BYTES} bytes as JSON.")


class Day(fields.Date):
    """A date; a moment in RFC 3339 is taken too, and its date kept."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        if isinstance(value, str) and "T" in value:
            try:
                return datetime.fromisoformat(value).date()
            except ValueError:
                raise self.make_error("invalid", input=value, obj_type="date") from None
        return super()._deserialize(value, *args, **kwargs)


def line(longest: int, **metadata: str) -> fields.String:
    """Make a field for a text on one line, which may be missing."""
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=text_up_to(longest),
        metadata=metadata,
    )


def web_address(metadata: Mapping[str, str], **presence: Any) -> fields.Url:
    """Make a field for the address of something on the web; `presence` says if it may be missing.

    Hosts without a top-level domain are taken: whether we may ask them is the guard's business.
    """
    return fields.Url(
        schemes={"http", "https"},
        require_tld=False,
        validate=[validate.Length(max=2000), storable],
        metadata={"format": "uri", **metadata},
        **presence,
    )


def language_tag() -> fields.String:
    """Make a field for a language, which may be missing."""
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=[validate.Length(max=16), LANGUAGE_TAG],
        metadata={"description": "Language tag (BCP 47).", "example": "de"},
    )


def links_of(paths: Callable[[Any], dict[str, str]]) -> fields.Function:
    """Make a field for where to go from a resource; `paths` gives the paths by name."""
    return fields.Function(paths, metadata=LINKS)
