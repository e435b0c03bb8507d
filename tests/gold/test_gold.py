"""The gold set holds what its guide promises, and its loader refuses what is unclear."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from services.extract.engine.types import Kind, Span, Stance, Type
from tests.gold.loader import GoldError, load_file, load_folder, locate, unwrap

HERE = Path(__file__).parent
FOLDERS = sorted(folder for folder in HERE.iterdir() if any(folder.glob("*.yaml")))


class Promise(NamedTuple):
    """What a folder holds at least; of its statements, what share is passed on, and dated then."""

    articles: int
    attributions: int
    passed_on: float
    dated: float


PROMISED = {
    "dev": Promise(28, 440, passed_on=1 / 8, dated=3 / 10),
    "more": Promise(126, 2240, passed_on=1 / 12, dated=1 / 5),
    "unseen": Promise(16, 271, passed_on=1 / 12, dated=1 / 8),
}


@pytest.fixture(params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    return request.param


@cache
def loaded(folder: Path):
    return load_folder(folder)


def attributions(folder: Path):
    return [a for gold in loaded(folder) for a in gold.attributions]


def test_the_promised_folders_are_there():
    """The development articles are always there; no folder is without its promise."""
    assert {"dev", "more"} <= {folder.name for folder in FOLDERS} <= set(PROMISED)


def test_every_file_loads_and_there_are_as_many_as_promised(folder):
    """Each folder has its number of articles and attributions."""
    promise = PROMISED[folder.name]
    assert len(loaded(folder)) >= promise.articles
    assert len(attributions(folder)) >= promise.attributions


def test_articles_are_news_of_100_to_300_words(folder):
    """An article is as long as a short news report and has statements enough to measure."""
    for gold in loaded(folder):
        assert 100 <= len(gold.article.text.split()) <= 300, gold.name
        assert len(gold.attributions) >= 8, gold.name
        assert gold.article.published_on, gold.name


def test_every_stance_kind_and_type_occurs(folder):
    """The variety the guide describes is in the articles."""
    found = attributions(folder)
    stances = Counter(a.stance for a in found)
    assert set(stances) == set(Stance)
    assert min(stances.values()) >= 3
    assert {a.source.entity.kind for a in found if a.source} == set(Kind)
    assert {a.type for a in found} == set(Type) - {Type.INDIRECT_FREE_INDIRECT}
    assert any(a.source is None for a in found)
    assert any(a.parent is not None for a in found)


def test_chains_and_dates_occur(folder):
    """As many statements as promised are passed on by an outlet, and as many of those are dated."""
    promise = PROMISED[folder.name]
    found = attributions(folder)
    passed_on = [a for a in found if a.reported_by]
    assert len(passed_on) >= promise.passed_on * len(found)
    dated = [a for a in passed_on if any(report.reported_on for report in a.reported_by)]
    assert len(dated) >= promise.dated * len(passed_on)


def test_styles_differ_and_nearly_every_article_has_something_to_leave_alone(folder):
    """No style makes up more than a third, and must-nots of several sorts are spread about."""
    gold = loaded(folder)
    styles = Counter(each.style for each in gold)
    assert len(styles) >= 8
    assert 3 * max(styles.values()) <= len(gold)
    assert 10 * sum(bool(each.must_not) for each in gold) >= 9 * len(gold)
    sorts = {must_not.why for each in gold for must_not in each.must_not}
    assert sorts >= {"refusal", "title", "name", "scare quote", "topic"}


def test_spans_lie_in_the_text_and_parts_beside_their_content(folder):
    """Cues and mentions never overlap the content, and parents come before their children."""
    for gold in loaded(folder):
        for index, attribution in enumerate(gold.attributions):
            parts = list(attribution.cue)
            parts += attribution.source.spans if attribution.source else ()
            parts += [span for report in attribution.reported_by for span in report.spans]
            for span in (*attribution.content, *parts):
                assert 0 <= span.start < span.end <= len(gold.article.text), gold.name
            for content in attribution.content:
                assert not any(p.start < content.end and content.start < p.end for p in parts)
            assert attribution.parent is None or attribution.parent < index, gold.name


TEXT = "Er kam. Er sagte, er komme wieder. Erna sagte nichts."


@pytest.mark.parametrize(
    ("parts", "occurrence", "spans"),
    [
        (["er komme wieder"], None, (Span(18, 33),)),
        (["Er"], 2, (Span(8, 10),)),
        (["Er kam", "sagte"], None, (Span(0, 6), Span(11, 16))),
    ],
)
def test_locates_quotations(parts, occurrence, spans):
    """A content is where it is quoted from, in one part or in several."""
    assert locate(TEXT, parts, occurrence) == spans


@pytest.mark.parametrize(
    ("parts", "occurrence"),
    [(["Er"], None), (["Er"], 3), (["komm"], None), (["gestern"], None), ([""], None)],
)
def test_refuses_unclear_quotations(parts, occurrence):
    """What is ambiguous, absent, empty or torn out of a word is refused."""
    with pytest.raises(GoldError):
        locate(TEXT, parts, occurrence)


def test_unwraps_lines_and_keeps_paragraphs():
    """The lines of a paragraph are one line; paragraphs stay apart."""
    assert unwrap("Ein Satz\nin Zeilen.\n\nNoch einer.\n") == "Ein Satz in Zeilen.\n\nNoch einer."


FILE = """
style: Probe
published_on: 2025-01-02
text: |
  Anna Roth sagte, es regne. Ob es regne, fragte niemand.
entities:
  roth: {name: Anna Roth, kind: person}
attributions:
  - id: 1
    type: indirect
    stance: asserted
    content: es regne
    occurrence: 1
    source: {mention: Anna Roth, entity: roth}
    cue: sagte
"""


def written(tmp_path: Path, old: str = "", new: str = "") -> Path:
    assert old in FILE
    file = tmp_path / "probe.yaml"
    file.write_text(FILE.replace(old, new) if old else FILE, encoding="utf-8")
    return file


def test_loads_a_file_into_spans(tmp_path):
    """Mention and cue are found beside the content they belong to."""
    (attribution,) = load_file(written(tmp_path)).attributions
    assert attribution.content == (Span(17, 25),)
    assert attribution.source is not None
    assert attribution.source.spans == (Span(0, 9),)
    assert attribution.cue == (Span(10, 15),)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("    occurrence: 1\n", "", "occurs 2 times"),
        ("cue: sagte", "cue: rief", "does not occur near"),
        ("cue: sagte", "cues: sagte", "unknown fields: cues"),
        ("entity: roth", "entity: rot", "rot"),
        ("stance: asserted", "stance: sure", "sure"),
        ("published_on: 2025-01-02", "published_on: gestern", "not a date"),
        ("mention: Anna Roth", "mention: Anna Rot", "does not occur near"),
    ],
)
def test_refuses_a_file_with_a_mistake_and_names_it(tmp_path, old, new, told):
    """The error says which file is wrong, and what in it."""
    with pytest.raises(GoldError, match=rf"probe\.yaml: .*{told}"):
        load_file(written(tmp_path, old, new))


def test_refuses_an_empty_folder(tmp_path):
    """A folder without gold articles is a mistake, not a perfect score."""
    with pytest.raises(GoldError, match="no gold articles"):
        load_folder(tmp_path)
