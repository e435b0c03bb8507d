"""Loading an engine in a process that does little else than extract."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from services.extract.engine import load_engine
from services.extract.engine.types import Article

if TYPE_CHECKING:
    from services.extract.engine.types import Engine

# Word lists are read when the first sentence is; this one asks for most of them.
_FIRST_SENTENCE = "„Das reicht nicht“, sagte Bürgermeisterin Anna Huber am Montag der Zeit zufolge."


def load_ready(name: str) -> Engine:
    """Load the engine `name`, and let the garbage collector leave alone what stays.

    Engine and word lists are as old as the process, and extracting makes many small things that
    hold no cycles; looking through all of them for garbage took a fifth of the time.

    Raises EngineUnavailableError when there is no such engine.
    """
    engine = load_engine(name)
    engine.extract(Article(_FIRST_SENTENCE))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    return engine
