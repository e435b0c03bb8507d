"""Tokens, sentences and paragraphs with their offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.extract.engine.text import analyse


def sentences(text: str) -> list[str]:
    document = analyse(text)
    spans = [document.span(first, end) for first, end in document.sentences]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Am 3. Mai kam er.", ["Am", "3.", "Mai", "kam", "er", "."]),
        ("Es waren 20. Die anderen", ["Es", "waren", "20", ".", "Die", "anderen"]),
        ("Dr. Lenz, z.B. in St. Gallen", ["Dr.", "Lenz", ",", "z.B.", "in", "St.", "Gallen"]),
        (
            "Um 14.30 Uhr stieg es auf 1.250,5.",
            ["Um", "14.30", "Uhr", "stieg", "es", "auf", "1.250,5", "."],
        ),
        ("Heidi K. lacht", ["Heidi", "K.", "lacht"]),
        ("EU-weit, Ex-Minister", ["EU-weit", ",", "Ex-Minister"]),
        ("„Ja“-Sager", ["„", "Ja", "“", "-Sager"]),
        ("siehe www.beispiel.de/a?b=1.", ["siehe", "www.beispiel.de/a?b=1", "."]),
        ("Bürger:innen und Bürger*innen", ["Bürger:innen", "und", "Bürger*innen"]),
        ("CDU/CSU...", ["CDU/CSU", "..."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_cuts_tokens(text: str, tokens: list[str]) -> None:
    """Points belong to abbreviations, initials, ordinals and numbers, else they stand alone."""
    assert analyse(text).words == tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Er kam. Sie ging.", ["Er kam.", "Sie ging."]),
        ("Am 3. Mai kam Dr. Lenz. Er blieb.", ["Am 3. Mai kam Dr. Lenz.", "Er blieb."]),
        ("„Er kam.“ Sie ging.", ["„Er kam.“", "Sie ging."]),
        ("„Kommt er?“, fragte sie.", ["„Kommt er?“, fragte sie."]),
        ("Er kam um 8 usw. Die Uhr schlug.", ["Er kam um 8 usw.", "Die Uhr schlug."]),
        ("Eine Zeile\nNoch eine", ["Eine Zeile", "Noch eine"]),
        ("Eins! Zwei? Drei…", ["Eins!", "Zwei?", "Drei…"]),
    ],
)
def test_cuts_sentences(text: str, expected: list[str]) -> None:
    """A sentence ends at its sign with the closing marks behind it, and with its paragraph."""
    assert sentences(text) == expected


def test_lines_of_wrapped_text_are_no_paragraphs() -> None:
    """Where lines go on in small letters only an empty line ends a paragraph."""
    text = "Der Rat hat am\nMontag wie\nerwartet das Bad\nzu schließen.\n\nNeues folgt."
    assert len(analyse(text).paragraphs) == 2


def test_a_sentence_has_a_longest_length() -> None:
    """Text without full stops is cut, so that no step has to look at all of it."""
    document = analyse("und " * 2000)
    assert max(end - first for first, end in document.sentences) <= 400


@given(st.text())
def test_offsets_hold_on_any_text(text: str) -> None:
    """Tokens stand where they say, in order; sentences and paragraphs cover them all."""
    document = analyse(text)
    assert [
        text[s:e] for s, e in zip(document.starts, document.ends, strict=True)
    ] == document.words
    assert all(word.strip() for word in document.words)
    assert document.starts == sorted(document.starts)
    for ranges in (document.sentences, document.paragraphs):
        assert [i for first, end in ranges for i in range(first, end)] == list(range(len(document)))
    assert len(document.sentence_of) == len(document)


def test_finds_the_tokens_of_a_span() -> None:
    """`tokens_of` gives the tokens that a span touches, `span` the way back."""
    document = analyse("Der Rat tagt heute.")
    assert document.tokens_of(4, 12) == (1, 3)
    assert document.span(1, 3).end == 12
