"""Whom mentions mean, with the article around them."""

import pytest

from services.extract.engine.types import Kind
from tests.unit.engine.resolve.marked import resolved


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            (
                "Kritikerin Petra Kern lobt. {s1:Die Britin} {q1:sagte}, {c1:ja}. "
                "Torwart Jan Ott und Trainerin Ina Roth kamen. {s2:Beide} {q2:sagten}, {c2:ja}. "
                "{s3:Diese} {q3:betonte}, {c3:nein}."
            ),
            ["Petra Kern", "Jan Ott und Ina Roth", "Ina Roth"],
        ),
        (
            (
                "Das Landesamt für Migration zählt. {s1:Eine Behördensprecherin} {q1:sagte}, "
                "{c1:ja}. {s2:Verleger Jan} zu Salm {q2:sagte}, {c2:nein}."
            ),
            ["Landesamt für Migration", "Jan zu Salm"],
        ),
        (
            (
                "Generalsekretär Aksel Torvik reiste ab. {s1:Torvik} {q1:sagte}, {c1:es eile}. "
                "{s2:Er} {q2:lobte} {r2:die Gastgeber}. {s3:Der Generalsekretär} {q3:meinte}, "
                "{c3:es eile}."
            ),
            ["Aksel Torvik"] * 3,
        ),
        (
            "{s1:Torvik} {q1:warnt}: {c1:Es eile}. In Halden sprach Aksel Torvik, der Chef.",
            ["Aksel Torvik"],
        ),
        (
            (
                "Umweltministerin Frauke Ott und Bürgermeister Jan Lüders stritten. "
                "{s1:Die Ministerin} {q1:sagte}, {c1:ja}. "
                "{s2:Der Rathauschef} {q2:sagte}, {c2:nein}. "
                "{s3:Sie} {q3:widersprach}, {c3:das stimme nicht}."
            ),
            ["Frauke Ott", "Jan Lüders", "Frauke Ott"],
        ),
        (
            (
                "Die Bundespolizei sperrte die Gleise. {c1:Niemand sei verletzt}, {q1:sagte} "
                "{s1:ein Sprecher der Behörde}. {s2:Er} {q2:fügte hinzu}, {c2:man ermittle}."
            ),
            ["Bundespolizei", "Bundespolizei"],
        ),
        (
            (
                "Die Nordmole-Werft sucht. {s1:Ein Werftsprecher} {q1:sagte}, {c1:man rede}. "
                "{s2:Das Unternehmen} {q2:betonte}, {c2:es gebe Aufträge}."
            ),
            ["Nordmole-Werft", "Nordmole-Werft"],
        ),
        (
            (
                "Wirtschaftsministerin Frauke Ott zögert. {c1:Es eile nicht}, {q1:teilte} "
                "{s1:ihr Ministerium} {q1:mit}."
            ),
            ["Wirtschaftsministerium"],
        ),
        (
            "Das Institut für Küstenkunde (IfK) misst. {s1:Das IfK} {q1:meldete}, {c1:es steige}.",
            ["Institut für Küstenkunde"],
        ),
        (
            (
                "Eine Studie der Universität Halle erschien. {s1:Der Studie} {q1:zufolge} "
                "{c1:sinkt der Pegel}."
            ),
            ["Studie der Universität Halle"],
        ),
        (
            "„Ich gehe“, sagte Hinrich Tebbe. {s1:Der Fährmann} {q1:meinte}, {c1:es sei Zeit}.",
            ["Hinrich Tebbe"],
        ),
        (
            (
                "Der Norweger Aksel Torvik kam. {s1:Torvik} {q1:sagte}, {c1:es eile}. "
                "{s2:Der Norweger} {q2:sagte}, {c2:er bleibe}."
            ),
            ["Aksel Torvik", "Aksel Torvik"],
        ),
        (
            "Eine 81-jährige Mieterin weint. {s1:Die Frau} {q1:fürchtet}, {c1:sie müsse gehen}.",
            ["Eine 81-jährige Mieterin"],
        ),
        (
            "{s1:Seine Sprecherin} {q1:sagte}, {c1:er komme}. Minister Tilo Gerst schwieg.",
            ["Sprecherin"],
        ),
        (
            "Minister Tilo Gerst schwieg. {s1:Seine Sprecherin} {q1:sagte}, {c1:er komme}.",
            ["Tilo Gerst"],
        ),
        (
            "Die Polizei suchte. {q1:Nach} {s1:eigenen Angaben} {c1:fand die Polizei nichts}.",
            ["Polizei"],
        ),
        (
            (
                "Innenminister Karl Brandt kam. {s1:Brandts Sprecher} {q1:sagte}, {c1:ja}. "
                "{s2:Sein Ministerium} {q2:sagte}, {c2:nein}."
            ),
            ["Karl Brandt", "Innenministerium"],
        ),
        (
            "Lehrer Uwe Ott kam. {q1:Nach} {s1:seiner Ansicht} {c1:reicht das}.",
            ["Uwe Ott"],
        ),
        (
            "Uwe Ott lobte Tim Falk, {s1:der} {c1:den Umbau} {q1:forderte}.",
            ["Tim Falk"],
        ),
        (
            "{s1:Bundeskanzler Scholz} {q1:sagte}, {c1:es eile}. {s2:Scholz} {q2:sagte}, {c2:ja}.",
            ["Olaf Scholz", "Olaf Scholz"],
        ),
        (
            (
                "Forscher bohrten. {s1:Forscher der Uni Halle} {q1:sagten}, {c1:es taue}. "
                "{s2:Die Forscher} {q2:sagten}, {c2:es eile}. {s3:Sie} {q3:warnten}, {c3:es sinke}."
            ),
            ["Forscher der Uni Halle"] * 3,
        ),
        (
            "Die Reederei Castell kauft. {s1:Castell} {q1:sagte}, {c1:es eile}.",
            ["Castell"],
        ),
        (
            "{s1:Die Reederei Castell} {q1:sagte}, {c1:ja}. {s2:Castell} {q2:sagte}, {c2:es eile}.",
            ["Reederei Castell", "Reederei Castell"],
        ),
        (
            (
                "Ein Amt prüfte. {s1:Das Landesamt für Umwelt} {q1:sagte}, {c1:gut}. "
                "{c2:Die Taten lägen weit auseinander}, {q2:hieß es} {s2:dort}."
            ),
            ["Landesamt für Umwelt", "Landesamt für Umwelt"],
        ),
        (
            (
                "Der Verein Klartext protestierte. {s1:Der Verein Klartext} {q1:sagte}, {c1:nein}. "
                "{c2:Man klage}, {q2:heißt es} in der Mitteilung."
            ),
            ["Verein Klartext", "Verein Klartext"],
        ),
        (
            "Man sprach mit Kanzler Scholz, {s1:der} {r1:den Einsatz} {q1:ausschloss}.",
            ["Olaf Scholz"],
        ),
        ("{s1:Frau Meier} {q1:sagte}, {c1:es eile}.", ["Meier"]),
        ("Anna Ott kam. {s1:Ministerin Ott} {q1:sagte}, {c1:es eile}.", ["Anna Ott"]),
        ("Ndaba Okellu kam. {s1:Okellu} {q1:sagte}, {c1:es eile}.", ["Ndaba Okellu"]),
        ("Der Bund für Klima (Buklim) tagt. {s1:Buklim} {q1:sagt}, {c1:ja}.", ["Bund für Klima"]),
        ("{s1:Eltrava} {q1:sagte}, {c1:es eile}.", ["Eltrava"]),
        ("{s1:Die Frau} {q1:sagte}, {c1:es eile}.", ["Frau"]),
        ("Minister Tilo Gerst schwieg. {s1:Seine Mutter} {q1:sagte}, {c1:ja}.", ["Mutter"]),
        (
            (
                "{s1:Eine Sprecherin der Polizei} {q1:sagte}, {c1:ja}. "
                "{s2:Die Sprecherin} {q2:sagte}, {c2:nein}. {s3:Man} {q3:hoffe}, {c3:es eile}."
            ),
            ["Polizei"] * 3,
        ),
        ("Die Elmtal GmbH schwieg. {s1:Ein Sprecher} {q1:sagte}, {c1:ja}.", ["Elmtal GmbH"]),
        ("{s1:Ein Elbtower-Sprecher} {q1:sagte}, {c1:ja}.", ["Elbtower"]),
        ("{s1:Ein Sprecher} {q1:sagte}, {c1:ja}.", ["Ein Sprecher"]),
        ("Der SC Blau-Weiß Elm siegte. {s1:Der Verein} {q1:sagte}, {c1:ja}.", ["SC Blau-Weiß Elm"]),
        ("Die Elterland Energie baut. {s1:Das Unternehmen} {q1:sagte}, {c1:ja}.",
         ["Elterland Energie"]),
        ("Die Liste Land und Stadt tagt. {s1:Die Partei} {q1:sagte}, {c1:ja}.",
         ["Liste Land und Stadt"]),
        ("Greenpeace kam. {s1:Die Organisation} {q1:sagte}, {c1:ja}.", ["Greenpeace"]),
        ("{q1:Laut} {s1:Medienberichten} {c1:eilt es}.", ["Medienberichte"]),
        ("{q1:Laut} {s1:einer Erklärung} {c1:eilt es}.", ["Erklärung"]),
        ("{q1:Laut} {s1:einem Brief aus dem Jahr 1903} {c1:eilt es}.",
         ["Brief aus dem Jahr 1903"]),
        ("{q1:Laut} {s1:einem Bericht des Spiegel} {c1:eilt es}.", ["Der Spiegel"]),
        ("Ein Gutachten liegt vor. {q1:Nach} {s1:dem bisherigen} {c1:eilt es}.", ["Gutachten"]),
        ("Ein Gutachten kam. {q1:Demnach} {c1:eilt} {s1:demnach} {c1:alles}.", ["Gutachten"]),
        ("Iris Wagner vom Ring kam. {s1:Ihr Verband} {q1:sagte}, {c1:ja}.", ["Verband"]),
        ("Uwe Ott, Chef der Elmbank, kam. {s1:Seine Bank} {q1:sagte}, {c1:ja}.", ["Elmbank"]),
        (
            (
                "Dagmar Ropers kam. {s1:Die Hausärztin} {q1:sagte}, {c1:ja}. Tim Falk ging. "
                "{s2:Tim Falk} {q2:sagte}, {c2:nein}. {s3:Die Ärztin} {q3:sagte}, {c3:doch}."
            ),
            ["Dagmar Ropers", "Tim Falk", "Dagmar Ropers"],
        ),
        ("{s1:Anna Berg} {q1:sagte}, {c1:ja}. {s2:Die Physikerin} {q2:sagte}, {c2:nein}.",
         ["Anna Berg", "Anna Berg"]),
        ("Anna Berg kam. {s1:Der Zeuge} {q1:sagte}, {c1:ja}.", ["Zeuge"]),
        ("Das Blatt kam. {s1:Das Blatt} {q1:schrieb}, {c1:ja}.", ["Blatt"]),
        ("Die SZ kam. {s1:Das Blatt} {q1:schrieb}, {c1:ja}.", ["Süddeutsche Zeitung"]),
        ("{s1:Ihre Bank} {q1:sagte}, {c1:ja}.", ["Bank"]),
        ("Uwe Ott kam. {s1:Der 54-Jährige} {q1:sagte}, {c1:ja}.", ["Uwe Ott"]),
        (
            "Die Polizei fasste einen 22-Jährigen. {s1:Dieser} {q1:bestreitet} {c1:die Tat}.",
            ["Ein 22-Jähriger"],
        ),
        ("Uwe Ott lobt Tim Falk. {s1:Der} {q1:sagte}, {c1:es eile}.", ["Tim Falk"]),
        ("Das Denkmalamt prüft. {q1:Nach} {s1:ihm} {c1:steht das Haus}.", ["Denkmalamt"]),
        ("Leiter Kees van Dalen kam. {s1:Van Dalen} {q1:sagte}, {c1:ja}.", ["Kees van Dalen"]),
        ("Bürgermeister Uwe Ott kam. {s1:Sein Büro} {q1:sagte}, {c1:ja}.", ["Uwe Ott"]),
        (
            (
                "Albrecht Rothe starb. {s1:Seine Tochter Ida} {q1:sagte}, {c1:ja}. "
                "Ida Feld schwieg, Ida Rothe nicht."
            ),
            ["Ida Rothe"],
        ),
        (
            "Ben Kaiser kam. {s1:Kaiser} {q1:sagte}, {c1:es eile}.",
            ["Ben Kaiser"],
        ),
        (
            (
                "Geschäftsführer Timo Brandt ging. {s1:Brandt} {q1:sagte}, {c1:ja}. "
                "{s2:Der Insolvenzverwalter} {q2:sagte}, {c2:nein}."
            ),
            ["Timo Brandt", "Insolvenzverwalter"],
        ),
        (
            "Hakan Öz kam. {s1:Minister} {q1:weist} {c1:Vorwürfe} {q1:zurück}.",
            ["Hakan Öz"],
        ),
        (
            "Ulrike Sommer kam. {s1:Die Grüne} {q1:sagte}, {c1:es eile}.",
            ["Ulrike Sommer"],
        ),
        (
            "Der Hersteller Pharmatis zahlt {q1:nach} {s1:eigenen Angaben} {c1:nichts}.",
            ["Pharmatis"],
        ),
        ("{s1:Die Vereinten Nationen} {q1:sagten}, {c1:es eile}.", ["Vereinte Nationen"]),
    ],
)  # fmt: skip
def test_mention_finds_its_entity(text, names):
    """Names, roles, pronouns and descriptions mean who stands elsewhere in the article."""
    assert [each.source.entity.name for each in resolved(text)] == names


