"""Expressions of saying: a noun or adjective with a verb of little meaning."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.extract.engine.lexicon.loader import lines
from services.extract.engine.lexicon.verbs import Verb, forms_of
from services.extract.engine.types import Medium


@dataclass(frozen=True, slots=True)
class Expression:
    """What a word says together with one of the verb forms in `verbs`."""

    verb: Verb
    verbs: frozenset[str]


@cache
def expressions() -> dict[str, Expression]:
    """Map each word that makes an expression to it."""
    found: dict[str, Expression] = {}
    for line in lines("expressions.tsv"):
        word, verbs, medium, takes = line.split("\t")
        forms = frozenset(form for verb in verbs.split() for form in forms_of(verb))
        lemma = f"{word} {verbs.split()[0]}"
        found[word] = Expression(Verb(lemma, Medium(medium), frozenset(takes.split())), forms)
    return found
