"""Trains the stages one after the other, each on what the ones before it say of unseen articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from services.extract.engine.trained import evidence, finder, messages, outline, quotations, roles
from services.extract.engine.trained import medium as medium_
from services.extract.engine.trained.crf import Field
from services.extract.engine.trained.evidence import Evidence, weigh
from services.extract.engine.trained.finder import Fields, Settings, Texts
from services.extract.engine.trained.messages import Message
from services.extract.engine.trained.quotations import describe_quotations
from services.extract.engine.trained.reading import read
from services.extract.engine.trained.roles import describe_windows
from services.extract.engine.trained.windows import PARTS, open_windows, order
from services.extract.engine.types import Type
from training.crf import Factor, Fit, Sequences, train_field
from training.gold import (
    direct_labels,
    evidence_labels,
    gold_messages,
    message_labels,
    role_labels,
    sentence_labels,
    with_gold_parts,
)
from training.lexicon import count_lemmas, is_part

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from services.extract.engine.trained.finder import Features
    from services.extract.engine.trained.vocabulary import Vocabulary
    from training.corpus import AnnotatedArticle
    from training.lexicon import LemmaCounts

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Step = Callable[[str], Callable[[float], None]]

FOLDS = 4


@dataclass(frozen=True, slots=True)
class Recipe:
    """How hard each stage is fitted, and what is decided beforehand about finding."""

    cue: Fit
    message: Fit
    outline: Fit
    quotation: Fit
    role: Fit
    medium: Fit
    settings: Settings


RECIPE = Recipe(
    cue=Fit(1.0, 70),
    message=Fit(1.0, 100),
    outline=Fit(4.0, 100),
    quotation=Fit(1.0, 100, chained=False),
    role=Fit(1.0, 110),
    medium=Fit(2.0, 150, rarest=1, chained=False),
    settings=Settings(
        sentence_share=0.3,
        reluctance=-0.5,
        direct=0.5,
        least={
            "source": 0.35,
            "cue": 0.35,
            "frame": 0.35,
            "addressee": 0.35,
            "likeliest source": 0.12,
        },
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
    return Part(articles, Texts.of(reading, vocabulary, bins), counts)


def unseen(
    articles: Sequence[AnnotatedArticle], vocabulary: Vocabulary, counts: LemmaCounts
) -> Texts:
    """Read articles that `counts` were not made from."""
    reading = read([article.document for article in articles], vocabulary)
    return Texts.of(reading, vocabulary, counts.bins(reading.lemma))


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


def train_message(
    texts: Texts, articles: Sequence[AnnotatedArticle], cues: Floats, fit: Fit,
    progress: Callable[[float], None],
) -> Field:
    """Train the tagger of messages."""
    features = texts.features.joined(weigh(texts.reading, texts.layout, Evidence.of(cues)))
    data = sequences(texts, features, message_labels(articles))
    return train_field(messages.LABELS, data, fit, progress)


def train_outline(
    texts: Texts, articles: Sequence[AnnotatedArticle], cues: Floats, vocabulary: Vocabulary,
    fit: Fit, progress: Callable[[float], None],
) -> Field:
    """Train the tagger of sentences."""
    matrix = outline.pairs(texts.reading, texts.layout, vocabulary, Evidence.of(cues))
    starts = texts.reading.document_sentences
    data = Sequences([Factor(matrix)], sentence_labels(articles), starts[:-1], starts[1:])
    return train_field(outline.LABELS, data, fit, progress)


def train_quotation(
    texts: Texts, articles: Sequence[AnnotatedArticle], labels: Ints, cues: Floats,
    vocabulary: Vocabulary, fit: Fit, progress: Callable[[float], None],
) -> Field:
    """Train the judge of quotations; `labels` are those that unseen messages would get."""
    matrix = describe_quotations(texts.reading, texts.layout, vocabulary, labels, cues[:, 1])
    return train_field(
        quotations.LABELS, rows(matrix, direct_labels(articles, texts.reading)), fit, progress
    )


def rows(matrix: NDArray[np.int32], gold: Ints) -> Sequences:
    """Make every row a sequence of its own."""
    places = np.arange(len(gold))
    return Sequences([Factor(matrix)], gold, places, places + 1)


def train_role(
    scene: roles.Scene, documents: Sequence[Sequence[Message]], fit: Fit,
    progress: Callable[[float], None],
) -> Field:
    """Train the tagger of roles on messages that have their parts; several lists may be joined."""
    candidates = [order(document) for document in documents]
    view = open_windows(scene.reading, scene.layout, candidates)
    matrix = describe_windows(scene, view)
    owners = [c.message for document in candidates for c in document]
    gold = role_labels(owners, view)
    data = Sequences([Factor(matrix)], gold, view.starts[:-1], view.starts[1:])
    return train_field(roles.LABELS, data, fit, progress)


def train_medium(
    texts: Texts, vocabulary: Vocabulary, found: Sequence[tuple[Message, int]], fit: Fit,
    progress: Callable[[float], None],
) -> Field:
    """Train the judge of media on messages with the number of their gold medium."""
    matrix = medium_.describe_media(texts.reading, texts.layout, vocabulary, [m for m, _ in found])
    gold = np.array([number for _, number in found])
    return train_field(medium_.LABELS, rows(matrix, gold), fit, progress)


__all__ = [
    "FOLDS", "PARTS", "RECIPE", "Fields", "Part", "Recipe", "Type", "finder", "gold_messages",
    "part_of", "replace", "sequences", "train_cue", "train_medium", "train_message",
    "train_outline", "train_quotation", "train_role", "unseen", "with_gold_parts",
]
