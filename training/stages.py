"""Trains the stages one after the other, each on what the ones before it say of unseen articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import evidence, messages, outline, quotations, roles, spans
from services.extract.engine.trained import medium as medium_
from services.extract.engine.trained.evidence import Evidence, weigh
from services.extract.engine.trained.finder import Settings, Texts, tokens_of
from services.extract.engine.trained.hints import Hints
from services.extract.engine.trained.reading import read
from services.extract.engine.trained.roles import describe_windows
from services.extract.engine.trained.windows import open_windows, order
from training.crf import Factor, Fit, Sequences, train_field
from training.gold import (
    evidence_labels,
    message_labels,
    role_labels,
    sentence_labels,
)
from training.lexicon import count_lemmas, is_part
from training.network import NetworkRecipe, Targets, train_network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.extract.engine.trained.arrays import Column, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.crf import Field
    from services.extract.engine.trained.features import Features
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.network import Network
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.vocabulary import Vocabulary
    from training.corpus import AnnotatedArticle
    from training.lexicon import LemmaCounts


FOLDS = 4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How hard each stage is fitted, and what is decided beforehand about finding."""

    cue: Fit
    message: Fit
    network: NetworkRecipe
    outline: Fit
    quotation: Fit
    span: Fit
    role: Fit
    medium: Fit
    finding: Fit
    settings: Settings


RECIPE = Recipe(
    cue=Fit(2.0, 70),
    message=Fit(3.0, 100),
    network=NetworkRecipe(),
    outline=Fit(4.0, 100),
    quotation=Fit(1.0, 100, chained=False),
    span=Fit(200.0, 150, rarest=8, chained=False),
    role=Fit(3.0, 110),
    medium=Fit(2.0, 150, rarest=1, chained=False),
    finding=Fit(150.0, 150, rarest=6, chained=False),
    settings=Settings(
        sentence_share=0.3,
        reluctance=-0.5,
        direct=0.5,
        message={
            "indirect": 0.38,
            "reported": 0.34,
            "free_indirect": 0.38,
            "indirect_free_indirect": 0.38,
        },
        least={
            "source": 0.35,
            "cue": 0.35,
            "frame": 0.35,
            "addressee": 0.35,
            "likeliest source": 0.12,
        },
        finding={"corpus": 0.35, "project": 0.5},
    ),
)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the training articles, read and laid out, with the counts their bins come from."""

    articles: Sequence[AnnotatedArticle]
    texts: Texts
    counts: LemmaCounts


def part_of(articles: Sequence[AnnotatedArticle], vocabulary: Vocabulary) -> Part:
    """Read articles that are trained on: their bins leave each token's own annotation out."""
    reading = read([article.document for article in articles], vocabulary)
    counts = count_lemmas(reading, articles, vocabulary.lemmas.count)
    starts = reading.document_starts
    bins = counts.bins_leaving_one_out(
        reading.lemma, is_part(articles, starts, "cue"), is_part(articles, starts, "source")
    )
    return Part(articles, Texts.of(reading, vocabulary, bins, hints_of(reading, articles)), counts)


def hints_of(reading: Reading, articles: Sequence[AnnotatedArticle]) -> Hints:
    """Bring what the rules find in articles to the tokens of their reading."""
    return Hints.of(reading, [article.hints for article in articles])


def unseen(
    articles: Sequence[AnnotatedArticle], vocabulary: Vocabulary, counts: LemmaCounts
) -> Texts:
    """Read articles that `counts` were not made from."""
    reading = read([article.document for article in articles], vocabulary)
    bins = counts.bins(reading.lemma)
    return Texts.of(reading, vocabulary, bins, hints_of(reading, articles))


def sequences(texts: Texts, features: Features, gold: Ints) -> Sequences:
    """Put documents and gold labels together."""
    starts = texts.reading.document_starts
    factors = [
        Factor(features.tokens),
        Factor(features.segments, texts.layout.segments.of),
        Factor(features.sentences, texts.reading.sentence),
    ]
    return Sequences(factors, gold, starts[:-1], starts[1:])


