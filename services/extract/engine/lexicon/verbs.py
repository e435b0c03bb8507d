"""The verbs of the engine: which forms belong to which verb, and what the verb takes.

Built once from verbs.tsv, irregular.tsv, auxiliaries.tsv and common.txt; afterwards every
question is one look-up of a lower-case word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from services.extract.engine.lexicon.conjugation import (
    Form,
    Stem,
    forms,
    principal_parts,
)
from services.extract.engine.lexicon.loader import function_words, lines, words
from services.extract.engine.types import Medium


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb that gives back what somebody says, writes or thinks.

    `takes` holds the complements named in verbs.tsv.
    """

    lemma: str
    medium: Medium
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a word: a form of `verb`; with `particle` only where that follows."""

    verb: Verb
    form: Form
    particle: str | None = None


@dataclass(frozen=True, slots=True)
class VerbForms:
    """All that is known about a word as a verb form."""

    form: Form
    auxiliary: str | None = None
    readings: tuple[Reading, ...] = ()


NO_VERB = VerbForms(Form.NONE)


@cache
def verb_forms() -> dict[str, VerbForms]:
    """Map every lower-case verb form to what it can be."""
    table: dict[str, tuple[Form, list[Reading]]] = {}

    def add(word: str, form: Form, reading: Reading | None = None) -> None:
        known, readings = table.get(word, (Form.NONE, []))
        table[word] = (known | form, [*readings, reading] if reading else readings)

    irregular = _irregular()
    for entry in (*words("common"), *irregular):
        for word, form, _ in _inflect(entry, irregular):
            if word not in function_words():
                add(word, form)
    for verb, entry in _verbs():
        for word, form, particle in _inflect(entry, irregular):
            if word not in function_words():
                add(word, form, Reading(verb, form, particle))
    found = {word: VerbForms(form, None, tuple(rs)) for word, (form, rs) in table.items()}
    return found | _auxiliaries(found)


def _inflect(entry: str, irregular: dict[str, Stem]) -> list[tuple[str, Form, str | None]]:
    """Give the forms of an entry, whose separable prefix stands before "|"."""
    particle, bar, base = entry.rpartition("|")
    if particle in _INSEPARABLE_IN_LISTS:
        particle, bar, base = "", "", particle + base
    inflected = forms(principal_parts(base, irregular))
    if not bar:
        return [(word, form, None) for word, form in inflected.items()]
    found: list[tuple[str, Form, str | None]] = [(particle + "zu" + base, Form.ZU, None)]
    for word, form in inflected.items():
        found.append((particle + word, form, None))
        apart = form if particle in _WRITTEN_APART else form & ~(Form.PARTICIPLE | Form.INFINITIVE)
        if apart:
            found.append((word, apart, particle))
    return found


# Prefixes that are also written as a word of their own before any form of the verb.
_WRITTEN_APART = frozenset(["bekannt", "klar", "deutlich", "bereit", "sicher"])
_INSEPARABLE_IN_LISTS = frozenset(["be", "ent", "er", "ge", "ver", "zer", "unter", "über", "um"])


def forms_of(infinitive: str) -> frozenset[str]:
    """Give every form of a verb, an auxiliary too."""
    known = [w for w, _, lemma in _auxiliary_rows() if lemma == infinitive]
    return frozenset(known or forms(principal_parts(infinitive, _irregular())))


@cache
def _irregular() -> dict[str, Stem]:
    """Read the verbs that change their stem."""
    rows = (line.split("\t") for line in lines("irregular.tsv"))
    return {row[0]: Stem(*row) for row in rows}


def _verbs() -> list[tuple[Verb, str]]:
    """Read the verbs of speech, thought and writing with their entries."""
    found = []
    for line in lines("verbs.tsv"):
        entry, medium, takes = line.split("\t")
        lemma = entry.replace("|", "")
        found.append((Verb(lemma, Medium(medium), frozenset(takes.split())), entry))
    return found


def _auxiliaries(known: dict[str, VerbForms]) -> dict[str, VerbForms]:
    """Read the forms of auxiliaries and modals; other readings of the same word are kept."""
    found: dict[str, VerbForms] = {}
    for word, form, lemma in _auxiliary_rows():
        found[word] = VerbForms(form, lemma, known.get(word, NO_VERB).readings)
    return found


def _auxiliary_rows() -> list[tuple[str, Form, str]]:
    rows = []
    for line in lines("auxiliaries.tsv"):
        word, lemma, names = line.split("\t")
        form = Form.NONE
        for name in names.split():
            form |= Form[name.upper()]
        rows.append((word, form, lemma))
    return rows
