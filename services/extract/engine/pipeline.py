"""An engine as a chain of stages: analyse, find, resolve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.resolve import resolve
from services.extract.engine.text import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.types import Article, Attribution, Statement


@dataclass(frozen=True, slots=True)
class Pipeline:
    """An engine that leaves finding to `find_many` and shares everything else.

    `find_many` gives the statements of each document, in the order of the documents.
    """

    name: str
    version: str
    find_many: Callable[[Sequence[Document]], list[list[Statement]]]

    def extract(self, article: Article) -> list[Attribution]:
        """Find every statement that `article` attributes to somebody else, in reading order."""
        return self.extract_many([article])[0]

    def extract_many(self, articles: Sequence[Article]) -> list[list[Attribution]]:
        """Find the attributions of each of `articles`."""
        documents = [analyse(article.text) for article in articles]
        found = self.find_many(documents)
        return [
            resolve(article, document, statements)
            for article, document, statements in zip(articles, documents, found, strict=True)
        ]
