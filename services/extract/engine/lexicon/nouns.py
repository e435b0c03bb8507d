"""Nouns that name a statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.extract.engine.lexicon.loader import lines
from services.extract.engine.types import Medium


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that names a statement; `takes` holds what nouns.tsv says it does."""

    lemma: str
    medium: Medium
    takes: frozenset[str]
    forms: frozenset[str]


@cache
def nouns() -> tuple[Noun, ...]:
    """Read the nouns with their lower-case forms."""
    return tuple(_noun(*line.split("\t")) for line in lines("nouns.tsv"))


@cache
def statement_nouns() -> frozenset[str]:
    """Give the lower-case forms of all nouns that name a statement."""
    return frozenset(form for noun in nouns() for form in noun.forms)


def _noun(lemma: str, plural: str, medium: str, takes: str) -> Noun:
    forms = {lemma, lemma + "s", lemma + "es"}
    if plural != "-":
        forms |= {plural, plural if plural.endswith(("n", "s")) else plural + "n"}
    return Noun(
        lemma, Medium(medium), frozenset(takes.split()), frozenset(form.lower() for form in forms)
    )
