"""The rules engine: German attributions without any training data."""

from services.extract.engine.rules.finder import find_statements

VERSION = "1.0"

__all__ = ["VERSION", "find_statements"]
