"""What a mention says by itself."""

import pytest

from services.extract.engine.resolve.mentions import Form
from services.extract.engine.resolve.parsing import parse
from services.extract.engine.text import analyse


@pytest.mark.parametrize(
    ("mention", "name", "role"),
    [
        ("Henrike Paulsen", "Henrike Paulsen", None),
        ("Nato-Generalsekretär Aksel Torvik", "Aksel Torvik", "Nato-Generalsekretär"),
        ("Der Chefvolkswirt der Nordbank, Henrik Paulsen,", "Henrik Paulsen",
         "Chefvolkswirt der Nordbank"),
        ("Lars Behn, Analyst der Küstenbank", "Lars Behn", "Analyst der Küstenbank"),
        ("der Chefin des Verbands Meike Ohlsen", "Meike Ohlsen", "Chefin des Verbands"),
        ("dem ehemaligen Umweltminister Jürgen Roth (SPD)", "Jürgen Roth",
         "ehemaliger Umweltminister"),
        ("Die Vorsitzende des Vereins, Ayla Demir,", "Ayla Demir", "Vorsitzende des Vereins"),
        ("der SPD-Vorsitzende Sönke Wolters", "Sönke Wolters", "SPD-Vorsitzender"),
        ("Ursula von der Weide", "Ursula von der Weide", None),
        ("Hausarzt Dr. Jens Ode", "Jens Ode", "Hausarzt"),
        ("Frau Meier", "Meier", None),
        ("Timmermanns Schwester Hilke Timmermann", "Hilke Timmermann", "Timmermanns Schwester"),
        ("Der Präsident Estlands, Tarmo Kask", "Tarmo Kask", "Präsident Estlands"),
        ("Polizeisprecher Kai Brandt", "Kai Brandt", "Polizeisprecher"),
        ("Marta Lindner, die als Wirtin arbeitet", "Marta Lindner", None),
        ("Minister Gerstner", "Gerstner", "Minister"),
        ("Finanzvorstand Pieter van den Broek", "Pieter van den Broek", "Finanzvorstand"),
        ("Tarek al-Hamdan", "Tarek al-Hamdan", None),
        ("Amtsärztin Dr. med. Sirin Kaplan", "Sirin Kaplan", "Amtsärztin"),
        ("Staatssekretärin de Groot (Grüne)", "de Groot", "Staatssekretärin"),
        ("Richter Adalbert Graf von Prittwitz", "Adalbert Graf von Prittwitz", "Richter"),
        ("Deren Vorsitzende, Gräfin Sophie Thun,", "Sophie Thun", "Vorsitzende"),
        ("Direktorin Ndaba, Leiterin des Hauses", "Ndaba", "Direktorin"),
        ("Der Angegriffene, Vorstandschef Bodo Lenz,", "Bodo Lenz", "Vorstandschef"),
        ("Der nicht daran beteiligte Zoologe Lars Brink", "Lars Brink", "Zoologe"),
        ("die 61 Jahre alte Inhaberin Gisela Torbeck", "Gisela Torbeck", "Inhaberin"),
        ("Ihr Kreisrat Jochen Wiemann", "Jochen Wiemann", "Kreisrat"),
        ("Lars Behn, Sprecher des Teams von Anna Meier,", "Lars Behn",
         "Sprecher des Teams von Anna Meier"),
        ("der 33-jährige Gianfranco Buffaldi", "Gianfranco Buffaldi", None),
        ("Der frühere Gefährte Thaksins, Newin Chidchob,", "Newin Chidchob",
         "früherer Gefährte Thaksins"),
        ("Kreisbrandmeister Udo Kern", "Udo Kern", "Kreisbrandmeister"),
        ("der gestürzte Diktator Ramon Vidal", "Ramon Vidal", "gestürzter Diktator"),
    ],
)  # fmt: skip
def test_person_is_named_without_role_and_title(mention, name, role):
    """A person's name is bare; the role stands in the nominative beside it."""
    read = parse(analyse(mention).words)
    assert (read.form, read.name, read.role) == (Form.PERSON, name, role)


