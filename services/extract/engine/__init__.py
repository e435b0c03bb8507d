"""The engine: text in, attributions out; pure functions without framework, store or clock.

`load_engine` gives an engine by its name; `types` holds what goes in and comes out.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from services.extract.engine.pipeline import Pipeline
from services.extract.engine.rules import VERSION as RULES_VERSION
from services.extract.engine.rules import find_statements
from services.extract.engine.trained import TrainedFinder, UnusableModelError, load_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Engine, Statement

MODELS = Path(__file__).parents[1] / "models"
GERMAN = "de-news"
ENGINES = ("rules", "trained", "auto")

_log = logging.getLogger(__name__)


class EngineUnavailableError(Exception):
    """There is no engine of this name, or its model is not there."""


def load_engine(name: str, models: Path = MODELS) -> Engine:
    """Load the engine `name`: `rules`, `trained`, or `auto` for the best one that is there.

    `auto` is the trained engine, and the rules, with a warning, when its model cannot be used.
    Raises EngineUnavailableError when the name is unknown or the trained engine's model is
    missing or damaged.
    """
    if name == "rules":
        return Pipeline("rules", RULES_VERSION, _find_many)
    if name not in ENGINES:
        choice = ", ".join(ENGINES)
        raise EngineUnavailableError(f"There is no engine {name!r}; choose of {choice}.")
    try:
        return _trained(models / GERMAN)
    except UnusableModelError as error:
        if name == "trained":
            raise EngineUnavailableError(f"The trained engine has no model: {error}") from error
        _log.warning("No trained model can be used, so the RULES ENGINE answers: %s", error)
        return load_engine("rules")


def _trained(folder: Path) -> Engine:
    model = load_model(folder)
    return Pipeline("trained", f"{model.name}-{model.version}", TrainedFinder(model).find_many)


def _find_many(documents: Sequence[Document]) -> list[list[Statement]]:
    return [find_statements(document) for document in documents]
