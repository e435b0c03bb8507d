"""Whom a mention means, with the whole article around it.

Short names find the full name, „die Ministerin“ and „sie“ whoever was spoken of, „ein Sprecher
der Behörde“ the authority.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.descriptions import (
    adds_to,
    as_one_person,
    described_as,
    fits_anybody,
    is_described,
    may_be_several,
    with_role_of,
)
from services.extract.engine.resolve.figures import (
    Figure,
    genders_agree,
    takes_up,
)
from services.extract.engine.resolve.inflection import TRAIT, Sort
from services.extract.engine.resolve.mentions import SPOKESPERSON, Form, Mention
from services.extract.engine.resolve.offices import office_holder
from services.extract.engine.resolve.organisations import Organisations, plain
from services.extract.engine.resolve.pointers import antecedent_of, reported_before
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.resolve.memory import Memory, Place
    from services.extract.engine.resolve.spots import Spot

# Pronouns for whoever was named last, not for who is most in mind.
_NEARER = word_set("dieser diese letzterer letztere")
_TWO = frozenset({"beide", "die beiden", "beiden"})

# How much the word that describes somebody counts beside being in mind: the very noun of their
# role, a wider one, and one that would be new of them.
_SAME_NOUN = 4.0
_WIDER_NOUN = 1.0
_FURTHER_NOUN = -2.0

# Nouns for relatives, who mostly share a surname.
_FAMILY = word_set(
    "Mann Ehemann Vater Mutter Sohn Tochter Bruder Schwester Witwe Gatte Ehepartner Großvater "
    "Großmutter Enkel Onkel Neffe Nichte Cousin"
)

# What somebody writes to somebody, under whichever of these names it is brought up.
_WRITTEN = word_set("Brief Schreiben Mail E-Mail Nachricht Text")

_Resolver = Callable[[Mention, "Place"], "Figure | None"]


@dataclass(slots=True)
class Chains:
    """Resolves one mention after the other, in reading order.

    `spots` are the outlets that the article names; `learned` are people of whom a description
    told the role only after their name.
    """

    memory: Memory
    spots: Sequence[Spot]
    learned: dict[str, Figure] = field(default_factory=dict)

    def whom(self, mention: Mention, place: Place) -> Figure | None:
        """Tell whom a mention means; None when it means nobody that the article knows."""
        if place.plural is not True and (namesakes := self._surname_alone(mention)):
            return self._of_namesakes(namesakes, place)
        if place.plural is False and (one := as_one_person(mention)) is not None:
            return self._role(one, place)
        if place.plural is True and may_be_several(mention):
            return plain(mention, Kind.GROUP)
        things = Organisations(self.memory, self.spots)
        resolvers: dict[Form, _Resolver] = {
            Form.PRONOUN: self._pronoun,
            Form.RELATIVE: self._relative,
            Form.BACK: self._back,
            Form.PERSON: self._person,
            Form.ROLE: self._role,
            Form.ORGANISATION: things.organisation,
            Form.OUTLET: things.outlet,
            Form.DOCUMENT: things.document,
            Form.SAYING: self._saying,
            Form.GROUP: self._group,
            Form.BARE: self._bare,
        }
        resolver = resolvers.get(mention.form)
        return resolver(mention, place) if resolver else None

    def _person(self, mention: Mention, place: Place) -> Figure:
        """Find a person of that name in the article, or take the name as it stands."""
        if (called := self._organisation_called(mention, place)) is not None:
            return called
        surname = mention.name.rsplit(maxsplit=1)[-1]
        namesakes = self.memory.cast.namesakes(surname)
        if mention.role and (owner := _owner_among(namesakes, mention.name)) is not None:
            return _somebodys(mention, owner)
        if mention.given is not None:
            fitting = [f for f in namesakes if mention.given in f.entity.name.split()]
        else:
            fitting = [f for f in namesakes if genders_agree(f.gender, mention.gender)]
        fitting = fitting or self._by_given_name(mention, place)
        if fitting:
            return with_role_of(mention, fitting[0])
        name = mention.name if mention.given else office_holder(mention) or mention.name
        described = described_as(mention, Kind.PERSON)
        return replace(described, entity=Entity(name, Kind.PERSON, mention.role), surname=surname)

    def _organisation_called(self, mention: Mention, place: Place) -> Figure | None:
        """The organisation introduced by that name: „Die Beteiligungsfirma Halden Capital“."""
        if mention.role is not None:
            return None
        named = (f for f in self.memory.candidates(place) if f.entity.kind is Kind.ORGANISATION)
        return next((f for f in named if f.entity.name == mention.name), None)

    def _by_given_name(self, mention: Mention, place: Place) -> list[Figure]:
        """People of a given name; of a family, the one who shares the surname comes first."""
        fitting = list(self.memory.cast.given.get(mention.name, ()))
        if len(fitting) > 1 and mention.possessor is not None:
            owner = self.memory.meant_by(mention.possessor, place)
            fitting.sort(key=lambda figure: owner is None or figure.surname != owner.surname)
        return fitting

    def _bare(self, mention: Mention, place: Place) -> Figure:
        """Find out what one capitalised word is: a surname, an abbreviation, a part of a name."""
        cast = self.memory.cast
        namesakes = cast.namesakes(mention.name)
        if namesakes:
            return self._of_namesakes(namesakes, place)
        known = names.without_genitive(mention.name, cast.titles)
        if known in cast.titles:
            return cast.titles[known]
        for speaker in reversed(self.memory.speakers):
            if mention.name in speaker.figure.entity.name.split():
                return speaker.figure
        if (
            mention.article == "definite"
            and mention.name.endswith(("er", "e"))
            and not mention.gender
        ):
            person = self.memory.person_meant_by("m", place)
            if person is not None:
                return person
        return self._unheard_of(mention, place)

    def _unheard_of(self, mention: Mention, place: Place) -> Figure:
        """Tell what an unknown word is by its article and its verb's number."""
        if mention.article == "":
            if place.plural is True:
                return plain(replace(mention, plural=True), Kind.GROUP)
            if (full := self.memory.cast.preceded.get(mention.name)) is not None:
                return Figure(Entity(full, Kind.PERSON), surname=mention.name)
        return Figure(Entity(mention.name, Kind.ORGANISATION), gender=mention.gender)

    def _surname_alone(self, mention: Mention) -> Sequence[Figure]:
        """People of a surname that is a noun as well: „Kaiser sagte“."""
        alone = mention.article == "" and not mention.modified and mention.owner is None
        if not alone or mention.form not in (Form.ROLE, Form.GROUP):
            return ()
        return self.memory.cast.namesakes(mention.name)

    def _of_namesakes(self, namesakes: Sequence[Figure], place: Place) -> Figure:
        """Choose among people of one surname: the first to appear goes by it alone."""
        if len(namesakes) > 1:
            appeared = set(self.memory.nearest(place.first))
            return next((f for f in namesakes if f in appeared), namesakes[0])
        return namesakes[0]

    def _role(self, mention: Mention, place: Place) -> Figure:
        """Find whom „die Ministerin“ means, or whom a spokesperson speaks for."""
        if mention.head is not None and mention.head.base == SPOKESPERSON:
            spoken_for = self._spoken_for(mention, place)
            if spoken_for is not None:
                return spoken_for
        description = described_as(mention, Kind.UNNAMED)
        if fits_anybody(mention):
            return self.memory.person_meant_by(mention.gender, place) or description
        if mention.article == "indefinite":
            return description
        if (relative := self._of_family(mention, place)) is not None:
            return relative

        anybody = mention.article != "possessive"
        last = self._open_to(mention, place) if anybody else None

        def fitness(figure: Figure) -> float | None:
            known = self.learned.get(figure.entity.name, figure)
            if figure.entity == description.entity or takes_up(description, known):
                return _SAME_NOUN if known.base == description.base else _WIDER_NOUN
            return _FURTHER_NOUN if figure == last else None

        described = self.memory.likeliest(place, fitness, anywhere=anybody) or last
        if described is not None and described == last:
            self._learn(mention, described)
        return described or description

    def _of_family(self, mention: Mention, place: Place) -> Figure | None:
        """Find „seine Frau“ among those who bear his name."""
        if mention.possessor is None or mention.head is None or mention.head.base not in _FAMILY:
            return None
        owner = self.memory.meant_by(mention.possessor, place)
        if owner is None or owner.surname is None:
            return None
        named_alike = self.memory.cast.namesakes(owner.surname)
        fitting = [f for f in named_alike if f != owner and f.gender == mention.gender]
        return fitting[0] if len(fitting) == 1 else None

    def _open_to(self, mention: Mention, place: Place) -> Figure | None:
        """The person who was just spoken of, where the role may be a further one of theirs."""
        person = self._last_person(mention.gender, place)
        return person if person is not None and adds_to(mention, person) else None

    def _learn(self, mention: Mention, person: Figure) -> None:
        """Remember the role that somebody was found by whose role was not known."""
        head = mention.head
        if head is not None and person.base in (None, TRAIT):
            self.learned[person.entity.name] = replace(person, base=head.base, lemma=head.lemma)

    def _last_person(self, gender: str | None, place: Place) -> Figure | None:
        """The person of a gender who spoke or was named last, or is the only one so far."""

        def fitness(figure: Figure) -> float | None:
            if figure.surname is None or figure.gender not in (gender, None):
                return None
            return 0.0 if figure.gender else -1.0

        if (last := self.memory.likeliest(place, fitness)) is not None:
            return last
        so_far = self.memory.nearest(place.first)
        people = {f for f in so_far if f.surname is not None and f.gender == gender}
        return people.pop() if len(people) == 1 else None

    def _spoken_for(self, mention: Mention, place: Place) -> Figure | None:
        """The organisation, or the person, for whom somebody without a name speaks."""
        owner = self._employer(mention, place)
        if owner is None:
            return None
        role = "Sprecherin" if mention.gender == "f" else "Sprecher"
        entity = replace(owner.entity, role=role)
        return Figure(entity, mention.gender, SPOKESPERSON, role, owner=owner.entity.name)

    def _employer(self, mention: Mention, place: Place) -> Figure | None:
        if mention.possessor is not None:
            return self.memory.meant_by(mention.possessor, place)
        if mention.owner is not None and mention.owner.form is not Form.NOBODY:
            return self.whom(mention.owner, place)
        if mention.article == "definite":
            for speaker in reversed(self.memory.speakers):
                if speaker.figure.base == SPOKESPERSON and speaker.figure.owner:
                    return speaker.figure
        return Organisations(self.memory, self.spots).behind_compound(mention, place)

    def _group(self, mention: Mention, place: Place) -> Figure:
        """Take up a group that has spoken: „die Forscher“."""
        if mention.name.lower() in _TWO:
            return self.memory.pair(place.first) or plain(mention, Kind.GROUP)
        if mention.article == "definite" and place.plural is False and not mention.modified:
            one = self.memory.person_meant_by("f", place)  # „sagte die Konservative“
            if one is not None and mention.name.endswith("e") and mention.gender == "p":
                return one
        if mention.article == "definite" and not mention.modified and mention.head is not None:
            if not mention.plural and (named := self._named_group(mention, place)) is not None:
                return named
            for speaker in reversed(self.memory.speakers):
                figure = speaker.figure
                if figure.entity.kind is Kind.GROUP and figure.base == mention.head.base:
                    return figure
        return plain(mention, Kind.GROUP)

    def _named_group(self, mention: Mention, place: Place) -> Figure | None:
        """Find the organisation that „die Gruppe“ takes up."""
        described = plain(mention, Kind.ORGANISATION)
        return next((f for f in self.memory.candidates(place) if takes_up(described, f)), None)

    def _saying(self, mention: Mention, place: Place) -> Figure | None:
        """Tell whose „Angaben“, „Ansicht“ or „Mitteilung“ it is."""
        if mention.modified:  # „eigenen Angaben zufolge“
            return self.memory.subject(place) or next(self.memory.candidates(place), None)
        if mention.possessor is not None:
            return self.memory.meant_by(mention.possessor, place)
        if mention.owner is not None:
            return self.whom(mention.owner, place)
        is_document = mention.head is not None and mention.head.speaks_when_alone is Sort.DOCUMENT
        described = is_described(mention)
        bare = is_document and " aus " not in mention.name and not described
        if mention.article == "definite" or bare:
            last = self._brought_up(mention, place) or self.memory.last_speaker()
            named = last or self.memory.nearest_of(Kind.ORGANISATION, place.first)
            if named is not None:
                return named
        if is_document:
            return plain(replace(mention, name=names.bare(mention.name)), Kind.DOCUMENT)
        return plain(mention, Kind.GROUP)

    def _brought_up(self, mention: Mention, place: Place) -> Figure | None:
        """Whose letter „der Brief“ is, where a letter was brought up since anybody spoke."""
        if mention.head is None or mention.head.base not in _WRITTEN:
            return None
        named = reported_before(self.memory, self.spots, place.first, _WRITTEN)
        if not isinstance(named, Mention):
            return named
        if named.owner is not None:
            return self.whom(named.owner, place)
        told_apart = named.head is not None and named.head.lemma != named.head.base
        return plain(named, Kind.DOCUMENT) if told_apart else None  # „das Bekennerschreiben“

    def _pronoun(self, mention: Mention, place: Place) -> Figure | None:
        if mention.gender in ("i", "man"):
            return self.memory.last_speaker()
        gender = "p" if mention.gender == "f" and place.plural else mention.gender
        if mention.name.lower() in _NEARER and (
            near := self.memory.named_last(gender, place.first)
        ):
            return near
        if mention.name.lower() in _TWO and (pair := self.memory.pair(place.first)):
            return pair
        return self.memory.meant_by(gender, place)

    def _relative(self, mention: Mention, place: Place) -> Figure | None:
        """Tell whom a relative clause is about: the nearest figure before it that agrees."""
        gender = "p" if place.plural else mention.gender
        if self.memory.opens_sentence(place.first):  # „Der hatte abgelehnt“
            named = self.memory.named_last(gender, place.first)
            return named or self.memory.meant_by(gender, place)
        nearest = list(self.memory.in_sentence(place.first))
        agreeing = (figure for figure in nearest if genders_agree(figure.gender, gender))
        if nearest:
            return next(agreeing, nearest[0])
        antecedent = antecedent_of(self.memory.document, place.first)
        figure = self.whom(antecedent, place) if antecedent is not None else None
        return figure if figure is not None and genders_agree(figure.gender, gender) else None

    def _back(self, mention: Mention, place: Place) -> Figure | None:
        """Tell what „demnach“, „dort“ or „in dem bisherigen“ point back at."""
        if mention.article == "definite":
            return self.memory.nearest_of(Kind.DOCUMENT, place.first)
        named = reported_before(self.memory, self.spots, place.first)
        if isinstance(named, Mention):
            return self.whom(named, place)
        last = named or self.memory.last_speaker()
        return last or self.memory.nearest_of(Kind.DOCUMENT, place.first)


def _owner_among(namesakes: Sequence[Figure], name: str) -> Figure | None:
    """Find whose genitive a name is: „der Arzt Lahms“, „die Sprecherin Angela Merkels“."""
    genitive = name.removesuffix("s")
    if genitive == name:
        return None
    return next((f for f in namesakes if genitive in (f.surname, f.entity.name)), None)


def _somebodys(mention: Mention, owner: Figure) -> Figure:
    """Whom a role with its owner's name means: an unnamed person, or who is spoken for."""
    described = described_as(mention, Kind.UNNAMED)
    if mention.head is not None and mention.head.base == SPOKESPERSON:
        entity = replace(owner.entity, role=mention.role)
        return replace(described, entity=entity, owner=owner.entity.name)
    name = names.capitalised(f"{mention.role} {mention.name}")
    return replace(described, entity=Entity(name, Kind.UNNAMED))
