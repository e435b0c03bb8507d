"""Phrases that name a source.

"laut X", "nach Angaben von X", "X zufolge", "wie X mitteilte", "so X".
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from services.extract.engine.lexicon import endings, nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import tokens
from services.extract.engine.rules.phrases import following_subject, noun_phrase
from services.extract.engine.rules.speaker import with_apposition
from services.extract.engine.types import Medium

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View

# How far behind "nach" the noun that names a statement may stand, how far before "zufolge" the
# source may begin.
_NOUN_REACH = 5
_SOURCE_REACH = 14


class Mark(NamedTuple):
    """The phrase: its own tokens, its cue and source, and the clause it stands in."""

    phrase: Range
    cue: Ranges
    source: Ranges
    clause: int
    medium: Medium


def marks(view: View, sentence: Sentence) -> list[Mark]:
    """Find the phrases in the sentence, at most one in each clause."""
    found = (_mark(view, sentence, index) for index in range(len(sentence.clauses)))
    return [mark for mark in found if mark is not None]


def _mark(view: View, sentence: Sentence, index: int) -> Mark | None:
    if sentence.clauses[index].kind is Kind.QUOTE:
        return None
    return (
        _wie(view, sentence, index)
        or _so(view, sentence, index)
        or _relative(view, sentence, index)
        or _preposition(view, sentence, index)
    )


def _wie(view: View, sentence: Sentence, index: int) -> Mark | None:
    """A clause "wie X mitteilte" or ", so sagte X,"."""
    clause, saying = sentence.clauses[index], sentence.sayings[index]
    word = view.lower[clause.first]
    if word not in ("wie", "so") or saying is None or _is_degree(view, clause):
        return None
    if not saying.cue.takes("dass") or saying.cue.takes("weak"):
        return None
    verb_first = clause.finite[0] == clause.first + 1
    if word == "so" and not (verb_first and clause.mark == ","):
        return None
    cue = tokens((clause.first, *saying.cue.tokens))
    phrase = _set_off(sentence, index)
    return Mark(phrase, cue, saying.source, index, saying.cue.verb.medium)


def _is_degree(view: View, clause: Clause) -> bool:
    """Whether "wie" or "so" only compares: "wie lange", "so viele"."""
    second = clause.first + 1
    return second < clause.end and view.lower[second] in words("degrees")


def _set_off(sentence: Sentence, index: int) -> Range:
    """The clause with its comma: behind it at the start of a sentence, else before it."""
    clause = sentence.clauses[index]
    if index == 0:
        return clause.first, min(clause.end + 1, sentence.unit.body_end)
    return max(sentence.unit.first, clause.first - 1), clause.end


def _so(view: View, sentence: Sentence, index: int) -> Mark | None:
    """A phrase ", so X"."""
    clause = sentence.clauses[index]
    if view.lower[clause.first] != "so" or clause.mark not in (",", "–"):
        return None
    if clause.kind is not Kind.PHRASE or _is_degree(view, clause):
        return None
    named = following_subject(view, clause.first + 1, clause.end)
    if named is None:
        return None
    judged = view.lower[named[0]] in words("possessives")  # „so ihr Fazit, ein Fehler“
    source = (named,) if judged else with_apposition(view, sentence.unit, index, named)
    cue = ((clause.first, clause.first + 1),)
    end = clause.end if judged else _with_inserts(view, sentence, index, named)
    phrase = (clause.first - 1, end)
    return Mark(phrase, cue, source, index, _medium(view, named, Medium.SPEECH))


def _with_inserts(view: View, sentence: Sentence, index: int, named: Range) -> int:
    """Where the phrase ends, with appositions and relative clauses behind the source."""
    clause = sentence.clauses[index]
    end = clause.end
    for following in sentence.clauses[index + 1 :]:
        if following.mark != "," or following.kind not in (Kind.PHRASE, Kind.RELATIVE):
            break
        if following.kind is Kind.PHRASE and following.opener in words("prepositions"):
            break
        if following.first in view.quotes:
            break
        end = following.end
    goes_on = end < sentence.unit.body_end and named[1] < clause.end
    return clause.end if goes_on else end


def _relative(view: View, sentence: Sentence, index: int) -> Mark | None:
    """A relative clause "wonach ...", "nach denen ..."; its source stands before it."""
    clause = sentence.clauses[index]
    first = clause.first
    if not index or clause.mark != ",":
        return None
    if view.lower[first] == "wonach":
        phrase = (first, first + 1)
    elif clause.kind is Kind.RELATIVE and view.lower[first] in ("nach", "laut"):
        phrase = (first, first + 2)
    else:
        return None
    source = _last_phrase(view, sentence.clauses[index - 1])
    return Mark(phrase, ((first, first + 1),), source, index, Medium.WRITING)


def _last_phrase(view: View, clause: Clause) -> Ranges:
    """The noun phrase that ends the clause, a participle set aside."""
    end = clause.end
    while end > clause.first + 1 and view.is_small(end - 1):
        end -= 1
    for start in range(max(clause.first, end - _SOURCE_REACH), end):
        if noun_phrase(view, start, end) == end:
            return ((start, end),)
    return ()


def _preposition(view: View, sentence: Sentence, index: int) -> Mark | None:
    """A preposition inside the clause that names the source."""
    clause = sentence.clauses[index]
    for position in range(clause.first, clause.end):
        if view.lower[position] in words("source_prepositions"):
            phrase = _phrase(view, sentence, index, position)
            source = phrase and _source(view, phrase, position)
            if phrase and source:
                cue = ((position, position + 1),)
                medium = _medium(view, source, Medium.SPEECH_WRITING)
                return Mark(phrase, cue, (source,), index, medium)
    return None


def _source(view: View, phrase: Range, position: int) -> Range | None:
    """What a phrase names besides its preposition; "demnach" stands for its own source."""
    first, end = phrase
    if end - first == 1:
        return phrase
    if position > first:
        return first, end - 1
    named = range(first + 1, end)
    end = next((i for i in named if view.lower[i] == "gegenüber"), end)
    return (first + 1, end) if first + 1 < end else None


def _phrase(view: View, sentence: Sentence, index: int, position: int) -> Range | None:
    """The tokens of the phrase whose preposition stands at `position`."""
    clause = sentence.clauses[index]
    word = view.lower[position]
    if word in words("pointing"):
        return position, position + 1
    if word == "zufolge" or (word == "nach" and _follows_opinion(view, clause, position)):
        first = _back(view, clause, position)
        return (first, position + 1) if first < position else None
    if word in ("nach", "gemäß") and not _names_statement(view, position + 1, clause.end):
        return None
    if word == "aus" and not _is_view(view, position + 1, clause.end):
        return None
    end = _phrase_end(view, sentence, index, position + 1)
    return (position, end) if end > position + 1 else None


def _medium(view: View, source: Range, otherwise: Medium) -> Medium:
    """Judge by the source's words whether it is written or thought."""
    said = view.lower[slice(*source)]
    if any(word.endswith(endings("written_endings")) for word in said):
        return Medium.WRITING
    if any(word in words("opinions") for word in said):
        return Medium.SPEECH_THOUGHT
    return otherwise


