"""The soak, small enough for every run of the tests."""

import random

from bench.soak import soak
from tests.support.installation import Installation

ARTICLES = 60


def test_random_faults_lose_and_double_nothing(beleg: Installation) -> None:
    """Whatever strikes and in whatever order: every accepted article is done, once.

    The seed is in the answer that a failure shows; `make soak SEED=` runs it again.
    """
    kind = "postgres" if beleg.postgres else "sqlite"
    seed = random.SystemRandom().randrange(10**6)
    counts = soak(beleg, store=kind, articles=ARTICLES, seed=seed, a_second=6, pause_s=3)
    assert (counts.accepted, counts.lost, counts.duplicated) == (ARTICLES, 0, 0), counts
    assert counts.succeeded + counts.failed_with_reason == ARTICLES, counts
