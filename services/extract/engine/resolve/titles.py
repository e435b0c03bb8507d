"""Words in quotation marks that are only a name: titles, slogans, what stands on a sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.resolve import outlets
from services.extract.engine.resolve.frames import cue_lemma
from services.extract.engine.resolve.tables import word_set

if TYPE_CHECKING:
    from services.extract.engine.resolve.frames import Frame
    from services.extract.engine.text import Document


def names_something(document: Document, frame: Frame) -> bool:
    """Whether quoted words are only a name: „Der Band heißt „Asche und Salz““, not „heißt es“."""
    if outlets.known([document.words[token] for token in sorted(frame.content)]) is not None:
        return True
    if not frame.cue:
        return (
            _names_noun_before(document, frame)
            or _is_performed(document, frame)
            or _is_written_on(document, frame)
        )
    return (
        cue_lemma(document, frame) == "werben"
        or {document.lower[token] for token in frame.cue} <= _SUNG
        or _is_written_on(document, frame)
        or _is_title_of(document, frame)
        or _is_shown(document, frame)
        or _is_called(document, frame)
    )


# What bears words that nobody in particular says, and nouns for a name.
_SIGNS = word_set(
    "plakat plakate schild schilder transparent transparente banner aufschrift inschrift "
    "spruchband schriftzug aufkleber graffito graffiti fahne etikett widmung t-shirt"
)
_TITLES = word_set(
    "motto titel name slogan losung thema überschrift untertitel leitspruch wahlspruch "
    "arbeitstitel spitzname kosename codename schlagzeile"
)


def _is_written_on(document: Document, frame: Frame) -> bool:
    """Whether words stand on something: „Draußen hängt ein Plakat: „…““."""
    first = min(frame.content, default=0)
    if first <= 1 or document.words[first - 1] != ":":
        return False
    return document.lower[first - 2] in _SIGNS


def _is_performed(document: Document, frame: Frame) -> bool:
    """Whether words are what was played or sung: „Zum Abschluss erklang „…““."""
    first = min(frame.content, default=0)
    return first > 0 and document.lower[first - 1] in _PERFORMED


_SUNG = word_set("stimmt stimmte stimmten stimmen an singt sang sangen singen")
_PERFORMED = word_set(
    "erklang erklangen erklingt spielte spielten spielt sang sangen singt lief liefen läuft zeigte"
)


def _is_title_of(document: Document, frame: Frame) -> bool:
    """Whether words are a title that something bears: „Das Motto lautet „…““."""
    cue = {document.lower[token] for token in frame.cue}
    named = {document.lower[token] for token in frame.source}
    return cue <= _BEARING and bool(named & _TITLES)


_BEARING = word_set("lautet lautete lauten heißt hieß ist war sei")


def _names_noun_before(document: Document, frame: Frame) -> bool:
    """Whether words in quotation marks name what stands before them: „Sein Buch „Wald und Eis““."""
    first = min(frame.content, default=0)
    if not first or first + 1 not in frame.content:
        return False
    same = document.sentence_of[first] == document.sentence_of[first - 1]
    large = document.words[first - 1][0].isupper() and document.words[first + 1][0].isupper()
    return same and large


def _is_shown(document: Document, frame: Frame) -> bool:
    """Whether words stand somewhere: „Über der Tür steht „…““."""
    cue = {document.lower[token] for token in frame.cue}
    before = min(frame.content, default=0) - 1
    alone = cue <= _SHOWN and not frame.source
    return alone and before >= 0 and document.words[before][0].isupper()


def _is_called(document: Document, frame: Frame) -> bool:
    """Whether something is called by the words: „Der Band heißt „…““, not „heißt es“."""
    cue = {document.lower[token] for token in frame.cue}
    return cue <= _NAMING and "es" not in {document.lower[token] for token in frame.outside}


_NAMING = word_set("heißt hieß heißen hießen")
_SHOWN = word_set("steht stand stehen standen prangt prangte lautet lautete")
