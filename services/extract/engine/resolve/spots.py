"""Where an article names outlets and agencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.resolve import outlets
from services.extract.engine.resolve.dates import is_weekday
from services.extract.engine.resolve.outlets import Outlet
from services.extract.engine.resolve.vocabulary import Noun, Sort, noun, nouns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.text import Document

_MARKS = frozenset('„“”"»«‚‘’›‹')
_ARTICLES = frozenset("der die das den dem des".split())
_CONTRACTED = frozenset("vom beim im zum".split())
_SAYS = ("bericht", "meld", "schreib", "schrieb", "zitier", "vermeld", "enthüll", "erfahren")
_INTRODUCES = frozenset("laut gegenüber".split())
_COMPOUND_ENDS = ("bericht", "information", "interview", "meldung", "gespräch", "angabe", "umfrage",
                  "reporter", "korrespondent", "talk", "magazin", "sendung", "recherche")  # fmt: skip
_FUNCTION_WORDS = frozenset("der die das den dem des ein eine einer laut auch wie nach in im".split())
# Where researchers publish: no outlet that passes anything on.
_JOURNALS = frozenset(
    "Zeitschrift Fachzeitschrift Fachmagazin Fachjournal Journal Wissenschaftsmagazin".split()
)
_TELLS = ("sagt", "erklärt", "erzähl", "betont", "berichtet")
_PUNCTUATION = frozenset(",.:;!?()“”\"«»–")
_REACH = 12


@dataclass(frozen=True, slots=True)
class Spot:
    """An outlet named in the tokens from `first` (its article included) up to `end`."""

    first: int
    end: int
    outlet: Outlet


def spots(document: Document) -> list[Spot]:
    """Find every outlet that `document` names, those it takes up as „das Blatt“ included."""
    found: list[Spot] = []
    words = document.words
    known = outlets.first_words()
    past = 0
    for index, word in enumerate(words):
        if index < past or not (word in known or word[0].isupper()):
            continue
        end_outlet = _at(document, index, found)
        if end_outlet is not None:
            past, outlet = end_outlet
            found.append(Spot(_with_article(words, index), _past_mark(words, past), outlet))
    return found


def _at(
    document: Document, index: int, found: Sequence[Spot]
) -> tuple[int, Outlet] | None:
    """The outlet whose name starts at a token, with the token behind it."""
    words = document.words
    by_name = _by_name(document, index)
    if by_name is not None:
        return by_name
    word = words[index]
    if not word[0].isupper():
        return None
    head = next((reading for reading in nouns(word) if reading.sort is Sort.OUTLET), None)
    if head is not None and head.singular:
        return (
            _behind_noun(document, index)
            or _compound_paper(index, head)
            or _taken_up(words, index, head, found)
        )
    return _compound(word, index) or _by_pattern(words, index)


def _by_name(document: Document, index: int) -> tuple[int, Outlet] | None:
    """A name of the table, the longest that fits; an everyday word only where it is an outlet."""
    words = document.words
    longest = outlets.first_words().get(words[index], 0)
    top = min(index + longest, document.sentences[document.sentence_of[index]][1])
    for end in range(top, index, -1):
        outlet = outlets.known(words[index:end])
        if outlet is None:
            continue
        if outlets.is_everyday_word(words[index:end]) and not _meant(document, index, end):
            return None
        return end, outlet
    return None


def _meant(document: Document, index: int, end: int) -> bool:
    """Whether an everyday word is an outlet's name here."""
    words, lower = document.words, document.lower
    bottom, top = document.sentences[document.sentence_of[index]]
    if index > bottom and words[index - 1] in _MARKS and end < top and words[end] in _MARKS:
        return True
    first = _with_article(words, index)
    before = lower[max(bottom, first - 3) : first]
    if end + 1 < top and lower[end] in ("vom", "(") and is_weekday(lower[end + 1]):
        return True
    if before and (before[-1] in _INTRODUCES or any(_is_report(w) for w in before)):
        return True
    if first == index and not (before and before[-1] in _CONTRACTED):
        return False
    if _is_subject(document, first, end):
        return True
    return _is_recipient(document, first, end)


def _is_report(lower: str) -> bool:
    return lower.startswith(("bericht", "information", "interview", "angaben", "gespräch", "recherche", "onlineausgabe", "ausgabe", "magazin", "zeitung", "nachrichtenmagazin", "wochenzeitung"))


