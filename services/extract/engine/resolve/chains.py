"""Whom a mention means, with the whole article around it.

Short names find the full name, „die Ministerin“ and „sie“ whoever was spoken of, „ein Sprecher
der Behörde“ the authority. `Discourse` remembers who has spoken so far.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.cast import Cast, Figure, genders_agree, takes_up
from services.extract.engine.resolve.mentions import Form, Mention, compound_modifier
from services.extract.engine.resolve.vocabulary import Sort, padded, table
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from services.extract.engine.resolve.spots import Spot
    from services.extract.engine.text import Document

# How many sentences back a pronoun looks, and how many appearances are weighed at most.
_SENTENCES_BACK = 4
_APPEARANCES = 40
_SPEAKERS = 6
_SPOKES = "Sprecher"
# Modifiers of "Sprecher" that name no organisation but take one up.
_GENERAL_OWNERS = frozenset(
    "unternehmen konzern firmen behörden ministeriums presse verbands vereins partei gerichts "
    "fraktions klinik werk haus kreis stadt sach".split()
)


# Parts that people play in what is told: they do not take up a named speaker.
_PARTS_PLAYED = frozenset(
    "Angeklagter Beschuldigter Verdächtiger Täter Zeuge Augenzeuge Nachbar Mutter Vater Sohn "
    "Tochter Bruder Schwester Opfer Fahrer Patient Kunde Anwohner Überlebender Bewohner Mann "
    "Richter Staatsanwalt Polizist Mieter Vermieter Betroffener Geschädigter Retter Entführer "
    "Beamter Anwalt Verteidiger Kläger Passagier".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention stands: the token it starts at, the one it ends at, and its verb's number."""

    first: int
    end: int
    plural: bool | None = None


@dataclass(frozen=True, slots=True)
class _Speaker:
    token: int
    figure: Figure


