"""The chain: which outlets pass a statement on, nearest to the statement first, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.resolve.dates import days
from services.extract.engine.resolve.frames import cue_lemma
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.speakers import OF_OUTLETS, speaks_for
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import nouns
from services.extract.engine.types import Entity, Kind, Report, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from services.extract.engine.resolve.frames import Frame
    from services.extract.engine.resolve.spots import Spot
    from services.extract.engine.text import Document

_BREAKS = frozenset(",:;.!?")
_ACCORDING = ("laut", "bericht", "information", "angaben", "nach", "meldung", "einem", "zufolge")
_JOURNALISTS = word_set("Reporter Korrespondent Journalist Redakteur")
# Whoever these verbs have in the dative is concerned and passes nothing on: „rät dem Sender“.
_ADDRESSING = word_set(
    "raten abraten empfehlen vorwerfen vorhalten unterstellen drohen widersprechen danken "
    "gratulieren versprechen zusagen zusichern nahelegen bescheinigen attestieren verbieten"
)
_PLACING = word_set("in bei aus gegenüber laut von mit nach")
_REACH = 8


def chain(
    document: Document, frame: Frame, spots: Sequence[Spot], published_on: date | None
) -> tuple[Report, ...]:
    """The reports of a statement by the outlets that its frame names.

    `spots` are those that may be reporters of it: not its source, nor named in what it says.
    """
    around = frozenset(frame.outside) | frame.content
    near = [spot for spot in spots if spot.end - 1 in around and _reports(document, spot)]
    if cue_lemma(document, frame) in _ADDRESSING:
        near = [spot for spot in near if not _is_told(document, spot)]
    near.sort(key=lambda spot: (_distance(document, spot), spot.first))
    reports = (_report(document, frame, spot, published_on) for spot in near)
    return tuple(_without_repeats(reports))


def carried(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The chain of a statement that carries another on: no mention and no date of its own."""
    return tuple(replace(report, spans=(), reported_on=None) for report in reports)


def _reports(document: Document, spot: Spot) -> bool:
    """Whether the outlet passes something on: its editor, its spokesman, a journal do not."""
    if spot.outlet.kind == "journal" and not _is_told(document, spot):
        return False
    if document.lower[spot.end : spot.end + 1] in (["vorliegt"], ["vorliegen"], ["vorlag"]):
        return False
    if spot.first == 0:
        return True
    before = nouns(document.words[spot.first - 1])
    role = next((reading for reading in before if reading.sort is Sort.ROLE), None)
    takes_genitive = document.lower[spot.first] in ("der", "des")
    if role is None or not takes_genitive or role.base not in OF_OUTLETS or speaks_for(role):
        return True
    return role.base in _JOURNALISTS or role.only_plural


def _is_told(document: Document, spot: Spot) -> bool:
    """Whether an outlet is spoken to: „sagte sie dem Fachmagazin“."""
    before = document.lower[spot.first - 1] if spot.first else ""
    return document.lower[spot.first] in ("dem", "der") and before not in _PLACING


def _distance(document: Document, spot: Spot) -> int:
    """How far from the statement an outlet stands in the chain.

    One that another draws on („unter Berufung auf die Zeitung“) is nearest, then one that was
    spoken to, then one that only passes on („laut Reuters“, „wie die dpa meldete“).
    """
    for word in reversed(document.words[max(0, spot.first - 3) : spot.first]):
        if word in ("Berufung", "Bezug", "Verweis"):
            return 0
        if word.lower() in ("laut", "wie", "meldete", "meldet", "berichtete"):
            return 2
        if word[0].isupper() and not word.lower().startswith(_ACCORDING):
            break
    return 1


def _without_repeats(reports: Iterable[Report]) -> Iterable[Report]:
    seen: set[str] = set()
    for report in reports:
        if report.entity.name not in seen:
            seen.add(report.entity.name)
            yield report


def _report(document: Document, frame: Frame, spot: Spot, published_on: date | None) -> Report:
    entity = Entity(spot.outlet.name, Kind.OUTLET)
    span = Span(document.starts[spot.first], document.ends[spot.end - 1])
    return Report((span,), entity, _reported_on(document, frame, spot, published_on))


def _reported_on(
    document: Document, frame: Frame, spot: Spot, published_on: date | None
) -> date | None:
    """The day of the report, when the outlet's own clause tells it."""
    first, end = _segment(document, frame, spot)
    named = range(spot.first, spot.end)  # „Bild am Sonntag“
    found = [
        day for day in days(document.words, first, end, published_on) if day.first not in named
    ]
    if _is_according_to(document, first, spot):
        # The clause goes on with the statement, and so may its date: only one that is tied to
        # the report by „vom“ or brackets is the report's.
        found = [day for day in found if _is_tied(document, spot, day.first)]
    found.sort(key=lambda day: min(abs(day.first - spot.end), abs(spot.first - day.end)))
    return found[0].day if found else None


def _segment(document: Document, frame: Frame, spot: Spot) -> tuple[int, int]:
    """The tokens around the outlet up to the next comma or the content."""
    bottom, top = document.sentences[document.sentence_of[spot.first]]
    first, end = spot.first, spot.end
    while first > bottom and not _breaks(document, frame, first - 1):
        first -= 1
    while end < top and not _breaks(document, frame, end):
        end += 1
    return first, end


def _breaks(document: Document, frame: Frame, token: int) -> bool:
    return document.words[token] in _BREAKS or token in frame.content


def _is_according_to(document: Document, first: int, spot: Spot) -> bool:
    """Whether the outlet stands in a „laut“ phrase and is nobody's listener."""
    before = document.lower[max(first, spot.first - _REACH) : spot.first]
    according = any(word.startswith(_ACCORDING) for word in before if not _is_told_of(word))
    return according and "wie" not in before


def _is_told_of(lower: str) -> bool:
    """Whether a word is a verb of reporting: „berichtete der Rundschau am Montag“."""
    return lower.startswith("bericht") and lower.endswith(("t", "te", "ten"))


def _is_tied(document: Document, spot: Spot, day: int) -> bool:
    before = document.lower[max(0, day - 2) : day]
    return abs(day - spot.end) <= len(before) + 1 and bool({"vom", "("} & set(before))
