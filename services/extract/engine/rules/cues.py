"""The words in a clause that say that something is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, Form, Verb, expressions, function_words, words
from services.extract.engine.rules.clauses import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.lexicon import Reading
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.view import View

# Words that open what the object is taken for: "als Fehler", "für falsch", "auf zwei Millionen".
JUDGING = ("als", "für", "auf")

_PARTICIPLE_AUXILIARIES = frozenset(("haben", "sein", "werden"))


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb of saying in a clause: its tokens, which of them is finite, and its voice.

    `noun` is the noun of an expression like "Bedenken äußern".
    """

    verb: Verb
    tokens: tuple[int, ...]
    finite: int
    passive: bool = False
    noun: int | None = None

    def takes(self, complement: str) -> bool:
        """Whether the verb takes the complement."""
        return complement in self.verb.takes


def cue_of(view: View, unit: Unit, index: int) -> Cue | None:
    """Find what says in clause `index` of the unit that something is said."""
    clause = unit.clauses[index]
    if clause.kind in (Kind.QUOTE, Kind.INFINITIVE):
        return None
    for finite in _governing(clause):
        found = _expression(view, clause, finite) or _verb(view, unit, index, finite)
        if found is not None:
            return None if _is_refusal(view, clause, found) else found
    return None


def _governing(clause: Clause) -> tuple[int, ...]:
    """The finite verb that governs the clause: the first of a main clause, the last of another."""
    return clause.finite[:1] if clause.kind is Kind.MAIN else clause.finite[-1:]


def _verb(view: View, unit: Unit, index: int, finite: int) -> Cue | None:
    """A verb of saying, alone or behind an auxiliary."""
    if view.forms[finite].auxiliary:
        return _with_auxiliary(view, unit.clauses[index], finite)
    return _simple(view, unit, index, finite)


def _simple(view: View, unit: Unit, index: int, finite: int) -> Cue | None:
    """A finite verb of saying, with its separable prefix when it has one."""
    clause = unit.clauses[index]
    alone: Reading | None = None
    for reading in view.forms[finite].readings:
        if not reading.form & FINITE:
            continue
        if reading.particle is None:
            alone = alone or reading
            continue
        particle = _particle(view, unit, index, finite, reading.particle)
        if particle is not None:
            tokens = tuple(sorted((finite, particle)))
            return _needed(view, clause, Cue(reading.verb, tokens, finite))
    if alone is None or (
        view.lower[clause.end - 1] in words("prefixes") and clause.end - 1 > finite
    ):
        return None
    return _needed(view, clause, Cue(alone.verb, (finite,), finite))


def _needed(view: View, clause: Clause, cue: Cue) -> Cue | None:
    """Ask for what the verb cannot do without: "davon ausgehen", "sich freuen"."""
    reflexive = "sich" in view.lower[cue.finite + 1 : cue.finite + 2]
    if reflexive and cue.verb.lemma in words("reflexive_otherwise"):
        return None
    for wanted in cue.verb.takes:
        if wanted.startswith("needs:"):
            word = wanted.removeprefix("needs:")
            if word not in view.lower[clause.first : clause.end]:
                return None if "+" not in "".join(cue.verb.takes) else cue
    return cue


def _particle(view: View, unit: Unit, index: int, finite: int, particle: str) -> int | None:
    """Find the prefix: at the end of the clause, behind an apposition, or just before the verb."""
    clause = unit.clauses[index]
    if finite > clause.first and view.lower[finite - 1] == particle:
        return finite - 1
    for position in _clause_ends(unit, index):
        if position > finite and view.lower[position] == particle:
            return position
    for position in range(finite + 1, clause.end - 1):
        if view.lower[position] == particle and _ends_here(view, position + 1):
            return position
    return None


def _clause_ends(unit: Unit, index: int) -> Iterator[int]:
    """Give the last token of the clause, and of clauses it goes on in behind an apposition."""
    yield unit.clauses[index].end - 1
    for following in unit.clauses[index + 1 : index + 4]:
        if following.kind not in (Kind.PHRASE, Kind.RELATIVE) or following.mark not in (",", "–"):
            return
        if following.end - following.first == 1:
            yield following.first


def _ends_here(view: View, position: int) -> bool:
    """Whether a prefix may stand before this token: a conjunction, "als" or "wie" follows."""
    word = view.lower[position]
    return word in words("conjunctions") or word in ("als", "wie")