@dataclass(slots=True)
class Discourse:
    """The article's people and things, and who has spoken up to here.

    `told` are the tokens inside what somebody says: whom those name is less in mind.
    """

    document: Document
    cast: Cast
    spots: Sequence[Spot]
    told: Container[int] = ()
    speakers: list[_Speaker] = field(default_factory=list)
    learned: dict[str, Figure] = field(default_factory=dict)
    def note(self, token: int, figure: Figure) -> None:
        """Remember that `figure` spoke, in a mention that ends at `token`."""
        self.speakers.append(_Speaker(token, figure))

    def whom(self, mention: Mention, place: Place) -> Figure | None:
        """Tell whom a mention means; None when it means nobody that the article knows."""
        resolvers = {
            Form.PRONOUN: self._pronoun,
            Form.RELATIVE: self._relative,
            Form.BACK: self._back,
            Form.PERSON: self._person,
            Form.ROLE: self._role,
            Form.ORGANISATION: self._organisation,
            Form.OUTLET: self._outlet,
            Form.DOCUMENT: self._document,
            Form.SAYING: self._saying,
            Form.GROUP: self._group,
            Form.BARE: self._bare,
        }
        resolver = resolvers.get(mention.form)
        return resolver(mention, place) if resolver else None

    def last_speaker(self) -> Figure | None:
        """Whoever spoke last."""
        return self.speakers[-1].figure if self.speakers else None

    # People

    def _person(self, mention: Mention, place: Place) -> Figure:
        surname = mention.name.split()[-1]
        known = self._known_person(mention, surname)
        if known is not None:
            return _with_mention(known, mention)
        name = mention.name if mention.given else _office_holder(mention) or mention.name
        figure = Figure(
            Entity(name, Kind.PERSON, mention.role),
            gender=mention.gender,
            base=mention.head.base if mention.head else None,
            lemma=mention.head.lemma if mention.head else None,
            surname=surname,
        )
        return figure

    def _known_person(self, mention: Mention, surname: str) -> Figure | None:
        candidates = self.cast.people.get(surname) or self.cast.people.get(
            names.without_genitive(surname, self.cast.people), ()
        )
        if mention.given is None:
            fitting = [c for c in candidates if genders_agree(c.gender, mention.gender)]
            return fitting[0] if fitting else None
        given = mention.given
        same = [c for c in candidates if given in c.entity.name.split()]
        return same[0] if same else None

    def _bare(self, mention: Mention, place: Place) -> Figure:
        figures = self._people_named(mention.name, place)
        if figures is not None:
            return figures
        known = names.without_genitive(mention.name, self.cast.titles)
        if known in self.cast.titles:
            return self.cast.titles[known]
        part = self._part_of_name(mention.name)
        if part is not None:
            return part
        full = self.cast.preceded.get(mention.name)
        if full is not None and mention.article == "":
            return Figure(Entity(full, Kind.PERSON), surname=mention.name)
        return Figure(Entity(mention.name, Kind.ORGANISATION), gender=mention.gender)

    def _people_named(self, name: str, place: Place) -> Figure | None:
        """A person by surname; of two with one surname, the one spoken of last."""
        people = self.cast.people
        candidates = people.get(name) or people.get(names.without_genitive(name, people), ())
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        # The first of two namesakes to appear goes by the bare surname.
        appeared = set(self._nearest(place.first))
        return next((c for c in candidates if c in appeared), candidates[0])

    def _part_of_name(self, name: str) -> Figure | None:
        """An organisation of whose name the word is a part: „Castell“ for „Reederei Castell“."""
        for speaker in reversed(self.speakers):
            if name in speaker.figure.entity.name.split():
                return speaker.figure
        return None

    def _role(self, mention: Mention, place: Place) -> Figure | None:
        if mention.head is not None and mention.head.base == _SPOKES:
            spoken_for = self._spokes(mention, place)
            if spoken_for is not None:
                return spoken_for
        if mention.article == "indefinite":
            return self._unnamed(mention)
        if mention.article == "possessive":
            return self._unnamed(mention)
        description = self._unnamed(mention)
        for figure in (*self.learned.values(), *self._candidates(place)):
            if self._means(mention, description, figure):
                return figure
        person = self._last_person(mention, place)
        if person is None or mention.head is None:
            return description
        if person.base is None:
            self.learned[person.entity.name] = replace(
                person, base=mention.head.base, lemma=mention.head.lemma
            )
        return person

    def _means(self, mention: Mention, description: Figure, figure: Figure) -> bool:
        if mention.head is None:  # „der 54-Jährige“
            return figure.surname is not None and genders_agree(figure.gender, mention.gender)
        if figure.entity == description.entity:
            return True
        return takes_up(description, figure)

    def _last_person(self, mention: Mention, place: Place) -> Figure | None:
        """The person who spoke last, where a bare „die Hausärztin“ says something new of her."""
        if mention.modified or mention.head is None or mention.head.base in _PARTS_PLAYED:
            return None
        last = self.last_speaker()
        for figure in (last, *self._recent_people(place)):
            if figure is not None and figure.surname and figure.gender == mention.gender:
                return figure
        people = {f for f in self._nearest(place.first) if f.surname and f.gender == mention.gender}
        return people.pop() if len(people) == 1 else None

    def _recent_people(self, place: Place) -> Iterator[Figure]:
        """People named in this sentence or the two before, the nearest first."""
        here = self._sentence(place.first)
        for appearance in self.cast.before(place.first):
            if here - self._sentence(appearance.token - 1) > 2:
                return
            if appearance.figure.surname is not None:
                yield appearance.figure

    def _unnamed(self, mention: Mention) -> Figure:
        return Figure(
            Entity(mention.name, Kind.UNNAMED, None),
            gender=mention.gender,
            base=mention.head.base if mention.head else None,
            lemma=mention.head.lemma if mention.head else None,
        )

    def _spokes(self, mention: Mention, place: Place) -> Figure | None:
        """The organisation a spokesperson without a name speaks for."""
        owner = self._owner_of_spokes(mention, place)
        if owner is None:
            return None
        role = "Sprecherin" if mention.gender == "f" else "Sprecher"
        entity = replace(owner.entity, role=role)
        return Figure(entity, mention.gender, _SPOKES, role, owner=owner.entity.name)

    def _owner_of_spokes(self, mention: Mention, place: Place) -> Figure | None:
        if mention.possessor is not None:
            return self._pronoun(replace(mention, form=Form.PRONOUN, gender=mention.possessor), place)
        if mention.owner is not None and mention.owner.form is not Form.NOBODY:
            return self.whom(mention.owner, place)
        if mention.article == "definite":
            for speaker in reversed(self.speakers):
                if speaker.figure.base == _SPOKES and speaker.figure.owner:
                    return replace(speaker.figure, base=None)
        return self._owner_by_modifier(mention, place)

    def _owner_by_modifier(self, mention: Mention, place: Place) -> Figure | None:
        """„Werftsprecher“ speaks for the Nordmole-Werft, „Sprecher“ for whom was last named."""
        word = mention.head.lemma if mention.head else ""
        modifier = (compound_modifier(word, mention.head) or "").lower() if mention.head else ""
        for figure in self._candidates(place):
            if figure.entity.kind is not Kind.ORGANISATION:
                continue
            lemma = (figure.lemma or figure.entity.name).lower()
            if not modifier or modifier in _GENERAL_OWNERS:
                return figure
            if lemma.endswith((modifier, modifier.removesuffix("s"))):
                return figure
        if modifier and modifier not in _GENERAL_OWNERS:
            name = names.capitalised(modifier)
            return Figure(Entity(name, Kind.ORGANISATION))
        return None

    # Organisations, outlets, documents, groups

    def _organisation(self, mention: Mention, place: Place) -> Figure:
        named = self.cast.titles.get(mention.name)
        if named is not None:
            return named
        if mention.article == "possessive":
            return self._own_organisation(mention, place)
        if mention.head is not None and not mention.modified and mention.article != "indefinite":
            for figure in self._candidates(place):
                if takes_up(_plain(mention, Kind.ORGANISATION), figure):
                    return replace(figure, entity=replace(figure.entity, role=None))
        return _plain(mention, Kind.ORGANISATION)

    def _own_organisation(self, mention: Mention, place: Place) -> Figure:
        """„ihr Ministerium“ is the Wirtschaftsministerium of the Wirtschaftsministerin."""
        owner = self._pronoun(replace(mention, gender=mention.possessor), place)
        if owner is not None and owner.lemma and owner.base == "Minister":
            modifier = owner.lemma.removesuffix("in").lower().removesuffix("minister")
            if modifier and mention.head is not None and mention.head.base == "Ministerium":
                return _plain(replace(mention, name=names.capitalised(modifier) + "ministerium"), Kind.ORGANISATION)
        if owner is not None and owner.owner:
            return Figure(Entity(owner.owner, Kind.ORGANISATION), gender=mention.gender)
        return _plain(mention, Kind.ORGANISATION)

    def _outlet(self, mention: Mention, place: Place) -> Figure:
        if mention.head is not None and mention.name == mention.head.base:
            for spot in reversed(self.spots):
                if spot.end <= place.first:
                    return Figure(Entity(spot.outlet.name, Kind.OUTLET), gender=mention.gender)
        return _plain(mention, Kind.OUTLET)

    def _document(self, mention: Mention, place: Place) -> Figure:
        if mention.owner is not None and mention.owner.form is Form.OUTLET:
            return self._outlet(mention.owner, place)
        if not mention.modified and mention.article == "definite":
            for figure in self._candidates(place):
                if takes_up(_plain(mention, Kind.DOCUMENT), figure):
                    return figure
        return _plain(replace(mention, name=names.bare(mention.name)), Kind.DOCUMENT)

    def _group(self, mention: Mention, place: Place) -> Figure:
        if mention.article == "definite" and not mention.modified and mention.head is not None:
            for speaker in reversed(self.speakers):
                figure = speaker.figure
                if figure.entity.kind is Kind.GROUP and figure.base == mention.head.base:
                    return figure
        return _plain(mention, Kind.GROUP)

    # What points at others

    def _saying(self, mention: Mention, place: Place) -> Figure | None:
        """Whose „Angaben“, „Ansicht“ or „Mitteilung“ it is."""
        if mention.modified:
            return self._subject_of_own(place)
        if mention.possessor is not None:
            return self._pronoun(replace(mention, gender=mention.possessor), place)
        if mention.owner is not None:
            return self.whom(mention.owner, place)
        alone = mention.head.speaks_when_alone if mention.head else Sort.GROUP
        if mention.article == "definite":
            return self.last_speaker() or self._nearest_of(place, Kind.ORGANISATION)
        if alone is Sort.DOCUMENT:
            return _plain(replace(mention, name=names.bare(mention.name)), Kind.DOCUMENT)
        return _plain(mention, Kind.GROUP)

    def _subject_of_own(self, place: Place) -> Figure | None:
        """„nach eigenen Angaben“: whoever the sentence is about."""
        sentence = self.document.sentence_of[min(place.first, len(self.document) - 1)]
        for appearance in self.cast.after(place.end):
            if self.document.sentence_of[appearance.token - 1] == sentence:
                return appearance.figure
            break
        return next(iter(self._candidates(place)), None)

    def _pronoun(self, mention: Mention, place: Place) -> Figure | None:
        gender = mention.gender
        if gender == "i":
            return self.last_speaker()
        if gender == "man":
            return self.last_speaker()
        if gender == "f" and place.plural and mention.form is Form.PRONOUN:
            gender = "p"
        best = max(self._weighed(gender, place), default=None, key=lambda pair: pair[0])
        return best[1] if best else None

    def _relative(self, mention: Mention, place: Place) -> Figure | None:
        """Whom a relative clause is about: the nearest figure before it that agrees."""
        gender = "p" if place.plural else mention.gender
        nearest = list(self._appearances(place, sentences=1))
        for figure in nearest:
            if genders_agree(figure.gender, gender):
                return figure
        return nearest[0] if nearest else None

    def _back(self, mention: Mention, place: Place) -> Figure | None:
        if mention.article == "definite":
            return self._nearest_of(place, Kind.DOCUMENT)
        for speaker in reversed(self.speakers):
            return speaker.figure
        return self._nearest_of(place, Kind.DOCUMENT)

    def _weighed(self, gender: str | None, place: Place) -> Iterator[tuple[float, Figure]]:
        """Figures that agree with a pronoun, each with how likely it is meant."""
        here = self._sentence(place.first)
        for rank, speaker in enumerate(reversed(self.speakers[-_SPEAKERS:])):
            if speaker.token <= place.first and _fits(speaker.figure, gender):
                back = here - self._sentence(speaker.token - 1)
                score = 2.6 - 1.1 * back - 0.2 * rank + _agreement(speaker.figure, gender)
                yield score, speaker.figure
        for count, appearance in enumerate(self.cast.before(place.first)):
            back = here - self._sentence(appearance.token - 1)
            if count >= _APPEARANCES or back > _SENTENCES_BACK:
                return
            figure = appearance.figure
            if _fits(figure, gender):
                quoted = 1.2 if appearance.token - 1 in self.told else 0.0
                score = 1.6 - 1.1 * back - 0.02 * count - quoted + _agreement(figure, gender)
                yield score, figure

    def _sentence(self, token: int) -> int:
        return self.document.sentence_of[max(0, min(token, len(self.document) - 1))]

    def _candidates(self, place: Place) -> Iterator[Figure]:
        """Figures a definite description may take up: the nearest before first, then those after."""
        merged = [(s.token, s.figure) for s in self.speakers[-_APPEARANCES:] if s.token <= place.first]
        count = 0
        for appearance in self.cast.before(place.first):
            while merged and merged[-1][0] >= appearance.token:
                yield merged.pop()[1]
            yield appearance.figure
            count += 1
            if count >= _APPEARANCES:
                break
        for _, figure in reversed(merged):
            yield figure
        for count, appearance in enumerate(self.cast.after(place.end)):
            if count >= _APPEARANCES:
                return
            if appearance.figure.surname:
                yield appearance.figure

    def _nearest(self, token: int) -> Iterator[Figure]:
        for count, appearance in enumerate(self.cast.before(token)):
            if count >= _APPEARANCES:
                return
            yield appearance.figure

    def _appearances(self, place: Place, sentences: int) -> Iterator[Figure]:
        here = self._sentence(place.first)
        for appearance in self.cast.before(place.first):
            if here - self._sentence(appearance.token - 1) >= sentences:
                return
            yield appearance.figure

    def _nearest_of(self, place: Place, kind: Kind) -> Figure | None:
        return next((f for f in self._nearest(place.first) if f.entity.kind is kind), None)


