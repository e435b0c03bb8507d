"""What holds for the rules on any text whatsoever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.extract.engine import load_engine
from services.extract.engine.rules import find_statements
from services.extract.engine.text import analyse
from services.extract.engine.types import Article, Type
from tests.unit.engine.test_rules import CONSTRUCTIONS

if TYPE_CHECKING:
    from services.extract.engine.types import Spans, Statement

# Pieces that the rules react to, so that their combinations are met often.
_PIECES = [
    *[
        "Huber",
        "dass",
        ",",
        ".",
        "„",
        "“",
        '"',
        "‚",
        "‘",
        "zufolge",
        "soll",
        "haben",
        "sei",
        "werde",
        "hätte",
        "teilte",
        "mit",
        "und",
        "der",
    ],
    *[
        "Hoffnung",
        ":",
        ";",
        "(",
        ")",
        "Das",
        "kritisierte",
        "wonach",
        "weil",
        "er",
        "im",
        "3.",
        "1,5",
        "gegenüber",
        "wurde",
        "als",
    ],
    *["aufgefordert", "bezeichnete", "\x00", "�", "🙂", "ﬁ", "\u200b", "ß"],
    *("Huber sagte", "laut Polizei", "nach Angaben", "wie das Amt mitteilte", "so Lenz"),
    *("warnte vor", "die Stadt", "zu gehen", " – ", "\n", "\n\n", "am Montag", "„A. B“"),
    *("Dies bestätigte", "Das teilte", "es heißt", "einer Meinung nach"),
]
_texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from(_PIECES), max_size=60).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=60).map("".join),
)


def parts(statement: Statement) -> list[Spans]:
    return [
        statement.content,
        statement.source,
        statement.cue,
        statement.frame,
        statement.addressee,
    ]


@settings(max_examples=400, deadline=None)
@given(_texts)
def test_spans_are_sound(text: str) -> None:
    """Spans lie inside the text, are not empty, in reading order and without overlaps."""
    for statement in find_statements(analyse(text)):
        assert statement.content
        assert 0 <= statement.confidence <= 1
        for spans in parts(statement):
            edges = [edge for span in spans for edge in (span.start, span.end)]
            assert edges == sorted(set(edges))
            assert all(0 <= edge <= len(text) for edge in edges)


@settings(max_examples=200, deadline=None)
@given(_texts)
def test_statements_are_in_order_and_parents_come_first(text: str) -> None:
    """Statements are in reading order; a parent stands before its children and around them."""
    statements = find_statements(analyse(text))
    starts = [statement.content[0].start for statement in statements]
    assert starts == sorted(starts)
    for index, statement in enumerate(statements):
        if statement.parent is not None:
            assert statement.parent < index
            around = statements[statement.parent].content
            assert around[0].start <= statement.content[0].start
            assert statement.content[-1].end <= around[-1].end


@pytest.mark.parametrize("name", ["rules", "auto"])
def test_a_sentence_cut_off_anywhere_is_only_text(name: str) -> None:
    """Every construction, cut off behind and before each of its words, raises nothing."""
    pieces = [
        " ".join(piece)
        for construction in CONSTRUCTIONS
        for words in [construction[0].split()]
        for at in range(1, len(words))
        for piece in (words[:at], words[at:])
    ]
    found = load_engine(name).extract_many([Article(piece) for piece in pieces])
    assert len(found) == len(pieces)


@pytest.mark.parametrize("text", [construction[0] for construction in CONSTRUCTIONS])
def test_nobody_is_the_source_of_himself(text: str) -> None:
    """What is only named as stated has no part in common with who states it."""
    for statement in find_statements(analyse(text)):
        if statement.type is Type.REPORTED:
            assert not _characters(statement.content) & _characters(statement.source)


def _characters(spans: Spans) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


@settings(deadline=None)
@given(_texts)
def test_finding_is_deterministic(text: str) -> None:
    """The same text gives the same statements."""
    assert find_statements(analyse(text)) == find_statements(analyse(text))


@pytest.mark.parametrize(
    "piece",
    ["„", '"', "„a“ ", "'", "a", "\x00", "\ud800", "\n", "sagte, ", "dass ", "(", "laut ", "sei "],
)
def test_hostile_text_is_only_text(piece: str) -> None:
    """A piece repeated without end raises nothing and ends."""
    text = piece * 3_000
    for statement in find_statements(analyse(text)):
        assert statement.content[-1].end <= len(text)


def test_deep_nesting_is_only_text() -> None:
    """Marks nested hundreds deep and clauses hung on clauses raise nothing."""
    nested = "„Er sagte: " * 500 + "nein" + "“" * 500
    chained = "Er sagte, " * 500 + "es reiche."
    for text in (nested, chained):
        assert find_statements(analyse(text))
