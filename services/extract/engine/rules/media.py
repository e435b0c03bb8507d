"""In what a statement was made: speech, writing or thought, as far as its words tell."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import lines, words
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from services.extract.engine.rules.found import Found, Ranges
    from services.extract.engine.rules.view import View

# Words of so many letters are no endings.
_SHORT = 3
_SAID = frozenset((Medium.SPEECH, Medium.SPEECH_WRITING))


def medium_of(view: View, found: Found) -> Medium:
    """Judge the medium by the cue's own, the source, and the occasion that the frame names."""
    if found.medium is Medium.SPEECH_THOUGHT and found.type is Type.DIRECT:
        return Medium.SPEECH
    if found.medium is Medium.THOUGHT:
        return Medium.SPEECH_THOUGHT
    if found.medium not in _SAID:
        return found.medium
    return _by_occasion(view, found) or _by_source(view, found) or found.medium


def _by_occasion(view: View, found: Found) -> Medium | None:
    """The occasion: "in einem Interview", "auf Twitter"."""
    source = {token for first, end in found.source for token in range(first, end)}
    for first, end in found.frame:
        for token in range(first, min(end, first + 60)):
            if token in source or not view.words[token][0].isupper():
                continue
            if _is(view.lower[token], "oral"):
                return Medium.SPEECH
            if _is(view.lower[token], "written"):
                return Medium.WRITING
    return None


def _by_source(view: View, found: Found) -> Medium | None:
    """The source: a person speaks, an organisation does either, a document is written."""
    said = [view.lower[token] for first, end in found.source for token in range(first, end)]
    head = said[:8]
    if any(_is(word, "document") for word in head):
        return Medium.WRITING
    if found.cue and view.lower[found.cue[0][0]] in words("open_media"):
        return None
    if any(_is(word, "person") for word in head):
        return Medium.SPEECH
    if any(_is(word, "organisation") for word in head):
        return Medium.SPEECH_WRITING
    return Medium.SPEECH if _is_name(view, found.source) else None


def _is_name(view: View, source: Ranges) -> bool:
    """Whether the source is two or three words written large and nothing else."""
    tokens = [token for first, end in source for token in range(first, end)]
    return 1 < len(tokens) <= 3 and all(view.words[token][0].isupper() for token in tokens)  # noqa: PLR2004


def _is(word: str, what: str) -> bool:
    whole, endings = _signs()[what]
    return word in whole or word.endswith(endings)


@cache
def _signs() -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Read the words; short ones count only as whole words, not as endings."""
    rows = (line.split("\t") for line in lines("media.tsv"))
    return {what: (frozenset(w.split()), _long(w.split())) for what, w in rows}


def _long(entries: list[str]) -> tuple[str, ...]:
    return tuple(entry for entry in entries if len(entry) > _SHORT)