@pytest.mark.parametrize(
    ("mention", "form", "name"),
    [
        ("des Landesamtes für Umwelt", Form.ORGANISATION, "Landesamt für Umwelt"),
        ("des Ombudsmans für Menschenrechte", Form.ORGANISATION, "Ombudsman für Menschenrechte"),
        ("die Iranischen Revolutionsgarden", Form.GROUP, "Iranische Revolutionsgarden"),
        ("der Evangelische Kringel Altenau", Form.ORGANISATION, "Evangelischer Kringel Altenau"),
        ("der Polizei vom Dienstag", Form.ORGANISATION, "Polizei"),
        ("die Online-Ausgabe des „Spiegel“", Form.OUTLET, "Der Spiegel"),
        ("die Samstagsausgabe der Süddeutschen Zeitung", Form.OUTLET, "Süddeutsche Zeitung"),
        ("eine der größten Ketten des Landes, die Drogerie Silber,", Form.ORGANISATION,
         "Drogerie Silber"),
        ("den Wahlverlierern", Form.GROUP, "Wahlverlierer"),
        ("westliche Militärs", Form.GROUP, "Westliche Militärs"),
        ("einige Anhänger Anna Kerns", Form.GROUP, "Einige Anhänger Anna Kerns"),
        ("zwei namentlich nicht genannten Offizieren", Form.GROUP,
         "Zwei namentlich nicht genannte Offiziere"),
        ("einige der größten britischen Händler", Form.GROUP,
         "Einige der größten britischen Händler"),
        ("einer russischen Quelle", Form.ROLE, "Eine russische Quelle"),
        ("des Fairphone Shops", Form.ORGANISATION, "Fairphone Shop"),
        ("der 330 Seiten starke Bericht", Form.DOCUMENT, "Bericht"),
        ("die Tageszeitung ''La Nacion''", Form.OUTLET, "La Nacion"),
        ("einer parlamentarischen Anfrage der Grünen", Form.DOCUMENT,
         "Eine parlamentarische Anfrage der Grünen"),
        ("der Staatsanwaltschaft Halle", Form.ORGANISATION, "Staatsanwaltschaft Halle"),
        ("das russische Außenministerium", Form.ORGANISATION, "Russisches Außenministerium"),
        ("vom Umweltministerium", Form.ORGANISATION, "Umweltministerium"),
        ("der Deutschen Umwelthilfe", Form.ORGANISATION, "Deutsche Umwelthilfe"),
        ("der Deutsche Hydrologische Dienst", Form.ORGANISATION, "Deutscher Hydrologischer Dienst"),
        ("Hersteller Datavis", Form.ORGANISATION, "Datavis"),
        ("die Gewerkschaft Transport und Verkehr", Form.ORGANISATION,
         "Gewerkschaft Transport und Verkehr"),
        ("der SC Blau-Weiß Hellborn", Form.ORGANISATION, "SC Blau-Weiß Hellborn"),
        ("NATO", Form.ORGANISATION, "NATO"),
        ("des Auswärtigen Amtes", Form.ORGANISATION, "Auswärtiges Amt"),
        ("Frankreich", Form.ORGANISATION, "Frankreich"),
        ("die Elmtal GmbH", Form.ORGANISATION, "Elmtal GmbH"),
        ("das Robert-Lenz-Institut", Form.ORGANISATION, "Robert-Lenz-Institut"),
        ("der Süddeutschen Zeitung", Form.OUTLET, "Süddeutsche Zeitung"),
        ("des Spiegel", Form.OUTLET, "Der Spiegel"),
        ("dpa", Form.OUTLET, "Deutsche Presse-Agentur"),
        ("N-tv", Form.OUTLET, "n-tv"),
        ("Die Grafschafter Nachrichten", Form.OUTLET, "Grafschafter Nachrichten"),
        ("der Nachrichtenagentur Reuters", Form.OUTLET, "Reuters"),
        ("die Wochenzeitung „Elbtaler Bote“", Form.OUTLET, "Elbtaler Bote"),
        ("der vatikaneigene Sender, Radio Vatikan", Form.OUTLET, "Radio Vatikan"),
        ("mehreren Mitgliedern des EZB-Rats", Form.GROUP, "Mehrere Mitglieder des EZB-Rats"),
        ("Westliche Geheimdienste", Form.GROUP, "Westliche Geheimdienste"),
        ("Die Außenminister der NATO-Staaten", Form.GROUP, "Außenminister der NATO-Staaten"),
        ("Finanzkreisen", Form.GROUP, "Finanzkreise"),
        ("laut Experten", Form.GROUP, "Experten"),
        ("Özcan Mutlu und Benedikt Lux", Form.GROUP, "Özcan Mutlu und Benedikt Lux"),
        ("CDU und FDP", Form.GROUP, "CDU und FDP"),
        ("die beiden", Form.GROUP, "Die beiden"),
        ("viele", Form.GROUP, "Viele"),
        ("eine Studie der Universität Tübingen", Form.DOCUMENT,
         "Eine Studie der Universität Tübingen"),
        ("dem am Montag veröffentlichten Testbericht", Form.DOCUMENT, "Testbericht"),
        ("Ein Analyst einer südkoreanischen Denkfabrik", Form.ROLE,
         "Ein Analyst einer südkoreanischen Denkfabrik"),
        ("der Angeklagte", Form.ROLE, "Angeklagter"),
        ("der 54-Jährige", Form.ROLE, "54-Jähriger"),
        ("der Fährmann", Form.ROLE, "Fährmann"),
        ("Rutte", Form.BARE, "Rutte"),
        ("Demnach", Form.BACK, "Demnach"),
        ("dem bisherigen", Form.BACK, "dem bisherigen"),
        ("Er", Form.PRONOUN, "Er"),
        ("Seiner", Form.PRONOUN, "Seiner"),
        ("der", Form.RELATIVE, "der"),
        ("Gerüchte", Form.NOBODY, "Gerüchte"),
        ("gestern", Form.NOBODY, "gestern"),
        ("Mehrere Analysten", Form.GROUP, "Mehrere Analysten"),
        ("Das Rote Kreuz", Form.ORGANISATION, "Rotes Kreuz"),
    ],
)  # fmt: skip
def test_mention_is_named_in_the_nominative(mention, form, name):
    """Every sort of mention is told apart and named without article in the nominative."""
    read = parse(analyse(mention).words)
    assert (read.form, read.name) == (form, name)


@pytest.mark.parametrize(
    ("mention", "owner"),
    [
        ("Angaben der Polizei", "Polizei"),
        ("Polizeiangaben", "Polizei"),
        ("Grupps Meinung", "Grupp"),
        ("Ansicht einiger Juristen", "Einige Juristen"),
        ("Recherchen der Süddeutschen Zeitung und des WDR", "Süddeutsche Zeitung und WDR"),
        ("ein Sprecher des Umweltministeriums", "Umweltministerium"),
        ("Ein WWF-Sprecher", "WWF"),
        ("Angaben", None),
    ],
)
def test_owner_is_found(mention, owner):
    """An act of saying and a spokesperson belong to whoever stands behind them."""
    read = parse(analyse(mention).words)
    assert (read.owner.name if read.owner else None) == owner


@pytest.mark.parametrize("mention", ["", "„“", "laut", ",", "nach ( )"])
def test_mention_of_nobody_is_none(mention):
    """Marks and prepositions alone mention nobody."""
    assert parse(analyse(mention).words) is None
