"""Confidence: how its worth is measured."""

from xml.etree import ElementTree as ET

import pytest

from bench.calibration import Judged, picture

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
