"""Statements, which are spans alone, become attributions: source, chain, date, stance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, verb_forms
from services.extract.engine.resolve.cast import read
from services.extract.engine.resolve.chains import Chains
from services.extract.engine.resolve.completion import completed
from services.extract.engine.resolve.frames import (
    Frame,
    cue_lemma,
    frame_of,
    goes_on_behind_and,
    nobody_says,
    states,
    written_in,
)
from services.extract.engine.resolve.memory import Memory, Place
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.resolve.passed_on import passed_on
from services.extract.engine.resolve.refusals import is_plan, is_refusal
from services.extract.engine.resolve.reporters import Reading, Reporters
from services.extract.engine.resolve.reports import carried, chain
from services.extract.engine.resolve.speakers import behind_outlet, without_listener
from services.extract.engine.resolve.spots import spots
from services.extract.engine.resolve.stance import carried_stance, is_hearsay, stance_of
from services.extract.engine.resolve.titles import names_something
from services.extract.engine.types import Attribution, Kind, Source, Stance, Type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.resolve.figures import Figure
    from services.extract.engine.text import Document
    from services.extract.engine.types import Article, Report, Spans, Statement

FREE = (Type.FREE_INDIRECT, Type.INDIRECT_FREE_INDIRECT)
# How many sentences further on a statement may still carry on the one before.
_CARRIED_OVER = 2


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was settled about a statement.

    `sentence` is the last one it reaches into, `pointed_at` its source as the finder gave it.
    """

    source: Source | None
    figure: Figure | None
    reports: tuple[Report, ...]
    stance: Stance
    sentence: int
    pointed_at: Spans


@dataclass(frozen=True, slots=True)
class _Around:
    """What a statement may inherit from.

    The one it is nested in, the last one before it, and the one which that is nested in.
    `framed_outside` says that it is quoted inside its parent and has no frame of its own in there.
    """

    parent: _Answer | None
    before: _Answer | None
    around_before: _Answer | None
    framed_outside: bool = False


def resolve(
    article: Article, document: Document, statements: Sequence[Statement]
) -> list[Attribution]:
    """Tell of each statement whom its source means, who passes it on, when, and the stance.

    Refusals to speak are dropped, everything else keeps its order; never raises on any text.
    """
    readings = [_read(document, index, each) for index, each in enumerate(statements)]
    kept = [reading for reading in readings if not _says_nothing(document, reading)]
    settled = _settle(article, document, kept)
    given_way = passed_on(
        kept,
        {index: answer.source for index, answer in settled.items()},
        {index: answer.reports for index, answer in settled.items()},
    )
    kept = [reading for reading in kept if reading.index not in given_way]
    places: dict[int | None, int] = {each.index: place for place, each in enumerate(kept)}
    places |= {index: places[up] for index, up in given_way.items() if up in places}
    return [_attribution(document, reading, settled[reading.index], places) for reading in kept]


def _says_nothing(document: Document, reading: Reading) -> bool:
    """Whether a statement is none: a refusal to speak, or a name in quotation marks."""
    is_quoted = reading.statement.type is Type.DIRECT
    if reading.by_anybody and cue_lemma(document, reading.frame) == "nennen":
        return True
    if reading.statement.type in FREE and is_plan(document, reading.frame):
        return True
    return is_refusal(document, reading.frame) or (
        is_quoted and names_something(document, reading.frame)
    )


def _read(document: Document, index: int, statement: Statement) -> Reading:
    """Find the words around a statement and take its source's mention apart."""
    frame = frame_of(document, statement)
    pointed_at = statement.source
    whole = without_listener(document, completed(document, frame))
    if whole != frame.source:
        frame = replace(frame, source=whole)
        statement = replace(statement, source=(document.span(whole[0], whole[-1] + 1),))
    if nobody_says(document, frame):
        frame = replace(frame, source=())
        statement = replace(statement, source=())
    mention = _mention(document, frame)
    speaker: tuple[int, ...] = ()
    if mention is None and not frame.source:
        speaker = written_in(document, frame)
    elif mention is not None and frame.cue and _may_pass_on(mention):
        speaker = behind_outlet(document, frame)
    if speaker:
        frame = replace(frame, source=speaker)
        statement = replace(statement, source=(document.span(speaker[0], speaker[-1] + 1),))
        mention = _mention(document, frame)
    if mention is not None and mention.gender == "man" and states(document, frame):
        mention = Mention(Form.NOBODY, mention.name)
        statement = replace(statement, source=())
    elsewhere = _speaks_elsewhere(document, statement, frame)
    return Reading(index, statement, frame, mention, elsewhere, pointed_at)