def test_namesakes_are_told_apart_by_given_name_and_role():
    """Of two people with one surname the first goes by it alone, the other by more."""
    first, second, third = resolved(
        "Minister Gregor Hollmann kam. {s1:Nele Hollmann} {q1:sagte}, {c1:nein}. {s2:Der Minister} "
        "{q2:sagte}, {c2:ja}. {s3:Hollmann} {q3:sagte}, {c3:doch}."
    )
    assert first.source.entity.name == "Nele Hollmann"
    assert {second.source.entity.name, third.source.entity.name} == {"Gregor Hollmann"}


@pytest.mark.parametrize(
    ("source", "kind", "role"),
    [
        ("Bürgermeister Jan Lüders", Kind.PERSON, "Bürgermeister"),
        ("Eine Sprecherin des Landkreises", Kind.ORGANISATION, "Sprecherin"),
        ("Das Landratsamt", Kind.ORGANISATION, None),
        ("Die Süddeutsche Zeitung", Kind.OUTLET, None),
        ("Mehrere Anwohner", Kind.GROUP, None),
        ("Ein Gutachten", Kind.DOCUMENT, None),
        ("Ein Anwohner", Kind.UNNAMED, None),
    ],
)
def test_kind_and_role_of_a_source(source, kind, role):
    """Every kind of source is told, and a spokesperson's role is kept with the organisation."""
    (found,) = resolved(f"{{s1:{source}}} {{q1:sagte}}, {{c1:es gehe voran}}.")
    assert (found.source.entity.kind, found.source.entity.role) == (kind, role)


def test_mention_stays_as_it_stands():
    """The source's spans are the mention, whatever it means."""
    text = "Minister Tilo Gerst schwieg. {s1:Er} {q1:sagte}, {c1:er komme}."
    (found,) = resolved(text)
    assert [(span.start, span.end) for span in found.source.spans] == [(29, 31)]
