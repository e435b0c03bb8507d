"""Statements marked by a phrase: "laut X", "nach Angaben von X", "X zufolge", "wie X mitteilte"."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from services.extract.engine.lexicon import nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.complements import extent
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens, without
from services.extract.engine.rules.phrases import following_subject, noun_phrase
from services.extract.engine.rules.speaker import source_of, with_apposition
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.view import View

# How far behind "nach" the noun that names a statement may stand.
_REACH = 5
_ENDINGS = ("angaben", "angabe", "berichten", "bericht", "berichte", "informationen", "aussagen",
            "aussage", "kreisen", "meldungen", "meldung", "mitteilung", "schätzungen", "ansicht",
            "auffassung", "meinung", "quellen", "erkenntnissen")  # fmt: skip
_WRITTEN = ("bericht", "berichte", "berichten", "zeitung", "studie", "mitteilung", "meldung",
            "blatt", "magazin", "medien", ".de", ".com", "gutachten", "brief", "umfrage")  # fmt: skip
_THOUGHT = ("ansicht", "meinung", "auffassung", "einschätzung", "überzeugung", "sicht")
_POINTING = frozenset(["demnach", "demzufolge"])
_RELATIVE_DATIVES = frozenset(["dem", "der", "denen", "welchem", "welcher", "welchen"])


class _Mark(NamedTuple):
    """The phrase: its own tokens, its cue and source, and the clause it stands in."""

    phrase: Range
    cue: Ranges
    source: Ranges
    clause: int
    medium: Medium


def according(view: View, unit: Unit) -> Iterator[Found]:
    """Find the statements that a phrase attributes."""
    marks = [mark for index in range(len(unit.clauses)) for mark in _marks(view, unit, index)]
    for mark in marks:
        content = _content(view, unit, mark, marks)
        if content:
            yield Found(content, Type.INDIRECT, mark.medium, mark.source, mark.cue, (mark.phrase,))


def _marks(view: View, unit: Unit, index: int) -> Iterator[_Mark]:
    """Find the phrases in clause `index`."""
    clause = unit.clauses[index]
    if clause.kind is Kind.QUOTE:
        return
    whole = _wie(view, unit, index) or _so(view, unit, index) or _wonach(view, unit, index)
    if whole is not None:
        yield whole
        return
    for position in range(clause.first, clause.end):
        mark = _phrase(view, unit, index, position)
        if mark is not None:
            yield mark
            return


def _wie(view: View, unit: Unit, index: int) -> _Mark | None:
    """A clause "wie X mitteilte" or ", so sagte X,"."""
    clause = unit.clauses[index]
    if view.lower[clause.first] not in ("wie", "so") or not clause.finite:
        return None
    cue = cue_of(view, unit, index)
    if cue is None or not cue.takes("dass") or cue.takes("weak"):
        return None
    verb_first = clause.finite[0] == clause.first + 1
    if view.lower[clause.first] == "so" and not (verb_first and clause.mark == ","):
        return None
    if view.lower[clause.first + 1] in words("degrees"):
        return None
    source = source_of(view, unit, index, cue)
    opener = (clause.first,)
    return _Mark(_set_off(unit, index), tokens(opener + cue.tokens), source, index, cue.verb.medium)


def _set_off(unit: Unit, index: int) -> Range:
    """The clause with its commas: the one behind it at the start of a sentence, else that before."""
    end = _clause_end(unit, index)
    clause = unit.clauses[index]
    if clause.mark == "" and index == 0:
        return clause.first, min(end + 1, unit.body_end)
    return clause.first - 1, end


def _clause_end(unit: Unit, index: int) -> int:
    """Where the clause ends; an apposition inside it may have cut it in pieces."""
    clause = unit.clauses[index]
    return clause.end


def _so(view: View, unit: Unit, index: int) -> _Mark | None:
    """A phrase ", so X"."""
    clause = unit.clauses[index]
    if view.lower[clause.first] != "so" or clause.mark not in (",", "–") or clause.finite:
        return None
    if clause.end - clause.first > 1 and view.lower[clause.first + 1] in words("degrees"):
        return None
    named = following_subject(view, clause.first + 1, clause.end)
    if named is None or clause.kind is Kind.INFINITIVE:
        return None
    source = with_apposition(view, unit, index, named)
    end = clause.end
    for following in unit.clauses[index + 1 :]:
        if following.mark != "," or following.kind not in (Kind.PHRASE, Kind.RELATIVE):
            break
        end = following.end
    if end < unit.body_end and named[1] < clause.end:
        end = clause.end
    cue = ((clause.first, clause.first + 1),)
    return _Mark((clause.first - 1, end), cue, source, index, _medium(view, named, Medium.SPEECH))


def _wonach(view: View, unit: Unit, index: int) -> _Mark | None:
    """A relative clause "wonach ...", "nach denen ..."; its source stands before it."""
    clause = unit.clauses[index]
    if not index or clause.mark != ",":
        return None
    first = clause.first
    if view.lower[first] == "wonach":
        phrase, cue = (first, first + 1), ((first, first + 1),)
    elif (
        view.lower[first] in ("nach", "laut")
        and view.lower[first + 1] in _RELATIVE_DATIVES
        and clause.kind is Kind.RELATIVE
    ):
        phrase, cue = (first, first + 2), ((first, first + 1),)
    else:
        return None
    source = _last_phrase(view, unit.clauses[index - 1])
    return _Mark(phrase, cue, source, index, Medium.WRITING)


def _last_phrase(view: View, clause: Clause) -> Ranges:
    """The noun phrase that ends the clause."""
    for start in range(max(clause.first, clause.end - 12), clause.end):
        if noun_phrase(view, start, clause.end) == clause.end:
            return ((start, clause.end),)
    return ()


def _phrase(view: View, unit: Unit, index: int, position: int) -> _Mark | None:
    """A preposition at `position` that names the source."""
    clause = unit.clauses[index]
    word = view.lower[position]
    if word in _POINTING:
        phrase = (position, position + 1)
        return _marked(view, index, phrase, phrase, (phrase,))
    if word == "zufolge" or (word == "nach" and _behind_opinion(view, clause, position)):
        first = _back(view, clause, position)
        return _marked(
            view, index, (first, position + 1), (first, position), ((position, position + 1),)
        )
    if word in ("laut", "lt.") or (
        word in ("nach", "gemäß") and _names_statement(view, position + 1, clause.end)
    ):
        end = _phrase_end(view, unit, index, position + 1)
        return _marked(
            view, index, (position, end), (position + 1, end), ((position, position + 1),)
        )
    return None


def _marked(view: View, index: int, phrase: Range, source: Range, cue: Ranges) -> _Mark | None:
    if source[0] >= source[1]:
        return None
    return _Mark(phrase, cue, (source,), index, _medium(view, source, Medium.SPEECH_WRITING))


def _medium(view: View, source: Range, otherwise: Medium) -> Medium:
    """Judge by the source's words whether it is written or thought."""
    said = view.lower[slice(*source)]
    if any(word.endswith(_WRITTEN) for word in said):
        return Medium.WRITING
    if any(word in _THOUGHT for word in said):
        return Medium.SPEECH_THOUGHT
    return otherwise


