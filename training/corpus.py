"""Reads annotated articles in the wikinews-quotes format into the engine's own tokens."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.extract.engine.rules import find_statements
from services.extract.engine.text import Document, analyse
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from services.extract.engine.types import Statement

PARTS = ("source", "cue", "frame", "addressee")

_TYPES = {
    "Direct": Type.DIRECT,
    "Indirect": Type.INDIRECT,
    "Reported": Type.REPORTED,
    "FreeIndirect": Type.FREE_INDIRECT,
    "IndirectFreeIndirect": Type.INDIRECT_FREE_INDIRECT,
}
_MEDIA = {
    "Speech": Medium.SPEECH,
    "Writing": Medium.WRITING,
    "Thought": Medium.THOUGHT,
    "ST": Medium.SPEECH_THOUGHT,
    "SW": Medium.SPEECH_WRITING,
    "TW": Medium.THOUGHT_WRITING,
}


class UnreadableArticles(ValueError):
    """The file is not in the format described in training/README.md."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A statement as annotators see it: sorted token numbers of the document."""

    type: Type
    medium: Medium
    nested: bool
    content: tuple[int, ...]
    source: tuple[int, ...]
    cue: tuple[int, ...]
    frame: tuple[int, ...]
    addressee: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """An article with its statements; `hints` are what the rules find in it.

    It is not `complete` where frames, addressees and media are not annotated.
    """

    document: Document
    hints: tuple[Statement, ...]
    annotations: tuple[Annotation, ...]
    complete: bool = True

    def in_reading_order(self) -> list[Annotation]:
        """Give the annotations by the start of their content, the longer before."""
        return sorted(self.annotations, key=lambda a: (a.content[0], -len(a.content)))


def read_articles(path: Path) -> list[AnnotatedArticle]:
    """Read a .jsonl or .jsonl.gz file; articles without any token are left out.

    Raises UnreadableArticles with the number of the line.
    """
    return list(_articles(path))


def _articles(path: Path) -> Iterator[AnnotatedArticle]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                article = article_of(json.loads(line))
            except (KeyError, TypeError, ValueError, IndexError) as error:
                raise UnreadableArticles(f"{path}, line {number}: {error!r}") from error
            if len(article.document):
                yield article


def article_of(raw: dict[str, Any]) -> AnnotatedArticle:
    """Make an annotated article of a parsed line."""
    document = analyse(raw["text"])
    annotations = (_annotation(document, raw["tokens"], entry) for entry in raw["attributions"])
    return AnnotatedArticle(
        document,
        tuple(find_statements(document)),
        tuple(found for found in annotations if found.content),
    )


def _annotation(
    document: Document, tokens: list[tuple[int, int]], entry: dict[str, Any]
) -> Annotation:
    parts = {part: _own_tokens(document, tokens, entry[part]) for part in ("content", *PARTS)}
    medium = entry["medium"]
    return Annotation(
        type=_TYPES[entry["type"]],
        medium=_MEDIA.get(medium, Medium.NONE),
        nested=entry["nested"],
        **parts,
    )


def _own_tokens(
    document: Document, tokens: list[tuple[int, int]], ids: Iterable[int]
) -> tuple[int, ...]:
    """Find our tokens that overlap the annotators' tokens."""
    found: set[int] = set()
    for number in ids:
        found.update(range(*document.tokens_of(*tokens[number])))
    return tuple(sorted(found))
