"""What the rules find: one row a construction."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.extract.engine.rules import find_statements
from services.extract.engine.text import analyse
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from services.extract.engine.types import Spans, Statement


def find(text: str) -> list[Statement]:
    return find_statements(analyse(text))


def words(text: str, spans: Spans) -> str:
    return " … ".join(text[span.start : span.end] for span in spans)


CONSTRUCTIONS = [
    line.split("\t")
    for line in (Path(__file__).parent / "constructions.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("text", "source", "cue", "content"), CONSTRUCTIONS)
def test_finds_who_said_what(text: str, source: str, cue: str, content: str) -> None:
    """Each construction gives its source, its cue and what was said, as they stand."""
    found = find(text)
    seen = [(words(text, s.source), words(text, s.cue), words(text, s.content)) for s in found]
    assert (source, cue, content) in seen


@pytest.mark.parametrize(
    "text",
    [
        "Das Stück „Die Flut“ hatte Premiere.",
        "Die Zeitung „Neue Welt“ erscheint täglich.",
        "Huber gab keine Einzelheiten bekannt.",
        "Die Polizei wollte nicht bestätigen, dass der Mann tot ist.",
        "Das Bad öffnet im Sommer. Der Eintritt ist frei.",
        "Einige Kinder kamen, weil das Wetter gut war.",
        "Als der Regen kam, gingen alle nach Hause.",
        "Hätte es geregnet, wäre das Fest ausgefallen.",
        "Die N-Zeitung berichtete über die Vorwürfe.",
        "Die N-Zeitung berichtete über den Brand.",
        "Der Konzern lehnte eine Stellungnahme ab.",
        "Der Konzern bestätigte die Zahl nicht.",
        "Von der Stadt wird erwartet, das Bad zu öffnen.",
        "Zu sehen ist, wie ein Wirt einen Gast zurückweist.",
        "Die Opposition übte Kritik.",
        "Der Klub hat schwere Vorwürfe gegen den Schiedsrichter erhoben.",
        "Die Gruppe nennt sich „Freie Fahrt“.",
        "Ob das Spiel stattfindet, entscheidet sich am Samstag.",
        "",
    ],
)
def test_finds_nothing_where_nobody_is_cited(text: str) -> None:
    """Titles, refusals and the article's own statements are not attributions."""
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Es reicht“, sagte Huber.", Type.DIRECT),
        ("Huber sagte, es reiche.", Type.INDIRECT),
        ("Huber kritisierte den Plan.", Type.REPORTED),
        ("Huber soll gelogen haben.", Type.FREE_INDIRECT),
    ],
)
def test_names_the_type(text: str, expected: Type) -> None:
    """The type says how the statement is given back."""
    assert [statement.type for statement in find(text)] == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huber sagte, es reiche.", Medium.SPEECH),
        ("Huber schrieb, es reiche.", Medium.WRITING),
        ("Die Forscherin vermutet, dass es reicht.", Medium.SPEECH_THOUGHT),
        ("Die Behörde erklärte, es reiche.", Medium.SPEECH_WRITING),
        ("Huber erklärte in einem Interview, es reiche.", Medium.SPEECH),
        ("Huber erklärte auf Twitter, es reiche.", Medium.WRITING),
        ("Laut einem Bericht reicht es.", Medium.WRITING),
    ],
)
def test_names_the_medium(text: str, expected: Medium) -> None:
    """Cue, occasion and source tell whether it was spoken, written or thought."""
    assert [statement.medium for statement in find(text)] == [expected]


def test_sentences_in_the_subjunctive_carry_a_statement_on() -> None:
    """They become one statement of the same source, full stops included."""
    text = "Lenz sagte, das Bad bleibe zu. Es fehle Geld. Auch sei das Dach undicht. Es regnet."
    first, second = find(text)
    assert words(text, second.content) == "Es fehle Geld. Auch sei das Dach undicht."
    assert second.type is Type.INDIRECT_FREE_INDIRECT
    assert second.source == first.source


@pytest.mark.parametrize(
    "told",
    [
        "Er rechne damit, dass es schneit.",
        "Man habe informiert, wie es möglich gewesen sei.",
        "Wer das behaupte, lüge.",
        "Das Risiko halte sie für klein.",
    ],
)
def test_a_verb_of_saying_in_the_subjunctive_is_told_itself(told: str) -> None:
    """Behind a statement the whole sentence carries that on, and is no frame of its own."""
    text = f"„Es eilt“, sagte Lenz. {told}"
    _, second = find(text)
    assert words(text, second.content) == told
    assert second.type is Type.INDIRECT_FREE_INDIRECT


def test_a_quotation_inside_a_statement_is_nested() -> None:
    """The words in marks are a statement of their own whose parent is the one around."""
    text = "Lenz sagte, das sei „völlig verfehlt“ gewesen."
    outer, inner = find(text)
    assert words(text, inner.content) == "„völlig verfehlt“"
    assert inner.type is Type.DIRECT
    assert (outer.parent, inner.parent) == (None, 0)


def test_a_statement_that_an_outlet_passes_on_is_nested() -> None:
    """What the minister announced stands inside what the paper reports."""
    text = "Wie die Zeitung berichtet, kündigte die Ministerin an, den Plan zu ändern."
    outer, inner = find(text)
    assert words(text, outer.source) == "die Zeitung"
    assert words(text, inner.source) == "die Ministerin"
    assert inner.parent == 0


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("Lenz sagte gegenüber dem Sender, das Bad bleibe zu.", "dem Sender"),
        ("Lenz sagte der Zeitung, das Bad bleibe zu.", "der Zeitung"),
        ("Die Polizei forderte die Anwohner auf, die Fenster zu schließen.", "die Anwohner"),
        ("Die Anwohner wurden aufgefordert, die Fenster zu schließen.", "Die Anwohner"),
    ],
)
def test_finds_to_whom_it_is_said(text: str, addressee: str) -> None:
    """The addressee stands behind "gegenüber", in the dative, or is the one who is asked."""
    assert [words(text, statement.addressee) for statement in find(text)] == [addressee]


def test_words_in_marks_alone_are_direct() -> None:
    """An object that is nothing but words in marks is one statement, not a reported one as well."""
    found = find("Huber sprach von einem „sehr schweren Fehler“.")
    assert [statement.type for statement in found] == [Type.DIRECT]


def test_the_frame_is_the_clause_around() -> None:
    """It runs up to the statement, with the comma, or from it to the end."""
    behind = "Am Montag sagte Lenz, das Bad bleibe zu."
    before = "Das Bad bleibe zu, sagte Lenz am Montag."
    assert words(behind, find(behind)[0].frame) == "Am Montag sagte Lenz,"
    assert words(before, find(before)[0].frame) == ", sagte Lenz am Montag"


def test_expected_of_somebody_is_not_said_by_them() -> None:
    """ "von" beside "erwartet" names those of whom it is expected."""
    text = "Von den Ländern wird erwartet, mehr Geld zu zahlen."
    assert all(not statement.source for statement in find(text))
