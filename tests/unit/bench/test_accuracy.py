"""The published measure, and the command that prints it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from bench.accuracy import main
from bench.measure import ROLES, Labelled, Tally, pair
from bench.wikinews import corpus_file, read
from services.extract.engine.types import Attribution, Entity, Kind, Medium, Source, Span, Type

if TYPE_CHECKING:
    from pathlib import Path


def labelled(
    content: range, type_: str = "Direct", medium: str = "Speech", **roles: range
) -> Labelled:
    return Labelled(
        frozenset(content),
        type_,
        medium,
        {role: frozenset(roles.get(role, range(0))) for role in ROLES},
    )


def scores(gold: list[Labelled], predicted: list[Labelled]) -> dict[str, tuple[float, float]]:
    tally = Tally()
    tally.add(gold, predicted)
    return {name: (score.precision, score.recall) for name, score in tally.scores().items()}


def test_the_same_scores_full_marks() -> None:
    """Gold against itself is 100 everywhere that anything is counted."""
    gold = [labelled(range(4), source=range(5, 6), cue=range(6, 7))]
    figures = scores(gold, gold)
    assert figures["message"] == figures["roles"] == figures["joint"] == (100, 100)
    assert figures["form"] == figures["STWR"] == (100, 100)


def test_overlap_is_counted_in_tokens() -> None:
    """Half of the tokens right is half of the precision; all of gold's found is full recall."""
    figures = scores([labelled(range(2))], [labelled(range(4))])
    assert figures["message"] == (50, 100)


def test_what_is_left_over_counts_against_its_side() -> None:
    """A message too many costs precision, one missed costs recall."""
    assert scores([], [labelled(range(2))])["message"] == (0, 0)
    figures = scores([labelled(range(2)), labelled(range(8, 9))], [labelled(range(2))])
    assert figures["message"] == (100, 50)


def test_joint_is_the_mean_over_all_parts() -> None:
    """A source that is wrong and a message that is right: half."""
    gold = [labelled(range(2), source=range(4, 5))]
    found = [labelled(range(2), source=range(6, 7))]
    figures = scores(gold, found)
    assert figures["roles"] == (0, 0)
    assert figures["joint"] == (50, 50)


def test_pairs_for_the_largest_sum() -> None:
    """Each message has one partner, chosen for all together; types break ties."""
    gold = [labelled(range(4), "Indirect"), labelled(range(4), "Direct")]
    found = [labelled(range(4), "Direct"), labelled(range(4), "Indirect")]
    assert pair(gold, found) == [(0, 1), (1, 0)]


def test_types_have_their_own_figures() -> None:
    """Recall by the type that was stated, precision by the type that was found."""
    figures = scores([labelled(range(4), "Reported")], [labelled(range(4), "Direct")])
    assert figures["type Reported"] == (0, 100)
    assert figures["type Direct"] == (100, 0)
    assert figures["form"] == (0, 0)


TEXT = "Lenz sagte, es reiche."


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one document, laid out and written as the published one."""
    document: dict[str, Any] = {
        "id": "1",
        "title": "T",
        "text": TEXT,
        "tokens": [[0, 4], [5, 10], [10, 11], [12, 14], [15, 21], [21, 22]],
        "sentences": [[0, 6]],
        "attributions": [
            {
                "type": "Indirect", "medium": "Speech", "nested": False, "content": [3, 4],
                "source": [0], "cue": [1], "frame": [0, 1, 2], "addressee": [],
            }
        ],
    }  # fmt: skip
    folder = tmp_path / "wikinews-quotes"
    folder.mkdir()
    with gzip.open(folder / "dev.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(document) + "\n")
    return tmp_path


def test_reads_the_corpus_and_maps_an_attribution(corpus: Path) -> None:
    """Spans become the tokens they touch, types and media the corpus's names."""
    (document,) = read(corpus_file(corpus, "dev"))
    attribution = Attribution(
        Type.INDIRECT_FREE_INDIRECT, Medium.SPEECH_WRITING, (Span(12, 21),), cue=(Span(5, 10),)
    )
    seen = document.labelled(attribution)
    assert (seen.content, seen.type, seen.medium) == ({3, 4}, "IndirectFreeIndirect", "SW")
    assert seen.roles["cue"] == {1}
    assert document.statements[0].content == {3, 4}


def test_a_reported_statement_is_the_whole_clause_to_the_corpus(corpus: Path) -> None:
    """The corpus's content takes in who states it and how, and it marks no cue."""
    (document,) = read(corpus_file(corpus, "dev"))
    attribution = Attribution(
        Type.REPORTED,
        Medium.SPEECH,
        (Span(12, 21),),
        source=Source((Span(0, 4),), Entity("Lenz", Kind.PERSON)),
        cue=(Span(5, 10),),
    )
    seen, recorded = document.labelled(attribution), document.as_recorded(attribution)
    assert (seen.content, seen.roles["source"], seen.roles["cue"]) == ({0, 1, 2, 3, 4}, {0}, set())
    assert (recorded.content, recorded.roles["cue"]) == ({3, 4}, {1})


def test_prints_the_figures_beside_the_published(
    corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The one sentence of the corpus is found, with all its parts."""
    assert main([str(corpus), "--engine", "rules"]) == 0
    printed = capsys.readouterr().out
    assert "joint                        100.00 100.00 100.00   dev 38.91, test 39.06" in printed
    assert "words for each second" in printed


def test_says_when_the_corpus_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder without the split is named and nothing is measured."""
    assert main([str(tmp_path), "--split", "test"]) == 2
    assert "test.jsonl.gz" in capsys.readouterr().err
