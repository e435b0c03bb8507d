"""Where an article names outlets and agencies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from services.extract.engine.quotes import QUOTATION_MARKS
from services.extract.engine.resolve import outlets
from services.extract.engine.resolve.dates import is_weekday
from services.extract.engine.resolve.inflection import Noun, Sort
from services.extract.engine.resolve.outlets import NameEnd, Outlet, name_end
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import noun, nouns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.text import Document

_PUNCTUATION = frozenset(',.:;!?()“”"«»–')
_ENDS_NAME = _PUNCTUATION | QUOTATION_MARKS
_ARTICLES = word_set("der die das den dem des")
_CONTRACTED = word_set("vom beim im zum")
_FUNCTION_WORDS = word_set("der die das den dem des ein eine einer laut auch wie nach in im")
_SAYS = ("bericht", "meld", "schreib", "schrieb", "zitier", "vermeld", "enthüll", "erfahren")
_TELLS = (
    "sagt", "gesagt", "erklärt", "erzähl", "betont", "berichtet", "bestätigt", "verriet", "verrät",
    "gestand", "versicher", "schilder", "räumt", "kritisier", "beschrieb", "teilt", "anvertraut",
)  # fmt: skip
# Whoever writes in an everyday word does so in the paper of that name: „schreibt sie in der Zeit“.
_WRITES = ("schreibt", "schrieb", "kommentier", "argumentier")
_INTRODUCES = (
    "laut", "gegenüber", "bericht", "information", "interview", "angaben", "gespräch",
    "recherche", "onlineausgabe", "ausgabe", "magazin", "zeitung", "nachrichtenmagazin",
    "wochenzeitung",
)  # fmt: skip
_COMPOUND_ENDS = (
    "bericht", "information", "interview", "meldung", "gespräch", "angabe", "umfrage",
    "reporter", "korrespondent", "talk", "magazin", "sendung", "recherche",
)  # fmt: skip
# Where researchers publish: no outlet that passes anything on.
_JOURNALS = word_set(
    "Zeitschrift Fachzeitschrift Fachblatt Fachmagazin Fachjournal Journal Wissenschaftsmagazin"
)
_WHERE_TO_LOOK = word_set("auf unter über via www")
# How many tokens a verb may stand away from its outlet, and the longest unknown name.
_REACH = 12
_NEAR = 3
_LONGEST_NAME = 5

Found = tuple[int, Outlet]


@dataclass(frozen=True, slots=True)
class Spot:
    """An outlet named in the tokens from `first` (its article included) up to `end`."""

    first: int
    end: int
    outlet: Outlet


def spots(document: Document) -> list[Spot]:
    """Find every outlet that a document names, those it takes up as „das Blatt“ included."""
    found: list[Spot] = []
    words = document.words
    past = 0
    for index, word in enumerate(words):
        if index < past or not _may_begin(word):
            continue
        named = _by_name(document, index, among_outlets=bool(found)) or _otherwise(
            document, index, found
        )
        if named is not None:
            past, outlet = named
            found.append(Spot(_with_article(words, index), _past_mark(words, past), outlet))
    return found


@lru_cache(maxsize=1 << 16)
def _may_begin(word: str) -> bool:
    """Whether an outlet's name, or a noun before it, may begin with a word."""
    if word in outlets.first_words() or word.partition("-")[0] in outlets.first_words():
        return True
    if not word[0].isupper():
        return outlets.is_site(word)
    by_pattern = "-" in word or name_end(word) is not NameEnd.NONE or noun(word) is None
    return by_pattern or _outlet_noun(word) is not None


@lru_cache(maxsize=1 << 16)
def _outlet_noun(word: str) -> Noun | None:
    return next((reading for reading in nouns(word) if reading.sort is Sort.OUTLET), None)


def _otherwise(document: Document, index: int, found: Sequence[Spot]) -> Found | None:
    """Read an outlet that no table names: by a noun before it, in a compound, by its pattern."""
    words = document.words
    word = words[index]
    if outlets.is_site(word):
        return _site(words, index)
    if not word[0].isupper():
        return _compound(word, index)
    head = _outlet_noun(word)
    if head is None or not head.singular:
        return _compound(word, index) or _by_pattern(words, index)
    return (
        _behind_noun(document, index)
        or _compound_paper(index, head)
        or _station(words, index, head)
        or _taken_up(words, index, head, found)
    )


