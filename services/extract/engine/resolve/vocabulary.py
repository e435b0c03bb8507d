"""What the resolver knows about words: nouns for people, organisations and documents, names.

Everything is read once from the tables in `data/`; an unknown compound counts by its last part,
so that „Umweltministerin“ is a Ministerin and „Landeskriminalamt“ an Amt.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

from services.extract.engine.resolve.inflection import TRAIT, Noun, Sort, all_readings
from services.extract.engine.resolve.tables import table, word_set

# A compound's last part, and what stands before it, have at least these lengths; a longer word
# than `_LONGEST_WORD` is no noun of any newspaper.
_SHORTEST_HEAD = 3
_SHORTEST_MODIFIER = 2
_LONGEST_WORD = 60

# Nouns that also end many other words ("Deutschland", "Hartmann", "Monat"), and the compounds
# in which they are the last part all the same.
_NEVER_LAST_PART = word_set(
    "Mann Frau Land Bund Koch Bauer Post Rat Hof Junge Boss Dame Vater Kreis Kreise Stelle Kunde "
    "Freund Haus Leute Teile Reihe Basis Spitze Lager Seiten Opfer Gäste Fans Drittel Viertel "
    "Prozent Hälfte Linke Grüne Union Zahlen Daten Plan Brief Akte Buch Video Rede Tweet Wort "
    "Sicht Idee Kritik Vorwurf Lesart Ampel Fed EU UN UNO WHO IG SPD CDU CSU FDP AfD BSW DGB BDI "
    "Presse Wehr Warte General Major Oberst Prinz Partner Index Meister Zoo Liga Tafel Runde "
    "Wirtschaft Wissenschaft Radio Blatt Sendung Opa Erbe Abt Gast Halter Agent Emir Greis Tenor "
    "Poet Senior Enkel Onkel Neffe Nichte Cousin Dieb Profi Kumpel Lotse Drucker Gatte Favorit "
    "Zwilling Spion Veteran Köchin Lehrling Sponsor Clown Segler Turner Träger Label Hotel Text"
)
_COMPOUNDS = word_set(
    "stadtrat gemeinderat sicherheitsrat ministerrat ethikrat nationalrat zentralrat elternrat "
    "wissenschaftsrat europarat kirchenrat personalrat ältestenrat flüchtlingsrat bundesland "
    "kaufhaus krankenhaus landkreis stadtkreis krisenteam forschungsteam forscherteam bauernbund "
    "städtebund beamtenbund gewerkschaftsbund fußballbund sportbund gemeindebund turnerbund "
    "naturschutzbund mieterbund waldbund gerichtshof rechnungshof milchbauer obstbauer biobauer "
    "bergbauer spitzenkoch sternekoch arbeitsgruppe forschungsgruppe forschergruppe "
    "unternehmensgruppe rebellengruppe menschenrechtsgruppe umweltgruppe"
)
# Words that only look like compounds of a known noun.
_NOT_COMPOUNDS = word_set(
    "sitzbank parkbank datenbank autobahn fahrbahn laufbahn landebahn startbahn umlaufbahn "
    "rennbahn achterbahn flugbahn feuerwerk handwerk kunstwerk bauwerk triebwerk fachwerk "
    "laufwerk stockwerk mauerwerk uhrwerk verdienst gottesdienst rechtsstaat sozialstaat "
    "wohlfahrtsstaat beitrag südstadt nordstadt oststadt weststadt altstadt neustadt innenstadt "
    "hauptstadt vorstadt zeitraum vertreib widerspruch betrag zentimeter kilometer meter "
    "pumpspeicherwerk netzwerk lieferkette halskette menschenkette lichterkette bergkette "
    "kühlkette wertschöpfungskette infektionskette brandstiftung anstiftung dunkelkammer "
    "herzkammer speisekammer baumschule stadtzentrum ortszentrum epizentrum wehrdienst zivildienst "
    "schuldienst freiwilligendienst hauptgericht fischgericht reisegesellschaft"
)


# What begins words and is no part of a compound: „Bekenner“ is no Kenner, „Besatzung“ no Satzung.
_PREFIXES = ("be", "ge", "er", "ent", "ver", "zer")


@lru_cache(maxsize=1 << 16)
def noun(word: str) -> Noun | None:
    """Look a word form up, as it stands or by its last part; None for any other word."""
    readings = nouns(word)
    return readings[0] if readings else None


@lru_cache(maxsize=1 << 16)
def nouns(word: str) -> tuple[Noun, ...]:
    """All readings of a word form, the likeliest first."""
    if not (word[:1].isupper() or is_numbered(word)) or len(word) > _LONGEST_WORD:
        return ()
    lower = word.lower()
    if lower in _forms():
        return tuple(_as_spelt(reading, word) for reading in _forms()[lower])
    hyphen = word.rfind("-") + 1
    if hyphen and lower[hyphen:] in _forms():
        return _compounds(word, hyphen, _forms()[lower[hyphen:]])
    return _last_part(word, lower)


@lru_cache(maxsize=1 << 16)
def is_role(word: str) -> bool:
    """Whether a word can be a single person's role."""
    return any(reading.sort is Sort.ROLE and reading.singular for reading in nouns(word))


def is_numbered(word: str) -> bool:
    """Whether a number and a noun make up the word: „58-Jährige“, „500-Euro-Scheine“."""
    return word[:1].isdigit() and word.rpartition("-")[2][:1].isupper()


