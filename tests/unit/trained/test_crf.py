"""Inference and training of the fields, against sums over every labelling."""

from itertools import pairwise, product

import numpy as np
import pytest

from services.extract.engine.trained.crf import Field, marginals
from services.extract.engine.trained.hashing import ABSENT, Slots
from tests.unit.trained.corpus import quiet
from training.crf import Factor, Fit, Sequences, _Lattice, minimise, train_field


def by_brute_force(scores, transitions):
    """Give the log of the sum over labellings, and each label's probability at each place."""
    length, labels = scores.shape
    weight = np.zeros((length, labels))
    total = 0.0
    for labelling in product(range(labels), repeat=length):
        log_weight = sum(scores[t, label] for t, label in enumerate(labelling))
        log_weight += sum(transitions[a, b] for a, b in pairwise(labelling))
        total += np.exp(log_weight)
        for t, label in enumerate(labelling):
            weight[t, label] += np.exp(log_weight)
    return np.log(total), weight / total


def random_case(seed, lengths, labels=3):
    random = np.random.default_rng(seed)
    ends = np.cumsum(lengths)
    scores = random.normal(0, 2, (int(ends[-1]), labels)).astype(np.float32)
    transitions = random.normal(0, 1, (labels, labels)).astype(np.float32)
    return scores, transitions, ends - lengths, ends


@pytest.mark.parametrize("lengths", [[1], [5], [3, 1, 6], [2, 2]])
def test_marginals_are_those_of_all_labellings(lengths):
    """Sums in blocks give what adding up every labelling gives."""
    scores, transitions, starts, ends = random_case(1, np.array(lengths))
    found = marginals(scores, transitions, starts, ends)
    for start, end in zip(starts, ends, strict=True):
        _, expected = by_brute_force(scores[start:end], transitions)
        assert found[start:end] == pytest.approx(expected, abs=1e-5)


def test_marginals_do_not_depend_on_company():
    """A long sequence has the same marginals alone and among others."""
    scores, transitions, starts, ends = random_case(2, np.array([40, 7, 133]))
    together = marginals(scores, transitions, starts, ends)
    for start, end in zip(starts, ends, strict=True):
        alone = marginals(scores[start:end], transitions, np.array([0]), np.array([end - start]))
        assert together[start:end] == pytest.approx(alone, abs=1e-5)


def test_expectations_are_those_of_all_labellings():
    """Training sees the exact likelihood and marginals."""
    scores, transitions, starts, ends = random_case(3, np.array([4, 1, 5]))
    log_total, odds, pairs = _Lattice(starts, ends).expectations(scores, transitions, True)
    cases = [by_brute_force(scores[a:b], transitions) for a, b in zip(starts, ends, strict=True)]
    assert log_total == pytest.approx(sum(log for log, _ in cases), abs=1e-3)
    assert odds == pytest.approx(np.concatenate([weight for _, weight in cases]), abs=1e-5)
    assert pairs.sum() == pytest.approx(sum(ends - starts - 1), abs=1e-3)


def matrix_of(values):
    slots = Slots(len(values))
    slots.add("value", np.array(values))
    return slots.matrix()


def test_field_learns_what_its_features_tell():
    """A field fits labels that follow from features, and ignores slots that it never saw."""
    values, gold = [1, 2, 1, 2, 1, 2] * 5, np.array([0, 1, 0, 1, 0, 1] * 5)
    data = Sequences([Factor(matrix_of(values))], gold, np.array([0]), np.array([30]))
    field = train_field(("a", "b"), data, Fit(0.1, 50), quiet)
    odds = field.marginals(field.scores(matrix_of([1, 2])), np.array([0]), np.array([2]))
    assert odds.argmax(1).tolist() == [0, 1]
    assert not field.scores(matrix_of([77])).any()
    assert not field.scores(np.full((1, 3), ABSENT, np.int32)).any()


def test_field_sums_features_of_owners():
    """Rows that own several places lend them their features."""
    owner = np.repeat(np.arange(10), 3)
    gold = (owner % 2).astype(np.int64)
    factors = [Factor(matrix_of([0] * 30)), Factor(matrix_of([5, 6] * 5), owner)]
    data = Sequences(factors, gold, np.array([0, 15]), np.array([15, 30]))
    field = train_field(("a", "b"), data, Fit(0.1, 50), quiet)
    assert field.scores(matrix_of([5, 6])).argmax(1).tolist() == [0, 1]


def test_training_gives_the_same_weights_twice():
    """Nothing in the training is left to chance."""
    values = [1, 2, 3, 1, 2, 3, 2, 1] * 3
    gold = np.array([0, 1, 1, 0, 1, 0, 1, 0] * 3)
    data = Sequences([Factor(matrix_of(values))], gold, np.array([0, 8]), np.array([8, 24]))
    first, second = (train_field(("a", "b"), data, Fit(), quiet) for _ in range(2))
    assert first.weights.tobytes() == second.weights.tobytes()
    assert first.transitions.tobytes() == second.transitions.tobytes()


def test_minimum_is_found():
    """The search finds the bottom of a bowl, and tells of its progress."""
    target = np.array([3.0, -2.0, 0.5], np.float32)
    scale = np.array([1.0, 10.0, 0.1], np.float32)
    heard = []

    def bowl(point):
        away = point - target
        return float((scale * away**2).sum()), (2 * scale * away).astype(np.float32)

    assert minimise(bowl, 3, 100, heard.append) == pytest.approx(target, abs=1e-2)
    assert heard[-1] == 1.0


def test_field_without_chaining_decides_rows_alone():
    """With transitions that forbid everything the scores of single rows still count."""
    field = Field(
        ("a", "b"),
        np.array([], np.int32),
        np.zeros((1, 2), np.float32),
        np.zeros((2, 2), np.float32),
    )
    assert field.marginals(np.zeros((0, 2), np.float32), np.array([0]), np.array([0])).shape == (
        0,
        2,
    )