def _may_pass_on(mention: Mention) -> bool:
    """Whether a mention can be an outlet's: its name, its report, or „es“, „sie“ for it."""
    if mention.owner is not None and mention.owner.form is Form.OUTLET:
        return mention.form in (Form.SAYING, Form.DOCUMENT)
    return mention.form is Form.OUTLET or mention.name.lower() in ("es", "sie")


def _mention(document: Document, frame: Frame) -> Mention | None:
    if not frame.source:
        return None
    words = [document.words[token] for token in frame.source]
    if words[0].lower() == "den" and _is_dative(document, frame):
        words[0] = "die"  # „den Beamten zufolge“: only a plural has this dative
    return parse(words)


def _is_dative(document: Document, frame: Frame) -> bool:
    """Whether „laut“ or „nach“ stands before the source, or „zufolge“ behind it."""
    first, last = frame.source[0], frame.source[-1]
    before = document.lower[first - 1] if first else ""
    return before in ("laut", "nach") or document.lower[last + 1 : last + 2] == ["zufolge"]


def _speaks_elsewhere(document: Document, statement: Statement, frame: Frame) -> bool:
    """Whether a free statement's source stands in an earlier sentence: it is carried on."""
    if statement.cue or statement.type not in FREE or not frame.source or not frame.content:
        return False
    return document.sentence_of[frame.source[-1]] < document.sentence_of[min(frame.content)]


def _settle(
    article: Article, document: Document, readings: Sequence[Reading]
) -> dict[int, _Answer]:
    """Settle the statements in reading order: each may depend on those before it."""
    named = spots(document)
    cast = read(document, [reading.mention for reading in readings if reading.mention])
    memory = Memory(document, cast, _told(readings))
    settling = _Settling(
        article, document, memory, Chains(memory, named), Reporters(document, named, readings)
    )
    by_index: dict[int | None, Reading] = {reading.index: reading for reading in readings}
    answers: dict[int, _Answer] = {}
    before: _Answer | None = None
    around_before: _Answer | None = None
    for reading in readings:
        index = reading.statement.parent
        parent = answers.get(index) if index is not None else None
        quoted = _is_framed_outside(reading, by_index.get(index))
        answer = settling.answer(reading, _Around(parent, before, around_before, quoted))
        answers[reading.index] = answer
        if answer.figure is not None:
            memory.note(_end_of_source(reading), answer.figure, reading.frame.source)
        if answer.source is not None or reading.frame.source:
            before, around_before = answer, parent
    return answers


def _is_framed_outside(reading: Reading, parent: Reading | None) -> bool:
    """Whether words quoted inside another statement take their frame from around that one.

    „Wie der Stern schreibt, sagte ein Beamter, es sei „aus““: the finder may take the nearest cue.
    """
    if parent is None or reading.statement.type is not Type.DIRECT:
        return False
    return not parent.frame.content.intersection((*reading.frame.cue, *reading.frame.source))


def _told(readings: Sequence[Reading]) -> frozenset[int]:
    """Tokens inside what somebody says in clauses of its own."""
    return frozenset(
        token
        for reading in readings
        if reading.statement.type is not Type.REPORTED
        for token in reading.frame.content
    )


def _end_of_source(reading: Reading) -> int:
    """The token behind the mention, or behind the content where there is none."""
    return (reading.frame.source[-1] if reading.frame.source else reading.last) + 1


