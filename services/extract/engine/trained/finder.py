"""The stages of finding statements, from documents to messages with their parts.

Each stage is a function of what the ones before it found, so that training runs the very same
ones on articles that a stage's own model has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import evidence as evidence_
from services.extract.engine.trained import messages as messages_
from services.extract.engine.trained import outline, roles
from services.extract.engine.trained.assembly import assemble
from services.extract.engine.trained.crf import Field, softmax
from services.extract.engine.trained.evidence import Evidence, weigh
from services.extract.engine.trained.features import Features, describe
from services.extract.engine.trained.layout import Bins, Layout, lay_out
from services.extract.engine.trained.medium import describe_media
from services.extract.engine.trained.quotations import describe_quotations
from services.extract.engine.trained.reading import Reading, read
from services.extract.engine.trained.roles import Phrases, Scene, describe_windows
from services.extract.engine.trained.windows import Candidate, open_windows, order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Floats, Ints
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Fields:
    """The trained model of each stage."""

    cue: Field
    message: Field
    outline: Field
    quotation: Field
    role: Field
    medium: Field


@dataclass(frozen=True, slots=True)
class Settings:
    """What was tuned on the development split.

    `sentence_share` is how much sentences have to say beside tokens, `reluctance` what is added
    to the log probability of being outside any message, `direct` the least probability of direct
    speech, `least` that of a token being part of a source, a cue, ...
    """

    sentence_share: float
    reluctance: float
    direct: float
    least: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents that were read, and what was worked out about their tokens."""

    reading: Reading
    layout: Layout
    features: Features

    @staticmethod
    def of(reading: Reading, vocabulary: Vocabulary, bins: Bins) -> Texts:
        """Lay the reading out and describe it."""
        layout = lay_out(reading, vocabulary, bins)
        return Texts(reading, layout, describe(reading, layout, vocabulary))


def read_texts(documents: Sequence[Document], vocabulary: Vocabulary) -> Texts:
    """Read documents, none of which is empty."""
    reading = read(documents, vocabulary)
    return Texts.of(reading, vocabulary, Bins.of(reading, vocabulary))


def label_tokens(field: Field, texts: Texts, features: Features) -> Floats:
    """Give the probability of each label at each token; a document is a sequence."""
    scores = field.scores(features.tokens)
    scores += field.scores(features.segments)[texts.layout.segments.of]
    scores += field.scores(features.sentences)[texts.reading.sentence]
    starts = texts.reading.document_starts
    return field.marginals(scores, starts[:-1], starts[1:])


def gather_evidence(field: Field, texts: Texts) -> Floats:
    """Give the probability that each token is part of a cue, a source, ..."""
    return label_tokens(field, texts, texts.features)


def label_sentences(
    field: Field, texts: Texts, vocabulary: Vocabulary, evidence: Evidence
) -> Floats:
    """Give the probability that each sentence belongs to a message of some type."""
    matrix = outline.pairs(texts.reading, texts.layout, vocabulary, evidence)
    starts = texts.reading.document_sentences
    return field.marginals(field.scores(matrix), starts[:-1], starts[1:])


def find_messages(
    fields: Fields, settings: Settings, texts: Texts, vocabulary: Vocabulary, cues: Floats
) -> list[list[Message]]:
    """Find the messages of each document, those inside others too, without their parts."""
    evidence = Evidence.of(cues)
    features = texts.features.joined(weigh(texts.reading, texts.layout, evidence))
    odds = label_tokens(fields.message, texts, features)
    sentences = label_sentences(fields.outline, texts, vocabulary, evidence)
    return decode_messages(fields.quotation, settings, texts, vocabulary, (odds, sentences, cues))


def decode_messages(
    quotation: Field,
    settings: Settings,
    texts: Texts,
    vocabulary: Vocabulary,
    opinions: tuple[Floats, Floats, Floats],
) -> list[list[Message]]:
    """Decide on messages by what was said of tokens, of sentences, and of cues."""
    odds, sentences, cues = opinions
    reading = texts.reading
    mixed = outline.spread(reading, odds, sentences, settings.sentence_share)
    starts = reading.document_starts
    labels = messages_.best_labels(mixed, settings.reluctance, starts[:-1], starts[1:])
    direct = judge_quotations(quotation, texts, vocabulary, labels, cues)
    found = []
    for start, end in pairwise(starts.tolist()):
        decoded = messages_.decode(labels[start:end].tolist(), start)
        for message in decoded:
            message.certainty = certainty(mixed, message)
        own = np.flatnonzero((reading.quotes[:, 0] >= start) & (reading.quotes[:, 0] < end))
        quotes = [(*reading.quotes[i].tolist(), float(direct[i])) for i in own]
        found.append(assemble(decoded, quotes, settings.direct))
    return found


def certainty(odds: Floats, message: Message) -> float:
    """Give the mean probability of being in a message of this type, over its tokens."""
    label = messages_.begins(message.type)
    return float(odds[message.tokens, label : label + 2].sum(1).mean())


def judge_quotations(
    field: Field, texts: Texts, vocabulary: Vocabulary, labels: Ints, cues: Floats
) -> Floats:
    """Give the probability that each quotation is direct speech."""
    if not len(texts.reading.quotes):
        return np.zeros(0, np.float32)
    matrix = describe_quotations(texts.reading, texts.layout, vocabulary, labels, cues[:, 1])
    return softmax(field.scores(matrix))[:, 1]


def scene_of(texts: Texts, vocabulary: Vocabulary, cues: Floats) -> Scene:
    """Set the scene in which roles are assigned."""
    phrases = Phrases.of(texts.reading, vocabulary)
    return Scene(texts.reading, texts.layout, vocabulary, Evidence.of(cues), phrases)


def assign_roles(
    field: Field, settings: Settings, scene: Scene, documents: Sequence[Sequence[Message]]
) -> None:
    """Give every message its parts, in two rounds: the second knows those of its neighbours."""
    for message in (message for messages in documents for message in messages):
        message.parts = {}
    for _ in range(2):
        candidates = [order(messages) for messages in documents]
        _assign_once(field, settings, scene, candidates)


def _assign_once(
    field: Field, settings: Settings, scene: Scene, documents: Sequence[Sequence[Candidate]]
) -> None:
    view = open_windows(scene.reading, scene.layout, documents)
    if not len(view.token):
        return
    scores = field.scores(describe_windows(scene, view))
    odds = field.marginals(scores, view.starts[:-1], view.starts[1:])
    messages = [candidate.message for candidates in documents for candidate in candidates]
    for message, (start, end) in zip(messages, pairwise(view.starts.tolist()), strict=True):
        roles.assign(message, int(view.token[start]), odds[start:end], settings.least)


def judge_media(
    field: Field, texts: Texts, vocabulary: Vocabulary, messages: Sequence[Message]
) -> Floats:
    """Give the probability of each medium for each message."""
    if not messages:
        return np.zeros((0, len(field.labels)), np.float32)
    matrix = describe_media(texts.reading, texts.layout, vocabulary, messages)
    return softmax(field.scores(matrix))


EVIDENCE_LABELS = evidence_.LABELS
