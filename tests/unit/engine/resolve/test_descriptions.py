"""Whom roles, ages, homes and kinship describe, where somebody is named only once."""

import pytest

from tests.unit.engine.resolve.marked import resolved


@pytest.mark.parametrize(
    ("text", "name"),
    [
        # An office with what it belongs to, of somebody who had a trade so far.
        ("Die Kletterin Wiebke Thamm klagt. {s1:Die Leiterin der Station Elm} {q1:sagte}, {c1:ja}.",
         "Wiebke Thamm"),
        ("Der Biologe Jan Ott klagt. {s1:Der Direktor des Zoos} {q1:sagte}, {c1:ja}.", "Jan Ott"),
        # An office alone may be somebody else's, and so may one behind another office.
        ("Der Biologe Jan Ott klagt. {s1:Der Direktor} {q1:sagte}, {c1:ja}.", "Direktor"),
        ("Minister Jan Ott klagt. {s1:Der Leiter der Behörde} {q1:sagte}, {c1:ja}.",
         "Leiter der Behörde"),
        # Somebody whose name no table holds.
        ("Das Stück ist von Yrsa Karsunke. Karsunke kam. {s1:Die 44-Jährige} {q1:sagte}, {c1:ja}.",
         "Yrsa Karsunke"),
        ("Es eilt, wie Yrsa Karsunke weiß. {s1:Karsunke} {q1:sagte}, {c1:ja}.", "Yrsa Karsunke"),
        ("Sie mag die Grüne Vulta sehr. Vulta wächst. {s1:Die 44-Jährige} {q1:sagte}, {c1:ja}.",
         "44-Jährige"),
        ("Anna Berg malt. {s1:Die Elmstädterin} {q1:sagte}, {c1:ja}.", "Anna Berg"),
        # Specialists of two kinds are two people.
        (("Professorin Ida Ros kam. {s1:Die Lungenärztin} {q1:sagte}, {c1:ja}. "
         "Die Kinderärztin Eva Kalm schwieg."), "Ida Ros"),
        ("Die Kinderärztin Eva Kalm kam. {s1:Die Ärztin} {q1:sagte}, {c1:ja}.", "Eva Kalm"),
        ("Die Umweltministerin Eva Kalm kam. {s1:Die SPD-Politikerin} {q1:sagte}, {c1:ja}.",
         "Eva Kalm"),
        # Whom a relative clause follows, where nobody was taken notice of so far.
        ("Es kamen Anwohner, {s1:die} von {c1:Lärm} {q1:sprachen}.", "Anwohner"),
        ("Da waren wütende Fischer, {s1:die} {c1:Geld} {q1:forderten}.", "Wütende Fischer"),
        ("Nun liegt ein Gutachten vor, {s1:das} vor {c1:Rissen} {q1:warnt}.", "Gutachten"),
        ("Es fehlt ein Kommentar, {s1:der} {c1:den Plan} {q1:lobt}.", "Kommentar"),
        # Where an organisation is, and which of two.
        ("Das Umweltamt maß. {s1:Die Behörde in Elm} {q1:sagte}, {c1:ja}.", "Umweltamt"),
        ("Der Autobauer Wendt spart. {s1:Der Konzern aus Elm} {q1:sagte}, {c1:ja}.", "Wendt"),
        (
            (
                "{s1:Das Ministerium in Kiew} {q1:sagte}, {c1:ja}. "
                "{s2:Das Ministerium in Moskau} {q2:sagte}, {c2:nein}."
            ),
            "Ministerium in Moskau",
        ),
        # An organisation is introduced as what it is, and then only named.
        (
            "Die Beteiligungsfirma Halden Capital kam. {s1:Halden Capital} {q1:sagte}, {c1:ja}.",
            "Halden Capital",
        ),
        ("{s1:Marktführer Rheinbit} {q1:sagte}, {c1:ja}.", "Rheinbit"),
        # What looks like a trade is a given name behind one; a pair is no given name.
        ("Der Sprecher Iker Baldomero kam. {s1:Baldomero} {q1:sagte}, {c1:ja}.", "Iker Baldomero"),
        (
            "Das Duo Imke Broders und Thore Falk siegt. {s1:Broders} {q1:sagte}, {c1:ja}.",
            "Imke Broders",
        ),
        ("Friederike Sand siegt. {s1:Die Gewählte} {q1:sagte}, {c1:ja}.", "Friederike Sand"),
        ("{s1:Mehrere Teams} {q1:sagten}, {c1:ja}.", "Mehrere Teams"),
        ("{s1:Konservative Synodale} {q1:sagten}, {c1:ja}.", "Konservative Synodale"),
        # A role behind a preposition and a possessive.
        ("Über seinen Anwalt Timo Kahl klagte er. {s1:Der Verteidiger} {q1:sagte}, {c1:ja}.",
         "Timo Kahl"),
        ("Ohne ihre Trainerin Ada Kahl ging sie. {s1:Die Trainerin} {q1:sagte}, {c1:ja}.",
         "Ada Kahl"),
        # Relatives share a surname.
        (("Martha Alm und der Wirt Toni Alm streiten. Toni Alm ging. "
         "{s1:Seine Frau} {q1:sagte}, {c1:ja}."), "Martha Alm"),
        ("Toni Alm streitet mit Martha Kern. Toni Alm ging. {s1:Seine Frau} {q1:sagte}, {c1:ja}.",
         "Frau"),
        # A given name alone, and what stands behind a name.
        (("Wirt Alois Alm kam mit Verena Alm. Verena lachte. {s1:Die 29-Jährige} {q1:sagte}, "
         "{c1:ja}."), "Verena Alm"),
        ("Rainer Alm, ein pensionierter Lehrer, kam. {s1:Er} {q1:sagte}, {c1:ja}.", "Rainer Alm"),
        ("Der 61 Jahre alte Fahrer schlief. {s1:Er} {q1:sagte}, {c1:ja}.", "Fahrer"),
        # A compound is described by its last part, offices are not.
        ("Vorstandschef Jan Ott kam. {s1:Der Chef} {q1:sagte}, {c1:ja}.", "Jan Ott"),
        ("Staatsanwalt Jan Ott kam. {s1:Der Anwalt} {q1:sagte}, {c1:ja}.", "Anwalt"),
        # Who just spoke comes before who is named later or was named long ago,
        (
            (
                "Vorstandschefin Ida Roth kam. {s1:Die Managerin} {q1:sagte}, {c1:ja}. "
                "Fondsmanagerin Eva Kalm schwieg."
            ),
            "Ida Roth",
        ),
        # but not before whose very noun it is.
        (
            (
                "Managerin Ida Roth kam. Es war Mai. Es regnete. Dann schien die Sonne. "
                "Eva Kalm schwieg. {s1:Die Managerin} {q1:sagte}, {c1:ja}."
            ),
            "Ida Roth",
        ),
        # Whom a name speaks to is no part of it.
        ("Anna Berg kam. {s1:Berg zu den Jüngeren} {q1:sagte}, {c1:ja}.", "Anna Berg"),
        ("Papst Jan Ott kam. {s1:Das Kirchenoberhaupt} {q1:sagte}, {c1:ja}.", "Jan Ott"),
        # Who holds an office no more, and who goes by another word for it.
        ("Finanzminister Jan Ott ging. Ein Freund kam. {s1:Der Ex-Minister} {q1:sagte}, {c1:ja}.",
         "Jan Ott"),
        ("Es kam {s1:der Bürgermeister} und {q1:sagte}, {c1:ja}. Rathauschef Jan Ott ging.",
         "Jan Ott"),
        # What somebody was is a further role, a part played in what is told is somebody else's.
        ("Assistent Jan Ott kam. {s1:Der frühere Verteidiger} {q1:sagte}, {c1:ja}.", "Jan Ott"),
        ("Assistent Jan Ott kam. {s1:Der Verteidiger} {q1:sagte}, {c1:ja}.", "Verteidiger"),
        # Nouns for women alone, in compounds too.
        ("Chef Jan Ott kam. Fatma Berg lachte. {s1:Die Krankenschwester} {q1:sagte}, {c1:ja}.",
         "Fatma Berg"),
        # A noun for an association takes up one of any name, a crime is no foundation.
        ("Der Bauernbund kam. Der Tierschutzring kam. {s1:Der Verband} {q1:sagte}, {c1:ja}.",
         "Tierschutzring"),
        ("Die Polizei kam. Es war Brandstiftung. {s1:Eine Sprecherin} {q1:sagte}, {c1:ja}.",
         "Polizei"),
        # Whose somebody is, with an adjective or an apostrophe between, is no part of the name,
        ("{s1:Halms früherer Büroleiter Jan Ott} {q1:sagte}, {c1:ja}.", "Jan Ott"),
        ("{s1:Lührs' Vorgänger Jan Ott} {q1:sagte}, {c1:ja}.", "Jan Ott"),
        # and an association that is called after a place keeps its name.
        ("{s1:Rheinlands Bauernbund} {q1:sagte}, {c1:ja}.", "Rheinlands Bauernbund"),
        # A surname may be a noun for an organisation.
        ("Die Schäferin Anneke Post kam. {s1:Sie} {q1:sagte}, {c1:ja}.", "Anneke Post"),
        # „Der“ behind a noun is a genitive, which is a plural of men;
        ("Präsident Jan Ott ging. In {s1:einem Brief der Anhänger} {q1:heißt} es, {c1:ja}.",
         "Anhänger"),
        # a letter is whose it was when it was brought up, or the last speaker's.
        (("Ihr Anwalt Jan Ott legte ein Schreiben der Stadtwerke vor. "
         "In {s1:dem Brief} {q1:heißt} es, {c1:ja}."), "Stadtwerke"),
        (("Ihr Anwalt Jan Ott legte ein Gutachten der Stadtwerke vor. "
         "In {s1:dem Brief} {q1:heißt} es, {c1:ja}."), "Brief"),
        ("Am Tatort lag ein Bekennerschreiben. In {s1:dem Text} {q1:heißt} es, {c1:ja}.",
         "Bekennerschreiben"),
        ("Das Haus Kern klagt. {c1:Ja}, {q1:heißt} es in {s1:einem internen Schreiben}.",
         "Internes Schreiben"),
        ("Das Bistum kam. Ein Gutachten liegt vor. {s1:Es} {q1:betont}, {c1:ja}.", "Gutachten"),
        # A dative that only a plural has, and a noun that is either number.
        ("Kommissar Jan Ott kam. {s1:Den Beamten} {q1:zufolge} {c1:eilt es}.", "Beamte"),
        (("{q1:Laut} {s1:Netzbetreiber} {c1:eilt es}. "
         "{s2:Dem Unternehmen} {q2:zufolge} {c2:eilt es}."), "Netzbetreiber"),
        # Whoever is named later is nobody's former boss.
        (("Edda Kern ist stur. {s1:Ihr früherer Chef} {q1:sagte}, {c1:ja}. "
          "Der Leiter des Amtes, Jan Ott, schwieg."), "Früherer Chef"),
        # Whose own words, where a pronoun follows.
        (("Der Chef Jan Ott reist ab. {q1:Nach} {s1:eigener Aussage} {c1:will er es sehen}."),
         "Jan Ott"),
        # A given name that no table holds, and whose doctor somebody is.
        ("{c1:Ja}, {q1:sagte} {s1:Ploum Jan Meijer, Leiter des Amtes}.", "Ploum Jan Meijer"),
        ("Der Spieler Jan Ott fehlt. {s1:Der behandelnde Arzt Otts} {q1:sagte}, {c1:ja}.",
         "Behandelnder Arzt Otts"),
        ("{q1:Nach} {s1:Auffassung der rot-grünen Politiker} {c1:eilt es}.",
         "Rot-grüne Politiker"),
        ("Anna Meier kam. {s1:Der Anwalt von Anna Meier} {q1:sagte}, {c1:ja}.",
         "Anwalt von Anna Meier"),
        ("Anna Meier kam. {s1:Die Anwältin Anna Meiers} {q1:sagte}, {c1:ja}.",
         "Anwältin Anna Meiers"),
        ("Anna Meier kam. {s1:Die Sprecherin Anna Meiers} {q1:sagte}, {c1:ja}.", "Anna Meier"),
        # Ministers of two countries are two people.
        (("Der polnische Minister Jan Ott kam. "
         "{s1:Der iranische Vizeminister} {q1:sagte}, {c1:ja}."), "Iranischer Vizeminister"),
        ("Jan Ott kam. {q1:Nach} {s1:den vorliegenden Informationen} {c1:eilt es}.",
         "Vorliegende Informationen"),
        # Letters that no table knows.
        ("Die Bewegung ruht. Die TGB will mehr. Morgen {q1:sagte} {s1:sie}, {c1:ja}.", "TGB"),
        # One of several.
        ("{s1:Einer der Männer} {q1:sagte}, {c1:ja}.", "Einer der Männer"),
        ("{s1:Eine von ihnen} {q1:sagte}, {c1:ja}.", "Eine von ihnen"),
        ("{s1:Eine der Banken} {q1:sagte}, {c1:ja}.", "Eine der Banken"),
    ],
)  # fmt: skip
def test_description_finds_who_was_named(text, name):
    """Whoever was named is described by what else they are, and by nothing that others are."""
    found = resolved(text)
    assert found[-1].source.entity.name == name