def _phrase_end(view: View, unit: Unit, index: int, first: int) -> int:
    """Find the end of the source behind "laut" or "nach".

    Before the finite verb of a main clause only one phrase can stand, so all of it is the source.
    """
    clause = unit.clauses[index]
    begins = all(view.lower[i] in words("front") for i in range(clause.first, first - 1))
    if begins and clause.kind is Kind.MAIN and clause.finite and clause.finite[0] > first:
        front = range(first, clause.finite[0])
        return next((i for i in front if view.lower[i] == "gegenüber"), clause.finite[0])
    after = noun_phrase(view, first, clause.end)
    if begins and not clause.finite and clause.mark != ",":
        return _past_appositions(unit, index, after)
    return after


def _past_appositions(unit: Unit, index: int, after: int) -> int:
    """Find where the source ends when appositions cut it off from the verb."""
    for following in unit.clauses[index + 1 :]:
        if following.kind is Kind.MAIN and following.finite[0] == following.first:
            return max(after, following.first - 1)
        if following.kind not in (Kind.PHRASE, Kind.RELATIVE):
            break
    return after


def _behind_opinion(view: View, clause: Clause, position: int) -> bool:
    """Whether "nach" follows its noun: "seiner Meinung nach", "dem Vernehmen nach"."""
    before = view.lower[position - 1] if position > clause.first else ""
    return before != "sicht" and (before in _THOUGHT or before in ("vernehmen", "bekunden"))


