"""The chain of outlets and the day of their report."""

from dataclasses import replace
from datetime import date

import pytest

from services.extract.engine.resolve import resolve
from services.extract.engine.text import analyse
from services.extract.engine.types import Article, Span, Type
from tests.unit.engine.resolve.marked import resolved, unmarked

WEDNESDAY = date(2024, 12, 4)


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        ("Wie die Zeit am 3. Dezember 2024 berichtete, {q1:äußerte} {s1:Uwe Ott} {r1:Bedenken}.",
         [("Die Zeit", date(2024, 12, 3))]),
        ("{c1:Es eile}, {q1:sagte} {s1:Zaborski} der Süddeutschen Zeitung.",
         [("Süddeutsche Zeitung", None)]),
        ("{c1:Es eile}, {q1:sagte} {s1:eine Polizeisprecherin der „Süddeutschen Zeitung“}.",
         [("Süddeutsche Zeitung", None)]),
        ("{c1:Es eile}, {q1:sagte} {s1:eine Sprecherin der „Süddeutschen Zeitung“}.", []),
        # Whoever is no part of an outlet speaks to it.
        ("{c1:Es eile}, {q1:wie} {s1:die Polizei der Deutschen Presse-Agentur} {q1:mitteilte}.",
         [("Deutsche Presse-Agentur", None)]),
        ("{c1:Es eile}, {q1:wie} {s1:seine Familie der Bild} {q1:sagte}.", [("Bild", None)]),
        ("{c1:Es eile}, {q1:wie} {s1:die Redaktion der Zeit} {q1:mitteilte}.", []),
        ("{c1:Es eile}, {q1:wie} {s1:Ott} dem Spiegel auf Anfrage {q1:bestätigte}.",
         [("Der Spiegel", None)]),
        ("{s1:Ott} {q1:nannte} {r1:den Plan im „Kicker“ einen Fehler}.", [("Kicker", None)]),
        ("{s1:Ott} {q1:wies} {r1:die Vorwürfe in der FAZ als haltlos} {q1:zurück}.",
         [("Frankfurter Allgemeine Zeitung", None)]),
        ("{s1:Ott} {q1:kritisierte} {r1:die Berichte in der FAZ}.", []),
        ("{c1:Es eile}, {q1:sagte} {s1:Ott} der „Rheinischen Post“ (Dienstag).",
         [("Rheinische Post", date(2024, 12, 3))]),
        ("Laut einem Bericht des Spiegel {q1:warnte} {s1:Ott} am Montag {q1:vor} {r1:Krieg}.",
         [("Der Spiegel", None)]),
        ("Laut einem Bericht des Spiegel vom Montag {q1:warnte} {s1:Ott} {q1:vor} {r1:Krieg}.",
         [("Der Spiegel", date(2024, 12, 2))]),
        (("Auch der Deutschlandfunk berichtete gestern und {q1:zitierte} {s1:Ott} {q1:mit der "
         "Aussage}, {c1:es eile}."), [("Deutschlandfunk", date(2024, 12, 3))]),
        ("{s1:Ott} {q1:sagte} im ZDF, {c1:es eile}.", [("ZDF", None)]),
        ("{s1:Ott} {q1:sagte} laut Reuters der Wirtschaftswoche, {c1:es eile}.",
         [("Wirtschaftswoche", None), ("Reuters", None)]),
        ("Wie die dpa unter Berufung auf die Bild meldete, {q1:warnte} {s1:Ott} {q1:vor} {r1:Eis}.",
         [("Bild", None), ("Deutsche Presse-Agentur", None)]),
        ("{c1:Es eile}, {q1:sagte} {s1:die Finnin der Elbtaler Zeitung vom Montag}.",
         [("Elbtaler Zeitung", date(2024, 12, 2))]),
        ("{c1:Es eile}, {q1:sagte} {s1:Ott} am Montag im Staatsfernsehen.",
         [("Staatsfernsehen", date(2024, 12, 2))]),
        ("{c1:Es eile}, {q1:sagte} {s1:Ott} im Fernsehen.", []),
        ("{c1:Es eile}, {q1:sang} {s1:Ott} im Autoradio mit.", []),
        ("Der Zeit {q1:sagte} {s1:Ott}, {c1:es eile}.", [("Die Zeit", None)]),
        ("{s1:Ott} {q1:sagte} dpa-Informationen zufolge, {c1:es eile}.",
         [("Deutsche Presse-Agentur", None)]),
        ("Die Elbtaler Nachrichten schrieben, {s1:Ott} habe {r1:den Umbau} {q1:gefordert}.",
         [("Elbtaler Nachrichten", None)]),
        ("{s1:Ott} {q1:sagte} dem Fachblatt „Korn und Saat“, {c1:es eile}.",
         [("Korn und Saat", None)]),
        ("Wie der Stern meldet, {q1:sagte} {s1:ein Minister} der Washington Post, {c1:es eile}.",
         [("The Washington Post", None), ("Stern", None)]),
        ("{s1:Eine Beamtin} {q1:berichtete} der Rheinischen Post am Montag, {c1:es eile}.",
         [("Rheinische Post", date(2024, 12, 2))]),
        ("{s1:Ein Gast} {q1:erzählte} dem Hellweger Boten, {c1:es eile}.",
         [("Hellweger Bote", None)]),
        ("{s1:Ein Berater} {q1:sagte} den Handball News, {c1:es eile}.", [("Handball News", None)]),
        ("{s1:Ott} {q1:sagte} am Sonntag bei Sky, {c1:es eile}.", [("Sky", date(2024, 12, 1))]),
        ("{s1:Ott} {q1:sagte} bei Lidl, {c1:es eile}.", []),
        ("{s1:Ott} {q1:sagte} dem Portal watson, {c1:es eile}.", [("watson", None)]),
        ("Wie bildkritik.de schreibt, {q1:sagte} {s1:Ott}, {c1:es eile}.",
         [("bildkritik.de", None)]),
        ("{s1:Ott} {q1:schrieb} auf ottfueralle.de, {c1:es eile}.", []),
        ("{s1:Ott} {q1:sagte} der Bild am Sonntag, {c1:es eile}.", [("Bild am Sonntag", None)]),
        ("{s1:Ott} {q1:bestätigte} dem Spiegel am Montag, {c1:dass es eilt}.",
         [("Der Spiegel", date(2024, 12, 2))]),
        ("{c1:Es eile}, {q1:schreibt} {s1:Ott} in der Zeit.", [("Die Zeit", None)]),
        ("{c1:Es eile}, {q1:dachte} {s1:Ott} in der Zeit.", []),
        ("In {s1:einem Brief, aus dem die Zeit zitiert}, {q1:heißt es}, {c1:es eile}.",
         [("Die Zeit", None)]),
        ("{s1:Ott} {q1:rät} dem NDR, {c1:zu warten}.", []),
        ("{s1:Ott} {q1:rät} im NDR, {c1:zu warten}.", [("Norddeutscher Rundfunk", None)]),
        ("{s1:Der Sprecher des NDR} {q1:sagte}, {c1:es eile}.", []),
        ("Der Chefredakteur der Zeit kam. {s1:Ott} {q1:sagte}, {c1:es eile}.", []),
        ("Ein Team {q1:berichtet} in der Zeitschrift „Moor und Meer“, {c1:es taue}.", []),
        ("{s1:Die FAZ} {q1:nannte} {r1:den Plan überfällig}.", []),
        ("{s1:Ott} {q1:sagte} vor der Presse, {c1:es eile}.", []),
        ("{s1:Ott} {q1:sagte} der „Presse“, {c1:es eile}.", [("Die Presse", None)]),
        ("{s1:Ott} {q1:sagte} am Freitag in der Welt von heute, {c1:es eile}.", []),
        ("{s1:Ott} {q1:sagte}, {c1:der Spiegel habe gelogen}.", []),
    ],
)  # fmt: skip
def test_outlets_that_pass_a_statement_on(text, chain):
    """Outlets in the frame are the chain, nearest first, each with the day it was told."""
    (found,) = resolved(text, WEDNESDAY)
    assert [(each.entity.name, each.reported_on) for each in found.reported_by] == chain


