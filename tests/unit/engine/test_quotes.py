"""Paired quotation marks, in the styles that newspapers print."""

from __future__ import annotations

import pytest

from services.extract.engine.text import analyse


def quoted(text: str) -> list[str]:
    return [text[quote.start : quote.end] for quote in analyse(text).quotes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er rief: „Halt!“ Dann lief er.", ["„Halt!“"]),
        ("Er rief: »Halt!« Dann lief er.", ["»Halt!«"]),
        ("Er rief: «Halt!» Dann lief er.", ["«Halt!»"]),
        ('Er rief: "Halt!" Dann lief er.', ['"Halt!"']),
        ("Er rief: “Halt!” Dann lief er.", ["“Halt!”"]),
        ("Er rief: „Halt!” Dann lief er.", ["„Halt!”"]),
        ("Er rief: „Halt!„ Dann lief er.", ["„Halt!„"]),
        ("Er rief: ''Halt!'' Dann lief er.", ["''Halt!''"]),
        ("„Das ‚gute‘ Ende“, sagte sie.", ["„Das ‚gute‘ Ende“", "‚gute‘"]),
        ("»Das ›gute‹ Ende«, sagte sie.", ["»Das ›gute‹ Ende«", "›gute‹"]),
        ("«Das ‹gute› Ende», sagte sie.", ["«Das ‹gute› Ende»", "‹gute›"]),
        ("\"Das 'gute' Ende\", sagte sie.", ["\"Das 'gute' Ende\"", "'gute'"]),
        ("„Innen „noch“ eins“, sagte sie.", ["„Innen „noch“ eins“", "„noch“"]),
    ],
)
def test_pairs_marks_of_every_style(text: str, expected: list[str]) -> None:
    """Each style pairs with its own closing mark, inner quotations with theirs."""
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Peters' Haus und Klaus' Garten, wie's früher war.",
        "Ein „ verlorenes Zeichen.",
        'Das Brett misst 5 Zoll (5") in der Breite.',
        "“",
        "„",
        "‚‘",
    ],
)
def test_leaves_lone_marks_alone(text: str) -> None:
    """Apostrophes and marks without a partner are no quotations."""
    assert quoted(text) == []


def test_a_lost_mark_does_not_swallow_what_follows() -> None:
    """A mark that says nothing about its side never pairs across a paragraph."""
    assert quoted('Ein " steht allein.\n\nDann "gilt" es.') == ['"gilt"']


def test_a_quotation_may_go_on_in_the_next_paragraph() -> None:
    """Where the next paragraph opens with the same mark, the first part ends with its own."""
    text = "„Wir gehen.\n\n„Wir kommen wieder“, sagte Lenz."
    assert quoted(text) == ["„Wir gehen.", "„Wir kommen wieder“"]


def test_inner_leaves_the_marks_out_and_parents_point_outwards() -> None:
    """`inner_start` and `inner_end` bound the words; `parent` is the quotation around."""
    text = "„Das ‚gute‘ Ende“"
    outer, inner = analyse(text).quotes
    assert text[outer.inner_start : outer.inner_end] == "Das ‚gute‘ Ende"
    assert text[inner.inner_start : inner.inner_end] == "gute"
    assert (outer.parent, inner.parent) == (None, 0)
