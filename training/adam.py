"""Steps downhill that suit each weight: Adam."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from services.extract.engine.trained.arrays import Floats, Ints


@dataclass(slots=True)
class Adam:
    """Adam's two moments of one array; rows that are not touched keep theirs."""

    value: Floats
    mean: Floats = field(init=False)
    square: Floats = field(init=False)
    steps: int = 0

    def __post_init__(self) -> None:
        self.mean = np.zeros_like(self.value)
        self.square = np.zeros_like(self.value)

    def step(self, gradient: Floats, rate: float, rows: Ints | slice = slice(None)) -> None:
        """Move `rows` against their gradient."""
        self.steps += 1
        mean = 0.9 * self.mean[rows] + 0.1 * gradient
        square = 0.999 * self.square[rows] + 0.001 * gradient**2
        self.mean[rows], self.square[rows] = mean, square
        scale = np.sqrt(1 - 0.999**self.steps) / (1 - 0.9**self.steps)
        self.value[rows] -= (rate * scale * mean / (np.sqrt(square) + 1e-8)).astype(np.float32)
