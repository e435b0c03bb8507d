"""Findings: how what the rules and the model find is joined, and judged."""

from dataclasses import replace

import numpy as np
import pytest

from services.extract.engine.text import analyse
from services.extract.engine.trained.findings import LABELS, describe_offset, judge_findings
from services.extract.engine.trained.joined import joined, nested
from services.extract.engine.types import Span, Statement, Type
from tests.unit.trained.corpus import quiet
from training.crf import Fit
from training.findings import (
    Judged,
    as_recorded,
    as_the_corpus,
    shares_right,
    train_findings,
)

TEXT = "Anna Huber kritisierte die Pläne. Das Geld, sagte sie, reiche nicht."


DOCUMENT = analyse(TEXT)


def statement(content, kind=Type.INDIRECT, **parts):
    """Make a statement of stretches of TEXT."""
    return Statement(spans(content), kind, **{part: spans(said) for part, said in parts.items()})


def spans(*stretches):
    """Find stretches of TEXT."""
    return tuple(Span(TEXT.index(s), TEXT.index(s) + len(s)) for s in stretches)


CLAUSE = statement("Anna Huber kritisierte die Pläne", Type.REPORTED, source="Anna Huber")
OBJECT = statement("die Pläne", Type.REPORTED, source="Anna Huber", cue="kritisierte")
WIDE = statement("Das Geld, sagte sie, reiche nicht.", cue="sagte", source="Huber")
NARROW = statement("Das Geld, sagte sie, reiche nicht", source="sie", frame="sagte sie")


def test_reported_statement_of_both_is_the_rules():
    """The clause around what is reported is the same statement, and the record's reading wins."""
    (finding,) = joined([CLAUSE], [OBJECT])
    assert finding.statement == OBJECT
    assert finding.by_model == CLAUSE


def test_much_longer_clause_gives_way_to_what_is_reported_in_it():
    """What goes far beyond the clause is no more than a neighbour of the rules' statement."""
    far = statement(TEXT[TEXT.index("kritisierte") :], Type.REPORTED)
    (finding,) = joined([far], [OBJECT])
    assert finding.statement == OBJECT
    assert finding.by_model is None
    assert finding.beside == far


def test_same_statement_takes_the_best_of_both():
    """Boundaries are the model's, the parts the rules', and the model's where they have none."""
    (finding,) = joined([WIDE], [NARROW])
    assert (finding.by_model, finding.by_rules) == (WIDE, NARROW)
    assert finding.statement.content == WIDE.content
    assert finding.statement.cue == WIDE.cue
    assert finding.statement.source == NARROW.source
    assert finding.statement.frame == NARROW.frame


def test_interrupted_quotation_is_one_statement():
    """Two pieces that the rules know to belong together are not two statements of the model."""
    halves = spans("Das Geld", "reiche nicht")
    whole = replace(statement("Das Geld", Type.DIRECT), content=halves)
    pieces = [statement("Das Geld", Type.DIRECT), statement("reiche nicht", Type.DIRECT)]
    assert [finding.statement for finding in joined(pieces, [whole])] == [whole]


def test_the_word_that_says_it_is_no_part_of_what_is_said():
    """Where the model's boundaries take in the cue, the rules' boundaries stand."""
    outside = statement("reiche nicht", cue="sagte")
    (finding,) = joined([statement("sagte sie, reiche nicht")], [outside])
    assert finding.statement == outside


def test_each_alone_stays_apart_and_in_order():
    found = joined([WIDE], [OBJECT])
    assert [(f.statement, f.by_model, f.by_rules) for f in found] == [
        (OBJECT, None, OBJECT),
        (WIDE, WIDE, None),
    ]
    assert found[0].beside is None


def test_nesting_is_worked_out_anew():
    inner = statement("reiche nicht")
    placed = nested([inner, WIDE, OBJECT])
    assert [s.parent for s in placed] == [None, None, 1]


def test_shares_are_overlaps_with_the_statement_each_is_paired_with():
    """Of two findings of one statement the better is right, and the other wrong."""
    findings = [joined([], [OBJECT, statement("Pläne", Type.REPORTED)])]
    shares = shares_right([DOCUMENT], findings, [[as_recorded(DOCUMENT, OBJECT)]], as_recorded)
    assert shares.tolist() == [1, 0]


def test_reported_statement_is_compared_as_each_annotates():
    """The corpus marks the whole clause, a record what is stated: the same finding is right."""
    findings = [joined([], [OBJECT])]
    for marked, terms in ((CLAUSE, as_the_corpus), (OBJECT, as_recorded)):
        stated = [as_recorded(DOCUMENT, marked)]
        assert shares_right([DOCUMENT], findings, [stated], terms).tolist() == [1]


@pytest.fixture(scope="module")
def findings():
    """Two kinds of findings, of which the corpus keeps only the first, the project both."""
    return [joined([WIDE], [OBJECT])] * 30


def test_judge_knows_both_lines(findings):
    """What only the project keeps has a high chance there and a low one in the corpus."""
    offset = describe_offset(findings)
    described = np.tile(np.array([[7], [11]], np.int32), (30, 1))
    nothing = np.full_like(offset, -1)
    corpus = Judged(np.concatenate([described, nothing], axis=1), np.tile([0.0, 1.0], 30))
    project = Judged(np.concatenate([described, offset], axis=1), np.ones(60))
    judge = train_findings(corpus, project, Fit(0.1, 60, rarest=1, chained=False), quiet)
    chances = judge_findings(judge, described[:2], offset[:2])
    assert judge.labels == LABELS
    assert chances.corpus[0] < 0.2
    assert chances.corpus[1] > 0.8
    assert chances.project.min() > 0.8


def test_nothing_found_is_nothing_to_judge():
    nothing = Judged(np.zeros((0, 0), np.int32), np.zeros(0))
    something = Judged(np.array([[3], [3]], np.int32), np.ones(2))
    judge = train_findings(something, nothing, Fit(1.0, 5, rarest=1), quiet)
    empty = describe_offset([[]])
    assert len(judge_findings(judge, empty, empty).corpus) == 0
