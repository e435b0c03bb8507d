"""The stages of finding statements, from documents to messages with their parts.

Each stage is a function of what the ones before it found, so that training runs the very same
ones on articles that a stage's own model has not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import messages as messages_
from services.extract.engine.trained import outline, roles
from services.extract.engine.trained.assembly import assemble
from services.extract.engine.trained.candidates import RELUCTANCES, by_document, choose, propose
from services.extract.engine.trained.crf import Field, softmax
from services.extract.engine.trained.evidence import Evidence, weigh
from services.extract.engine.trained.features import Features, describe
from services.extract.engine.trained.hints import Hints, consider
from services.extract.engine.trained.layout import Bins, Layout, lay_out
from services.extract.engine.trained.medium import describe_media
from services.extract.engine.trained.network import Tokens, agreed
from services.extract.engine.trained.quotations import Setting, describe_quotations
from services.extract.engine.trained.reading import Reading, read
from services.extract.engine.trained.roles import Phrases, Scene, describe_windows
from services.extract.engine.trained.spans import Opinions, describe_spans
from services.extract.engine.trained.windows import Candidate, open_windows, order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Floats, Ints
    from services.extract.engine.trained.candidates import Candidates
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.network import Network
    from services.extract.engine.trained.vocabulary import Vocabulary
    from services.extract.engine.types import Statement


@dataclass(frozen=True, slots=True)
class Fields:
    """The trained model of each stage."""

    cue: Field
    message: Field
    outline: Field
    quotation: Field
    span: Field
    role: Field
    medium: Field
    finding: Field


@dataclass(frozen=True, slots=True)
class Settings:
    """What was tuned on the development split.

    `sentence_share` is how much sentences have to say beside tokens, `reluctance` what is added
    to the log probability of being outside any message where quotations are judged by what is
    around them, `direct` the least probability of direct speech, `message` that of messages of
    the other types, `least` that of a token being part of a source, a cue, ...; `finding` is the
    least chance that annotators of the "corpus" or of the "project" keep what was found.
    """

    sentence_share: float
    reluctance: float
    direct: float
    message: Mapping[str, float]
    least: Mapping[str, float]
    finding: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Texts:
    """Documents that were read, and what was worked out about their tokens."""

    reading: Reading
    layout: Layout
    hints: Hints
    features: Features

    @staticmethod
    def of(reading: Reading, vocabulary: Vocabulary, bins: Bins, hints: Hints) -> Texts:
        """Lay the reading out and describe it."""
        layout = lay_out(reading, vocabulary, bins)
        features = describe(reading, layout, vocabulary)
        return Texts(reading, layout, hints, features.joined(consider(reading, layout, hints)))


def read_texts(
    documents: Sequence[Document], hints: Sequence[Sequence[Statement]], vocabulary: Vocabulary
) -> Texts:
    """Read documents, none of which is empty; `hints` are what the rules find in each."""
    reading = read(documents, vocabulary)
    bins = Bins.of(reading, vocabulary)
    return Texts.of(reading, vocabulary, bins, Hints.of(reading, hints))


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


def label_messages(field: Field, network: Network, texts: Texts, features: Features) -> Floats:
    """Give the probability of each label of messages at each token: what field and network say."""
    return agreed(label_tokens(field, texts, features), network.odds(tokens_of(texts, features)))


def tokens_of(texts: Texts, features: Features) -> Tokens:
    """Put features and what they belong to together, as the network takes them."""
    reading = texts.reading
    document = reading.document[reading.sentence]
    return Tokens(features, texts.layout.segments.of, reading.sentence, document)


def gather_opinions(
    fields: Fields, network: Network, settings: Settings, texts: Texts, vocabulary: Vocabulary
) -> Opinions:
    """Ask all taggers about documents."""
    cues = gather_evidence(fields.cue, texts)
    evidence = Evidence.of(cues)
    features = texts.features.joined(weigh(texts.reading, texts.layout, evidence))
    tokens = label_messages(fields.message, network, texts, features)
    sentences = label_sentences(fields.outline, texts, vocabulary, evidence)
    mixed = outline.spread(texts.reading, tokens, sentences, settings.sentence_share)
    return Opinions(cues, tokens, mixed, sentences)


def find_messages(
    fields: Fields, settings: Settings, texts: Texts, vocabulary: Vocabulary, opinions: Opinions
) -> list[list[Message]]:
    """Find the messages of each document, those inside others too, without their parts."""
    outer, labels = read_off(settings, texts.reading, opinions)
    direct = judge_quotations(fields.quotation, texts, vocabulary, outer, opinions)
    candidates = propose_spans(texts, labels, opinions)
    chances = judge_spans(fields.span, texts, opinions, candidates)
    return decide(texts.reading, settings, direct, candidates, chances)


def read_off(settings: Settings, reading: Reading, opinions: Opinions) -> tuple[Ints, Ints]:
    """Read labels off: those around quotations, and those with each of RELUCTANCES."""
    starts = reading.document_starts
    reluctances = (settings.reluctance, *RELUCTANCES)
    labels = messages_.best_labels(opinions.mixed, reluctances, starts[:-1], starts[1:])
    return labels[0], labels[1:]


def propose_spans(texts: Texts, labels: Ints, opinions: Opinions) -> Candidates:
    """Propose what may be messages, by labels with each of RELUCTANCES and by the rules."""
    return propose(texts.reading, texts.layout.segments, texts.hints, labels, opinions.sentences)


def judge_spans(field: Field, texts: Texts, opinions: Opinions, candidates: Candidates) -> Floats:
    """Give the probability that each candidate is a message."""
    if not len(candidates):
        return np.zeros(0, np.float32)
    matrix = describe_spans(texts.reading, texts.layout, texts.hints, opinions, candidates)
    return softmax(field.scores(matrix))[:, 1]


def decide(
    reading: Reading, settings: Settings, direct: Floats, candidates: Candidates, chances: Floats
) -> list[list[Message]]:
    """Decide on quotations and candidates by their probabilities; messages by document."""
    chosen = choose(candidates, chances, settings.message, len(reading))
    found = []
    bounds = np.searchsorted(reading.quotes[:, 0], reading.document_starts)
    for messages, (low, high) in zip(
        by_document(reading, chosen), pairwise(bounds.tolist()), strict=True
    ):
        quotes = [
            (int(start), int(end), float(chance))
            for (start, end), chance in zip(reading.quotes[low:high], direct[low:high], strict=True)
        ]
        found.append(assemble(messages, quotes, settings.direct))
    return found


def judge_quotations(
    field: Field, texts: Texts, vocabulary: Vocabulary, outer: Ints, opinions: Opinions
) -> Floats:
    """Give the probability that each quotation is direct speech; `outer` labels what is around."""
    reading = texts.reading
    if not len(reading.quotes):
        return np.zeros(0, np.float32)
    matrix = describe_quotations(
        Setting(reading, texts.layout, texts.hints), vocabulary, outer, opinions.cues[:, 1]
    )
    return softmax(field.scores(matrix))[:, 1]


def scene_of(texts: Texts, vocabulary: Vocabulary, cues: Floats) -> Scene:
    """Set the scene in which roles are assigned."""
    phrases = Phrases.of(texts.reading, vocabulary)
    evidence = Evidence.of(cues)
    return Scene(texts.reading, texts.layout, texts.hints, vocabulary, evidence, phrases)


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
    view = open_windows(scene.reading, scene.layout, scene.hints, documents)
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
