"""From data folders to a model: every step in its order, each trained on unseen opinions.

A stage that reads what an earlier stage says must learn from what that one says of articles it
was not trained on; so earlier stages are trained once on all articles, for the model, and once
without each fold of them, for the stages after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from services.extract.engine.trained import evidence, finder, messages, outline
from services.extract.engine.trained import medium as medium_
from services.extract.engine.trained.crf import softmax
from services.extract.engine.trained.evidence import Evidence, weigh
from services.extract.engine.trained.finder import Fields
from services.extract.engine.trained.model import Model, compressed, compressed_network
from services.extract.engine.trained.quotations import Setting, describe_quotations
from services.extract.engine.trained.spans import Opinions, describe_spans
from services.extract.engine.trained.statements import join
from services.extract.engine.trained.vocabulary import Vocabulary
from services.extract.engine.types import Medium
from training import stages
from training.findings import of_corpus, of_project, train_findings
from training.gold import direct_labels, gold_messages, shares_right, stated, with_gold_parts
from training.stages import Lesson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from services.extract.engine.trained.arrays import Bools, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.candidates import Candidates
    from services.extract.engine.trained.crf import Field
    from services.extract.engine.trained.finder import Texts
    from services.extract.engine.trained.joined import Finding
    from services.extract.engine.trained.lemmas import Lemmas
    from services.extract.engine.trained.messages import Message
    from services.extract.engine.trained.reading import Reading
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
    """Train every stage on the articles of the corpus and of the project."""
    articles = [*material.articles, *(article.annotated for article in material.project)]
    vocabulary = Vocabulary(material.tagger, material.lemmas, {})
    part = stages.part_of(articles, vocabulary)
    cue = stages.train_cue(part, recipe.cue, steps("cues and sources"))
    cues = _cues_of_unseen(part, vocabulary, recipe, steps)
    lesson = Lesson(articles, part.texts, cues)
    message = stages.train_message(lesson, recipe.message, steps("messages"))
    network = stages.train_network_of_messages(lesson, recipe.network, steps("network"))
    of_sentences = stages.train_outline(lesson, vocabulary, recipe.outline, steps("sentences"))
    opinions = _opinions_of_unseen(part, vocabulary, cues, recipe, steps)
    rest = _train_rest(part, vocabulary, opinions, recipe, steps)
    corpus, project = _judged(material, part.texts, opinions, rest.joined)
    finding = train_findings(corpus, project, recipe.finding, steps("findings"))
    fields = (cue, message, of_sentences, rest.quotation, rest.span, rest.role, rest.medium)
    return Model(
        identity.name,
        identity.version,
        material.tagger,
        material.lemmas,
        part.counts.table(vocabulary),
        Fields(*(compressed(field) for field in (*fields, finding))),
        compressed_network(network),
        recipe.settings,
    )


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
    joined: Sequence[Sequence[Finding]]


def _train_rest(
    part: Part, vocabulary: Vocabulary, opinions: Opinions, recipe: Recipe, steps: Steps
) -> _Rest:
    texts, articles = part.texts, part.articles
    starts = texts.reading.document_starts
    outer, labels = finder.read_off(recipe.settings, texts.reading, opinions)
    lesson = Lesson(articles, texts, opinions.cues)
    quotation, direct = _train_quotation(lesson, vocabulary, outer, recipe, steps)
    span, candidates, chances = _train_span(part, labels, opinions, recipe, steps)
    found = finder.decide(texts.reading, recipe.settings, direct, candidates, chances)
    matches = [
        with_gold_parts(of_document, article, start)
        for of_document, article, start in zip(found, articles, starts.tolist(), strict=False)
    ]
    gold = gold_messages(articles, starts)
    scene = finder.scene_of(texts, vocabulary, opinions.cues)
    complete = np.array([article.complete for article in articles])
    groups = [_only(gold, complete), _only(found, complete)]
    role = stages.train_role(scene, groups, recipe.role, steps("roles"))
    media = _media(articles, gold, found, matches)
    medium = stages.train_medium(texts, vocabulary, media, recipe.medium, steps("media"))
    _assign_roles_as_unseen(scene, groups, found, recipe, steps)
    medium_of = {id(message): Medium.NONE for of_document in found for message in of_document}
    joined = join(texts.reading, found, medium_of, [article.hints for article in articles])
    return _Rest(quotation, span, role, medium, joined)


def _judged(
    material: Material,
    texts: Texts,
    opinions: Opinions,
    joined: Sequence[Sequence[Finding]],
) -> tuple[Judged, Judged]:
    """Describe to the judge what is found in the corpus's articles, and in the project's."""
    count = len(material.articles)
    before, behind = [()] * count, [()] * len(material.project)
    theirs = [stated(article) for article in material.articles]
    ours = [article.recorded for article in material.project]
    return (
        of_corpus(texts, opinions, [*joined[:count], *behind], [*theirs, *behind]),
        of_project(texts, opinions, [*before, *joined[count:]], [*before, *ours]),
    )


def _assign_roles_as_unseen(
    scene: Scene,
    groups: Sequence[Sequence[Sequence[Message]]],
    found: Sequence[Sequence[Message]],
    recipe: Recipe,
    steps: Steps,
) -> None:
    """Give found messages, instead of annotated parts, those that others' roles teach to find.

    `groups` teach, as in `train_role`.
    """
    fields = []
    folds = _folds(len(found))
    for number, held_out in enumerate(folds, 1):
        others = [_only(documents, ~held_out) for documents in groups]
        fold = steps(f"roles, fold {number}")
        fields.append(stages.train_role(scene, others, recipe.role, fold))
    for field, held_out in zip(fields, folds, strict=True):
        finder.assign_roles(field, recipe.settings, scene, _only(found, held_out))


def _only(documents: Sequence[Sequence[Message]], mask: Bools) -> list[Sequence[Message]]:
    """Leave documents out, but not their places."""
    return [document if chosen else [] for document, chosen in zip(documents, mask, strict=True)]


def _train_quotation(
    lesson: Lesson, vocabulary: Vocabulary, outer: Ints, recipe: Recipe, steps: Steps
) -> tuple[Field, Floats]:
    """Train the judge of quotations; the chances are those that it gives to unseen ones."""
    texts = lesson.texts
    setting = Setting(texts.reading, texts.layout, texts.hints)
    matrix = describe_quotations(setting, vocabulary, outer, lesson.cues[:, 1])
    gold = direct_labels(lesson.articles, texts.reading)

    def train(chosen: Bools, progress: Callable[[float], None]) -> Field:
        return stages.train_quotation(matrix[chosen], gold[chosen], recipe.quotation, progress)

    documents = _documents_of(texts.reading, texts.reading.quotes[:, 0])
    return _judge(train, matrix, documents, steps, "quotations")


def _train_span(
    part: Part, labels: Ints, opinions: Opinions, recipe: Recipe, steps: Steps
) -> tuple[Field, Candidates, Floats]:
    """Train the judge of candidates; the chances are those that it gives to unseen ones."""
    reading, layout = part.texts.reading, part.texts.layout
    candidates = finder.propose_spans(part.texts, labels, opinions)
    matrix = describe_spans(reading, layout, part.texts.hints, opinions, candidates)
    shares = shares_right(part.articles, reading.document_starts, candidates)

    def train(chosen: Bools, progress: Callable[[float], None]) -> Field:
        return stages.train_span(matrix[chosen], shares[chosen], recipe.span, progress)

    documents = _documents_of(reading, candidates.start)
    field, chances = _judge(train, matrix, documents, steps, "candidates")
    return field, candidates, chances


def _documents_of(reading: Reading, tokens: Ints) -> Ints:
    """Give the number of the document that each token lies in."""
    return np.searchsorted(reading.document_starts, tokens, side="right") - 1


def _judge(
    train: Callable[[Bools, Callable[[float], None]], Field],
    matrix: SlotMatrix,
    documents: Ints,
    steps: Steps,
    name: str,
) -> tuple[Field, Floats]:
    """Train on all rows, and ask about the rows of each fold of documents who learnt without it."""
    field = train(np.ones(len(matrix), bool), steps(name))
    chances = np.zeros(len(matrix), np.float32)
    for number in range(stages.FOLDS):
        here = documents % stages.FOLDS == number
        of_others = train(~here, steps(f"{name}, fold {number + 1}"))
        chances[here] = softmax(of_others.scores(matrix[here]))[:, 1]
    return field, chances


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
        if article.complete
        for message, annotation in zip(of_article, article.in_reading_order(), strict=True)
    ]
    matched = [
        (message, medium_.LABELS.index(match.medium))
        for article, of_article, its_matches in zip(articles, found, matches, strict=True)
        if article.complete
        for message, match in zip(of_article, its_matches, strict=True)
        if match is not None
    ]
    return annotated + matched
