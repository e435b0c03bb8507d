"""The engine: text in, attributions out; pure functions without framework, store or clock.

`load_engine` gives an engine by its name; `types` holds what goes in and comes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.pipeline import Pipeline
from services.extract.engine.rules import VERSION as RULES_VERSION
from services.extract.engine.rules import find_statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Engine, Statement

ENGINES = ("rules", "trained", "auto")


class EngineUnavailableError(Exception):
    """There is no engine of this name, or its model is not there."""


def load_engine(name: str) -> Engine:
    """Load the engine `name`: `rules`, `trained`, or `auto` for the best one that is there.

    Raises EngineUnavailableError when the name is unknown or the engine's model is missing.
    """
    if name in ("rules", "auto"):
        return Pipeline("rules", RULES_VERSION, _find_many)
    if name in ENGINES:
        raise EngineUnavailableError(f"The engine {name!r} has no model here.")
    raise EngineUnavailableError(f"There is no engine {name!r}; choose of {', '.join(ENGINES)}.")


def _find_many(documents: Sequence[Document]) -> list[list[Statement]]:
    return [find_statements(document) for document in documents]
