"""Whom a statement's source means, who passes it on, when, and how the source stands to it."""

from services.extract.engine.resolve.attributions import resolve

__all__ = ["resolve"]
