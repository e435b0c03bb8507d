"""Somebody or something that an article speaks of, and what may take it up again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.resolve.mentions import SPOKESPERSON
from services.extract.engine.resolve.tables import table, word_set
from services.extract.engine.types import Kind

if TYPE_CHECKING:
    from services.extract.engine.types import Entity


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody the article speaks of.

    `gender` is m, f, n, p for plural or None for unknown; `base` and `lemma` are the noun it can
    be taken up by („die Ministerin“); `surname` is set for people, `owner` names whom a person
    speaks or works for; `general` marks a description that may take up somebody named before.
    """

    entity: Entity
    gender: str | None = None
    base: str | None = None
    lemma: str | None = None
    surname: str | None = None
    owner: str | None = None
    general: bool = False

    @property
    def is_person(self) -> bool:
        """Whether it is one person, named or not."""
        return self.entity.kind in (Kind.PERSON, Kind.UNNAMED)


def takes_up(description: Figure, figure: Figure) -> bool:
    """Whether a definite description („die Ministerin“, „das Haus“) can mean the figure."""
    if figure.base is None or description.base is None or description.lemma is None:
        return False
    if description.entity.kind is Kind.UNNAMED:
        return _takes_up_person(description, figure)
    if figure.entity.kind is not description.entity.kind or figure.entity == description.entity:
        return False
    if (figure.lemma or "").lower().endswith(description.lemma.lower()):
        return True
    wider = _wider(description.lemma, description.base)
    if description.lemma != description.base and description.lemma not in hypernyms():
        companies = "*" in wider and not description.lemma.startswith(_OTHER_COMPANIES)
        return companies and figure.base not in _NO_COMPANIES
    return figure.base in wider or ("*" in wider and figure.base not in _NO_COMPANIES)


# Companies beside the one that is spoken of: „der Mutterkonzern“, „das Partnerunternehmen“.
_OTHER_COMPANIES = (
    "Mutter", "Tochter", "Konkurrenz", "Partner", "Nachbar", "Schwester", "Subunternehmen", "Fremd",
    "Zulieferfirma", "Baufirma", "Beratungs",
)  # fmt: skip

# What „das Unternehmen“ and „der Konzern“ never take up.
_NO_COMPANIES = word_set(
    "Ministerium Amt Behörde Regierung Kommission Parlament Bundestag Landtag Bundesrat Senat Rat "
    "Ausschuss Fraktion Partei Koalition Union Polizei Staatsanwaltschaft Gericht Gerichtshof "
    "Kammer Feuerwehr Bundeswehr Armee Verband Bund Verein Gewerkschaft Universität Hochschule "
    "Stadt Gemeinde Kreis Landkreis Land Bezirk Staat Kirche Bistum Geheimdienst Liste Ring Haus "
    "Initiative Werk Netzagentur Dienst Stiftung Agentur CDU CSU SPD FDP AfD Linke Grüne EU NATO "
    "Nato Aufsicht Betriebsrat Personalrat Bundesnetzagentur BaFin EZB Fed BKA LKA BSI DGB Verdi "
    "Börse Kartellamt Justiz Zoll Pentagon Kreml Militär Präsidium Direktion Inspektion Institut "
    "Labor Schule Gymnasium Akademie Rathaus Verwaltung Magistrat Bundesbank Zentralbank Notenbank "
    "Ampel Opposition Bistum Erzbistum Weiße DWD RKI WHO UN UNO"
)


# Parts that people play in what is told: they do not take up a named speaker.
PARTS_PLAYED = word_set(
    "Angeklagter Beschuldigter Verdächtiger Täter Zeuge Augenzeuge Nachbar Mutter Vater Sohn "
    "Tochter Bruder Schwester Opfer Fahrer Patient Kunde Anwohner Überlebender Bewohner Mann "
    "Richter Staatsanwalt Polizist Mieter Vermieter Betroffener Geschädigter Retter Entführer "
    "Beamter Anwalt Verteidiger Kläger Passagier Angestellter Mitarbeiter Beschäftigter Besucher "
    "Gast Kollege Freund Partner Begleiter Helfer Käufer Halter Anrufer"
)