def test_outlet_is_taken_up():
    """„Das Blatt“ and „der Sender“ are the outlet named last."""
    first, second = resolved(
        "{s1:Ott} {q1:sagte} der Süddeutschen Zeitung, {c1:es eile}. "
        "{s2:Kolb} {q2:sagte} dem Blatt, {c2:es eile nicht}."
    )
    assert first.reported_by[0].entity == second.reported_by[0].entity


@pytest.mark.parametrize(
    ("words", "outlet"),
    [("Die Zeit findet das falsch.", "Die Zeit"), ("Anders sieht es die Welt.", "Die Welt"),
     ("Die Zeit drängt.", "taz"), ("So ist die Welt.", "taz")],
)  # fmt: skip
def test_everyday_word_that_has_an_opinion_is_an_outlet_among_others(words, outlet):
    """Among other outlets „die Zeit“ is a paper where it thinks, and time where it does not."""
    (found,) = resolved(f"Die taz lobt ihn. {words} {{c1:Es eile}}, {{q1:meint}} {{s1:das Blatt}}.")
    assert found.source.entity.name == outlet


@pytest.mark.parametrize(
    ("noun", "outlet"),
    [("dem Blatt", "Der Tagesspiegel"), ("dem Sender", "Bayerischer Rundfunk"),
     ("der Agentur", "Reuters"), ("der Redaktion", "Der Tagesspiegel")],
)  # fmt: skip
def test_outlet_taken_up_is_one_of_its_kind(noun, outlet):
    """„Das Blatt“ is the paper and „der Sender“ the broadcaster, whichever was named last."""
    (found,) = resolved(
        "Reuters schwieg, der Bayerische Rundfunk auch und der Tagesspiegel ebenso. "
        f"{{s1:Ott}} {{q1:sagte}} {noun}, {{c1:es eile}}."
    )
    assert [report.entity.name for report in found.reported_by] == [outlet]


