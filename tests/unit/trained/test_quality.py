"""A change that hurts accuracy fails here, on articles of the project's own."""

from pathlib import Path

import pytest

from bench.gold import measure
from services.extract.engine import load_engine
from services.extract.engine.types import Type
from tests.gold.loader import load_folder

GOLD = Path(__file__).parents[2] / "gold" / "dev"


@pytest.fixture(scope="module")
def results():
    return measure(load_engine("trained"), load_folder(GOLD))


def shares(results, kinds):
    """Give recall of the gold statements of some types, and precision of all that was found."""
    gold = [(r, i) for r in results for i, g in enumerate(r.gold.attributions) if g.type in kinds]
    recall = sum(i in r.pairs for r, i in gold) / len(gold)
    precision = sum(len(r.pairs) for r in results) / sum(len(r.predicted) for r in results)
    return recall, precision


def test_direct_and_indirect_statements_are_found(results):
    """Nearly every direct and indirect statement of the gold articles is found."""
    recall, precision = shares(results, set(Type) - {Type.REPORTED})
    assert recall >= 0.95
    assert precision >= 0.93


def test_titles_and_refusals_are_left_alone(results):
    """Hardly any statement is made of what must not be one."""
    assert sum(len(r.violations()) for r in results) <= 5