def _phrase_end(view: View, sentence: Sentence, index: int, first: int) -> int:
    """Find the end of the source behind "laut" or "nach".

    Before the finite verb of a main clause only one phrase can stand, so all of it is the source.
    """
    clause = sentence.clauses[index]
    begins = all(view.lower[i] in words("front") for i in range(clause.first, first - 1))
    if begins and clause.kind is Kind.MAIN and clause.finite[0] > first:
        return clause.finite[0]
    after = noun_phrase(view, first, clause.end)
    if begins and not clause.finite and clause.mark != ",":
        return _past_appositions(sentence, index, after)
    return _past_name(view, sentence, index) if after == clause.end else after


def _past_name(view: View, sentence: Sentence, index: int) -> int:
    """Find the end of a name that is set off behind clause `index`: "laut dem Chef, Jo Kern, …"."""
    end = sentence.clauses[index].end
    for named in sentence.clauses[index + 1 : -1][:1]:
        name = named.kind is Kind.PHRASE and named.mark == ","
        if name and all(view.words[i][0].isupper() for i in range(named.first, named.end)):
            return named.end
    return end


def _past_appositions(sentence: Sentence, index: int, after: int) -> int:
    """Find where the source ends when appositions cut it off from the verb."""
    for following in sentence.clauses[index + 1 :]:
        if following.kind is Kind.MAIN and following.finite[0] == following.first:
            return max(after, following.first - 1)
        if following.kind not in (Kind.PHRASE, Kind.RELATIVE):
            break
    return after


def _is_view(view: View, first: int, end: int) -> bool:
    """Whether "Sicht" follows: "aus Sicht der Stadt", "aus ihrer Sicht"."""
    if first < end and view.lower[first] in words("determiners"):
        first += 1
    return first < end and view.lower[first] in words("views")


def _follows_opinion(view: View, clause: Clause, position: int) -> bool:
    """Whether "nach" follows its noun: "seiner Meinung nach", "dem Vernehmen nach"."""
    before = view.lower[position - 1] if position > clause.first else ""
    return before in words("opinions_before") or (before in _sources() and position > clause.first)


def _back(view: View, clause: Clause, end: int) -> int:
    """Find where the noun phrase before "zufolge" begins; `end` when there is none.

    Before the finite verb of a main clause only one phrase can stand: "Einer Umfrage unter Eltern
    zufolge".
    """
    if clause.kind is Kind.MAIN and clause.finite[0] == end + 1:
        first = clause.first + (view.lower[clause.first] in words("front"))
        if noun_phrase(view, first, end) > first:
            return first
    for start in range(max(clause.first, end - _SOURCE_REACH), end):
        verb = view.forms[start].auxiliary is not None or start in clause.finite
        pronoun = start == end - 1 and view.lower[start] in ("ihm", "ihr", "ihnen")
        if not verb and (pronoun or noun_phrase(view, start, end) == end):
            return start
    return end


def _names_statement(view: View, first: int, end: int) -> bool:
    """Whether a noun like "Angaben" follows, before any other noun but a genitive."""
    for position in range(first, min(first + _NOUN_REACH, end)):
        word = view.lower[position]
        if word in words("occasional") and position > first:
            return noun_phrase(view, first, end) > position + 1
        if word in _sources() or word.endswith(endings("source_endings")):
            return view.words[position][0].isupper()
        noun = view.words[position][0].isupper() and word not in words("determiners")
        if noun and not (word.endswith("s") and position + 1 < end):
            return False
    return False


@cache
def _sources() -> frozenset[str]:
    return frozenset(form for noun in nouns() if "angabe" in noun.takes for form in noun.forms)
