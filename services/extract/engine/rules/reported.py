"""Reported statements: what is stated is only named, not given back as a clause.

"kritisierte die Pläne", "warnte vor einem Krieg", "bezeichnete den Vertrag als Fehler".
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from services.extract.engine.lexicon import nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import tokens
from services.extract.engine.rules.phrases import bare_phrase, noun_phrase
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Found, Range, Ranges
    from services.extract.engine.rules.sayings import Saying, Sentence
    from services.extract.engine.rules.view import View


_KINDS = (Kind.MAIN, Kind.RELATIVE, Kind.SUBORDINATE)


class _Object(NamedTuple):
    """The tokens of an object that names a statement, and those of the cue it stands with."""

    tokens: Range
    cue: tuple[int, ...]


def reported(view: View, sentence: Sentence, taken: set[int]) -> Iterator[Found]:
    """Find the objects that name a statement; clauses whose cue is `taken` are left out."""
    for index, saying in enumerate(sentence.sayings):
        if saying is None or saying.clause.kind not in _KINDS or not saying.source:
            continue
        if saying.cue.passive or saying.cue.finite in taken:
            continue
        found = _object(view, saying)
        if found is None or _is_only_news(view, saying.cue, found.tokens):
            continue
        first, end = found.tokens
        statement = saying.found(
            ((first, _extent(view, sentence, index, end)),),
            Type.REPORTED,
            cue=tokens(found.cue),
            confidence=0.6,
        )
        # The accusative is the content here, whoever else the verb may be said to.
        yield replace(statement, addressee=()) if saying.cue.takes("akk") else statement


def _object(view: View, saying: Saying) -> _Object | None:
    """Find the object and the tokens of the cue, a preposition with them."""
    clause, cue = saying.clause, saying.cue
    if cue.noun is not None:
        return _named(view, clause, cue, cue.noun)
    begin, end = _field(clause, cue, saying.source)
    for taken in sorted(cue.verb.takes):
        if taken.startswith("+"):
            at = _preposition(view, begin, end, taken[1:])
            if at is not None:
                return _Object((at + 1, _trimmed(view, at + 1, end)), (*cue.tokens, at))
    if cue.takes("akk") or cue.takes("als") or cue.takes("für"):
        first = _first_phrase(view, begin, end)
        if first is not None and not _names_nothing(view, first, end):
            if not cue.takes("akk") and not _judged(view, cue, first, end):
                return None
            return _Object((first, _trimmed(view, first, end)), cue.tokens)
    return None


def _names_nothing(view: View, first: int, end: int) -> bool:
    """Whether the object denies that there is one, or only points: "keine Angaben", "dies"."""
    if view.lower[first] in words("object_pronouns"):
        return bare_phrase(view, first, end) <= first + 1
    return view.lower[first] in words("no_content")


def _named(view: View, clause: Clause, cue: Cue, noun: int) -> _Object | None:
    """The noun of an expression with what belongs to it: "äußerte [diese Bedenken]"."""
    first = noun
    while first > clause.first and view.lower[first - 1] in words("determiners"):
        first -= 1
    if view.lower[first] in words("no_content") or view.lower[first - 1] in words("prepositions"):
        return None
    end = min((t for t in cue.tokens if t > noun), default=clause.end)
    verbs = tuple(t for t in cue.tokens if t < first or t > noun)
    if all(view.forms[t].auxiliary for t in verbs):
        return None
    return _Object((first, max(noun_phrase(view, first, end), noun + 1)), verbs)


def _is_only_news(view: View, cue: Cue, content: Range) -> bool:
    """Whether the object only says what was reported about: "berichtete über die Vorwürfe"."""
    told = cue.verb.lemma in ("berichten", "informieren", "schreiben")
    return told and any(word in _statements() for word in view.lower[slice(*content)][:2])


@cache
def _statements() -> frozenset[str]:
    return frozenset(form for noun in nouns() for form in noun.forms)


def _judged(view: View, cue: Cue, first: int, end: int) -> bool:
    """Whether "als X" or "für X" follows the object."""
    word = "für" if cue.takes("für") else "als"
    return word in view.lower[first + 1 : end]


def _field(clause: Clause, cue: Cue, source: Ranges) -> Range:
    """The part of the clause where the object stands: behind subject and verb, before its end."""
    inside = [end for first, end in source if clause.first <= first and end <= clause.end]
    verb_last = clause.kind is not Kind.MAIN
    begin = max([clause.first, *inside]) if verb_last else max([cue.finite + 1, *inside])
    end = min((t for t in cue.tokens if t > begin), default=clause.end)
    return begin, max(begin, end)


def _preposition(view: View, begin: int, end: int, preposition: str) -> int | None:
    """Find "vor X" in the field."""
    for position in range(begin, end - 1):
        if view.lower[position] == preposition:
            if _names_nothing(view, position + 1, end):
                return None
            return position if noun_phrase(view, position + 1, end) > position + 1 else None
    return None


def _first_phrase(view: View, index: int, end: int) -> int | None:
    """Find the first noun phrase that no preposition governs."""
    while index < end:
        word = view.lower[index]
        if word in words("prepositions"):
            after = bare_phrase(view, index + 1, end)
            index = max(after, index + 1)
        elif word in words("adverbs") and word not in words("determiners"):
            if word in words("no_content"):
                return None
            index += 1
        else:
            return index if noun_phrase(view, index, end) > index else None
    return None


def _trimmed(view: View, first: int, end: int) -> int:
    """Leave out adverbs at the end: "... scharf"."""
    while end > first + 1 and view.lower[end - 1] in words("adverbs"):
        end -= 1
    return end


def _extent(view: View, sentence: Sentence, index: int, end: int) -> int:
    """Take in the clauses that depend on the object."""
    if end != sentence.clauses[index].end:
        return end
    for following in sentence.clauses[index + 1 :]:
        dependent = following.kind in (Kind.RELATIVE, Kind.INFINITIVE, Kind.PHRASE) or (
            following.opener in words("that")
        )
        if following.mark not in (",", "und") or not dependent:
            break
        if _trimmed(view, following.first - 1, following.end) <= following.first:
            break
        end = following.end
    return min(end, sentence.unit.body_end)
