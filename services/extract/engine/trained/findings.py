"""Findings: what is known about a statement of the rules, the model or both, to judge it by.

What only one of the two finds is right more seldom than what both find, and the rules' is right
for some verbs and not for others. So each finding is judged as a whole, by a model that learnt
from two sets of articles: the corpus, and those written for the project. Their annotators drew
the line differently, for the corpus leaves out many reported statements that a record wants; so
the judge tells how likely it is that either would have kept the finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from services.extract.engine.trained.crf import softmax
from services.extract.engine.trained.hashing import Slots
from services.extract.engine.trained.joined import length
from services.extract.engine.trained.messages import NOTHING, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.text import Document
    from services.extract.engine.trained.arrays import Column, Floats, Ints, SlotMatrix
    from services.extract.engine.trained.crf import Field
    from services.extract.engine.trained.joined import Finding
    from services.extract.engine.trained.layout import Layout
    from services.extract.engine.trained.reading import Reading
    from services.extract.engine.trained.spans import Opinions
    from services.extract.engine.types import Spans, Statement

LABELS = ("left out", "kept")

_STEPS = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97])
_SIZES = np.array([1, 2, 3, 5, 8, 12, 20, 35])
_NONE: Final = 99
_ALONE: Final = 10
_INSIDE: Final = 10
_TAGS: Final = np.uint32(100)
_TELLING: Final = (
    "cue lemma",
    "cue size",
    "cue distance",
    "size",
    "finite",
    "opens",
    "closes",
    "quoted",
    "first tag",
    "tag in front",
    "tag behind",
)
"""Forms that mean something else where only the rules or only the model found it."""


class Chances(NamedTuple):
    """How likely it is that annotators of the corpus, of the project, keep each finding."""

    corpus: Floats
    project: Floats


def judge_findings(field: Field, described: SlotMatrix, offset: SlotMatrix) -> Chances:
    """Judge findings by what `describe_findings` and `describe_offset` say of them."""
    if not len(described):
        return Chances(np.zeros(0, np.float32), np.zeros(0, np.float32))
    scores = field.scores(described)
    return Chances(softmax(scores)[:, 1], softmax(scores + field.scores(offset))[:, 1])


def describe_findings(
    reading: Reading,
    layout: Layout,
    opinions: Opinions,
    documents: Sequence[Sequence[Finding]],
) -> SlotMatrix:
    """Give the slots of every finding, whoever annotates; `documents` are those of `reading`."""
    findings = [finding for of_document in documents for finding in of_document]
    slots = Slots(len(findings))
    if not findings:
        return slots.matrix()
    places = list(_places(reading, documents))
    kind, origin = _kinds(findings), _origins(findings)
    slots.add("f type", kind)
    slots.add("f origin", origin)
    slots.add("f origin type", origin, kind)
    for name, level in _levels(findings, places, opinions).items():
        slots.add(f"f {name}", level)
        slots.add(f"f {name} type", level, kind)
        slots.add(f"f {name} origin", level, origin, kind)
    forms = _forms(reading, layout, places)
    for name, value in forms.items():
        slots.add(f"f {name}", value)
        slots.add(f"f {name} type", value, kind)
    for name in _TELLING:
        slots.add(f"f {name} origin", forms[name], origin, kind)
    slots.add("f size finite", forms["size"], forms["finite"], kind)
    slots.add("f around", forms["tag in front"], forms["tag behind"], kind)
    return slots.matrix()


def describe_offset(documents: Sequence[Sequence[Finding]]) -> SlotMatrix:
    """Give the slots that tell the project's line from the corpus's."""
    findings = [finding for of_document in documents for finding in of_document]
    slots = Slots(len(findings))
    slots.add("f project")
    slots.add("f project origin", _origins(findings))
    slots.add("f project type", _origins(findings), _kinds(findings))
    return slots.matrix()


def _kinds(findings: Sequence[Finding]) -> Ints:
    return np.array([TYPES.index(finding.statement.type) for finding in findings], np.int64)


def _origins(findings: Sequence[Finding]) -> Ints:
    return np.array([_origin(finding) for finding in findings], np.int64)


def _origin(finding: Finding) -> int:
    """Number who found it: the model, both (by the rules' type), the rules (by what overlaps)."""
    if finding.by_rules is None:
        return 0
    if finding.by_model is not None:
        return 1 + TYPES.index(finding.by_rules.type)
    beside = finding.beside
    if beside is None:
        return _ALONE
    inside = length(beside.content) > length(finding.statement.content)
    return _ALONE + 1 + TYPES.index(beside.type) + _INSIDE * inside


@dataclass(frozen=True, slots=True)
class _Places:
    """The tokens of a finding's parts in the reading; `cue` and `source` may be empty."""

    content: Ints
    cue: Ints
    source: Ints


def _places(reading: Reading, documents: Sequence[Sequence[Finding]]) -> Iterator[_Places]:
    starts = reading.document_starts.tolist()
    for document, start, findings in zip(reading.documents, starts, documents, strict=False):
        for finding in findings:
            said = finding.statement
            yield _Places(
                _tokens(document, start, said.content),
                _tokens(document, start, said.cue),
                _tokens(document, start, said.source),
            )


def _tokens(document: Document, start: int, spans: Spans) -> Ints:
    ranges = (document.tokens_of(span.start, span.end) for span in spans)
    return np.array([start + t for low, high in ranges for t in range(low, high)], np.int64)


def _levels(
    findings: Sequence[Finding], places: Sequence[_Places], opinions: Opinions
) -> dict[str, Column]:
    """What the taggers think of its tokens, and the model and the rules of the whole."""
    inside = 1 - opinions.mixed[:, NOTHING]
    cue, source = opinions.cues[:, 1], opinions.cues[:, [2, 4]].sum(1)
    values = {
        "inside": [inside[p.content].mean() for p in places],
        "least inside": [inside[p.content].min() for p in places],
        "cue": [cue[p.cue].max(initial=0) for p in places],
        "source": [source[p.source].max(initial=0) for p in places],
        "inner cue": [cue[p.content].max() for p in places],
        "inner source": [source[p.content].max() for p in places],
        "model": [_confidence(f.by_model) for f in findings],
        "rules": [_confidence(f.by_rules) for f in findings],
    }
    return {name: np.searchsorted(_STEPS, np.array(value)) for name, value in values.items()}


def _confidence(statement: Statement | None) -> float:
    return statement.confidence if statement else -1.0


def _forms(reading: Reading, layout: Layout, places: Sequence[_Places]) -> dict[str, Column]:
    """What stands there: words by their hashes, tags, sizes."""
    lemma, lower, tag = layout.lemma, layout.lower, reading.tag
    cues, sources = [p.cue for p in places], [p.source for p in places]
    first, last = (np.array([p.content[at] for p in places], np.int64) for at in (0, -1))
    finite = np.array([layout.finite[p.content].sum() for p in places], np.int64)
    front, behind = np.maximum(first - 1, 0), np.minimum(last + 1, len(reading) - 1)
    has_front, has_behind = first > reading.first[first], last + 1 < reading.end[last]
    return {
        "cue lemma": _at(lemma, cues, -1),
        "cue first": _at(lemma, cues, 0),
        "cue word": _at(lower, cues, 0),
        "cue tags": _at(tag, cues, 0) * _TAGS + _at(tag, cues, -1),
        "cue size": np.array([min(len(cue), 4) for cue in cues]),
        "cue distance": np.array([_distance(p) for p in places]),
        "source tags": _at(tag, sources, 0) * _TAGS + _at(tag, sources, -1),
        "source size": np.searchsorted(_SIZES, np.array([len(source) for source in sources])),
        "source last": _at(lemma, sources, -1),
        "first tag": tag[first],
        "last tag": tag[last],
        "tag in front": np.where(has_front, tag[front], _NONE),
        "tag behind": np.where(has_behind, tag[behind], _NONE),
        "word in front": np.where(has_front, lower[front], np.uint32(_NONE)),
        "first word": lower[first],
        "last lemma": lemma[last],
        "size": np.searchsorted(_SIZES, np.array([len(p.content) for p in places])),
        "finite": np.minimum(finite, 2),
        "opens": first == reading.first[first],
        "closes": np.minimum(reading.end[last] - last, 3),
        "quoted": (reading.quote[first] >= 0) * 2 + (reading.quote[last] >= 0),
    }


def _at(column: Column, places: Sequence[Ints], which: int) -> Column:
    """Give the column's value at the first or the last of each row's tokens."""
    return np.array([column[place[which]] if len(place) else _NONE for place in places], np.uint32)


def _distance(places: _Places) -> int:
    """Give how far the cue is from the content, coarsely."""
    if not len(places.cue):
        return 9
    return min(abs(int(places.cue[0]) - int(places.content[0])) // 4, 5)