def test_outlet_that_states_one_thing_may_report_another():
    """The source of the outer statement is the reporter of the one inside."""

    text, (inner,) = unmarked(
        "Die Tagesschau meldete, {s1:Ott} habe {r1:einen Einsatz} {q1:ausgeschlossen}."
    )
    outer = replace(
        inner,
        content=(Span(24, len(text) - 1),),
        source=(Span(0, 14),),
        cue=(Span(15, 22),),
        parent=None,
    )
    found = resolve(Article(text), analyse(text), [outer, replace(inner, parent=0)])
    assert found[0].reported_by == ()
    assert [each.entity.name for each in found[1].reported_by] == ["Tagesschau"]


@pytest.mark.parametrize(
    ("text", "name", "outlet"),
    [
        ("{s1:Der Zeit} {q1:sagte} Uwe Ott, {c1:es eile}.", "Uwe Ott", "Die Zeit"),
        ("{s1:Der taz} {q1:hatte} der Bürgermeister von Elm {q1:gesagt}, {c1:es eile}.",
         "Bürgermeister von Elm", "taz"),
        ("Uwe Ott kam. {s1:Der SZ} {q1:sagte} er, {c1:es eile}.", "Uwe Ott", "Süddeutsche Zeitung"),
        ("{s1:Die FAZ} {q1:zitierte} den Minister Uwe Ott {q1:mit den Worten}, {c1:es eile}.",
         "Uwe Ott", "Frankfurter Allgemeine Zeitung"),
        ("{q1:Wie} {s1:die Bild} unter Berufung auf Parteikreise {q1:berichtet}, {c1:eilt es}.",
         "Parteikreise", "Bild"),
        ("{q1:Wie} {s1:Reuters} unter Berufung auf zwei Insider {q1:berichtet}, {c1:eilt es}.",
         "Zwei Insider", "Reuters"),
        ("Laut sprach ein Diplomat, den {s1:Reuters} mit den Worten {q1:zitierte}, {c1:es eile}.",
         "Ein Diplomat", "Reuters"),
        ("{s1:Der Spiegel} {q1:zitiert} aus einem internen Vermerk, {c1:es eile}.",
         "Interner Vermerk", "Der Spiegel"),
        ("{q1:Nach} {s1:einem Bericht des Stern, der sich auf Insider beruft}, {c1:eilt es}.",
         "Insider", "Stern"),
    ],
)  # fmt: skip
def test_outlet_that_listens_quotes_or_draws_on_somebody_is_no_source(text, name, outlet):
    """Where the finder took the outlet for the speaker, who really speaks is found behind it."""
    (found,) = resolved(text)
    assert found.source.entity.name == name
    assert [report.entity.name for report in found.reported_by] == [outlet]


def test_outlet_that_speaks_itself_stays_the_source():
    """An outlet in front of its own verb is the source."""
    (found,) = resolved("{s1:Der Spiegel} {q1:sagte} voraus, {c1:es eile}.")
    assert (found.source.entity.name, found.reported_by) == ("Der Spiegel", ())


def test_words_quoted_inside_a_statement_reach_us_as_it_does():
    """A quotation whose cue stands around the statement that holds it has that one's source."""
    text, (outer, inner) = unmarked(
        "{q2:Wie} {s2:der Stern} {q2:schreibt}, {q1:sagte} {s1:ein Beamter}, {c1:es} {c2:„aus“}."
    )
    outer = replace(outer, content=(Span(outer.content[0].start, inner.content[0].end),))
    found = resolve(Article(text), analyse(text), [outer, replace(inner, parent=0)])
    assert [each.source.entity.name for each in found] == ["Ein Beamter", "Ein Beamter"]
    assert found[1].reported_by == found[0].reported_by != ()


def test_words_quoted_inside_a_statement_leave_its_chain_alone():
    """A source that holds an outlet and is given for two statements passes both on."""
    text, (outer, inner) = unmarked(
        "In {s1:dem Brief der Leute, aus dem der Kicker zitiert,} {q1:heißt} es, "
        "{c1:es sei} {c2:„aus“}."
    )
    inner = replace(inner, source=outer.source, cue=outer.cue, parent=0, type=Type.DIRECT)
    outer = replace(outer, content=(Span(outer.content[0].start, inner.content[0].end),))
    found = resolve(Article(text), analyse(text), [outer, inner])
    assert [[r.entity.name for r in each.reported_by] for each in found] == [["Kicker"]] * 2


def test_words_quoted_inside_a_statement_may_have_a_speaker_in_there():
    """A quotation with a frame of its own inside the outer statement is that speaker's."""
    text, (inner,) = unmarked("Ott sagte, {s1:der Zeuge} habe {c1:„Halt“} {q1:gerufen}.")
    outer = replace(
        inner, type=Type.INDIRECT, content=(Span(11, len(text) - 1),), source=(Span(0, 3),),
        cue=(Span(4, 9),),
    )  # fmt: skip
    found = resolve(Article(text), analyse(text), [outer, replace(inner, parent=0)])
    assert [each.source.entity.name for each in found] == ["Ott", "Zeuge"]