def _is_subject(document: Document, first: int, end: int) -> bool:
    """Whether a verb of reporting stands near in the same clause."""
    lower = document.lower
    if lower[first] not in ("der", "die", "das"):
        return False
    bottom, top = document.sentences[document.sentence_of[first]]
    after = _clause_words(lower, range(end, min(top, end + _REACH)))
    before = _clause_words(lower, range(first - 1, max(bottom, first - 3) - 1, -1))
    return any(word.startswith(_SAYS) for word in (*after, *before))


def _clause_words(lower: Sequence[str], reach: range) -> Iterator[str]:
    for index in reach:
        if lower[index] in ",.:;!?":
            return
        yield lower[index]


def _is_recipient(document: Document, first: int, end: int) -> bool:
    """Whether somebody says something to it: „sagte Zaborski der Zeit.“"""
    lower = document.lower
    bottom, top = document.sentences[document.sentence_of[first]]
    if lower[first] not in ("der", "dem", "im"):
        return False
    if first == bottom and end < top:
        return lower[end].startswith(_TELLS) or lower[end] in ("hatte", "hat", "gegenüber")
    if end < top and lower[end] not in _PUNCTUATION and lower[end] not in ("am", "zu", "vom"):
        return False
    before = _clause_words(lower, range(first - 1, max(bottom, first - _REACH) - 1, -1))
    return any(word.startswith(_TELLS) for word in before)


def _behind_noun(document: Document, index: int) -> tuple[int, Outlet] | None:
    """A name behind a noun: „der Zeitung „Yemen Observer““, „der Nachrichtenagentur Reuters“."""
    words = document.words
    top = document.sentences[document.sentence_of[index]][1]
    start = index + 1
    quoted = start < top and words[start] in _MARKS
    start += quoted
    end = start
    while end < top and end < start + 5 and words[end] not in _PUNCTUATION | _MARKS:
        if not quoted and not _names_outlet(words, end):
            break
        end += 1
    if end == start:
        return None
    known = next(
        ((e, o) for e in range(end, start, -1) if (o := outlets.known(words[start:e]))), None
    )
    kind = "journal" if any(r.base in _JOURNALS for r in nouns(words[index])) else ""
    return known or (end, Outlet(" ".join(words[start:end]), kind))


def _names_outlet(words: Sequence[str], index: int) -> bool:
    """Whether a word behind „die Zeitung“ can be its name."""
    word = words[index]
    if outlets.known([word]):
        return True
    return word[0].isupper() and noun(word) is None


def _compound_paper(index: int, head: Noun) -> tuple[int, Outlet] | None:
    """A paper whose name is one compound: „Elbtalzeitung“."""
    if head.base == "Zeitung" and head.lemma != head.base:
        return index + 1, Outlet(head.lemma)
    return None


def _taken_up(
    words: Sequence[str], index: int, head: Noun, found: Sequence[Spot]
) -> tuple[int, Outlet] | None:
    """The last outlet named, taken up by a definite noun: „das Blatt“, „dem Sender“."""
    if not found or index == 0 or head.lemma != head.base:
        return None
    outlet = found[-1].outlet
    if head.base == "Agentur" and outlet.kind != "agency":
        return None
    if words[index - 1].lower() in _ARTICLES | {"vom", "beim"}:
        return index + 1, outlet
    return None


def _compound(word: str, index: int) -> tuple[int, Outlet] | None:
    """An outlet inside a compound: „dpa-Informationen“, „ARD-Sommerinterview“."""
    name, hyphen, rest = word.partition("-")
    if not hyphen or not any(end in rest.lower() for end in _COMPOUND_ENDS):
        return None
    outlet = outlets.known([name])
    return (index + 1, outlet) if outlet else None


def _by_pattern(words: Sequence[str], index: int) -> tuple[int, Outlet] | None:
    """An unknown outlet by the last word of its name: „Ostthüringer Nachrichten“."""
    if words[index].lower() in _FUNCTION_WORDS:
        return None
    for end in (index + 3, index + 2, index + 1):
        run = words[index:end]
        if len(run) == end - index and all(word[0].isupper() for word in run):
            outlet = outlets.by_pattern(run)
            if outlet is not None:
                return end, outlet
    return None


def _with_article(words: Sequence[str], index: int) -> int:
    """The token at which the mention starts, article and opening mark included."""
    start = index
    if start and words[start - 1] in _MARKS:
        start -= 1
    if start and words[start - 1].lower() in _ARTICLES:
        start -= 1
    return start


def _past_mark(words: Sequence[str], end: int) -> int:
    return end + 1 if end < len(words) and words[end] in "“”«" else end
