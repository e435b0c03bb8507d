"""Which organisation, outlet or document a mention means, with the article around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.figures import Figure, hypernyms, takes_up
from services.extract.engine.resolve.heads import compound_modifier
from services.extract.engine.resolve.mentions import SPOKESPERSON, Form, Mention
from services.extract.engine.resolve.outlets import fits, outlet_gender
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.resolve.memory import Memory, Place
    from services.extract.engine.resolve.spots import Spot

# Modifiers of "Sprecher" that say nothing about for whom.
_ANYBODY = word_set("presse sach chef haupt vize")

# Where an organisation of no name is.
_WHERE = re.compile(r" (in|aus) [A-ZÄÖÜ]")

# What speaks for whom it belongs to: „sein Büro teilte mit“.
_OFFICES = word_set("Büro Pressestelle Sekretariat Vorzimmer")


@dataclass(frozen=True, slots=True)
class Organisations:
    """Resolves mentions of things that speak; `spots` are the outlets that the article names."""

    memory: Memory
    spots: Sequence[Spot]

    def organisation(self, mention: Mention, place: Place) -> Figure:
        """Find the fullest name of an organisation, or whom „die Behörde“ takes up."""
        titles = self.memory.cast.titles
        if mention.name in titles:
            return titles[mention.name]
        described = plain(mention, Kind.ORGANISATION)
        if mention.article == "possessive":
            return self._of_owner(mention, place) or described
        known = not mention.modified or _is_placed(mention)
        if mention.head is not None and known and mention.article != "indefinite":
            fitting = [
                figure
                for figure in self.memory.candidates(place)
                if takes_up(described, figure) and not _are_apart(described, figure)
            ]
            # Who bears the noun in the name comes before whom it only describes.
            named = [f for f in fitting if f.base == described.base or _bears(f, described)]
            for figure in named or fitting:
                return replace(figure, entity=replace(figure.entity, role=None))
        return described

    def _of_owner(self, mention: Mention, place: Place) -> Figure | None:
        """„ihr Ministerium“ is the Wirtschaftsministerium of the Wirtschaftsministerin."""
        owner = self.memory.meant_by(mention.possessor, place)
        if owner is None:
            return None
        base = mention.head.base if mention.head else ""
        if base in _OFFICES:
            return owner
        if owner.base == SPOKESPERSON:  # „Brandts Sprecher“, and then „sein Ministerium“
            namesakes = self.memory.cast.namesakes((owner.owner or "").rpartition(" ")[2])
            owner = next(iter(namesakes), owner)
        if base in ("Ministerium", "Haus") and owner.base == "Minister" and owner.lemma:
            field = owner.lemma.removesuffix("in").lower().removesuffix("minister")
            name = names.capitalised(field + "ministerium")
            return plain(replace(mention, name=name), Kind.ORGANISATION)
        if owner.owner is not None:
            return Figure(Entity(owner.owner, Kind.ORGANISATION), gender=mention.gender)
        return None

    def outlet(self, mention: Mention, place: Place) -> Figure:
        """Find the outlet of that name, or the last one named for „das Blatt“."""
        described = mention.name.partition(" aus ")[0]  # „das Blatt aus München“
        if mention.head is not None and described == mention.head.base:
            before = [spot.outlet for spot in self.spots if spot.end <= place.first]
            fitting = [outlet for outlet in before if fits(outlet, mention.head.base)] or before
            if fitting:
                return Figure(Entity(fitting[-1].name, Kind.OUTLET), gender=mention.gender)
        return plain(replace(mention, gender=outlet_gender(mention.name)), Kind.OUTLET)

    def document(self, mention: Mention, place: Place) -> Figure:
        """Find the document that a mention means; an outlet's report is the outlet's."""
        if mention.owner is not None and mention.owner.form is Form.OUTLET:
            return self.outlet(mention.owner, place)
        described = plain(replace(mention, name=names.bare(mention.name)), Kind.DOCUMENT)
        if not mention.modified and mention.article == "definite":
            for figure in self.memory.candidates(place):
                if takes_up(described, figure):
                    return figure
        return described

    def behind_compound(self, mention: Mention, place: Place) -> Figure | None:
        """For whom „ein Sprecher“ speaks of whom no more is said: the last organisation."""
        modifier = compound_modifier(mention.head.lemma, mention.head) if mention.head else None
        if modifier is None or modifier.lower() in _ANYBODY:
            return self._last_organisation(place)
        return Figure(Entity(names.capitalised(modifier), Kind.ORGANISATION))

    def _last_organisation(self, place: Place) -> Figure | None:
        """The organisation that spoke or was named last."""
        candidates = self.memory.candidates(place)
        return next((f for f in candidates if f.entity.kind is Kind.ORGANISATION), None)


def _bears(figure: Figure, described: Figure) -> bool:
    """Whether the noun of an organisation ends in the one that takes it up."""
    return (figure.lemma or "").lower().endswith((described.lemma or "").lower())


def _are_apart(described: Figure, other: Figure) -> bool:
    """Whether a place tells from another place or from no name: „das Ministerium in Kiew“."""
    placed = _WHERE.search(described.entity.name) is not None
    nameless = other.entity.name == other.base
    return placed and (nameless or _WHERE.search(other.entity.name) is not None)


def _is_placed(mention: Mention) -> bool:
    """Whether a general noun has no more than a place: „die Brüsseler Behörde“, „… in Brüssel“."""
    if mention.head is None or mention.article != "definite":
        return False
    first, _, rest = mention.name.partition(" ")
    general = rest if first.endswith("er") and rest else first
    placed = general == rest or _WHERE.match(" " + rest) is not None
    return placed and general == mention.head.base == mention.head.lemma and general in hypernyms()


def plain(mention: Mention, kind: Kind) -> Figure:
    """Make a figure of what the mention says by itself."""
    return Figure(
        Entity(mention.name, kind),
        gender="p" if mention.plural else mention.gender,
        base=mention.head.base if mention.head else None,
        lemma=mention.head.lemma if mention.head else mention.name,
    )
