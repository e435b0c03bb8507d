"""Where in its clause an object stands, and what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import function_words, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.phrases import bare_phrase, before_adverbs, noun_phrase

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.view import View


def field_of(view: View, clause: Clause, cue: Cue, source: Ranges) -> Range:
    """Give where in the clause the object stands: behind subject and verb, before its end."""
    inside = [min(end, clause.end) for first, end in source if clause.first <= first < clause.end]
    inside = [end + (view.words[end] == ",") for end in inside if end < len(view.words)]
    verb_last = clause.kind is not Kind.MAIN
    begin = max([clause.first, *inside]) if verb_last else max([cue.finite + 1, *inside])
    behind = (t for t in cue.tokens if t > begin and (view.forms[t].form or not cue.takes("für")))
    return begin, max(begin, min(behind, default=clause.end))


def preposition_in(view: View, begin: int, end: int, preposition: str) -> int | None:
    """Find "vor X" in the field."""
    for position in range(begin, end - 1):
        word = view.lower[position]
        if word == preposition or f"{preposition}:{word}" in words("contracted"):
            if names_nothing(view, position + 1, end) or _says_of_what(view, begin, position):
                return None
            first = _past_comparison(view, position + 1)
            return position if noun_phrase(view, first, end) > first else None
    return None


def _past_comparison(view: View, first: int) -> int:
    """Pass what compares a number: "von [mehr als] 900 Einsätzen"."""
    return first + 2 if view.lower[first + 1 : first + 2] == ["als"] else first


def _says_of_what(view: View, begin: int, preposition: int) -> bool:
    """Whether "von" belongs to a topic before it: "berichtete über die Zahl [von] Fällen"."""
    return view.lower[preposition] == "von" and "über" in view.lower[begin:preposition]


def first_phrase(view: View, index: int, end: int, *, reflexive: bool) -> int | None:
    """Find the first noun phrase that no preposition governs; "sich" is none of a reflexive."""
    while index < end:
        word = view.lower[index]
        if word == "zu" and view.lower[index + 1 : index + 2] and view.lower[index + 1][-1] == "e":
            return index if noun_phrase(view, index, end) > index else None  # "zu hohe Kosten"
        if word in words("prepositions"):
            station = index + 1 < end and view.lower[index + 1] in words("stations")
            after = index + 2 if station else bare_phrase(view, index + 1, end)
            index = _past_day(view, max(after, index + 1), end)
        elif word in words("contrasts"):
            index += 1
        elif word in words("adverbs") and word not in words("determiners"):
            if word in words("no_content") and not (reflexive and word == "sich"):
                return None
            index += 1
        elif _is_unknown_adverb(view, index, end):
            index += 1
        else:
            return index if noun_phrase(view, index, end) > index else None
    return None


def _is_unknown_adverb(view: View, index: int, end: int) -> bool:
    """Whether a small word stands before an article: "gab [überraschend] seinen Rücktritt …"."""
    plain = view.is_small(index) and view.lower[index] not in function_words()
    return plain and index + 1 < end and view.lower[index + 1] in words("determiners")


def past_adverbs(view: View, index: int, end: int) -> int:
    """Pass adverbs."""
    while index < end and (
        view.lower[index] in words("adverbs") or view.lower[index] in words("contrasts")
    ):
        index += 1
    return index


def past_dative(view: View, index: int, end: int) -> int:
    """Pass adverbs and to whom it is said, where an object follows: "[dem Spiegel] den Fund"."""
    first = past_adverbs(view, index, end)
    after = bare_phrase(view, first, end)
    dative = view.lower[first : first + 1] in (["dem"], ["einem"], ["ihm"], ["ihnen"])
    return after if dative and noun_phrase(view, after, end) > after else index


def past_occasion(view: View, index: int, end: int) -> int:
    """Pass one prepositional phrase: "nennt den Plan [bei dieser Gelegenheit] falsch"."""
    if index < end and view.lower[index] in words("of_occasions"):
        return bare_phrase(view, index + 1, end)
    return index


def _past_day(view: View, index: int, end: int) -> int:
    """Pass a day in the genitive: "am Abend [des 29. Juni]"."""
    day = "".join(view.words[index + 1 : index + 2])
    of_day = view.lower[index : index + 1] == ["des"] and day[:1].isdigit()
    return bare_phrase(view, index, end) if of_day else index


def trimmed(view: View, first: int, end: int) -> int:
    """Leave out adverbs at the end: "... scharf"."""
    return before_adverbs(view, first + 1, end)


def names_nothing(view: View, first: int, end: int) -> bool:
    """Tell whether the object denies that there is one, or only points: "keine Angaben", "dies"."""
    return only_points(view, first, end) or view.lower[first] in words("no_content")


def only_points(view: View, first: int, end: int) -> bool:
    """Tell whether a pronoun like "das" stands without a noun."""
    pointer = first < end and view.lower[first] in words("object_pronouns")
    return pointer and bare_phrase(view, first, end) <= first + 1
