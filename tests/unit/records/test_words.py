"""Words as the search sees them."""

import pytest

from services.records.search.words import index_terms, query_words


def how_found(query: str, text: str, language: str = "de") -> str | None:
    """Tell by which term a one-word query finds a text."""
    terms = set(index_terms(text, language).split())
    (word,) = query_words(query)
    if f"w{word.word}" in terms:
        return "exact"
    if terms & {f"s{stem}" for stem in word.stems}:
        return "inflected"
    if terms & {f"p{stem}" for stem in word.stems}:
        return "compound"
    return None


@pytest.mark.parametrize(
    ("query", "text", "how"),
    [
        ("Rakete", "Die Rakete flog.", "exact"),
        ("Rakete", "Die Raketen flogen.", "inflected"),
        ("Raketen", "Die Rakete flog.", "inflected"),
        ("Rakete", "Fortschritte der Raketentechnik", "compound"),
        ("Rakete", "eine Mittelstreckenrakete", "compound"),
        ("Rakete", "Kritik am Raketentechnikprogramm", "compound"),
        ("Raketentechnik", "Die Rakete flog.", None),
        ("Rakete", "Der Racker lief.", None),
        ("rakete", "RAKETE", "exact"),
        ("Haus", "Alle Häuser standen leer.", "inflected"),
        ("Haus", "im Rathaus", "compound"),
        ("Häuser", "im Krankenhaus", "compound"),
        ("Rat", "im Rathaus", "compound"),
        ("Rat", "die Demokratie", None),
        ("Rat", "die Beratung", None),
        ("Verfassung", "das Bundesverfassungsgericht", "compound"),
        ("Gericht", "das Bundesverfassungsgericht", "compound"),
        ("Straße", "auf der Strasse", "exact"),
        ("Bahn", "die Straßenbahnen", "compound"),
        ("Ärzte", "ein Arzt", "inflected"),
        ("Ärzte", "Aerzte", "inflected"),
        ("A\u0308rzte", "Ärzte", "exact"),
        ("Kommission", "die EU-Kommission", "compound"),
        ("EU-Kommission", "die EU-Kommission", "exact"),
        ("EU-Kommission", "der EU-Kommissionen", "inflected"),
        ("Raketen-Technik", "die Raketentechnik", "exact"),
        ("2024", "Ende 2024.", "exact"),
        ("x1", "X1-Modell", "compound"),
    ],
)
def test_a_word_is_found_in_all_its_forms(query: str, text: str, how: str | None) -> None:
    """A word finds itself, its inflections and its compounds, and each is told apart."""
    assert how_found(query, text) == how


def test_english_is_inflected_as_english() -> None:
    """Records of English articles are found by English stems."""
    assert how_found("rocket", "Rockets were fired.", "en") == "inflected"
    assert how_found("rocket", "Rockets were fired.", "en-GB") == "inflected"
    assert how_found("cities", "A city.", "en") == "inflected"


@pytest.mark.parametrize(
    ("q", "words"),
    [
        ("die Rakete", ["rakete"]),
        ("Wer ist das?", ["wer", "ist", "das"]),
        ("Rakete rakete", ["rakete"]),
        ("„Das reicht nicht!“", ["reicht"]),
        ("… !?", []),
        ("NOT (a OR 'b' \"c\" * & |)", ["not", "b", "c"]),
    ],
)
def test_a_query_keeps_the_words_that_tell(q: str, words: list[str]) -> None:
    """Function words are left out unless there is nothing else; signs mean nothing."""
    assert [word.word for word in query_words(q)] == words


def test_endless_words_stay_small() -> None:
    """A word of a million letters costs no more than a long one."""
    assert len(index_terms("a-b" * 1_000_000, "de")) < 2_000
    assert len(index_terms("Donaudampfschifffahrtsgesellschaft" * 1000, "de")) < 5_000
