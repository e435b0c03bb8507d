"""The table of outlets."""

import re

import pytest

from services.extract.engine.resolve.outlets import all_outlets, by_pattern, known
from services.extract.engine.resolve.tables import table


def test_names_are_there_once():
    """No outlet is listed twice."""
    names = [outlet.name for outlet in all_outlets()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("outlet", all_outlets(), ids=lambda outlet: outlet.name)
def test_row_is_well_formed(outlet):
    """Every outlet has a kind; home page and identifier are real ones or empty."""
    assert outlet.kind
    assert outlet.home_page == "" or outlet.home_page.startswith("https://")
    assert outlet.wikidata == "" or re.fullmatch(r"Q\d+", outlet.wikidata)


def test_every_short_name_finds_an_outlet():
    """Each spelling of the table is recognised, the outlet's own among them."""
    for row in table("outlets"):
        for spelling in (row[0], *filter(None, row[1].split("|"))):
            assert known(spelling.split()) is not None, spelling


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("des Bayerischen Rundfunks", "Bayerischer Rundfunk"),
        ("der Frankfurter Allgemeinen", "Frankfurter Allgemeine Zeitung"),
        ("DER SPIEGEL", "Der Spiegel"),
        ("dem „Handelsblatt“", "Handelsblatt"),
    ],
)
def test_case_forms_are_known(words, name):
    """Names are recognised in every case and spelling."""
    outlet = known([word for part in words.split() for word in re.findall(r"\w+|[„“]", part)])
    assert (outlet.name if outlet else None) == name


@pytest.mark.parametrize(
    ("run", "name"),
    [
        (["Ostelbische", "Nachrichten"], "Ostelbische Nachrichten"),
        (["Ostelbischen", "Rundschau"], "Ostelbische Rundschau"),
        (["Deichkurier"], None),
        (["Elbmarschkurier"], "Elbmarschkurier"),
        (["Neue", "Brücke"], None),
        (["Polizei", "Nachrichten"], None),
    ],
)
def test_unknown_outlet_is_recognised_by_its_pattern(run, name):
    """The last word of a paper's name tells that it is one."""
    outlet = by_pattern(run)
    assert (outlet.name if outlet else None) == name