def _site(words: Sequence[str], index: int) -> Found | None:
    """Read the address of a site as an outlet, unless it tells where to look something up."""
    looked_up = index > 0 and words[index - 1].lower() in _WHERE_TO_LOOK
    return None if looked_up else (index + 1, Outlet(words[index], "online"))


def _by_name(document: Document, index: int, *, among_outlets: bool) -> Found | None:
    """Read the longest name of the table; an everyday word only where it is an outlet."""
    words = document.words
    longest = outlets.first_words().get(words[index], 0)
    top = min(index + longest, document.sentences[document.sentence_of[index]][1])
    for end in range(top, index, -1):
        outlet = outlets.known(words[index:end])
        if outlet is None:
            continue
        everyday = outlets.is_everyday_word(words[index:end])
        if everyday and not (
            _meant(document, index, end)
            or _is_on_air(words, index, outlet)
            or (among_outlets and _comments(document, index, end))
        ):
            return None
        return end, outlet
    return None


def _meant(document: Document, index: int, end: int) -> bool:
    """Whether an everyday word is an outlet's name here."""
    words, lower = document.words, document.lower
    bottom, top = document.sentences[document.sentence_of[index]]
    around = words[index - 1 : index] + words[end : end + 1]
    if bottom < index and end < top and QUOTATION_MARKS.issuperset(around):
        return True
    if words[index] == "Presse":  # „vor der Presse“, „sagte der Presse“
        return False
    if end + 1 < top and lower[end] in ("vom", "(") and is_weekday(lower[end + 1]):
        return True
    first = _with_article(words, index)
    before = lower[max(bottom, first - 3) : first]
    if any(word.startswith(_INTRODUCES) for word in before):
        return True
    if first == index and not (before and before[-1] in _CONTRACTED):
        return False
    return _is_subject(document, first, end) or _is_recipient(document, first, end)


def _is_on_air(words: Sequence[str], index: int, outlet: Outlet) -> bool:
    """Whether somebody speaks on a channel: „sagte er bei Sky“."""
    return index > 0 and words[index - 1] == "bei" and outlet.kind == "broadcaster"


def _is_subject(document: Document, first: int, end: int) -> bool:
    """Whether a verb of reporting stands near in the same clause."""
    lower = document.lower
    if lower[first] not in ("der", "die", "das"):
        return False
    bottom, top = document.sentences[document.sentence_of[first]]
    after = _clause_words(lower, range(end, min(top, end + _REACH)))
    before = _clause_words(lower, range(first - 1, max(bottom, first - 3) - 1, -1))
    return any(word.startswith(_SAYS) for word in (*after, *before))


def _comments(document: Document, index: int, end: int) -> bool:
    """Whether a verb of thinking stands beside it: „Die Zeit findet“, „So sieht es die Welt“."""
    words, lower = document.words, document.lower
    if not index or words[index - 1].lower() not in ("der", "die"):
        return False
    behind = lower[end : end + 1]
    before = [word for word in lower[max(index - 3, 0) : index - 1] if word != "es"]
    return bool(_THINKS.intersection((*behind, *before)))


_THINKS = word_set(
    "findet meint kommentiert argumentiert befindet urteilt hält sieht fragt fordert mahnt spottet "
    "bemerkt konstatiert bilanziert empfiehlt"
)


def _clause_words(lower: Sequence[str], reach: range) -> Iterator[str]:
    for index in reach:
        if lower[index] in ",.:;!?":
            return
        yield lower[index]


def _is_recipient(document: Document, first: int, end: int) -> bool:
    """Whether somebody says something to it: „sagte Zaborski der Zeit.“, „Der Zeit sagte sie“."""
    lower = document.lower
    bottom, top = document.sentences[document.sentence_of[first]]
    if lower[first] not in ("der", "dem", "im"):
        return False
    if first == bottom and end < top:
        return lower[end].startswith(_TELLS) or lower[end] in ("hatte", "hat", "gegenüber")
    before = list(_clause_words(lower, range(first - 1, max(bottom, first - _REACH) - 1, -1)))
    behind = _clause_words(lower, range(end, min(top, end + _NEAR)))
    if before[-1:] == ["wie"] and any(word.startswith((*_TELLS, "mitteil")) for word in behind):
        return True  # „wie die Polizei dem Spiegel auf Anfrage bestätigte“
    if end < top and lower[end] not in _PUNCTUATION and lower[end] not in ("am", "zu", "vom"):
        return False
    verbs = _WRITES if lower[first - 1] == "in" else _TELLS
    return any(word.startswith(verbs) for word in before)


