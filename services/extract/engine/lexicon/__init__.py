"""The engine's word lists: data files beside this module and what reads them."""

from services.extract.engine.lexicon.loader import words

__all__ = ["words"]