def _back(view: View, clause: Clause, end: int) -> int:
    """Find where the noun phrase before "zufolge" begins."""
    for start in range(max(clause.first, end - 14), end):
        if view.forms[start].auxiliary or start in clause.finite:
            continue
        if noun_phrase(view, start, end) == end:
            return start
    return end


def _names_statement(view: View, first: int, end: int) -> bool:
    """Whether a noun like "Angaben" follows, before any other noun."""
    for position in range(first, min(first + _REACH, end)):
        word = view.lower[position]
        if word in _sources() or word.endswith(_ENDINGS):
            return view.words[position][0].isupper()
        noun = view.words[position][0].isupper() and word not in words("determiners")
        if noun and not (word.endswith("s") and position + 1 < end):
            return False
    return False


@cache
def _sources() -> frozenset[str]:
    return frozenset(form for noun in nouns() if "angabe" in noun.takes for form in noun.forms)


def _content(view: View, unit: Unit, mark: _Mark, marks: list[_Mark]) -> Ranges:
    """What the phrase attributes: the rest of its clause with what depends on it."""
    first = _begin(unit, mark)
    last = _end(view, unit, mark, marks)
    holes = [_with_commas(view, unit, mark.phrase)]
    return tuple(piece for piece in without((first, last), holes) if _has_word(view, piece))


def _begin(unit: Unit, mark: _Mark) -> int:
    """Where the clause begins, with the dependent clauses before it."""
    index = mark.clause
    clause = unit.clauses[index]
    if _is_bounded(clause):
        return clause.first
    while index > 0:
        clause = unit.clauses[index]
        before = unit.clauses[index - 1]
        if clause.mark in (";", ":") or before.kind is Kind.QUOTE:
            break
        if (
            clause.kind is Kind.MAIN
            and before.kind is Kind.MAIN
            and clause.opener not in ("wie", "so")
        ):
            break
        index -= 1
    return unit.clauses[index].first


def _is_bounded(clause: Clause) -> bool:
    """Whether a phrase in the clause attributes no more than the clause."""
    dependent = clause.kind in (Kind.RELATIVE, Kind.SUBORDINATE)
    return (dependent and clause.opener not in ("wie", "so")) or clause.opener == "wonach"


def _end(view: View, unit: Unit, mark: _Mark, marks: list[_Mark]) -> int:
    """Where the statement ends: before the next one, or with the sentence."""
    clause = unit.clauses[mark.clause]
    if _is_bounded(clause):
        return extent(view, unit, mark.clause)
    others = [m.clause for m in marks if m.clause > mark.clause]
    last = mark.clause
    for following in range(mark.clause + 1, len(unit.clauses)):
        clause = unit.clauses[following]
        if clause.kind is Kind.QUOTE or clause.mark == ":":
            break
        if following in others and clause.mark in (",", ";", "und", "aber", "während"):
            break
        if clause.kind is Kind.MAIN and last > mark.clause and cue_of(view, unit, following):
            break
        last = following
    return unit.body_end if last == len(unit.clauses) - 1 else unit.clauses[last].end


def _with_commas(view: View, unit: Unit, phrase: Range) -> Range:
    """Take the commas around the phrase out as well."""
    first, end = phrase
    if first > unit.first and view.words[first - 1] == ",":
        first -= 1
    if end < unit.body_end and view.words[end] == ",":
        end += 1
    return first, end


def _has_word(view: View, piece: Range) -> bool:
    return any(view.words[i][0].isalnum() for i in range(*piece))
