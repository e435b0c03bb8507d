"""From data folders to a model: every step in its order, each trained on unseen opinions.

A stage that reads what an earlier stage says must learn from what that one says of articles it
was not trained on; so earlier stages are trained once on all articles, for the model, and once
without each fold of them, for the stages after.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from services.extract.engine.trained import evidence, finder, messages, outline
from services.extract.engine.trained import medium as medium_
from services.extract.engine.trained.crf import softmax
from services.extract.engine.trained.evidence import Evidence, weigh
from services.extract.engine.trained.finder import Fields
from services.extract.engine.trained.model import Model, compressed, compressed_network
from services.extract.engine.trained.spans import Opinions, describe_spans
from services.extract.engine.trained.statements import join
from services.extract.engine.trained.vocabulary import Vocabulary
from services.extract.engine.types import Medium
from training import findings as findings_
from training import stages
from training.gold import gold_messages, shares_right, stated, with_gold_parts
from training.stages import Lesson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.extract.engine.trained.arrays import Bools, Floats, Ints
    from services.extract.engine.trained.candidates import Candidates
    from services.extract.engine.trained.crf import Field
    from services.extract.engine.trained.lemmas import Lemmas
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.roles import Scene
    from services.extract.engine.trained.tagger import Tagger
    from training.corpus import AnnotatedArticle, Annotation
    from training.findings import Judged
    from training.project import ProjectArticle
    from training.stages import Part, Recipe


class Steps(Protocol):
    """Shows how far the training is."""

    def __call__(self, name: str, /) -> Callable[[float], None]:
        """Begin a step; the result is told the fraction done."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a model is called."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Material:
    """What a model learns from: annotated articles, those of the project, and words."""

    articles: Sequence[AnnotatedArticle]
    project: Sequence[ProjectArticle]
    tagger: Tagger
    lemmas: Lemmas


def train_model(material: Material, recipe: Recipe, identity: Identity, steps: Steps) -> Model:
    """Train every stage on the articles, the last on those of the project as well."""
    articles, tagger, lemmas = material.articles, material.tagger, material.lemmas
    vocabulary = Vocabulary(tagger, lemmas, {})
    part = stages.part_of(articles, vocabulary)
    cue = stages.train_cue(part, recipe.cue, steps("cues and sources"))
    cues = _cues_of_unseen(part, vocabulary, recipe, steps)
    lesson = Lesson(articles, part.texts, cues)
    message = stages.train_message(lesson, recipe.message, steps("messages"))
    network = stages.train_network_of_messages(lesson, recipe.network, steps("network"))
    of_sentences = stages.train_outline(lesson, vocabulary, recipe.outline, steps("sentences"))
    opinions = _opinions_of_unseen(part, vocabulary, cues, recipe, steps)
    rest = _train_rest(part, vocabulary, opinions, recipe, steps)
    fields = Fields(
        cue,
        message,
        of_sentences,
        rest.quotation,
        rest.span,
        rest.role,
        rest.medium,
        findings_.UNTRAINED,
    )
    small = Fields(*(compressed(getattr(fields, name)) for name in Fields.__dataclass_fields__))
    model = Model(
        identity.name,
        identity.version,
        tagger,
        lemmas,
        part.counts.table(vocabulary),
        small,
        compressed_network(network),
        recipe.settings,
    )
    ours = findings_.of_project(material.project, model)
    judge = findings_.train_findings(rest.findings, ours, recipe.finding, steps("findings"))
    return replace(model, fields=replace(small, finding=compressed(judge)))


def _folds(count: int) -> list[Bools]:
    return [np.arange(count) % stages.FOLDS == fold for fold in range(stages.FOLDS)]


def _cues_of_unseen(part: Part, vocabulary: Vocabulary, recipe: Recipe, steps: Steps) -> Floats:
    articles, reading = part.articles, part.texts.reading
    cues = np.zeros((len(reading), len(evidence.LABELS)), np.float32)
    for number, held_out in enumerate(_folds(len(articles)), 1):
        others = stages.part_of(_chosen(articles, ~held_out), vocabulary)
        field = stages.train_cue(others, recipe.cue, steps(f"cues and sources, fold {number}"))
        texts = stages.unseen(_chosen(articles, held_out), vocabulary, others.counts)
        cues[_tokens_of(part, held_out)] = finder.gather_evidence(field, texts)
    return cues


def _opinions_of_unseen(
    part: Part, vocabulary: Vocabulary, cues: Floats, recipe: Recipe, steps: Steps
) -> Opinions:
    articles, reading = part.articles, part.texts.reading
    tokens = np.zeros((len(reading), len(messages.LABELS)), np.float32)
    sentences = np.zeros((len(reading.sentence_starts), len(outline.LABELS)), np.float32)
    for number, held_out in enumerate(_folds(len(articles)), 1):
        here = _tokens_of(part, held_out)
        others = stages.part_of(_chosen(articles, ~held_out), vocabulary)
        lesson = Lesson(others.articles, others.texts, cues[~here])
        field = stages.train_message(lesson, recipe.message, steps(f"messages, fold {number}"))
        network = stages.train_network_of_messages(
            lesson, recipe.network, steps(f"network, fold {number}")
        )
        of_sentences = stages.train_outline(
            lesson, vocabulary, recipe.outline, steps(f"sentences, fold {number}")
        )
        fresh = stages.unseen(_chosen(articles, held_out), vocabulary, others.counts)
        known = Evidence.of(cues[here])
        features = fresh.features.joined(weigh(fresh.reading, fresh.layout, known))
        tokens[here] = finder.label_messages(field, network, fresh, features)
        sentences[held_out[reading.document]] = finder.label_sentences(
            of_sentences, fresh, vocabulary, known
        )
    mixed = outline.spread(reading, tokens, sentences, recipe.settings.sentence_share)
    return Opinions(cues, tokens, mixed, sentences)


