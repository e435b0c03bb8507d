"""The engine's vocabulary: what goes in, what comes out.

Terms follow the field: source, cue and content as in PARC 3; type, medium, frame and addressee
as in Redewiedergabe and GermEval 2023 SpkAtt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


class Type(StrEnum):
    """How a statement is given back."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    REPORTED = "reported"
    FREE_INDIRECT = "free_indirect"
    INDIRECT_FREE_INDIRECT = "indirect_free_indirect"


class Medium(StrEnum):
    """In what the statement was made, as far as the text tells."""

    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"
    SPEECH_THOUGHT = "speech_thought"
    SPEECH_WRITING = "speech_writing"
    THOUGHT_WRITING = "thought_writing"
    NONE = "none"


class Kind(StrEnum):
    """What a source is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    GROUP = "group"
    DOCUMENT = "document"
    UNNAMED = "unnamed"


class Stance(StrEnum):
    """How the source stands to the content."""

    ASSERTED = "asserted"
    DENIED = "denied"
    DOUBTED = "doubted"
    DEMANDED = "demanded"
    ANNOUNCED = "announced"
    FEARED = "feared"
    HOPED = "hoped"
    QUESTIONED = "questioned"
    HEARSAY = "hearsay"


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known about it; `text` is never changed."""

    text: str
    title: str | None = None
    published_on: date | None = None
    outlet: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Unicode code points `start` to `end`, end exclusive, of the article's text."""

    start: int
    end: int


Spans = tuple[Span, ...]


def _extent(*parts: Spans) -> Span:
    spans = [span for part in parts for span in part]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as a finder sees it: spans only, nobody resolved yet.

    Every field of spans is in reading order and without overlaps; `content` is never empty.
    `parent` is the index, in the finder's list, of the statement this one is nested in.
    `confidence` lies in [0, 1].
    """

    content: Spans
    type: Type
    medium: Medium = Medium.SPEECH
    source: Spans = ()
    cue: Spans = ()
    frame: Spans = ()
    addressee: Spans = ()
    confidence: float = 1.0
    parent: int | None = None

    @property
    def extent(self) -> Span:
        """From the first of its parts to the last: of a reported statement, the whole clause."""
        return _extent(self.content, self.source, self.cue, self.frame, self.addressee)


@dataclass(frozen=True, slots=True)
class Entity:
    """Whom a mention means: a name in the nominative, the role kept apart."""

    name: str
    kind: Kind
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The mention as it stands, and whom it means."""

    spans: Spans
    entity: Entity


@dataclass(frozen=True, slots=True)
class Report:
    """An outlet that passes the statement on, and when it did."""

    spans: Spans
    entity: Entity
    reported_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A statement that the article does not make in its own name, resolved."""

    type: Type
    medium: Medium
    content: Spans
    source: Source | None = None
    reported_by: tuple[Report, ...] = ()
    cue: Spans = ()
    cue_lemma: str | None = None
    frame: Spans = ()
    addressee: Spans = ()
    stance: Stance = Stance.ASSERTED
    confidence: float = 1.0
    parent: int | None = None

    @property
    def extent(self) -> Span:
        """From the first of its parts to the last: of a reported statement, the whole clause."""
        source = self.source.spans if self.source else ()
        return _extent(self.content, source, self.cue, self.frame, self.addressee)


class Engine(Protocol):
    """Anything that finds attributions.

    Pure and deterministic; never raises on any text. `extract_many` gives the same answers as
    `extract` on each article, in the same order, and may be faster.
    """

    @property
    def name(self) -> str:
        """The engine's name as it stands in every record, for instance `rules`."""

    @property
    def version(self) -> str:
        """The engine's version as it stands in every record."""

    def extract(self, article: Article) -> list[Attribution]:
        """Find every statement that `article` attributes to somebody else, in reading order."""

    def extract_many(self, articles: Sequence[Article]) -> list[list[Attribution]]:
        """Find the attributions of each of `articles`."""
