"""The kinds of arrays that the trained finder works on, by what they hold."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
"""Numbers of tokens, words, labels, ..."""
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
"""Scores, probabilities and weights."""
Doubles = NDArray[np.float64]
"""The same where rounding must not show."""
Hashes = NDArray[np.uint32]
SlotMatrix = NDArray[np.int32]
"""Hashed features: one row for each thing described, -1 where a feature is absent."""
Column = NDArray[Any]
"""One value for each row, of whatever kind."""


def product(rows: Floats, weights: Floats) -> Floats:
    """Multiply, so that each row's result depends on that row alone.

    In what order a row is added up depends on how many others there are and where it stands
    among them. In double precision that is lost when the result is rounded; without it, an
    article could be read otherwise in company than by itself.
    """
    exact = weights.astype(np.float64)
    result = np.empty((len(rows), weights.shape[1]), np.float32)
    for start in range(0, len(rows), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        result[block] = rows[block].astype(np.float64) @ exact
    return result


_AT_ONCE = 1024
"""Rows whose copies in double precision stay in the processor's cache."""