@dataclass(frozen=True, slots=True)
class _Settling:
    """What it takes to settle one statement after the other."""

    article: Article
    document: Document
    memory: Memory
    chains: Chains
    reporters: Reporters

    def answer(self, reading: Reading, around: _Around) -> _Answer:
        """Settle one statement."""
        if reading.speaks_elsewhere:
            return self._of_named_before(reading, around)
        if around.framed_outside and around.parent is not None and around.parent.source:
            return self._inherited(reading, around.parent)
        if around.before is not None and self._shares_subject(reading, around.before):
            return self._of_its_own(reading, around.parent, around.before.figure)
        if reading.mention is None:
            if around.parent is not None:
                return self._inherited(reading, around.parent)
            if around.before is not None and self._carries_on(reading, around.before):
                return self._continued(reading, around.before)
        return self._of_its_own(reading, around.parent)

    def _of_named_before(self, reading: Reading, around: _Around) -> _Answer:
        """Settle a free statement for which the finder points at an earlier mention."""
        if self._is_rumour(reading):
            return self._of_its_own(reading, around.parent)
        before = around.before
        named = reading.statement.source
        if before is not None and named in (before.pointed_at, _spans(before), _outlet(around)):
            return self._continued(reading, before)
        return self._of_its_own(reading, around.parent)

    def _of_its_own(
        self, reading: Reading, parent: _Answer | None, shared: Figure | None = None
    ) -> _Answer:
        """Settle a statement that names its source, or that nobody is named for.

        `shared` is the source where the clause shares its subject with the one before.
        """
        figure = shared or (None if self._is_rumour(reading) else self._figure(reading))
        spans = () if shared else reading.statement.source
        source = Source(spans, figure.entity) if figure else None
        states_itself = figure is not None and figure.entity.kind is Kind.OUTLET
        named = () if states_itself else self.reporters.of(reading)
        reports = chain(self.document, reading.frame, named, self.article.published_on)
        stance = stance_of(self.document, reading.statement, reading.frame, has_source=bool(source))
        if parent is not None and reading.statement.type is Type.DIRECT and not reading.frame.cue:
            stance = parent.stance
        sentence = self._sentence(reading)
        return _Answer(source, figure, reports, stance, sentence, reading.pointed_at)

    def _figure(self, reading: Reading) -> Figure | None:
        if reading.mention is None or not reading.frame.source:
            return None
        as_found = reading.statement.source == reading.pointed_at
        plural = _verb_is_plural(self.document, reading.frame) if as_found else None
        first, end = reading.frame.source[0], reading.frame.source[-1] + 1
        return self.chains.whom(reading.mention, Place(first, end, plural))

    def _is_rumour(self, reading: Reading) -> bool:
        """Whether a free statement with „soll“ is nobody's, whoever spoke before it."""
        free = reading.statement.type in FREE and not reading.frame.cue
        return free and is_hearsay(self.document, reading.frame)

    def _carries_on(self, reading: Reading, before: _Answer) -> bool:
        """Whether a statement without a source goes on with what the last speaker says."""
        if self.memory.sentence(reading.first) - before.sentence > _CARRIED_OVER:
            return False
        if is_hearsay(self.document, reading.frame):
            return False
        cue = {self.document.lower[token] for token in reading.frame.cue}
        if reading.statement.type in FREE or not cue:
            return True
        return bool(cue & {"hieß", "heißt"}) and bool(cue & {"weiter", "demnach"})

    def _shares_subject(self, reading: Reading, before: _Answer) -> bool:
        """Whether a clause goes on behind „und“ without a subject: „… und äußerte die Hoffnung“.

        What the finder took for its source is none when it stands inside what somebody says.
        """
        frame = reading.frame
        if not frame.cue or before.sentence != self.memory.sentence(frame.cue[0]):
            return False
        strayed = all(token in self.memory.told for token in frame.source)
        form = reading.mention.form if reading.mention is not None else Form.NOBODY
        strayed = strayed and form in (Form.PRONOUN, Form.NOBODY)
        return strayed and goes_on_behind_and(self.document, frame)

    def _inherited(self, reading: Reading, parent: _Answer) -> _Answer:
        """Words quoted inside a statement are by the same source and reach us the same way."""
        return replace(parent, sentence=self._sentence(reading))

    def _continued(self, reading: Reading, before: _Answer) -> _Answer:
        return replace(
            before,
            reports=carried(before.reports),
            stance=carried_stance(self.document, reading.frame, before.stance),
            sentence=self._sentence(reading),
        )

    def _sentence(self, reading: Reading) -> int:
        """The last sentence that a statement with its frame reaches into."""
        return max(self.memory.sentence(token) for token in (*reading.frame.cue, reading.last))


def _spans(answer: _Answer | None) -> Spans:
    """The mention of an answer's source."""
    return answer.source.spans if answer is not None and answer.source is not None else ()


def _outlet(around: _Around) -> Spans:
    """The mention of an outlet whose statement holds the last one: it passed that on."""
    outer = around.around_before
    if outer is None or outer.source is None or outer.source.entity.kind is not Kind.OUTLET:
        return ()
    return outer.source.spans


def _verb_is_plural(document: Document, frame: Frame) -> bool | None:
    """Whether the cue's finite verb is a plural; None when there is no telling."""
    words = [document.words[token] for token in frame.cue]
    finite = [word for word in words if verb_forms().get(word, NO_VERB).form & FINITE]
    # „hatten … bezeichnet“: what may be a participle as well tells nothing beside an auxiliary.
    auxiliaries = [word for word in finite if verb_forms()[word].auxiliary]
    told = auxiliaries or finite
    return all(word.endswith("n") for word in told) if told else None


def _attribution(
    document: Document, reading: Reading, answer: _Answer, places: dict[int | None, int]
) -> Attribution:
    statement = reading.statement
    parent = places.get(statement.parent)
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
