"""What the routes of the API work with."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from services.records.store import Store

EXTENSION = "beleg.api"


def store() -> Store:
    """Give the store of the app that answers this request."""
    return cast("Store", current_app.extensions[EXTENSION])
