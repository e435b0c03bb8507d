"""Statements, which are spans alone, become attributions: source, chain, date, stance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, verb_forms
from services.extract.engine.resolve.cast import Cast, Figure, read
from services.extract.engine.resolve.chains import Discourse, Place
from services.extract.engine.resolve.frames import Frame, cue_lemma, frame_of, written_in
from services.extract.engine.resolve.mentions import Form, Mention, parse
from services.extract.engine.resolve.refusals import is_refusal
from services.extract.engine.resolve.reports import carried, chain
from services.extract.engine.resolve.spots import Spot, spots
from services.extract.engine.resolve.stance import carried_stance, is_hearsay, stance_of
from services.extract.engine.types import Attribution, Kind, Source, Stance, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Article, Report, Spans, Statement

_FREE = (Type.FREE_INDIRECT, Type.INDIRECT_FREE_INDIRECT)
# How many sentences may stand between a statement and one that carries it on.
_CARRIED_OVER = 2


@dataclass(frozen=True, slots=True)
class _Reading:
    """A statement with what was read off the text around it."""

    index: int
    statement: Statement
    frame: Frame
    mention: Mention | None


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was settled about a statement."""

    source: Source | None
    figure: Figure | None
    reports: tuple[Report, ...]
    stance: Stance
    last_sentence: int
    paragraph: int = 0


def resolve(
    article: Article, document: Document, statements: Sequence[Statement]
) -> list[Attribution]:
    """Tell of each statement whom its source means, who passes it on, when, and the stance.

    Refusals to speak are dropped, everything else keeps its order; never raises on any text.
    """
    readings = [_read(document, index, each) for index, each in enumerate(statements)]
    kept = [reading for reading in readings if not is_refusal(document, reading.frame)]
    named = spots(document)
    cast = read(document, (r.mention for r in kept if r.mention))
    told = {token for r in kept if r.statement.type is not Type.REPORTED for token in r.frame.content}
    settled = _settle(article, Discourse(document, cast, named, told), kept)
    place = {reading.index: position for position, reading in enumerate(kept)}
    return [_attribution(document, reading, settled[reading.index], place) for reading in kept]


def _read(document: Document, index: int, statement: Statement) -> _Reading:
    frame = frame_of(document, statement)
    if not frame.source and (found := written_in(document, frame)):
        frame = replace(frame, source=found)
        statement = replace(statement, source=(document.span(found[0], found[-1] + 1),))
    mention = parse([document.words[token] for token in frame.source]) if frame.source else None
    return _Reading(index, statement, frame, mention)


def _settle(
    article: Article, discourse: Discourse, readings: Sequence[_Reading]
) -> dict[int, _Answer]:
    """Settle the statements in reading order: each may depend on those before it."""
    answers: dict[int, _Answer] = {}
    before: _Answer | None = None
    reporters = _Reporters(discourse, readings)
    for reading in readings:
        around = (
            answers.get(reading.statement.parent) if reading.statement.parent is not None else None
        )
        answer = _answer(article, discourse, reporters, reading, around, before)
        answers[reading.index] = answer
        if answer.figure is not None:
            token = reading.frame.source[-1] + 1 if reading.frame.source else _last(reading) + 1
            discourse.note(token, answer.figure)
        if answer.source is not None or reading.frame.source:
            before = answer
    return answers


def _last(reading: _Reading) -> int:
    return max(reading.frame.content, default=0)


def _answer(
    article: Article,
    discourse: Discourse,
    reporters: _Reporters,
    reading: _Reading,
    around: _Answer | None,
    before: _Answer | None,
) -> _Answer:
    """Settle one statement: `around` is the one it is nested in, `before` the last one."""
    document, frame = discourse.document, reading.frame
    if reading.mention is None or _speaks_elsewhere(document, reading):
        if around is not None:
            return _inherited(document, reading, around)
        if before is not None and _carries_on(document, reading, before):
            return _continued(document, reading, before)
    figure = None if _is_rumour(document, reading) else _figure(discourse, reading)
    source = Source(reading.statement.source, figure.entity) if figure else None
    spotted = () if _states_itself(figure) else reporters.of(reading)
    reports = chain(document, frame, spotted, article.published_on)
    stance = stance_of(document, reading.statement, frame, has_source=source is not None)
    if reading.statement.type is Type.DIRECT and around is not None and not reading.statement.cue:
        stance = around.stance
    return _Answer(source, figure, reports, stance, _sentence(document, reading))


def _speaks_elsewhere(document: Document, reading: _Reading) -> bool:
    """Whether a free statement's source stands in an earlier sentence: the statement is carried on."""
    if reading.statement.cue or reading.statement.type not in _FREE or not reading.frame.source:
        return False
    return document.sentence_of[reading.frame.source[-1]] < _first_sentence(document, reading)


def _is_rumour(document: Document, reading: _Reading) -> bool:
    """Whether a free statement with „soll“ is nobody's, whoever spoke before it."""
    free = reading.statement.type in _FREE and not reading.statement.cue
    return free and is_hearsay(document, reading.frame)