def _chosen(articles: Sequence[AnnotatedArticle], mask: Bools) -> list[AnnotatedArticle]:
    return [articles[i] for i in np.flatnonzero(mask).tolist()]


def _tokens_of(part: Part, documents: Bools) -> Bools:
    return np.repeat(documents, np.diff(part.texts.reading.document_starts))


@dataclass(frozen=True, slots=True)
class _Rest:
    """The stages that read messages, and what is found in unseen articles."""

    quotation: Field
    span: Field
    role: Field
    medium: Field
    findings: Judged


def _train_rest(
    part: Part, vocabulary: Vocabulary, opinions: Opinions, recipe: Recipe, steps: Steps
) -> _Rest:
    texts, articles = part.texts, part.articles
    starts = texts.reading.document_starts
    lesson = Lesson(articles, texts, opinions.cues)
    outer, labels = finder.read_off(recipe.settings, texts.reading, opinions)
    quotation = stages.train_quotation(
        lesson, outer, vocabulary, recipe.quotation, steps("quotations")
    )
    direct = finder.judge_quotations(quotation, texts, vocabulary, outer, opinions)
    span, candidates, chances = _train_span(part, labels, opinions, recipe, steps)
    found = finder.decide(texts.reading, recipe.settings, direct, candidates, chances)
    matches = [
        with_gold_parts(of_document, article, start)
        for of_document, article, start in zip(found, articles, starts.tolist(), strict=False)
    ]
    gold = gold_messages(articles, starts)
    scene = finder.scene_of(texts, vocabulary, opinions.cues)
    role = stages.train_role(scene, [gold, found], recipe.role, steps("roles"))
    media = _media(articles, gold, found, matches)
    medium = stages.train_medium(texts, vocabulary, media, recipe.medium, steps("media"))
    _assign_roles_as_unseen(scene, gold, found, recipe, steps)
    medium_of = {id(message): Medium.NONE for of_document in found for message in of_document}
    joined = join(texts.reading, found, medium_of, [article.hints for article in articles])
    findings = findings_.of_corpus(texts, opinions, joined, [stated(a) for a in articles])
    return _Rest(quotation, span, role, medium, findings)


def _assign_roles_as_unseen(
    scene: Scene,
    gold: Sequence[Sequence[Message]],
    found: Sequence[Sequence[Message]],
    recipe: Recipe,
    steps: Steps,
) -> None:
    """Give found messages, instead of annotated parts, those that others' roles teach to find."""
    fields = []
    folds = _folds(len(found))
    for number, held_out in enumerate(folds, 1):
        others = [_only(documents, ~held_out) for documents in (gold, found)]
        fold = steps(f"roles, fold {number}")
        fields.append(stages.train_role(scene, others, recipe.role, fold))
    for field, held_out in zip(fields, folds, strict=True):
        finder.assign_roles(field, recipe.settings, scene, _only(found, held_out))


def _only(documents: Sequence[Sequence[Message]], mask: Bools) -> list[Sequence[Message]]:
    """Leave documents out, but not their places."""
    return [document if chosen else [] for document, chosen in zip(documents, mask, strict=True)]


def _train_span(
    part: Part, labels: Ints, opinions: Opinions, recipe: Recipe, steps: Steps
) -> tuple[Field, Candidates, Floats]:
    """Train the judge of candidates; the chances are those that it gives to unseen ones."""
    reading, layout = part.texts.reading, part.texts.layout
    candidates = finder.propose_spans(part.texts, labels, opinions)
    matrix = describe_spans(reading, layout, part.texts.hints, opinions, candidates)
    shares = shares_right(part.articles, reading.document_starts, candidates)
    field = stages.train_span(matrix, shares, recipe.span, steps("candidates"))
    chances = np.zeros(len(candidates), np.float32)
    documents = np.searchsorted(reading.document_starts, candidates.start, side="right") - 1
    for number, held_out in enumerate(_folds(len(part.articles)), 1):
        here = held_out[documents]
        fold = steps(f"candidates, fold {number}")
        of_others = stages.train_span(matrix[~here], shares[~here], recipe.span, fold)
        chances[here] = softmax(of_others.scores(matrix[here]))[:, 1]
    return field, candidates, chances


def _media(
    articles: Sequence[AnnotatedArticle],
    gold: Sequence[Sequence[Message]],
    found: Sequence[Sequence[Message]],
    matches: Sequence[Sequence[Annotation | None]],
) -> list[tuple[Message, int]]:
    """Pair messages, annotated and found, with the number of their annotated medium."""
    annotated = [
        (message, medium_.LABELS.index(annotation.medium))
        for article, of_article in zip(articles, gold, strict=True)
        for message, annotation in zip(of_article, article.in_reading_order(), strict=True)
    ]
    matched = [
        (message, medium_.LABELS.index(match.medium))
        for of_article, its_matches in zip(found, matches, strict=True)
        for message, match in zip(of_article, its_matches, strict=True)
        if match is not None
    ]
    return annotated + matched