# Offices of which a person of another office is not the holder.
OFFICES = word_set(
    "Minister Präsident Vizepräsident Ministerpräsident Kanzler Premier Premierminister Sekretär "
    "Generalsekretär Staatssekretär Vorsitzender Sprecher Direktor Leiter Schulleiter Verwalter "
    "Insolvenzverwalter Geschäftsführer Richter Staatsanwalt Oberstaatsanwalt Bürgermeister "
    "Oberbürgermeister Landrat Dezernent Kämmerer Senator Gouverneur Botschafter Konsul Kommissar "
    "Beauftragter Intendant Rektor Dekan Trainer Bundestrainer Kapitän König Papst Bischof "
    "Betriebsrat Gutachter Notar Vormund Schiedsrichter Hausmeister Pilot Lokführer Einsatzleiter "
    "Stellvertreter Nachfolger Vorgänger Veranstalter Betreiber Eigentümer Inhaber Besitzer "
    "Brandmeister Wehrführer Wehrleiter Kommandant Kommandeur Sheriff Kreisrat Landesrat Diktator"
)


def _takes_up_person(description: Figure, figure: Figure) -> bool:
    speaks = figure.is_person or figure.base == SPOKESPERSON
    if not genders_agree(figure.gender, description.gender) or not speaks:
        return False
    if _are_of_two_countries(description, figure):
        return False
    lemma = _in_office((description.lemma or "").removesuffix("in"))
    if description.base == figure.base and _one_shortens_other(lemma, figure.lemma or ""):
        return True
    if _are_siblings(description, figure):
        return False
    if _is_kind_of(figure, description):
        return True
    return figure.base in _wider(lemma, description.base or "")


def _in_office(lemma: str) -> str:
    """The office that somebody held who holds it no more: „Ex-Minister“."""
    former = next((word for word in _NO_MORE if lemma.startswith(word)), "")
    rest = lemma.removeprefix(former)
    return rest[:1].upper() + rest[1:]


_NO_MORE = ("Ex-", "Noch-", "Alt-")


# Short words in which longer ones end that are no kind of them: „Staatsanwalt“, „Geschäftsführer“.
_NO_WIDER = OFFICES | word_set("Anwalt Führer Meister Rat Herr Mann Koch Bauer Händler")


def _is_kind_of(figure: Figure, description: Figure) -> bool:
    """Whether somebody's role is a compound of the noun: „Vorstandschef“, „der Chef“."""
    one = (figure.lemma or "").lower().removesuffix("in")
    other = (description.lemma or "").lower().removesuffix("in")
    return description.base not in _NO_WIDER and one != other and one.endswith(other)


_OF_COUNTRY = re.compile(r"(?:[\w]+-)?(\w+sch)e[rnms]?")


def _are_of_two_countries(description: Figure, figure: Figure) -> bool:
    """Whether both have adjectives of a country or the like that differ."""
    ours = _countries(description.entity.name, description.lemma)
    theirs = _countries(figure.entity.role, figure.lemma)
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _countries(role: str | None, lemma: str | None) -> set[str]:
    """The stems of such adjectives before a role's noun."""
    before = (role or "").partition(lemma or " ")[0]
    return set(_OF_COUNTRY.findall(before.lower()))


def _are_siblings(description: Figure, figure: Figure) -> bool:
    """Whether both are special kinds of one profession: „Lungenärztin“, „Kinderärztin“."""
    kind, of = description.lemma or "", (description.base or "").lower()
    special = kind.removesuffix("in").lower() not in (of, of.replace("a", "ä"))
    other = (figure.lemma or "").removesuffix("in").lower()
    return special and kind not in hypernyms() and other != of and _ends_in(other, of)


def _ends_in(word: str, base: str) -> bool:
    """Whether a word is a compound of a base, which may have its umlaut."""
    return len(word) > len(base) and word.endswith((base, base.replace("a", "ä")))


def _one_shortens_other(one: str, other: str) -> bool:
    """Whether of two words for the same office one is a short form of the other."""
    one, other = one.lower(), other.lower()
    return one in other or one.endswith(other.removesuffix("in"))


def _wider(lemma: str, base: str) -> frozenset[str]:
    return hypernyms().get(lemma) or hypernyms().get(base, frozenset())


def genders_agree(one: str | None, other: str | None) -> bool:
    """Whether two genders may be the same; each may be several letters, None is not known."""
    return one is None or other is None or not set(one).isdisjoint(other)


@cache
def hypernyms() -> dict[str, frozenset[str]]:
    """Give general nouns with the bases of the nouns that they can take up."""
    return {general: frozenset(bases.split("|")) for general, bases in table("hypernyms")}