def _figure(discourse: Discourse, reading: _Reading) -> Figure | None:
    if reading.mention is None or not reading.frame.source:
        return None
    first, last = reading.frame.source[0], reading.frame.source[-1]
    plural = _verb_is_plural(discourse.document, reading.frame)
    return discourse.whom(reading.mention, Place(first, last + 1, plural))


def _verb_is_plural(document: Document, frame: Frame) -> bool | None:
    """Whether the cue's finite verb is a plural; None when there is no telling."""
    plural: bool | None = None
    for token in frame.cue:
        word = document.words[token]
        if not verb_forms().get(word, NO_VERB).form & FINITE:
            continue
        if not word.endswith("n"):
            return False
        plural = True
    return plural


def _states_itself(figure: Figure | None) -> bool:
    return figure is not None and figure.entity.kind is Kind.OUTLET


def _inherited(document: Document, reading: _Reading, around: _Answer) -> _Answer:
    """Words quoted inside a statement are by the same source and reach us the same way."""
    return _Answer(
        around.source, around.figure, around.reports, around.stance, _sentence(document, reading)
    )


def _carries_on(document: Document, reading: _Reading, before: _Answer) -> bool:
    """Whether a statement without a source goes on with what the last speaker says."""
    if _first_sentence(document, reading) - before.last_sentence > _CARRIED_OVER:
        return False
    cue = {document.lower[token] for token in reading.frame.cue}
    if is_hearsay(document, reading.frame):
        return False
    if reading.statement.type in _FREE or not cue:
        return True
    return bool(cue & {"weiter", "demnach", "so"}) and bool(cue & {"hieß", "heißt", "so"})


def _continued(document: Document, reading: _Reading, before: _Answer) -> _Answer:
    return _Answer(
        before.source,
        before.figure,
        carried(before.reports),
        carried_stance(document, reading.frame, before.stance),
        _sentence(document, reading),
    )


def _sentence(document: Document, reading: _Reading) -> int:
    """The last sentence that a statement with its frame reaches into."""
    near = (*reading.frame.cue, _last(reading))
    return max(document.sentence_of[token] for token in near) if len(document) else 0


def _first_sentence(document: Document, reading: _Reading) -> int:
    return document.sentence_of[min(reading.frame.content, default=0)] if len(document) else 0


class _Reporters:
    """Which of the outlets named may pass which statement on."""

    def __init__(self, discourse: Discourse, readings: Sequence[_Reading]) -> None:
        self._document = discourse.document
        self._readings = {reading.index: reading for reading in readings}
        self._sources = {
            token: reading.index
            for reading in readings
            if not _speaks_elsewhere(self._document, reading)
            for token in reading.frame.source
        }
        self._contents: dict[int, set[int]] = {}
        self._by_sentence: dict[int, list[Spot]] = {}
        for spot in discourse.spots:
            sentence = self._document.sentence_of[spot.first]
            self._by_sentence.setdefault(sentence, []).append(spot)
        wanted = {spot.end - 1 for spot in discourse.spots}
        for reading in readings:
            for token in wanted & reading.frame.content:
                self._contents.setdefault(token, set()).add(reading.index)

    def of(self, reading: _Reading) -> list[Spot]:
        """Outlets in the frame that are neither its source nor inside what another one says."""
        ancestors = set(self._ancestors(reading))
        found: list[Spot] = []
        for sentence in reading.frame.sentences:
            for spot in self._by_sentence.get(sentence, ()):
                token = spot.end - 1
                inside = self._contents.get(token, set())
                if inside <= ancestors and self._passes_on(token, reading, ancestors):
                    found.append(spot)
        return found

    def _ancestors(self, reading: _Reading) -> Iterable[int]:
        parent = reading.statement.parent
        for _ in range(len(self._readings)):
            if parent is None or parent not in self._readings:
                return
            yield parent
            parent = self._readings[parent].statement.parent

    def _passes_on(self, token: int, reading: _Reading, ancestors: set[int]) -> bool:
        """Whether an outlet that is the source of another statement reports this one as well."""
        stated = self._sources.get(token)
        if stated is None:
            return True
        if stated == reading.index:
            return False
        lemma = cue_lemma(self._document, self._readings[stated].frame)
        return stated in ancestors or lemma in _REPORTING


_REPORTING = frozenset("berichten melden zitieren schreiben vermelden erwähnen".split())


def _attribution(
    document: Document, reading: _Reading, answer: _Answer, place: dict[int, int]
) -> Attribution:
    statement = reading.statement
    parent = place.get(statement.parent) if statement.parent is not None else None
    return Attribution(
        type=statement.type,
        medium=statement.medium,
        content=statement.content,
        source=answer.source,
        reported_by=answer.reports,
        cue=statement.cue,
        cue_lemma=cue_lemma(document, reading.frame) if statement.cue else None,
        frame=statement.frame,
        addressee=statement.addressee,
        stance=answer.stance,
        confidence=statement.confidence,
        parent=parent,
    )