def _plain(mention: Mention, kind: Kind) -> Figure:
    return Figure(
        Entity(mention.name, kind),
        gender="p" if mention.plural else mention.gender,
        base=mention.head.base if mention.head else None,
        lemma=mention.head.lemma if mention.head else mention.name,
    )


def _with_mention(figure: Figure, mention: Mention) -> Figure:
    """A known person, with the role that this mention adds when none was known."""
    if figure.entity.role is not None or mention.role is None:
        return figure
    return replace(
        figure,
        entity=replace(figure.entity, role=mention.role),
        base=mention.head.base if mention.head else figure.base,
        lemma=mention.head.lemma if mention.head else figure.lemma,
    )


def _fits(figure: Figure, gender: str | None) -> bool:
    return genders_agree(figure.gender, gender)


def _agreement(figure: Figure, gender: str | None) -> float:
    """A known gender counts for more than an unknown one; people come before things."""
    known = 0.5 if figure.gender == gender else 0.0
    person = figure.entity.kind in (Kind.PERSON, Kind.UNNAMED) or figure.base == _SPOKES
    return known + (1.0 if person else 0.0)


@cache
def _holders() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    found: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
    for surname, name, offices in (padded(row, 3) for row in table("people")):
        found[surname] = (*found.get(surname, ()), (name, frozenset(offices.split("|"))))
    return found


def _office_holder(mention: Mention) -> str | None:
    """The full name of an office holder whom everybody knows by office and surname."""
    surname = names.without_genitive(mention.name, _holders())
    for name, offices in _holders().get(surname, ()):
        if mention.head is not None and mention.head.lemma in offices:
            return name
    return None
