"""The words around a statement that are not its content: where cue, negation and outlet stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, Form, verb_forms
from services.extract.engine.resolve.inflection import Sort
from services.extract.engine.resolve.tables import word_set
from services.extract.engine.resolve.vocabulary import noun

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Spans, Statement

_BREAKS = frozenset(",:;.!?–—()")
PARTICLES = word_set("ab an auf aus bei ein fest hervor hin mit nach vor weg zu zurück dar")


@dataclass(frozen=True, slots=True)
class Frame:
    """A statement's surroundings as token indices.

    `cue` and `source` are the tokens of those parts, `content` the set of the content's tokens,
    `sentences` the indices of the sentences in which the cue stands (the content where there is
    none), `outside` their tokens without the content.
    """

    cue: tuple[int, ...]
    source: tuple[int, ...]
    content: frozenset[int]
    sentences: tuple[int, ...]
    outside: tuple[int, ...]


def frame_of(document: Document, statement: Statement) -> Frame:
    """Find the tokens around `statement`."""
    content = tokens(document, statement.content)
    cue = tokens(document, statement.cue)
    source = tokens(document, statement.source)
    inside = frozenset(content)
    near = [*cue, *tokens(document, statement.frame)] or [*content[:1], *content[-1:]]
    sentences = sorted({document.sentence_of[token] for token in near})
    outside = (
        token
        for sentence in sentences
        for token in range(*document.sentences[sentence])
        if token not in inside
    )
    return Frame(tuple(cue), tuple(source), inside, tuple(sentences), tuple(outside))


def tokens(document: Document, spans: Spans) -> list[int]:
    """Indices of the tokens that `spans` cover."""
    return [token for span in spans for token in range(*document.tokens_of(span.start, span.end))]


def clause(document: Document, frame: Frame) -> list[int]:
    """The tokens of the clauses in which the cue stands, the content left out."""
    wanted = set(frame.cue)
    found: list[int] = []
    current: list[int] = []
    for token in (*frame.outside, -1):
        if token < 0 or document.words[token] in _BREAKS:
            if wanted.intersection(current):
                found += current
            current = []
        else:
            current.append(token)
    return found


def cue_lemma(document: Document, frame: Frame) -> str | None:
    """The base form of the cue: its verb with a separated particle joined, or else its noun."""
    words = [document.lower[token] for token in frame.cue]
    present = {word for word in words if word in PARTICLES} | set(_last_words(document, frame))
    plain = None
    for word in words:
        for reading in verb_forms().get(word, NO_VERB).readings:
            if reading.particle is None:
                plain = plain or reading.verb.lemma
            elif reading.particle in present:
                return reading.verb.lemma
    return plain or _noun_lemma(document.words[token] for token in frame.cue) or _first(words)


def states(document: Document, frame: Frame) -> bool:
    """Whether the cue's verb stands in the indicative: the article itself says who says it."""
    forms = (verb_forms().get(document.lower[token], NO_VERB).form for token in frame.cue)
    return any(form & (Form.PRESENT | Form.PAST) for form in forms)


def goes_on_behind_and(document: Document, frame: Frame) -> bool:
    """Whether „und“ stands right before the cue's verb, which is active."""
    first = min(frame.cue, default=0)
    joined = first > 0 and document.lower[first - 1] in ("und", "aber", "doch", "sondern")
    if not joined or not verb_forms().get(document.lower[first], NO_VERB).form & FINITE:
        return False
    return not _PASSIVE & {document.lower[token] for token in clause(document, frame)}


def nobody_says(document: Document, frame: Frame) -> bool:
    """Whether the source is only the „es“ of „es heißt“."""
    if not {document.lower[token] for token in frame.cue} & {"heißt", "hieß"}:
        return False
    return [document.lower[token] for token in frame.source] == ["es"]


def written_in(document: Document, frame: Frame) -> tuple[int, ...]:
    """Find where something „heißt es“: a phrase behind „in“, „aus“ or „von“, or „dort“."""
    cue = {document.lower[token] for token in frame.cue}
    passive = bool(cue & _PASSIVE) and not cue & _STANDING
    if not (passive or cue & _STANDING):
        return ()
    outside = frame.outside
    for position, token in enumerate(outside):
        word = document.lower[token]
        if word in ("dort", "darin"):
            return (token,)
        if word in _WHERE:
            end = position + 1
            while end < len(outside) and _in_phrase(document, outside, end):
                end += 1
            phrase = outside[position + (word in ("in", "aus", "von", "bei")) : end]
            said = [document.words[inside] for inside in phrase]
            if _is_said_in(said) if passive else _can_speak(said):
                return phrase
    return ()


_STANDING = word_set("hieß heißt steht stand")
_PASSIVE = word_set("wird werden wurde wurden")


def _is_said_in(words: Sequence[str]) -> bool:
    """Whether the words name something written, in which „gefordert wird“."""
    head = next((reading for word in words if (reading := noun(word)) is not None), None)
    return head is not None and head.sort in (Sort.SAYING, Sort.DOCUMENT)


def _can_speak(words: Sequence[str]) -> bool:
    """Whether something can be written in, or come from, what the words name."""
    heads = [noun(word) for word in words]
    if any(head is not None and head.sort is not Sort.ROLE for head in heads):
        return True
    return len(words) == len(("dem", "bisherigen")) and words[0] == "dem" and words[1].islower()


_WHERE = word_set("in aus von bei im vom beim")
_PHRASE_WORDS = word_set("der die das dem den des einem einer eines und am im vom von für zum")


def _in_phrase(document: Document, outside: Sequence[int], position: int) -> bool:
    """Whether a token goes on with the noun phrase behind a preposition."""
    token = outside[position]
    word = document.words[token]
    adjectival = word[0].islower() and word.endswith(("en", "er", "em", "es"))
    return token == outside[position - 1] + 1 and (
        word[0].isupper() or word[0].isdigit() or word in _PHRASE_WORDS or adjectival
    )


def _last_words(document: Document, frame: Frame) -> Iterable[str]:
    """The particle that ends the cue's clause, when one does."""
    last = clause(document, frame)[-1:]
    return (document.lower[token] for token in last if document.lower[token] in PARTICLES)


def _noun_lemma(words: Iterable[str]) -> str | None:
    heads = (noun(word) for word in words)
    return next((head.lemma for head in heads if head is not None), None)


def _first(words: Sequence[str]) -> str | None:
    return words[0] if words else None
