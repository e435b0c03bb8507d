"""The project's own annotated articles, put as the corpus's annotators would have put them.

Beside the corpus they teach the stages that find statements, and the judge of findings their own
line as well. Frames, addressees and media are not annotated in them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bench.measure import Labelled
from services.extract.engine.rules import find_statements
from services.extract.engine.text import analyse
from services.extract.engine.trained.joined import SAME, overlap
from services.extract.engine.types import Medium, Statement, Type
from tests.gold.loader import load_folder
from training.corpus import AnnotatedArticle, Annotation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from services.extract.engine.text import Document
    from services.extract.engine.types import Attribution, Spans

_WITH_STOP: Final = (Type.REPORTED, Type.FREE_INDIRECT, Type.INDIRECT_FREE_INDIRECT)
"""Types whose content, in the corpus, ends with the full stop of its sentence."""


@dataclass(frozen=True, slots=True)
class ProjectArticle:
    """An article in the corpus's terms, and its statements as records have them."""

    annotated: AnnotatedArticle
    recorded: Sequence[Labelled]


def read_project(folders: Iterable[Path]) -> list[ProjectArticle]:
    """Read the articles in folders of gold articles, in the order of their names."""
    return [
        project_article(gold.article.text, gold.attributions)
        for folder in folders
        for gold in load_folder(folder)
    ]


def project_article(text: str, attributions: Sequence[Attribution]) -> ProjectArticle:
    """Make an article of a text and the statements in it."""
    document = analyse(text)
    hints = tuple(find_statements(document))
    statements = [
        _annotation(document, statement, _kind(statement, hints))
        for attribution in attributions
        for statement in _as_the_corpus(document, attribution)
    ]
    annotated = AnnotatedArticle(document, hints, _nested(statements), complete=False)
    recorded = [Labelled(tokens_of(document, a.content), a.type, "", {}) for a in attributions]
    return ProjectArticle(annotated, recorded)


def tokens_of(document: Document, spans: Spans) -> frozenset[int]:
    """Give the document's tokens that the spans touch."""
    ranges = (document.tokens_of(span.start, span.end) for span in spans)
    return frozenset(token for low, high in ranges for token in range(low, high))


def _as_the_corpus(document: Document, attribution: Attribution) -> list[Statement]:
    """Cut a statement as the corpus does.

    What is interrupted between quotation marks is several statements, and what is reported is the
    whole clause, as far as its parts stand in one sentence.
    """
    source = attribution.source.spans if attribution.source else ()
    whole = Statement(attribution.content, attribution.type, source=source, cue=attribution.cue)
    if whole.type is Type.DIRECT:
        return [replace(whole, content=(span,)) for span in whole.content]
    if whole.type is not Type.REPORTED:
        return [whole]
    here = _sentences(document, whole.content)
    near = replace(
        whole,
        source=tuple(span for span in source if _sentences(document, (span,)) <= here),
        cue=tuple(span for span in whole.cue if _sentences(document, (span,)) <= here),
    )
    return [replace(whole, content=(near.extent,), cue=())]


def _sentences(document: Document, spans: Spans) -> set[int]:
    return {document.sentence_of[token] for token in tokens_of(document, spans)}


def _kind(statement: Statement, hints: Sequence[Statement]) -> Type:
    """Tell the corpus's two kinds of free statements apart, as the rules do.

    Most are in the subjunctive, and so is what the rules have not found.
    """
    if statement.type is not Type.FREE_INDIRECT:
        return statement.type
    found = (hint for hint in hints if overlap(statement.content, hint.content) >= SAME)
    bare = any(hint.type is Type.FREE_INDIRECT for hint in found)
    return Type.FREE_INDIRECT if bare else Type.INDIRECT_FREE_INDIRECT


def _annotation(document: Document, statement: Statement, kind: Type) -> Annotation:
    content = tokens_of(document, statement.content)
    behind = max(content) + 1
    if kind in _WITH_STOP and behind < len(document) and document.words[behind] == ".":
        content |= {behind}
    return Annotation(
        type=kind,
        medium=Medium.NONE,
        nested=False,
        content=tuple(sorted(content)),
        source=tuple(sorted(tokens_of(document, statement.source))),
        cue=tuple(sorted(tokens_of(document, statement.cue))),
        frame=(),
        addressee=(),
    )


def _nested(annotations: Sequence[Annotation]) -> tuple[Annotation, ...]:
    """Mark those that stand inside another one."""
    contents = [frozenset(annotation.content) for annotation in annotations]
    return tuple(
        replace(annotation, nested=any(content < other for other in contents))
        for annotation, content in zip(annotations, contents, strict=True)
    )
