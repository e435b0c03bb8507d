"""An outlet's statement gives way where it only passes on somebody else's."""

from __future__ import annotations

import pytest

from services.extract.engine import load_engine
from services.extract.engine.types import Article, Attribution


def extract(text: str) -> list[Attribution]:
    return load_engine("rules").extract(Article(text))


def names(found: list[Attribution]) -> list[str | None]:
    return [each.source.entity.name if each.source else None for each in found]


@pytest.mark.parametrize(
    "text",
    [
        "Wie die Zeit berichtete, forderte Minister Paul Kern mehr Geld für Schulen.",
        "Laut Spiegel warnte Minister Paul Kern vor einem Anstieg der Preise.",
        "Die Tagesschau meldete, Minister Paul Kern habe eine Reform angekündigt.",
    ],
)
def test_only_the_inner_statement_stays(text: str) -> None:
    """The minister is the source, the outlet the chain, and there is no second statement."""
    found = extract(text)
    assert names(found) == ["Paul Kern"]
    assert len(found[0].reported_by) == 1
    assert found[0].parent is None


def test_what_the_outlet_states_itself_stays() -> None:
    """An outlet that says more than it passes on keeps its statement."""
    found = extract("Laut Spiegel war die Brücke schon vor dem Unglück am Montag marode.")
    assert names(found) == ["Der Spiegel"]
