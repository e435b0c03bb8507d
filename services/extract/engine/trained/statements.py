"""From documents to statements: the trained finder as the engine calls it."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from services.extract.engine.rules import find_statements as find_hints
from services.extract.engine.trained import finder
from services.extract.engine.trained.findings import (
    describe_findings,
    describe_offset,
    judge_findings,
)
from services.extract.engine.trained.joined import joined, nested
from services.extract.engine.trained.medium import chosen
from services.extract.engine.trained.vocabulary import CAPACITY, Vocabulary
from services.extract.engine.types import Statement, Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.finder import Settings, Texts
    from services.extract.engine.trained.findings import Chances
    from services.extract.engine.trained.joined import Finding
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.model import Model
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.spans import Opinions
    from services.extract.engine.types import Medium, Span, Spans

BATCH_TOKENS = 12_000
"""Documents are read together up to this size: more would only cost memory."""


class TrainedFinder:
    """Finds statements by a model; remembers the words it has met, so that they cost nothing."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._vocabulary = Vocabulary(model.tagger, model.lemmas, model.bins)
        self._lock = Lock()

    @property
    def version(self) -> str:
        """The model's version."""
        return self._model.version

    def find_many(self, documents: Sequence[Document]) -> list[list[Statement]]:
        """Find the statements of each document, in reading order; any text is welcome."""
        found: list[list[Statement]] = [[] for _ in documents]
        for batch in _batches(documents):
            statements = self._find([documents[number] for number in batch])
            for number, of_document in zip(batch, statements, strict=True):
                found[number] = of_document
        return found

    def _find(self, documents: Sequence[Document]) -> list[list[Statement]]:
        """Find in one batch; the vocabulary grows meanwhile, so one thread at a time."""
        with self._lock:
            if self._vocabulary.words.count > CAPACITY:
                self._vocabulary.reset()
            return find_statements(documents, self._model, self._vocabulary)


def _batches(documents: Sequence[Document]) -> Iterator[list[int]]:
    """Group the numbers of documents that hold any token."""
    batch: list[int] = []
    size = 0
    for number, document in enumerate(documents):
        if len(document):
            batch.append(number)
            size += len(document)
        if size >= BATCH_TOKENS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def find_statements(
    documents: Sequence[Document], model: Model, vocabulary: Vocabulary
) -> list[list[Statement]]:
    """Find the statements of documents, none of which is empty."""
    texts, opinions, findings = find(documents, model, vocabulary)
    chances = judge_findings(
        model.fields.finding,
        describe_findings(texts.reading, texts.layout, opinions, findings),
        describe_offset(findings),
    )
    return [nested(kept) for kept in _kept(findings, chances, model.settings)]


def find(
    documents: Sequence[Document], model: Model, vocabulary: Vocabulary
) -> tuple[Texts, Opinions, list[list[Finding]]]:
    """Find what the model and the rules find in documents, none of which is empty."""
    hints = [find_hints(document) for document in documents]
    texts = finder.read_texts(documents, hints, vocabulary)
    opinions = finder.gather_opinions(
        model.fields, model.network, model.settings, texts, vocabulary
    )
    found = finder.find_messages(model.fields, model.settings, texts, vocabulary, opinions)
    scene = finder.scene_of(texts, vocabulary, opinions.cues)
    finder.assign_roles(model.fields.role, model.settings, scene, found)
    messages = [message for of_document in found for message in of_document]
    media = chosen(finder.judge_media(model.fields.medium, texts, vocabulary, messages))
    medium_of = {id(message): medium for message, medium in zip(messages, media, strict=True)}
    return texts, opinions, join(texts.reading, found, medium_of, hints)


def join(
    reading: Reading,
    found: Sequence[Sequence[Message]],
    medium_of: Mapping[int, Medium],
    hints: Sequence[Sequence[Statement]],
) -> list[list[Finding]]:
    """Join, document by document, the model's messages with what the rules found.

    `medium_of` gives the medium of a message by its identity.
    """
    starts = reading.document_starts.tolist()
    return [
        joined(_statements(document, start, of_document, medium_of), by_rules)
        for document, start, of_document, by_rules in zip(
            reading.documents, starts, found, hints, strict=False
        )
    ]


def _kept(
    findings: Sequence[Sequence[Finding]], chances: Chances, settings: Settings
) -> Iterator[list[Statement]]:
    """Keep what one of the two kinds of annotators would; confidence is the corpus's chance."""
    judged = iter(zip(chances.corpus.tolist(), chances.project.tolist(), strict=True))
    for of_document in findings:
        yield [
            replace(finding.statement, confidence=round(corpus, 4))
            for finding, (corpus, project) in zip(of_document, judged, strict=False)
            if corpus >= settings.finding["corpus"] or project >= settings.finding["project"]
        ]


def _statements(
    document: Document, start: int, messages: Sequence[Message], medium_of: Mapping[int, Medium]
) -> list[Statement]:
    return [
        Statement(
            content=_spans(document, start, _said(document, start, message)),
            type=message.type,
            medium=medium_of[id(message)],
            confidence=message.certainty,
            parent=None,
            **{part: _spans(document, start, tokens) for part, tokens in message.parts.items()},
        )
        for message in messages
    ]


def _said(document: Document, start: int, message: Message) -> Sequence[int]:
    """Give the message's tokens; what is told indirectly does not hold the sentence's full stop."""
    tokens = message.tokens
    stops = len(tokens) > 1 and document.words[tokens[-1] - start] == "."
    return tokens[:-1] if stops and message.type is Type.INDIRECT else tokens


def _spans(document: Document, start: int, tokens: Sequence[int]) -> Spans:
    """Give the code points of tokens, neighbours joined."""
    spans: list[Span] = []
    run: list[int] = []
    for token in tokens:
        if run and token != run[-1] + 1:
            spans.append(document.span(run[0] - start, run[-1] + 1 - start))
            run = []
        run.append(token)
    if run:
        spans.append(document.span(run[0] - start, run[-1] + 1 - start))
    return tuple(spans)
