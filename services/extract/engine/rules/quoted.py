"""Words in quotation marks inside a clause: whose words they are.

Inside a statement they are its source's own words; beside a verb of naming or saying they are
what was said. Titles and names in quotation marks are left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.verbs import is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.rules.found import Range
    from services.extract.engine.rules.sayings import Saying, Sentence
    from services.extract.engine.rules.view import View


def quoted(view: View, sentence: Sentence, around: Sequence[Found]) -> Iterator[Found]:
    """Find words in quotation marks that somebody used; `around` are the sentence's statements."""
    for index, clause in enumerate(sentence.clauses):
        if clause.kind is Kind.QUOTE:
            continue
        for first in range(clause.first, clause.end):
            end = view.quotes.get(first)
            if end is None or _is_title(view, first, end, _is_naming(sentence.sayings[index])):
                continue
            saying = sentence.sayings[index]
            found = (
                _nearer(view, saying, (first, end), around)
                or _inside(first, end, around)
                or _beside(view, saying, first, end)
            )
            if found is not None:
                yield found


def _nearer(
    view: View, saying: Saying | None, quotation: Range, around: Sequence[Found]
) -> Found | None:
    """The words that a verb of saying gives back inside what somebody else says.

    "Wie die Zeit berichtete, nannte der Chef „persönliche Gründe“": they are the chef's.
    """
    if saying is None or not saying.source or is_subjunctive(view, saying.cue.finite):
        return None
    first, end = quotation
    finite = saying.cue.finite
    for statement in around:
        whole = [(begin, stop) for begin, stop in statement.content if begin <= first < end <= stop]
        if whole and whole[0][0] <= finite < whole[0][1]:
            return _beside(view, saying, first, end)
    return None


def _inside(first: int, end: int, around: Sequence[Found]) -> Found | None:
    """The words of a statement's own source."""
    for statement in around:
        own = any(begin <= first and end <= stop for begin, stop in statement.content)
        if own and statement.size() > end - first and statement.type is not Type.DIRECT:
            return Found(
                content=((first, end),),
                type=Type.DIRECT,
                medium=statement.medium,
                source=statement.source,
                cue=statement.cue,
                frame=statement.frame,
                addressee=statement.addressee,
                confidence=0.7,
            )
    return None


def _beside(view: View, saying: Saying | None, first: int, end: int) -> Found | None:
    """The words that a verb of naming or saying in the clause gives back."""
    if saying is None or not saying.cue.takes("quote"):
        return None
    clause_words = view.lower[saying.clause.first : saying.clause.end]
    if saying.cue.takes("impersonal") and "es" not in clause_words:
        return None
    if any(begin <= first and end <= stop for begin, stop in saying.source):
        return None
    cue, clause = saying.cue, saying.clause
    named = [i for i in range(cue.finite + 1, first) if view.lower[i] in ("als", "von")]
    frame = (saying.begin, first) if first > clause.first else (end, clause.end)
    return replace(
        saying.found(((first, end),), Type.DIRECT, frame, confidence=0.7),
        cue=tokens((*cue.tokens, *named[:1])),
        addressee=(),
    )


def _joins_names(view: View, index: int) -> bool:
    """Whether the word joins the parts of a name: „Deister- und Weserzeitung“."""
    return view.lower[index] == "und" and view.words[index - 1].endswith("-")


def _is_naming(saying: Saying | None) -> bool:
    """Whether the clause says what somebody calls something."""
    return saying is not None and saying.cue.takes("naming")


def _is_title(view: View, first: int, end: int, naming: bool) -> bool:
    """Whether the quotation is the name of something rather than words."""
    behind = view.lower[end : end + 1]
    if behind and (behind[0].startswith("-") or behind[0] == "heißen"):
        return True  # „Das Café werde „Zum Amen“ heißen“
    inner = range(first + 1, end - 1)
    before = view.words[first - 1] if first else ""
    if not inner or (naming and before == "sich"):
        return True
    if before in words("indefinite"):
        return False
    small = [i for i in inner if view.is_small(i) and not _joins_names(view, i)]
    if naming:
        return not small and before[:1].isupper() and view.lower[first - 1] != "als"
    if before[:1].isupper() and view.lower[first - 1] not in words("determiners"):
        # "die Zeitung „Die Welt“", "das Restaurant „Da Bruno“"
        return not any(view.forms[i].form for i in small) and view.words[first + 1][0].isupper()
    return not small and (len(inner) > 1 or before != "als")
