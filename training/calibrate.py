"""Calibrates confidence on messages found in articles that no stage was trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from services.extract.engine.trained.confidence import Calibration, signs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from services.extract.engine.trained.messages import Message
    from training.corpus import Annotation

_PENALTY = 0.5


def calibrate(
    found: Sequence[Sequence[Message]], matches: Sequence[Sequence[Annotation | None]]
) -> Calibration:
    """Fit a logistic regression of whether a found message matches an annotated one."""
    messages = [message for of_article in found for message in of_article]
    right = np.array([match is not None for of_article in matches for match in of_article], float)
    if not messages:
        return Calibration({})
    signs = [dict(signs_of(message)) for message in messages]
    names = sorted({name for of_message in signs for name in of_message})
    design = np.array([[of_message.get(name, 0.0) for name in names] for of_message in signs])
    weights = minimize(_loss, np.zeros(len(names)), (design, right), jac=True, method="L-BFGS-B").x
    return Calibration({name: round(float(w), 4) for name, w in zip(names, weights, strict=True)})


def _loss(
    weights: NDArray[np.float64], design: NDArray[np.float64], right: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64]]:
    scores = design @ weights
    loss = np.logaddexp(0, scores).sum() - right @ scores + _PENALTY * weights @ weights
    residual = 1 / (1 + np.exp(-scores)) - right
    return float(loss), design.T @ residual + 2 * _PENALTY * weights