def _with_auxiliary(view: View, clause: Clause, finite: int) -> Cue | None:
    """A participle or infinitive of saying with its auxiliary or modal."""
    auxiliary = view.forms[finite].auxiliary
    perfect = auxiliary == "sollen" and view.lower[clause.end - 1] == "haben"
    participle = perfect or auxiliary in _PARTICIPLE_AUXILIARIES
    wanted = Form.PARTICIPLE if participle else Form.INFINITIVE
    if auxiliary == "werden":
        wanted |= Form.INFINITIVE
    for index in range(clause.end - 1, clause.first - 1, -1):
        forms = view.forms[index]
        if index == finite or forms.auxiliary or not forms.form & wanted:
            continue
        if not view.is_small(index):
            continue
        return _governed(view, clause, finite, index, wanted)
    return None


def _governed(view: View, clause: Clause, finite: int, index: int, wanted: Form) -> Cue | None:
    """Read the participle or infinitive at `index` as a verb of saying."""
    for reading in view.forms[index].readings:
        if not reading.form & wanted:
            continue
        tokens = _verb_tokens(view, clause, finite, index)
        if reading.particle is not None:
            if index == clause.first or view.lower[index - 1] != reading.particle:
                continue
            tokens = tuple(sorted({*tokens, index - 1}))
        passive = _is_passive(view, finite, tokens) and bool(reading.form & Form.PARTICIPLE)
        return _needed(view, clause, Cue(reading.verb, tokens, finite, passive))
    return None


def _is_passive(view: View, finite: int, tokens: tuple[int, ...]) -> bool:
    """Whether the auxiliaries are those of a passive."""
    auxiliary = view.forms[finite].auxiliary
    return auxiliary == "werden" or (
        auxiliary == "sein" or any(view.lower[token] in ("worden", "werden") for token in tokens)
    )


def _verb_tokens(view: View, clause: Clause, finite: int, verb: int) -> tuple[int, ...]:
    """Take the auxiliaries around the verb to the cue."""
    around = [i for i in (verb - 1, verb + 1) if clause.first <= i < clause.end]
    return tuple(sorted({finite, verb, *(i for i in around if view.forms[i].auxiliary)}))


def _expression(view: View, clause: Clause, finite: int) -> Cue | None:
    """A noun or adjective with a verb of little meaning: "ist der Ansicht"."""
    for index in range(clause.first, clause.end):
        bound = _bound(view, clause, finite, index)
        if bound is not None:
            return bound
        expression = expressions().get(view.lower[index])
        if expression is None or _is_prefix(view, index, clause.end):
            continue
        verbs = [i for i in range(clause.first, clause.end) if view.lower[i] in expression.verbs]
        if not verbs:
            continue
        first = index
        while first > clause.first and view.lower[first - 1] in function_words():
            if first - 1 == finite or view.lower[first - 1] in words("adverbs"):
                break
            first -= 1
        tokens = {finite, *verbs, *range(first, index + 1)}
        noun = index if view.words[index][0].isupper() else None
        return Cue(expression.verb, tuple(sorted(tokens)), finite, noun=noun)
    return None


def _bound(view: View, clause: Clause, finite: int, index: int) -> Cue | None:
    """A word behind its preposition, whose verb has an object of its own: "stellt X in Frage"."""
    words_ = " ".join(view.lower[max(clause.first, index - 1) : index + 1])
    expression = expressions().get(words_)
    if expression is None:
        return None
    verbs = {i for i in range(clause.first, clause.end) if view.lower[i] in expression.verbs}
    if not verbs:
        return None
    placed = range(index + 1 - len(words_.split()), index + 1)
    return Cue(expression.verb, tuple(sorted({finite, *verbs, *placed})), finite)


def _is_prefix(view: View, index: int, end: int) -> bool:
    """Whether the word is the prefix of a participle behind it: "bekannt gegeben"."""
    following = index + 1
    if following >= end or not view.forms[following].form & Form.PARTICIPLE:
        return False
    return any(r.particle == view.lower[index] for r in view.forms[following].readings)


def _is_refusal(view: View, clause: Clause, cue: Cue) -> bool:
    """Whether the clause says that somebody does not say it: "wollte nicht bestätigen"."""
    if view.forms[cue.finite].auxiliary not in ("wollen", "können", "mögen"):
        return False
    return any(word in words("negations") for word in view.lower[clause.first : clause.end])
