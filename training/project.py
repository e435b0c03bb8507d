"""The project's own annotated articles, from which the judge of findings learns its other line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.measure import Labelled
from services.extract.engine.text import analyse
from tests.gold.loader import load_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from services.extract.engine.text import Document
    from services.extract.engine.types import Spans


@dataclass(frozen=True, slots=True)
class ProjectArticle:
    """A document and the contents of its statements, in its tokens."""

    document: Document
    stated: Sequence[Labelled]


def read_project(folders: Iterable[Path]) -> list[ProjectArticle]:
    """Read the articles in folders of gold articles, in the order of their names."""
    return [
        project_article(gold.article.text, [(a.content, a.type) for a in gold.attributions])
        for folder in folders
        for gold in load_folder(folder)
    ]


def project_article(text: str, statements: Iterable[tuple[Spans, str]]) -> ProjectArticle:
    """Make an article of a text and the contents and types of the statements in it."""
    document = analyse(text)
    stated = [Labelled(tokens_of(document, spans), kind, "", {}) for spans, kind in statements]
    return ProjectArticle(document, stated)


def tokens_of(document: Document, spans: Spans) -> frozenset[int]:
    """Give the document's tokens that the spans touch."""
    ranges = (document.tokens_of(span.start, span.end) for span in spans)
    return frozenset(token for low, high in ranges for token in range(low, high))