def _last_part(word: str, lower: str) -> tuple[Noun, ...]:
    """Readings of a compound by the longest last part that is known."""
    forms = _forms()
    for start in range(_SHORTEST_MODIFIER, len(word) - _SHORTEST_HEAD + 1):
        readings = forms.get(lower[start:])
        if readings is not None and _may_end(lower, start, readings[0]):
            return _compounds(word, start, readings)
    return _guessed_circles(word, lower) or _guessed_role(word, lower)


def _guessed_circles(word: str, lower: str) -> tuple[Noun, ...]:
    """People who want to stay unnamed, by the branch they are in: Finanzkreise, Parteikreise."""
    plural = word.removesuffix("n")
    if not lower.endswith(("kreise", "kreisen")) or lower.startswith(("land", "stadt", "wahl")):
        return ()
    return (Noun(plural, "Kreise", Sort.GROUP, "p", singular=False, plural=plural),)


def _as_spelt(reading: Noun, word: str) -> Noun:
    """Keep a spelling of its own: NATO is not turned into Nato."""
    same = reading.lemma != word and reading.lemma.lower() == word.lower()
    return replace(reading, lemma=word) if same else reading


# Endings of words for people that need no table; „Termin“ and „Frist“ are none.
_FEMININE = (
    "erin",
    "istin",
    "entin",
    "antin",
    "ikerin",
    "login",
    "orin",
    "eurin",
    "ärin",
    "grafin",
)
_SEVERAL = ("eure", *(ending + "nen" for ending in _FEMININE))
_MASCULINE = ("iker", "loge", "ologen", "eur")
_SHORTEST_GUESS = 7


def _guessed_role(word: str, lower: str) -> tuple[Noun, ...]:
    """A person by the word's ending: Agraringenieurin, Hydrobiologe; not the name Iker."""
    if len(lower) < _SHORTEST_GUESS:
        return ()
    if lower.endswith(_FEMININE):
        return (Noun(word, word.removesuffix("in"), Sort.ROLE, "f", True, None),)
    if lower.endswith(_SEVERAL):
        lemma = word[:-1] if lower.endswith("eure") else word.removesuffix("nen")
        base = lemma.removesuffix("in")
        gender = "f" if lemma.endswith("in") else "m"
        return (Noun(lemma, base, Sort.ROLE, gender, False, word),)
    if lower.endswith(_MASCULINE):
        lemma = word.removesuffix("n") if lower.endswith("ologen") else word
        return (Noun(lemma, lemma, Sort.ROLE, "m", True, None),)
    return ()


def _may_end(lower: str, start: int, part: Noun) -> bool:
    """Whether the known noun at the end of a word makes it a compound.

    A linking s („Übergangsrat“) tells that it does.
    """
    singular = lower[: -len("es")] if lower.endswith("es") else lower.removesuffix("s")
    if lower in _NOT_COMPOUNDS or singular in _NOT_COMPOUNDS or lower[:start] in _PREFIXES:
        return False
    if part.base == TRAIT:
        return False
    linked = lower[start - 1] == "s" and start > len("aus")
    return part.base not in _NEVER_LAST_PART or linked or bool({lower, singular} & _COMPOUNDS)


def _compounds(word: str, start: int, readings: tuple[Noun, ...]) -> tuple[Noun, ...]:
    """Put what stands before the last part in front of its readings' lemmas."""
    modifier = word[:start]
    join = str if modifier.endswith("-") else str.lower
    return tuple(
        replace(
            reading,
            lemma=modifier + join(reading.lemma),
            plural=modifier + join(reading.plural) if reading.plural else None,
        )
        for reading in readings
    )


@cache
def _forms() -> dict[str, tuple[Noun, ...]]:
    """All inflected forms of the tables' nouns, lower case, with their readings."""
    forms: dict[str, tuple[Noun, ...]] = {}
    for form, reading in all_readings():
        known = forms.get(form.lower(), ())
        merged = _merge(known, reading)
        forms[form.lower()] = merged
    return forms


def _merge(known: tuple[Noun, ...], reading: Noun) -> tuple[Noun, ...]:
    """Add a reading; one that differs only in number makes the form ambiguous in number."""
    for index, other in enumerate(known):
        if (other.lemma, other.sort) == (reading.lemma, reading.sort):
            both = replace(
                other,
                singular=other.singular or reading.singular,
                plural=other.plural or reading.plural,
            )
            return (*known[:index], both, *known[index + 1 :])
    return (*known, reading)


@cache
def given_names() -> dict[str, str]:
    """Given names with f, m or x for the pronoun they call for; a name under both is open."""
    genders: dict[str, str] = {}
    for gender, names in table("given_names"):
        for name in names.split():
            genders[name] = gender if genders.get(name, gender) == gender else "x"
    return genders


@lru_cache(maxsize=1 << 16)
def is_given_name(word: str) -> bool:
    """Whether a word is a given name, perhaps a double one."""
    return word in given_names() or word.split("-", maxsplit=1)[0] in given_names()


def gender_of_name(given: str) -> str | None:
    """Whether a given name, perhaps a double one, is a woman's (f) or a man's (m)."""
    for name in (given, given.split("-", maxsplit=1)[0]):
        if (gender := given_names().get(name)) is not None:
            return gender if gender != "x" else None
    return None


@cache
def organisation_names() -> dict[str, str]:
    """Organisations known by name, each with its grammatical gender (m f n p)."""
    return {
        name: gender for gender, names in table("organisation_names") for name in names.split("|")
    }


@cache
def countries() -> frozenset[str]:
    """States, lands and seats of government that speak under their own name."""
    return frozenset(row[0] for row in table("countries"))