def _behind_noun(document: Document, index: int) -> Found | None:
    """Read a name behind a noun: „der Nachrichtenagentur Reuters“."""
    words = document.words
    top = document.sentences[document.sentence_of[index]][1]
    start = index + 1
    quoted = start < top and words[start] in QUOTATION_MARKS
    if quoted and "„" in words[max(0, start - _LONGEST_NAME) : start] and words[start] != "„":
        return None  # the mark closes a name that the noun ends: „Deister- und Weserzeitung“
    start += quoted
    end = start
    while end < min(top, start + _LONGEST_NAME) and words[end] not in _ENDS_NAME:
        if not quoted and not _names_outlet(words[end]):
            break
        end += 1
    if end == start:
        return None
    for stop in range(end, start, -1):
        if outlet := outlets.known(words[start:stop]):
            return stop, outlet
    return end, Outlet(" ".join(words[start:end]), _kind(nouns(words[index])))


def _kind(readings: Sequence[Noun]) -> str:
    """The kind of an unknown outlet behind a noun for one."""
    if any(reading.base in _JOURNALS for reading in readings):
        return "journal"
    kinds = (outlets.kinds_of(reading.base) for reading in readings)
    return next((several[0] for several in kinds if several), "")


def _names_outlet(word: str) -> bool:
    """Whether a word behind „die Zeitung“ can be its name."""
    if outlets.known([word]) is not None or outlets.is_site(word):
        return True
    return word[0].isupper() and noun(word) is None


def _compound_paper(index: int, head: Noun) -> Found | None:
    """Read a paper whose name is one compound: „Elbtalzeitung“."""
    if head.base == "Zeitung" and head.lemma != head.base:
        return index + 1, Outlet(head.lemma)
    return None


def _station(words: Sequence[str], index: int, head: Noun) -> Found | None:
    """Read a station of no name on which somebody speaks: „im Staatsfernsehen“."""
    spoken_on = index > 0 and words[index - 1].lower() == "im"
    is_station = head.base in _AIR and head.lemma != head.base
    if not (spoken_on and is_station) or head.lemma.startswith(_SETS):
        return None
    return index + 1, Outlet(head.lemma, "broadcaster")


_AIR = word_set("Fernsehen Radio Rundfunk Hörfunk")
# Sets and ways to watch, which are no stations.
_SETS = ("Auto", "Farb", "Kabel", "Bezahl", "Satelliten", "Internet", "Küchen", "Koffer", "Digital")


def _taken_up(words: Sequence[str], index: int, head: Noun, found: Sequence[Spot]) -> Found | None:
    """Take the last outlet of its kind for a definite noun: „das Blatt“, „dem Sender“."""
    if not found or index == 0 or head.lemma != head.base:
        return None
    fitting = [spot.outlet for spot in found if outlets.fits(spot.outlet, head.base)]
    outlet = fitting[-1] if fitting else found[-1].outlet
    if head.base == "Agentur" and outlet.kind != "agency":
        return None
    if words[index - 1].lower() in _ARTICLES | {"vom", "beim"}:
        return index + 1, outlet
    return None


def _compound(word: str, index: int) -> Found | None:
    """Read an outlet inside a compound: „dpa-Informationen“, „ARD-Sommerinterview“."""
    name, hyphen, rest = word.partition("-")
    if not hyphen or not any(end in rest.lower() for end in _COMPOUND_ENDS):
        return None
    outlet = outlets.known([name])
    return (index + 1, outlet) if outlet else None


def _by_pattern(words: Sequence[str], index: int) -> Found | None:
    """Read an unknown outlet by the last word of its name: „Ostthüringer Nachrichten“."""
    if words[index].lower() in _FUNCTION_WORDS:
        return None
    for end in range(min(index + 3, len(words)), index, -1):
        if name_end(words[end - 1]) is NameEnd.NONE:
            continue
        run = words[index:end]
        outlet = outlets.by_pattern(run) if all(w[0].isupper() for w in run) else None
        if outlet is not None:
            return end, outlet
    return None


def _with_article(words: Sequence[str], index: int) -> int:
    """Give the token at which the mention starts, article and opening mark included."""
    start = index
    if start and words[start - 1] in QUOTATION_MARKS:
        start -= 1
    if start and words[start - 1].lower() in _ARTICLES:
        start -= 1
    return start


def _past_mark(words: Sequence[str], end: int) -> int:
    return end + 1 if end < len(words) and words[end] in "“”«" else end
