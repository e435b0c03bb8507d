"""The network beside the tagger of messages: what it sees, and that it learns."""

from dataclasses import replace

import numpy as np
import pytest

from services.extract.engine.trained.features import Features
from services.extract.engine.trained.hashing import ABSENT
from services.extract.engine.trained.network import Tokens, agreed
from tests.unit.trained.corpus import quiet
from training.network import NetworkRecipe, Targets, train_network

RECIPE = NetworkRecipe(
    dimensions=16,
    channels=16,
    epochs=40,
    batch_tokens=200,
    rate=1e-2,
    feature_dropout=0,
    dropout=0,
    layer_dropout=0,
    rarest=1,
)
MARK, BACK = 3, 5


def documents(lengths, seed=0):
    """Give tokens with one slot each, and labels that say whether MARK stood BACK places before."""
    random = np.random.default_rng(seed)
    count = sum(lengths)
    slots = random.integers(0, 6, (count, 1)).astype(np.int32)
    document = np.repeat(np.arange(len(lengths)), lengths)
    nothing = np.full((len(lengths), 1), ABSENT, np.int32)
    gold = np.zeros(count, np.int64)
    gold[BACK:] = (slots[:-BACK, 0] == MARK) & (document[BACK:] == document[:-BACK])
    return Tokens(Features(slots, nothing, nothing), document, document, document), gold


def trained(tokens, gold, **changes):
    targets = Targets(("no", "yes"), gold, ("no", "yes"), 1 - gold)
    return train_network(tokens, targets, replace(RECIPE, **changes), quiet)


@pytest.fixture(scope="module")
def network():
    return trained(*documents([40] * 30))


def test_network_learns_what_stands_around(network):
    """A label that depends on a token five places before is learnt, also for unseen documents."""
    tokens, gold = documents([50] * 6, seed=1)
    assert (network.odds(tokens).argmax(1) == gold).mean() > 0.97


def test_documents_do_not_see_each_other(network):
    """A document gets the same probabilities alone and between others."""
    together, _ = documents([17, 1, 30, 6], seed=2)
    odds = network.odds(together)
    for number in range(4):
        here = together.document == number
        slots = together.features.tokens[here]
        zeros = np.zeros(len(slots), np.int64)
        nothing = np.full((1, 1), ABSENT, np.int32)
        alone = Tokens(Features(slots, nothing, nothing), zeros, zeros, zeros)
        assert network.odds(alone) == pytest.approx(odds[here], abs=1e-5)


def test_odds_are_probabilities(network):
    """Each token's probabilities add up to 1, whatever its features; no tokens, no rows."""
    tokens, _ = documents([9], seed=3)
    strange = replace(tokens, features=replace(tokens.features, tokens=np.full((9, 1), 4_000_000)))
    assert network.odds(strange).sum(1) == pytest.approx(np.ones(9), abs=1e-5)
    empty, _ = documents([0])
    assert network.odds(empty).shape == (0, 2)


def test_training_gives_the_same_network_twice():
    """The same articles give the same weights, with all that is left to chance."""
    tokens, gold = documents([20] * 8)
    chance = {"epochs": 2, "dropout": 0.4, "feature_dropout": 0.3, "layer_dropout": 0.2}
    first, second = (trained(tokens, gold, **chance) for _ in range(2))
    assert np.array_equal(first.vectors, second.vectors)
    assert np.array_equal(first.out, second.out)


def test_training_with_all_hidden_still_ends():
    """Features that are too rare to be learnt leave a network that guesses by frequency."""
    tokens, gold = documents([20] * 8)
    odds = trained(tokens, gold, rarest=10_000).odds(tokens)
    assert np.ptp(odds[20:40, 1]) < 0.2


@pytest.mark.parametrize(
    ("first", "second", "likelier"),
    [([0.9, 0.1], [0.6, 0.4], 0), ([0.6, 0.4], [0.01, 0.99], 1), ([1.0, 0.0], [0.0, 1.0], None)],
)
def test_opinions_are_weighed_alike(first, second, likelier):
    """The surer opinion counts more; two that contradict each other outright cancel out."""
    odds = agreed(np.array([first], np.float32), np.array([second], np.float32))[0]
    assert odds.sum() == pytest.approx(1)
    if likelier is None:
        assert odds[0] == pytest.approx(0.5)
    else:
        assert odds.argmax() == likelier
