"""What „demnach“, „darin“ and a relative clause point back at.

„Für Ärger sorgte eine Meldung der Bild. Demnach …“ is the paper's, and „Nun liegt ein Gutachten
vor. Demnach …“ the document's, whoever spoke before them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, verb_forms
from services.extract.engine.resolve.beside import is_adjectival
from services.extract.engine.resolve.figures import Figure
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import nouns
from services.extract.engine.types import Entity, Kind

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from services.extract.engine.resolve.memory import Memory
    from services.extract.engine.resolve.spots import Spot
    from services.extract.engine.text import Document

# Words between a report and whose it is.
_OF = word_set("der des von vom aus im in dem den einer eines")
_REACH = 7
_SENTENCES_BACK = 2
# Acts of saying that are written or broadcast, which may be brought up as things.
_BROUGHT_UP = word_set(
    "Meldung Mitteilung Pressemitteilung Erklärung Stellungnahme Recherche Interview Beitrag Brief "
    "Schreiben Medienbericht Zeitungsbericht Agenturmeldung Bekanntmachung Kommentar Reportage"
)


def reported_before(
    memory: Memory, spots: Sequence[Spot], token: int, sorts: Container[str] | None = None
) -> Mention | Figure | None:
    """Find the report that was brought up last, behind whoever spoke; of `sorts` if given."""
    document = memory.document
    here = memory.sentence(token)
    bottom = document.sentences[max(here - _SENTENCES_BACK, 0)][0]
    if memory.speakers:
        bottom = max(bottom, memory.speakers[-1].token)
    for index in range(token - 1, bottom - 1, -1):
        if _is_report(document.words[index], sorts):
            return _whose(memory, spots, index)
    return None


# What says something in a relative clause although nobody has taken notice of it so far.
_SPEAKING = frozenset({Form.GROUP, Form.ROLE, Form.ORGANISATION, Form.DOCUMENT, Form.SAYING})


def antecedent_of(document: Document, relative: int) -> Mention | None:
    """Read the noun that a relative clause follows: „Anwohner, die“, „ein Kommentar, der“."""
    words = document.words
    bottom = document.sentences[document.sentence_of[relative]][0]
    comma = relative - 1
    if comma <= bottom or words[comma] != "," or not words[comma - 1][0].isupper():
        return None
    start = comma - 1
    while start > bottom and _modifies(words[start - 1]):
        start -= 1
    if words[start - 1][0].isupper() and start > bottom:  # „der Führer Irans, der“
        return None
    mention = parse(words[start:comma])
    return mention if mention is not None and mention.form in _SPEAKING else None


def _modifies(word: str) -> bool:
    """Whether a word in front of a noun is an adjective."""
    verb = verb_forms().get(word, NO_VERB).form & FINITE
    declined = is_adjectival(word) or word.endswith("ende")
    return word[0].islower() and declined and not verb and word not in _OF


def _is_report(word: str, sorts: Container[str] | None) -> bool:
    """Whether a word is a singular for something in which things are said."""
    return any(
        reading.singular
        and (sorts is None or reading.base in sorts)
        and (
            reading.sort is Sort.DOCUMENT
            or (reading.sort is Sort.SAYING and reading.base in _BROUGHT_UP)
        )
        for reading in nouns(word)
    )


def _whose(memory: Memory, spots: Sequence[Spot], index: int) -> Mention | Figure | None:
    """Read the report at a token with whom it belongs to."""
    words = memory.document.words
    behind = index + 1
    spot = next((spot for spot in spots if spot.first in (behind, behind + 1)), None)
    if spot is not None and (spot.first == behind or words[behind] in _OF):
        return Figure(Entity(spot.outlet.name, Kind.OUTLET))
    end = behind
    while end < min(len(words), behind + _REACH) and _goes_on(words[end]):
        end += 1
    while end > behind and not words[end - 1][0].isupper():
        end -= 1
    mention = parse(["der", *words[index:end]])
    fitting = mention is not None and mention.form in (Form.SAYING, Form.DOCUMENT)
    return mention if fitting else None


def _goes_on(word: str) -> bool:
    """Whether a word may belong to the phrase that tells whose a report is."""
    return word in _OF or word[0].isupper() or is_adjectival(word)
