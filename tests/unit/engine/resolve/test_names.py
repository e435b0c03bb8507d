"""Names brought into the nominative."""

import pytest

from services.extract.engine.resolve import names


@pytest.mark.parametrize(
    ("word", "known", "bare"),
    [
        ("Ruttes", {"Rutte"}, "Rutte"),
        ("Hans", {"Hans"}, "Hans"),
        ("Hans", (), "Hans"),
        ("Merkels", (), "Merkels"),
        ("Merkels", {"Merkel"}, "Merkel"),
        ("Petrus", (), "Petrus"),
        ("Strauß’", (), "Strauß"),
        ("Grupps", (), "Grupp"),
        ("Ott", (), "Ott"),
        ("Kandoriens", (), "Kandorien"),
        ("Jens", (), "Jens"),
        ("Siemens", (), "Siemens"),
    ],
)
def test_genitive_is_taken_off_with_care(word, known, bare):
    """Known names win; an s that belongs to the name stays."""
    assert names.without_genitive(word, known) == bare


@pytest.mark.parametrize(
    ("adjective", "gender", "declined"),
    [
        ("ehemaligen", "m", "ehemaliger"),
        ("frühere", "f", "frühere"),
        ("russische", "n", "russisches"),
        ("westlichen", "p", "westliche"),
        ("Berliner", "f", "Berliner"),
        ("lila", "m", "lila"),
    ],
)
def test_adjective_without_article_is_strong(adjective, gender, declined):
    """Adjectives end as they do without an article; those of places never change."""
    assert names.strong(adjective, gender) == declined


@pytest.mark.parametrize(
    ("noun", "nominative"),
    [("Übergangsrates", "Übergangsrat"), ("Konsortiums", "Konsortium"), ("Kremls", "Kreml")],
)
def test_unknown_noun_loses_its_genitive(noun, nominative):
    """Behind „des“ the ending is the genitive's."""
    assert names.of_genitive(noun) == nominative


def test_signs_are_joined_as_printed():
    """Commas stand tight, brackets hold what is in them."""
    words = ["Amt", "(", "BfR", ")", ",", "Berlin"]
    assert names.joined(words) == "Amt (BfR), Berlin"


@pytest.mark.parametrize(
    ("name", "bare"),
    [("Eine Studie der Uni", "Studie der Uni"), ("Einer", "Einer"), ("Nato", "Nato")],
)
def test_indefinite_article_is_left_out(name, bare):
    """A document is named without its article."""
    assert names.bare(name) == bare
