"""Who is in a reader's mind at a place in an article: who was named, and who has spoken."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from services.extract.engine.resolve.figures import Figure, genders_agree
from services.extract.engine.resolve.mentions import SPOKESPERSON
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from services.extract.engine.resolve.cast import Appearance, Cast
    from services.extract.engine.text import Document

# How many appearances are looked at, and how many sentences back a pronoun reaches.
APPEARANCES = 40
_SENTENCES_BACK = 4
_PAIR_REACH = 8
_SPEAKERS = 6
# What counts for whom a pronoun means: the last speaker most, distance in sentences against it.
# Set by hand on articles of the development half.
_SPOKE = 2.6
_NAMED = 1.6
_EACH_SENTENCE = 1.1
_EACH_SPEAKER = 0.2
_EACH_APPEARANCE = 0.02
_TOLD = 1.2
_GENDER_KNOWN = 0.5
_PERSON = 1.0
_OUTLET = 1.0
# Being in mind never counts less than this for who is described by a noun, and this for who is
# named only later.
_FORGOTTEN = -4.0
_NAMED_LATER = -7.0

Fitness = Callable[["Figure"], float | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention stands: its first token, the one behind it, and its verb's number."""

    first: int
    end: int
    plural: bool | None = None


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke, in a mention that ends at `token`."""

    token: int
    figure: Figure


@dataclass(slots=True)
class Memory:
    """What an article has told up to where it is read.

    `told` are the tokens inside what somebody says: whom those name is less in mind; `settled`
    those of mentions of which it is known whom they mean.
    """

    document: Document
    cast: Cast
    told: Container[int] = ()
    speakers: list[Speaker] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)

    def note(self, token: int, figure: Figure, mention: Iterable[int] = ()) -> None:
        """Remember that `figure` spoke, in a mention of those tokens that ends at `token`."""
        self.speakers.append(Speaker(token, figure))
        self.settled.update(mention)

    def named_last(self, gender: str | None, token: int) -> Figure | None:
        """The figure of a gender that was named last, shortly before a token."""
        return next((f for f in self._within(token, 1) if f.gender == gender), None)

    def pair(self, token: int) -> Figure | None:
        """The last two people before a token that an „und“ joins, as a group."""
        later: Appearance | None = None
        for each in islice(self.cast.before(token), APPEARANCES):
            if later is not None and self._joined(each, later):
                name = f"{each.figure.entity.name} und {later.figure.entity.name}"
                return Figure(Entity(name, Kind.GROUP), "p")
            later = each if each.figure.surname is not None else None
        return None

    def _joined(self, one: Appearance, other: Appearance) -> bool:
        """Whether „und“ stands between two people named beside each other."""
        if one.figure.surname is None or one.figure == other.figure:
            return False
        near = other.token - one.token <= _PAIR_REACH
        return near and "und" in self.document.words[one.token : other.token]

    def last_speaker(self) -> Figure | None:
        """Whoever spoke last."""
        return self.speakers[-1].figure if self.speakers else None

    def meant_by(
        self, gender: str | None, place: Place, but: Figure | None = None
    ) -> Figure | None:
        """Whom a pronoun of that gender most likely means, `but` set aside."""

        def fitness(figure: Figure) -> float | None:
            agrees = genders_agree(figure.gender, gender) and figure != but
            return _fitness(figure, gender) if agrees else None

        return self.likeliest(place, fitness)

    def person_meant_by(self, gender: str | None, place: Place) -> Figure | None:
        """Which person a noun that fits any of that gender most likely means."""

        def fitness(figure: Figure) -> float | None:
            agrees = figure.is_person and genders_agree(figure.gender, gender)
            return _fitness(figure, gender) if agrees else None

        return self.likeliest(place, fitness)

    def likeliest(self, place: Place, fitness: Fitness, *, anywhere: bool = False) -> Figure | None:
        """The figure in whom being in mind and fitness add up to most.

        `fitness` gives None for who cannot be meant. With `anywhere` the whole article is looked
        at, and how long ago somebody was named counts little: a description tells more than a
        pronoun.
        """
        best: Figure | None = None
        most = -math.inf
        for salience, figure in self._in_mind(place, anywhere=anywhere):
            fit = fitness(figure)
            if fit is not None and fit + salience > most:
                best, most = figure, fit + salience
        return best

    def candidates(self, place: Place) -> Iterator[Figure]:
        """Whom a definite description may mean: the nearest before it, then people named later."""
        spoke = [s for s in self.speakers[-APPEARANCES:] if s.token <= place.first]
        for appearance in islice(self.cast.before(place.first), APPEARANCES):
            while spoke and spoke[-1].token >= appearance.token:
                yield spoke.pop().figure
            yield appearance.figure
        for speaker in reversed(spoke):
            yield speaker.figure
        for appearance in islice(self.cast.after(place.end), APPEARANCES):
            if appearance.figure.surname:
                yield appearance.figure

    def nearest(self, token: int) -> Iterator[Figure]:
        """Figures named before a token, the nearest first."""
        return (each.figure for each in islice(self.cast.before(token), APPEARANCES))

    def nearest_of(self, kind: Kind, token: int) -> Figure | None:
        """The nearest figure of a kind before a token."""
        return next((f for f in self.nearest(token) if f.entity.kind is kind), None)

    def in_sentence(self, token: int) -> Iterator[Figure]:
        """Figures named before a token in its sentence, the nearest first."""
        return self._within(token, 0)

    def next_in_sentence(self, token: int) -> Figure | None:
        """The figure named next behind a token, if in the same sentence."""
        following = next(self.cast.after(token), None)
        if following is None or self.sentence(following.token - 1) != self.sentence(token):
            return None
        return following.figure

    def opens_sentence(self, token: int) -> bool:
        """Whether a token is its sentence's first."""
        first, _ = self.document.sentences[self.sentence(token)]
        return token == first

    def subject(self, place: Place) -> Figure | None:
        """Whose „eigene Angaben“ stand at a place: the first named before them, or the next."""
        before = [f for f in self.in_sentence(place.first) if f.entity.kind is not Kind.OUTLET]
        if before:
            return before[-1]
        # „Nach eigener Aussage will er“
        behind = " ".join(self.document.lower[place.end + 1 : place.end + 2])
        gender = {"er": "m", "sie": "f"}.get(behind)
        return self.meant_by(gender, place) if gender else self.next_in_sentence(place.end)

    def sentence(self, token: int) -> int:
        """The sentence in which a token stands; 0 in a text without tokens."""
        if not len(self.document):
            return 0
        return self.document.sentence_of[max(0, min(token, len(self.document) - 1))]

    def _within(self, token: int, sentences: int) -> Iterator[Figure]:
        here = self.sentence(token)
        for appearance in islice(self.cast.before(token), APPEARANCES):
            if here - self.sentence(appearance.token - 1) > sentences:
                return
            yield appearance.figure

    def _in_mind(self, place: Place, *, anywhere: bool) -> Iterator[tuple[float, Figure]]:
        """Figures before a place, each with how much it is in mind; then people named later."""
        here = self.sentence(place.first)
        least = _FORGOTTEN if anywhere else -math.inf
        for rank, speaker in enumerate(reversed(self.speakers[-_SPEAKERS:])):
            if speaker.token <= place.first:
                back = here - self.sentence(speaker.token - 1)
                weight = _SPOKE - _EACH_SENTENCE * back - _EACH_SPEAKER * rank
                yield max(weight, least), speaker.figure
        for count, appearance in enumerate(islice(self.cast.before(place.first), APPEARANCES)):
            back = here - self.sentence(appearance.token - 1)
            if back > _SENTENCES_BACK and not anywhere:
                return
            if appearance.token - 1 in self.settled and not appearance.figure.surname:
                continue
            told = _TOLD if appearance.token - 1 in self.told else 0.0
            weight = _NAMED - _EACH_SENTENCE * back - _EACH_APPEARANCE * count - told
            yield max(weight, least), appearance.figure
        for appearance in islice(self.cast.after(place.end), APPEARANCES if anywhere else 0):
            if appearance.figure.surname:
                yield _NAMED_LATER, appearance.figure


def _fitness(figure: Figure, gender: str | None) -> float:
    """How well a figure suits a pronoun: people before things, a known gender before an open."""
    known = _GENDER_KNOWN if figure.gender and gender and figure.gender in gender else 0.0
    if figure.entity.kind is Kind.OUTLET:
        return known - _OUTLET
    person = figure.is_person or figure.base == SPOKESPERSON
    return known + (_PERSON if person else 0.0)
