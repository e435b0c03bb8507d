"""The kinds of arrays that the trained finder works on, by what they hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
"""Numbers of tokens, words, labels, ..."""
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
"""Scores, probabilities and weights."""
Hashes = NDArray[np.uint32]
SlotMatrix = NDArray[np.int32]
"""Hashed features: one row for each thing described, -1 where a feature is absent."""
Column = NDArray[Any]
"""One value for each row, of whatever kind."""
