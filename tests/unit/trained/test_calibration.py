"""Confidence: how it is learnt, and how its worth is measured."""

from xml.etree import ElementTree as ET

import pytest

from bench.calibration import Judged, picture
from services.extract.engine.trained.messages import Message
from services.extract.engine.types import Type
from training.calibrate import calibrate

RIGHT = object()


def messages(certainty, count):
    return [Message([1, 2, 3, 4, 5], Type.INDIRECT, certainty) for _ in range(count)]


def test_confidence_is_learnt_from_what_was_right():
    """Of messages judged alike, confidence says what share was right."""
    sure, unsure = messages(0.95, 60), messages(0.3, 60)
    matches = [RIGHT] * 54 + [None] * 6 + [RIGHT] * 12 + [None] * 48
    calibration = calibrate([sure + unsure], [matches])
    assert calibration.confidence(sure[0]) == pytest.approx(0.9, abs=0.05)
    assert calibration.confidence(unsure[0]) == pytest.approx(0.2, abs=0.05)


def test_nothing_found_teaches_nothing():
    assert calibrate([[]], [[]]).confidence(messages(0.9, 1)[0]) == 0.5


JUDGED = Judged(((0.9, True), (0.9, True), (0.3, False), (0.35, True)), stated=5)


def test_calibration_error_is_the_mean_gap():
    """The gap of each bin, weighed by its size."""
    assert JUDGED.calibration_error() == pytest.approx((0.2 + 0.35) / 4)
    assert Judged((), 3).calibration_error() == 0


def test_least_confidence_buys_precision_with_recall():
    assert JUDGED.bought_by(0.0) == pytest.approx((75, 60))
    assert JUDGED.bought_by(0.5) == pytest.approx((100, 40))


def test_picture_is_well_formed():
    assert ET.fromstring(picture(JUDGED)).tag.endswith("svg")
