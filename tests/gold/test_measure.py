"""The measure gives full marks to the gold itself and takes them off where something is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bench.gold import measure, misses, overlap_f1, pair, plain_name, report
from services.extract.engine.types import (
    Article,
    Attribution,
    Entity,
    Kind,
    Medium,
    Report,
    Source,
    Span,
    Stance,
    Type,
)
from tests.gold.loader import GoldArticle, MustNot

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = "Laut dem Spiegel sagte Mark Rutte, es reiche. Im Saal lief „Die Flut“ bis Mitternacht."
CONTENT = (Span(35, 44),)
TITLE = Span(60, 68)
GOLD = Attribution(
    type=Type.INDIRECT,
    medium=Medium.NONE,
    content=CONTENT,
    source=Source((Span(23, 33),), Entity("Mark Rutte", Kind.PERSON)),
    reported_by=(
        Report((Span(5, 16),), Entity("Der Spiegel", Kind.OUTLET), reported_on=date(2024, 12, 4)),
    ),
)
ARTICLE = GoldArticle(
    name="probe",
    style="Probe",
    article=Article(TEXT),
    attributions=(GOLD,),
    must_not=(MustNot(TITLE, "title"),),
    aliases={"Der Spiegel": ("Spiegel-Magazin",)},
)


class Fixed:
    """An engine that gives the same answer to every article."""

    name = "fixed"
    version = "1"

    def __init__(self, *attributions: Attribution) -> None:
        self.attributions = list(attributions)

    def extract(self, article: Article) -> list[Attribution]:  # noqa: ARG002 - the answer is fixed
        return self.attributions

    def extract_many(self, articles: Sequence[Article]) -> list[list[Attribution]]:
        return [self.extract(article) for article in articles]


def judged(*predicted: Attribution):
    (result,) = measure(Fixed(*predicted), [ARTICLE])
    return result


def chain(name: str, day: date | None = date(2024, 12, 4)) -> tuple[Report, ...]:
    return (Report((), Entity(name, Kind.OUTLET), day),)


def test_the_gold_itself_gets_full_marks():
    """Predicting what is annotated is found, right in every respect, and violates nothing."""
    result = judged(GOLD)
    assert result.pairs == {0: 0}
    assert result.wrong(0) == ()
    assert result.extra() == result.violations() == []


@pytest.mark.parametrize(
    ("predicted", "wrong"),
    [
        (replace(GOLD, source=None), ("entity", "kind")),
        (replace(GOLD, source=Source((), Entity("Rutte", Kind.PERSON))), ("entity",)),
        (replace(GOLD, source=Source((), Entity("mark rutte", Kind.PERSON))), ()),
        (replace(GOLD, source=Source((), Entity("Mark Rutte", Kind.GROUP))), ("kind",)),
        (replace(GOLD, reported_by=()), ("chain", "date")),
        (replace(GOLD, reported_by=chain("Spiegel")), ()),
        (replace(GOLD, reported_by=chain("Spiegel-Magazin")), ()),
        (replace(GOLD, reported_by=chain("Stern")), ("chain",)),
        (replace(GOLD, reported_by=chain("Der Spiegel", None)), ("date",)),
        (replace(GOLD, stance=Stance.DENIED), ("stance",)),
        (replace(GOLD, type=Type.REPORTED), ("type",)),
    ],
)
def test_says_in_which_respect_a_found_statement_is_wrong(predicted, wrong):
    """Each respect is judged on its own; names without case and article, aliases count."""
    assert judged(predicted).wrong(0) == wrong


@pytest.mark.parametrize(
    ("content", "found"),
    [((Span(35, 44),), True), ((Span(35, 40),), True), ((Span(41, 44),), False), ((), False)],
)
def test_a_statement_is_found_from_an_overlap_of_six_tenths(content, found):
    """What shares less of its characters with the gold is another statement."""
    assert bool(judged(replace(GOLD, content=content)).pairs) is found


def test_pairs_one_to_one_by_the_largest_overlap_and_then_the_type():
    """Of two predictions with the same content the one of the right type is paired."""
    other = replace(GOLD, type=Type.DIRECT)
    assert pair([GOLD], [other, GOLD]) == {0: 1}
    assert pair([GOLD, other], [other]) == {1: 0}
    assert pair([], [GOLD]) == pair([GOLD], []) == {}


def test_the_free_forms_count_as_one_type():
    """Corpora disagree about the line between the free forms, so it costs nothing."""
    gold = replace(ARTICLE, attributions=(replace(GOLD, type=Type.FREE_INDIRECT),))
    engine = Fixed(replace(GOLD, type=Type.INDIRECT_FREE_INDIRECT))
    (result,) = measure(engine, [gold])
    assert result.wrong(0) == ()


def test_a_title_taken_for_a_statement_is_a_violation_and_a_sentence_around_it_is_not():
    """What lies at least half inside a must-not violates it; what merely contains it does not."""
    title = replace(GOLD, content=(TITLE,))
    sentence = replace(GOLD, content=(Span(46, len(TEXT)),))
    assert judged(title).violations() == [title]
    assert judged(sentence).violations() == []
    assert judged(sentence).extra() == [sentence]


def test_overlap_counts_characters_of_all_parts():
    """Contents in several parts are compared by the characters they cover."""
    assert overlap_f1((Span(0, 4), Span(6, 10)), (Span(2, 8),)) == pytest.approx(8 / 14)
    assert overlap_f1((), ()) == 0.0


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Die Zeit", "zeit"), ("SPIEGEL", "spiegel"), ("Die", "die"), ("Ein Analyst", "analyst")],
)
def test_plain_names(name, plain):
    """Case and a leading article do not tell names apart."""
    assert plain_name(name) == plain


def test_reports_figures_and_misses():
    """The table gives the figures, the misses name the article and what went wrong."""
    wrong = replace(GOLD, stance=Stance.DENIED)
    title = replace(GOLD, content=(TITLE,))
    results = [judged(wrong, title), judged()]
    table = report(results)
    assert "articles 2, gold 2, predicted 2" in table
    assert "found             1     50.0     100.0" in table
    assert "stance            0      0.0       0.0" in table
    assert "dated             1     50.0     100.0" in table
    assert "must_not violated 1 of 2" in table
    told = list(misses(results))
    assert [line.split()[1] for line in told] == ["STANCE", "FORBIDDEN", "MISSED"]
    assert told[0].startswith("probe: STANCE asserted <> denied in [indirect] Mark Rutte")
