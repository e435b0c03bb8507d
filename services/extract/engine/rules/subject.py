"""What stands behind a subject and is none of it: the verb's objects and what it governs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.phrases import bare_phrase

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Ranges
    from services.extract.engine.rules.view import View


def subject_alone(view: View, clause: Clause, cue: Cue, found: Ranges) -> Ranges:
    """Leave out of a subject, as it was `found`, what the cue's verb has beside it."""
    found = _without_governed(view, clause, cue, found)
    if cue.takes("vorwurf"):
        found = _without_accused(view, clause, found)
    if cue.takes("akk") and not cue.passive:
        found = _without_object(view, found, cue.finite)
    return _without_words(view, found) if cue.takes("quote") else found


def _without_governed(view: View, clause: Clause, cue: Cue, found: Ranges) -> Ranges:
    """Leave out what the verb governs: "sprach die Polizei | von einem Unfall"."""
    if not found or found[-1][0] <= cue.finite:
        return found
    governed = {taken.removeprefix("+") for taken in cue.verb.takes}
    if "von" in governed:
        governed.add("vom")
    first, end = found[-1]
    places = [at for at in range(first + 1, clause.end) if view.lower[at] in governed]
    return (*found[:-1], (first, places[-1])) if places and places[-1] < end else found


def _without_accused(view: View, clause: Clause, found: Ranges) -> Ranges:
    """Leave out whom it is held against: "wirft der Betriebsrat | der Leitung Wortbruch vor"."""
    for first, end in found[-1:]:
        after = bare_phrase(view, first, end)
        told = view.lower[end : end + 1] and view.lower[end] in words("datives")
        if first < after < end < clause.end and view.lower[after] == "der" and not told:
            return (*found[:-1], (first, after))
    return found


def _without_object(view: View, found: Ranges, finite: int) -> Ranges:
    """Leave out an object behind a name or behind "ein" and its noun.

    "forderte Sven Koch | Wolters Rücktritt", "räumte ein neuer Kommandeur | Fehler ein".
    """
    if len(found) != 1 or found[0][0] <= finite:
        return found
    first, end = found[0]
    if view.lower[first] in words("indefinite"):
        return ((first, _past_first_noun(view, first + 1, end)),)
    owner = end - 2
    named = owner - 2 >= first and all(view.words[i][0].isupper() for i in (owner - 1, owner - 2))
    genitive = view.words[owner].endswith("s") and view.words[owner][0].isupper()
    return ((first, owner),) if named and genitive else found


def _past_first_noun(view: View, first: int, end: int) -> int:
    """Find the end of the first noun, where another stands right behind it; else the `end`."""
    noun = next((i for i in range(first, end) if view.words[i][0].isupper()), end)
    another = noun + 1 < end and view.words[noun + 1][0].isupper()
    return noun + 1 if another and not view.words[noun + 1].endswith("s") else end


def _without_words(view: View, found: Ranges) -> Ranges:
    """Leave out words in quotation marks behind the subject that are no name: "X „falsch“"."""
    if not found:
        return found
    first, end = found[-1]
    named = first + 1 + (view.lower[first] in words("determiners"))  # „Die „taz“ lobt …“
    for index in range(named, end - 1):
        if index in view.quotes and view.is_small(index + 1):
            return (*found[:-1], (first, _governed_from(view, first, index)))
    return found


def _governed_from(view: View, first: int, end: int) -> int:
    """Go back over the preposition and article of what follows: "die Chefin | von der „…“"."""
    while end - 1 > first and (
        view.lower[end - 1] in words("determiners") or view.lower[end - 1] in words("prepositions")
    ):
        end -= 1
    return end
