"""Gold labels for each stage, from annotated articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bench.measure import Labelled
from services.extract.engine.trained import evidence, messages, outline, roles
from services.extract.engine.trained.assembly import nest
from services.extract.engine.trained.messages import Message
from services.extract.engine.types import Type
from training.corpus import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Column, Ints
    from services.extract.engine.trained.candidates import Candidates
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.windows import Windows
    from training.corpus import AnnotatedArticle, Annotation


def outermost(annotations: Sequence[Annotation]) -> list[Annotation]:
    """Choose the messages that do not overlap: those not nested first, the longer before."""
    chosen: list[Annotation] = []
    used: set[int] = set()
    for annotation in sorted(annotations, key=lambda a: (a.nested, -len(a.content))):
        if used.isdisjoint(annotation.content):
            used.update(annotation.content)
            chosen.append(annotation)
    return chosen


def message_labels(articles: Sequence[AnnotatedArticle]) -> Ints:
    """Label the tokens of articles with their outermost messages."""
    return np.concatenate(
        [
            messages.encode(
                len(article.document), [(a.content, a.type) for a in outermost(article.annotations)]
            )
            for article in articles
        ]
    )


def evidence_labels(articles: Sequence[AnnotatedArticle]) -> Ints:
    """Label tokens as part of a cue, a source, an addressee, or a source inside its message."""
    return np.concatenate([_evidence_of(article) for article in articles])


def _evidence_of(article: AnnotatedArticle) -> Ints:
    labels = np.zeros(len(article.document), np.int64)
    for annotation in article.annotations:
        labels[list(annotation.addressee)] = evidence.LABELS.index("addressee")
    for annotation in article.annotations:
        inner = annotation.type is Type.REPORTED
        labels[list(annotation.source)] = evidence.LABELS.index(
            "inner source" if inner else "source"
        )
    for annotation in article.annotations:
        labels[list(annotation.cue)] = evidence.LABELS.index("cue")
    return labels


def sentence_labels(articles: Sequence[AnnotatedArticle]) -> Ints:
    """Label sentences that messages fill, wholly or in part."""
    return np.concatenate([_sentences_of(article) for article in articles])


_FILLED = 0.75


def _sentences_of(article: AnnotatedArticle) -> Ints:
    document = article.document
    labels = np.zeros(len(document.sentences), np.int64)
    for annotation in sorted(article.annotations, key=lambda a: a.nested):
        if annotation.type in outline.WHOLE:
            _label_filled(labels, document, annotation)
    for annotation in article.annotations:
        if annotation.type in outline.PARTLY:
            touched = np.unique([document.sentence_of[token] for token in annotation.content])
            free = touched[labels[touched] == 0]
            labels[free] = outline.LABELS.index(annotation.type)
    return labels


def _label_filled(labels: Ints, document: Document, annotation: Annotation) -> None:
    content = set(annotation.content)
    first = document.sentence_of[annotation.content[0]]
    last = document.sentence_of[annotation.content[-1]]
    for number in range(first, last + 1):
        start, end = document.sentences[number]
        held = sum(token in content for token in range(start, end))
        filled = held >= _FILLED * (end - start) or held >= end - start - 1
        if filled and not labels[number]:
            edge = "B" if number == first else "I"
            labels[number] = outline.LABELS.index(f"{edge}-{annotation.type}")


def direct_labels(articles: Sequence[AnnotatedArticle], reading: Reading) -> Ints:
    """Tell which quotations of the reading are direct messages: 1, else 0."""
    spans = {
        (start + a.content[0], start + a.content[-1] + 1)
        for article, start in zip(articles, reading.document_starts.tolist(), strict=False)
        for a in article.annotations
        if a.type is Type.DIRECT
    }
    return np.array([tuple(quote) in spans for quote in reading.quotes.tolist()], np.int64)


def shares_right(
    articles: Sequence[AnnotatedArticle], starts: Ints, candidates: Candidates
) -> Column:
    """Give for each candidate its best overlap (F1) with a message not between marks."""
    shares = np.zeros(len(candidates))
    documents = np.searchsorted(starts, candidates.start, side="right") - 1
    for number, document in enumerate(documents.tolist()):
        start = int(starts[document])
        tokens = {token - start for token in candidates.tokens(number)}
        shares[number] = max(
            (
                2 * len(tokens.intersection(a.content)) / (len(tokens) + len(a.content))
                for a in articles[document].annotations
                if a.type is not Type.DIRECT
            ),
            default=0.0,
        )
    return shares


def gold_messages(articles: Sequence[AnnotatedArticle], starts: Ints) -> list[list[Message]]:
    """Give each article's annotations as messages with parts, over the tokens of a reading."""
    return [
        _messages_of(article, start)
        for article, start in zip(articles, starts.tolist(), strict=False)
    ]


def _messages_of(article: AnnotatedArticle, start: int) -> list[Message]:
    found = [
        Message([start + token for token in a.content], a.type, parts=parts_of(a, start))
        for a in article.in_reading_order()
    ]
    return nest(found)


def stated(article: AnnotatedArticle) -> list[Labelled]:
    """Give an article's annotations as the measure takes them, without their parts."""
    return [Labelled(frozenset(a.content), a.type, "", {}) for a in article.annotations]


def parts_of(annotation: Annotation, start: int) -> dict[str, list[int]]:
    """Give the parts of an annotation over the tokens of a reading."""
    return {part: [start + token for token in getattr(annotation, part)] for part in PARTS}


def role_labels(owners: Sequence[Message], view: Windows) -> Ints:
    """Label the tokens of windows by the parts of the message whose window it is."""
    labels = np.zeros(len(view.token), np.int64)
    for number, message in enumerate(owners):
        low, high = view.starts[number], view.starts[number + 1]
        held = {part: set(message.parts.get(part, ())) for part in PARTS}
        labels[low:high] = [
            roles.label_of(
                *(token in held[part] for part in ("source", "cue", "frame", "addressee"))
            )
            for token in view.token[low:high].tolist()
        ]
    return labels


def with_gold_parts(
    found: Sequence[Message], article: AnnotatedArticle, start: int
) -> list[Annotation | None]:
    """Give found messages the parts of the annotation they overlap most, and say which it was."""
    matches: list[Annotation | None] = []
    for message in found:
        tokens = {token - start for token in message.tokens}
        match = max(
            article.annotations,
            key=lambda a: (_overlap(tokens, a), a.type == message.type),
            default=None,
        )
        if match is not None and _overlap(tokens, match) < _MATCHING:
            match = None
        message.parts = parts_of(match, start) if match else {part: [] for part in PARTS}
        matches.append(match)
    return matches


_MATCHING = 1 / 3


def _overlap(tokens: set[int], annotation: Annotation) -> float:
    both = len(tokens.intersection(annotation.content))
    return both / (len(tokens) + len(annotation.content) - both)
