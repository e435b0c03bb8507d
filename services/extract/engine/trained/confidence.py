"""Confidence: how likely a statement is right, learnt from articles that no model had seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.extract.engine.trained.messages import Message

_LEAST = 1e-4
_SHORT, _LONG = 4, 40


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights by name of a logistic regression over `signs_of` a message."""

    weights: Mapping[str, float]

    def confidence(self, message: Message) -> float:
        """Give the probability that the message is one, and about where it is said to be."""
        total = sum(self.weights.get(name, 0.0) * value for name, value in signs_of(message))
        return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def signs_of(message: Message) -> Sequence[tuple[str, float]]:
    """Give what confidence goes by, named."""
    chance = min(1 - _LEAST, max(_LEAST, message.certainty))
    odds = log(chance / (1 - chance))
    has_source, has_cue = bool(message.parts.get("source")), bool(message.parts.get("cue"))
    return [
        ("always", 1.0),
        ("odds", odds),
        (f"{message.type} always", 1.0),
        (f"{message.type} odds", odds),
        (f"{message.type} source", float(has_source)),
        (f"{message.type} cue", float(has_cue)),
        ("short", float(len(message.tokens) <= _SHORT)),
        ("long", float(len(message.tokens) > _LONG)),
        ("nested", float(message.outer is not None)),
    ]
