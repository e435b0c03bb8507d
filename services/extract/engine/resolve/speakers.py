"""Who speaks where an outlet was taken for the speaker.

„Der Zeit sagte sie“, „Die FAZ zitierte den Minister mit der Aussage“, „wie die Bild unter Berufung
auf Parteikreise berichtet“: the outlet listens, quotes or draws on somebody, who is the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.resolve import outlets
from services.extract.engine.resolve.frames import Frame, cue_lemma
from services.extract.engine.resolve.heads import compound_modifier
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.mentions import SPOKESPERSON
from services.extract.engine.resolve.phrases import QUANTITIES
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import nouns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.resolve.inflection import Noun
    from services.extract.engine.text import Document

# With these verbs an outlet in front of the verb listens, if somebody else stands behind it.
_TELLING = word_set(
    "sagen erklären mitteilen erzählen verraten anvertrauen bestätigen betonen versichern schildern"
)
_PRONOUNS = word_set("er sie es man ihn")
_ARTICLES = word_set("der die das den dem des ein eine einen einem einer eines seine seinen ihre")
_GENITIVES = word_set("der des von vom")
_LONGEST = 8
# Roles that people have at an outlet: „eine Sprecherin der ARD“.
OF_OUTLETS = word_set(
    "Sprecher Chef Chefredakteur Redakteur Reporter Korrespondent Journalist Moderator Intendant "
    "Direktor Kommentator Kolumnist Herausgeber Verleger Geschäftsführer Mitarbeiter Autor Leser "
    "Vertreter Experte Kritiker Leiter Hörer Zuschauer Blogger Kollege Gründer Vorstand Justiziar"
)

# What an outlet has or consists of: „die Redaktion der Zeit“.
_PARTS_OF_OUTLETS = word_set(
    "Redaktion Chefredaktion Verlag Pressestelle Zentrale Intendanz Team Rechercheteam Rundfunkrat "
    "Verwaltungsrat Aufsichtsrat Vorstand Betriebsrat Personalrat Leitung Spitze Führung "
    "Belegschaft Mutterkonzern Tochter Büro Studio Landesfunkhaus Geschäftsführung Leserschaft "
    "Anwälte Gruppe Konzern Holding Stiftung Gesellschaft Anstalt Sender Sparte Abteilung Jury "
    "Management Lager Publikum Journalistenschule Mitarbeiter Kreise"
)
# What spokespersons of an outlet may be called beside.
_OF_PRESS = word_set("Presse Sender Verlags Redaktions Konzern Unternehmens Haupt Chef Vize")


def behind_outlet(document: Document, frame: Frame) -> tuple[int, ...]:
    """Find the tokens of the speaker behind an outlet; empty where the outlet itself speaks."""
    for token in frame.outside:
        if document.words[token] == "Berufung" and document.lower[token + 1 : token + 2] == ["auf"]:
            return _phrase(document, frame, token + 2)
    if relied_on := _relied_on(document, frame):
        return relied_on
    lemma = cue_lemma(document, frame)
    if document.lower[frame.source[0]] in _PRONOUNS:
        return ()
    if lemma == "zitieren":
        return _quoted(document, frame)
    if lemma in _TELLING and document.lower[frame.source[0]] in ("der", "dem", "den"):
        verb = frame.source[-1] + 1
        return _phrase(document, frame, verb + 1) if verb not in frame.content else ()
    return ()


# What tells in a relative clause who or what is quoted: „ein Diplomat, den Reuters zitierte“.
_WHOM = word_set("den die das dem der")


def _quoted(document: Document, frame: Frame) -> tuple[int, ...]:
    """Whom or what an outlet quotes: „zitierte den Minister“, „zitiert daraus“."""
    before = frame.source[0] - 1
    if before > 0 and document.words[before] in _WHOM and document.words[before - 1] == ",":
        return (before,)
    behind = max(max(frame.cue, default=0), frame.source[-1]) + 1
    first = frame.cue[0] + 1
    if first in frame.source:
        first = behind
    if document.lower[first : first + 1] == ["daraus"]:
        return (first,)
    return _phrase(document, frame, first + (document.lower[first : first + 1] == ["aus"]))


def _relied_on(document: Document, frame: Frame) -> tuple[int, ...]:
    """Whom an outlet relies on: „einem Bericht der Zeitung, die sich auf Kreise beruft“."""
    lower = document.lower
    for token in (*frame.source, *frame.outside):
        if lower[token] == "sich" and lower[token + 1 : token + 2] == ["auf"]:
            end = token + 2
            while end < len(lower) and lower[end] not in ("beruft", "berief", ",", "."):
                end += 1
            if lower[end : end + 1] in (["beruft"], ["berief"]):
                return tuple(range(token + 2, end))
    return ()


def without_listener(document: Document, source: tuple[int, ...]) -> tuple[int, ...]:
    """Leave out the outlet that somebody speaks to: „(sagte) Steinke der Rheinischen Post“.

    A name takes no genitive with an article behind it, as a role does („Sprecher der ARD“), and
    the police are no outlet's („die Polizei der Bild“).
    """
    words = document.words
    for position in range(1, len(source)):
        token, before = source[position], words[source[position - 1]]
        told = words[token] == "dem" or (words[token] == "der" and _takes_no_genitive(before))
        if not told:
            continue
        behind = _undated([words[further] for further in source[position + 1 :]])
        if behind and outlets.in_phrase(behind):
            return source[:position]
    return source


def _undated(words: Sequence[str]) -> Sequence[str]:
    """Leave out the day of an issue: „(der) Elbtaler Zeitung vom Samstag“, „(Samstag)“."""
    for index, word in enumerate(words):
        if index and word in ("vom", "von", "am", "("):
            return words[:index]
    return words


def _takes_no_genitive(word: str) -> bool:
    """Whether nobody of an outlet is meant: a name, an age, any role and any body but its own."""
    readings = nouns(word)
    named = word[0].isupper() and not readings
    roles = (reading for reading in readings if reading.sort is Sort.ROLE)
    bodies = (r for r in readings if r.sort in (Sort.ORGANISATION, Sort.GROUP) and r.singular)
    return (
        named
        or any(role.base not in OF_OUTLETS or speaks_for(role) for role in roles)
        or any(body.base not in _PARTS_OF_OUTLETS for body in bodies)
    )


def speaks_for(role: Noun) -> bool:
    """Whether a role tells by itself for whom somebody speaks: „(sagte) ein Polizeisprecher“."""
    modifier = compound_modifier(role.lemma, role)
    return role.base == SPOKESPERSON and modifier is not None and modifier not in _OF_PRESS


def _phrase(document: Document, frame: Frame, first: int) -> tuple[int, ...]:
    """Take the noun phrase or the pronoun that starts at a token of the frame."""
    words = document.words
    outside = frozenset(frame.outside)
    if first not in outside or first in frame.source:
        return ()
    if words[first] in _PRONOUNS:
        return (first,)
    end = _past_nouns(words, _past_article(words, first))
    if end < len(words) and words[end] in _GENITIVES:
        further = _past_nouns(words, end + 1)
        end = further if further > end + 1 else end
    found = tuple(token for token in range(first, min(end, first + _LONGEST)) if token in outside)
    return found if any(words[token][0].isupper() for token in found) else ()


def _past_article(words: Sequence[str], index: int) -> int:
    """Skip an article and small adjectives."""
    if index < len(words) and (words[index] in _ARTICLES or words[index] in QUANTITIES):
        index += 1
    while index < len(words) and words[index][0].islower() and words[index].endswith(("en", "e")):
        index += 1
    return index


def _past_nouns(words: Sequence[str], index: int) -> int:
    """Skip capitalised words."""
    while index < len(words) and words[index][0].isupper():
        index += 1
    return index
