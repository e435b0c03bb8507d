"""Organisations by the names they bear and by the nouns that take them up."""

import pytest

from services.extract.engine.resolve.mentions import Form
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.text import analyse
from tests.unit.engine.resolve.marked import resolved


@pytest.mark.parametrize(
    ("mention", "name"),
    [
        ("Die Reederei Jonas Martens", "Reederei Jonas Martens"),
        ("Der Fahrdienst Nelly Cars", "Fahrdienst Nelly Cars"),
        ("Die Modekette Lara Lind", "Lara Lind"),
        ("der Möbelhändler Wohnwelt", "Wohnwelt"),
        ("des Maschinenbauers Hegemann & Krull", "Hegemann & Krull"),
        ("Das Startup Helivo aus Elm", "Helivo"),
        ("Halm & Söhne", "Halm & Söhne"),
        ("des Bündnisses Sichere Wege", "Bündnis Sichere Wege"),
        ("die Rhein-Lahn-Kliniken", "Rhein-Lahn-Kliniken"),
        ("das dortige Innenministerium", "Innenministerium"),
        ("die zuständige Staatsanwaltschaft", "Staatsanwaltschaft"),
        ("das russische Innenministerium", "Russisches Innenministerium"),
        ("Die Kette, die Firma Backfein", "Backfein"),
        ("Die Kette, eine Bäckerei aus Elm", "Kette"),
        ("eBay", "eBay"),
    ],
)
def test_organisation_bears_its_name(mention, name):
    """A noun in front says what it is, and adjectives that only point are no part of a name."""
    read = parse(analyse(mention).words)
    assert (read.form in (Form.ORGANISATION, Form.BARE), read.name) == (True, name)


@pytest.mark.parametrize(
    ("mention", "form"),
    [
        ("die Kliniken", Form.GROUP),
        ("der Weinhändler Emil Kunze", Form.PERSON),
        ("CDU-Vorstand Anna Berg", Form.PERSON),
        ("die Hotelchefin Anna Berg", Form.PERSON),
    ],
)
def test_no_organisation(mention, form):
    """Plurals without a name and people behind their roles are none."""
    assert parse(analyse(mention).words).form is form


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Der Maschinenbauer Hegemann & Krull spart. {s1:Das Familienunternehmen}",
         "Hegemann & Krull"),
        ("Der Autozulieferer Brandex streicht Stellen. {s1:Der SDax-Konzern}", "Brandex"),
        ("Tesla baut um. {s1:Der Elektroautobauer}", "Tesla"),
        ("Die Nordbank spart. {s1:Das Geldhaus}", "Nordbank"),
        ("Der Streamingdienst Flimmer wird teurer. {s1:Der Anbieter}", "Streamingdienst Flimmer"),
        ("Das Fanbündnis „Blaue Elf“ tobt. {s1:Das Bündnis}", "Fanbündnis Blaue Elf"),
        ("Die Reederei Nelly Lines streikt. {s1:Das Unternehmen}", "Reederei Nelly Lines"),
        ("Das Unternehmen Voltara liefert. {s1:Ein Firmensprecher}", "Voltara"),
        ("Das Bündnis Elf tobt. {s1:Die Gruppe}", "Bündnis Elf"),
        (
            "Die Hochschule Elm und die Universität Halm stritten. {s1:Die Hochschule}",
            "Hochschule Elm",
        ),
        ("Jede vierte Stelle fällt weg. {s1:Die Behörde}", "Behörde"),
        ("Tesla baut um. {s1:Der Mutterkonzern}", "Mutterkonzern"),
        ("Die Polizei prüft. {s1:Der SDax-Konzern}", "SDax-Konzern"),
    ],
)  # fmt: skip
def test_description_of_a_company_finds_its_name(text, name):
    """Nouns for companies take up the company named before, and neither others nor authorities."""
    (found,) = resolved(text + " {q1:sagte}, {c1:es eile}.")
    assert found.source.entity.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{c1:Die Brücke zu sperren}, {q1:wird} in einem Brief der Stadt {q1:gefordert}.", "Stadt"),
        ("In der Studie {q1:wird} {q1:darauf hingewiesen}, {c1:dass es taut}.", "Studie"),
        ("In der Stadt {q1:wird} {q1:gefordert}, {c1:die Brücke zu sperren}.", None),
    ],
)
def test_passive_has_the_writing_for_its_source(text, name):
    """What is demanded in a letter is demanded by its writer; a place demands nothing."""
    (found,) = resolved(text)
    assert (found.source.entity.name if found.source else None) == name