def train_cue(part: Part, fit: Fit, progress: Callable[[float], None]) -> Field:
    """Train the first tagger, of cues and sources."""
    data = sequences(part.texts, part.texts.features, evidence_labels(part.articles))
    return train_field(evidence.LABELS, data, fit, progress)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Articles, what is known about their tokens, and what unseen cues would be thought."""

    articles: Sequence[AnnotatedArticle]
    texts: Texts
    cues: Floats


def train_message(lesson: Lesson, fit: Fit, progress: Callable[[float], None]) -> Field:
    """Train the tagger of messages."""
    texts = lesson.texts
    evidence_ = weigh(texts.reading, texts.layout, Evidence.of(lesson.cues))
    data = sequences(texts, texts.features.joined(evidence_), message_labels(lesson.articles))
    return train_field(messages.LABELS, data, fit, progress)


def train_network_of_messages(
    lesson: Lesson, recipe: NetworkRecipe, progress: Callable[[float], None]
) -> Network:
    """Train the network beside the tagger of messages; cues and sources are its second task."""
    texts = lesson.texts
    evidence_ = weigh(texts.reading, texts.layout, Evidence.of(lesson.cues))
    tokens = tokens_of(texts, texts.features.joined(evidence_))
    gold, side_gold = message_labels(lesson.articles), evidence_labels(lesson.articles)
    targets = Targets(messages.LABELS, gold, evidence.LABELS, side_gold)
    return train_network(tokens, targets, recipe, progress)


def train_outline(
    lesson: Lesson, vocabulary: Vocabulary, fit: Fit, progress: Callable[[float], None]
) -> Field:
    """Train the tagger of sentences."""
    texts = lesson.texts
    matrix = outline.pairs(texts.reading, texts.layout, vocabulary, Evidence.of(lesson.cues))
    starts = texts.reading.document_sentences
    gold = sentence_labels(lesson.articles)
    data = Sequences([Factor(matrix)], gold, starts[:-1], starts[1:])
    return train_field(outline.LABELS, data, fit, progress)


def train_quotation(
    matrix: SlotMatrix, gold: Ints, fit: Fit, progress: Callable[[float], None]
) -> Field:
    """Train the judge of quotations, each of which is direct speech or is not."""
    return train_field(quotations.LABELS, rows(matrix, gold), fit, progress)


def train_span(
    matrix: SlotMatrix, share: Column, fit: Fit, progress: Callable[[float], None]
) -> Field:
    """Train the judge of candidates, each of which is right by some share.

    A candidate is learnt from `_TIMES` times, as a message in that share of them.
    """
    right = np.round(share * _TIMES).astype(np.int64)
    gold = (np.tile(np.arange(_TIMES), len(share)) < np.repeat(right, _TIMES)).astype(np.int64)
    return train_field(spans.LABELS, rows(np.repeat(matrix, _TIMES, axis=0), gold), fit, progress)


_TIMES = 4


def rows(matrix: SlotMatrix, gold: Ints) -> Sequences:
    """Make every row a sequence of its own."""
    places = np.arange(len(gold))
    return Sequences([Factor(matrix)], gold, places, places + 1)


def train_role(
    scene: roles.Scene,
    groups: Sequence[Sequence[Sequence[Message]]],
    fit: Fit,
    progress: Callable[[float], None],
) -> Field:
    """Train the tagger of roles on messages that have their parts.

    Each of `groups` holds messages by document, annotated or found; those of one group are
    neighbours, those of another are not.
    """
    views, gold = [], []
    for documents in groups:
        candidates = [order(document) for document in documents]
        views.append(open_windows(scene.reading, scene.layout, scene.hints, candidates))
        owners = [c.message for document in candidates for c in document]
        gold.append(role_labels(owners, views[-1]))
    offsets = np.cumsum([0, *(len(view.token) for view in views)])
    bounds = np.concatenate([view.starts[:-1] + o for view, o in zip(views, offsets, strict=False)])
    ends = np.concatenate([view.starts[1:] + o for view, o in zip(views, offsets, strict=False)])
    matrix = np.concatenate([describe_windows(scene, view) for view in views])
    data = Sequences([Factor(matrix)], np.concatenate(gold), bounds, ends)
    return train_field(roles.LABELS, data, fit, progress)


def train_medium(
    texts: Texts,
    vocabulary: Vocabulary,
    found: Sequence[tuple[Message, int]],
    fit: Fit,
    progress: Callable[[float], None],
) -> Field:
    """Train the judge of media on messages with the number of their gold medium."""
    matrix = medium_.describe_media(texts.reading, texts.layout, vocabulary, [m for m, _ in found])
    gold = np.array([number for _, number in found])
    return train_field(medium_.LABELS, rows(matrix, gold), fit, progress)
