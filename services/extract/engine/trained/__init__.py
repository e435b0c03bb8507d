"""The trained finder: statements found by models made from annotated news (see training/)."""

from services.extract.engine.trained.model import Model, UnusableModelError, load_model
from services.extract.engine.trained.statements import TrainedFinder

__all__ = ["Model", "TrainedFinder", "UnusableModelError", "load_model"]