@pytest.mark.parametrize(
    ("mention", "kind"),
    [("Einer der Anwälte", "unnamed"), ("Eine der Banken", "organisation"),
     ("Eine dieser Studien", "organisation"), ("Jeder der Befragten", "unnamed")],
)  # fmt: skip
def test_one_of_several_is_of_their_kind(mention, kind):
    """One of several people is unnamed, one of several companies an organisation."""
    (found,) = resolved(f"{{s1:{mention}}} {{q1:sagte}}, {{c1:ja}}.")
    assert found.source.entity.kind == kind


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Die aus Somalia stammende frühere Ministerin Ida Roth kam.", "frühere Ministerin"),
        ("Der für Elm stürmende Nationalspieler Jan Roth kam.", "Nationalspieler"),
        ("Der stellvertretende Vorsitzende Jan Roth kam.", "stellvertretender Vorsitzender"),
        ("Der Elm-Vorsitzende Jan Roth kam.", "Elm-Vorsitzender"),
        ("Der Elm-Vorsitzende Roth kam.", "Elm-Vorsitzender"),
        ("New Yorks Bürgermeister Jan Roth kam.", "New Yorks Bürgermeister"),
        ("Der ältere Bruder des Papstes, Jan Roth, kam.", "älterer Bruder des Papstes"),
        ("Jan Roth, ein Experte vom Zoo erklärte das.", "Experte vom Zoo"),
    ],
)
def test_role_is_named_in_the_nominative_and_for_itself(text, role):
    """A role has the ending of its own case, and no participle without what it governs."""
    (found,) = resolved(text + " {s1:Roth} {q1:sagte}, {c1:ja}.")
    assert found.source.entity.role == role


def test_article_may_end_behind_a_verb_in_an_apposition():
    """A text that breaks off behind the verb is read like any other."""
    (found,) = resolved("{s1:Roth} {q1:sagte}, {c1:ja}. Jan Roth, ein Experte vom Zoo erklärte")
    assert found.source.entity.role == "Experte vom Zoo"
