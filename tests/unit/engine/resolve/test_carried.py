"""Statements that carry on what somebody said before, and those that are nobody's."""

from dataclasses import replace

import pytest

from services.extract.engine.resolve import resolve
from services.extract.engine.text import analyse
from services.extract.engine.types import Article, Stance
from tests.unit.engine.resolve.marked import resolved, unmarked


@pytest.mark.parametrize(
    "second",
    [
        "{c2:Das Geld werde noch im Juli ausgezahlt}.",
        "{c2:„Es reicht für alle.“}",
        "{c2:Es reiche für alle}, {q2:hieß es weiter}.",
    ],
)
def test_statement_without_source_is_the_last_speakers(second):
    """A free sentence, a further quotation and „hieß es weiter“ belong to who spoke before."""
    found = resolved("{s1:Landrätin Corinna Delius} {q1:sagte}, {c1:die Hilfe komme}. " + second)
    assert [each.source.entity.name for each in found] == ["Corinna Delius", "Corinna Delius"]
    assert found[1].source.spans == found[0].source.spans


@pytest.mark.parametrize(
    "second",
    [
        "{c2:Der Täter soll geflohen sein}.",
        "{c2:Angeblich fehlt Geld}.",
        "{q2:Es hieß}, {c2:das Geld fehle}.",
        "{q2:Gerüchte}, {c2:wonach Geld fehle}, machten die Runde.",
        "Ein Tag verging. Noch einer. Und noch einer. {c2:Das Geld sei da}.",
    ],
)
def test_statement_of_nobody_has_no_source(second):
    """Rumours, „es hieß“ and sentences far from any speaker are nobody's."""
    found = resolved("{s1:Uwe Ott} {q1:sagte}, {c1:die Hilfe komme}. " + second)
    assert found[1].source is None


def test_finder_may_point_at_the_mention_before():
    """A free statement with the source of the one before it carries that one on."""
    text, (first, second) = unmarked(
        "{s1:Uwe Ott} {q1:forderte} in der SZ, {c1:zu helfen}. {c2:Das Land müsse zahlen}."
    )
    statements = [first, replace(second, source=first.source)]
    found = resolve(Article(text), analyse(text), statements)[1]
    assert (found.source.entity.name, found.stance) == ("Uwe Ott", Stance.DEMANDED)
    assert [report.spans for report in found.reported_by] == [()]


@pytest.mark.parametrize(
    ("content", "name"), [("Es werde Zeit", "Anna Berg"), ("Er soll krank gewesen sein", None)]
)
def test_finder_may_point_at_a_mention_farther_back(content, name):
    """Pointing at an earlier mention counts, but a rumour stays nobody's."""
    text, (first, second) = unmarked(
        "Die Ärztin {s2:Anna Berg} kam. {s1:Uwe Ott} {q1:sagte}, {c1:es eile}. {c2:"
        + content
        + "}."
    )
    found = resolve(Article(text), analyse(text), [first, second])[1]
    assert (found.source.entity.name if found.source else None) == name


@pytest.mark.parametrize(
    ("cue", "content", "stance"),
    [
        ("forderte", "Das Land müsse zahlen", Stance.DEMANDED),
        ("forderte", "Das Land habe Geld", Stance.ASSERTED),
        ("versprach", "Alle würden entschädigt", Stance.ANNOUNCED),
        ("bestritt", "Das Amt sei informiert", Stance.ASSERTED),
    ],
)
def test_stance_is_carried_only_where_the_mood_says_so(cue, content, stance):
    """After a demand „müsse“ demands, after an announcement „werde“ announces."""
    found = resolved(f"{{s1:Uwe Ott}} {{q1:{cue}}}, {{c1:zu helfen}}. {{c2:{content}}}.")
    assert found[1].stance is stance


def test_chain_is_carried_without_mention_and_date():
    """A carried statement came by the same outlet, but nothing in its sentence says so."""
    first, second = resolved(
        "{s1:Uwe Ott} {q1:sagte} der SZ am Montag, {c1:es eile}. {c2:Er sei bereit}."
    )
    assert [report.entity.name for report in second.reported_by] == ["Süddeutsche Zeitung"]
    assert first.reported_by[0].spans
    assert (second.reported_by[0].spans, second.reported_by[0].reported_on) == ((), None)


@pytest.mark.parametrize(
    "text",
    [
        "{c1:Ähnlich} {q1:äußerte} sich {s1:Ott}.",
        "{s1:Rutte} {q1:gab} {r1:keine Details} {q1:bekannt}.",
        "{s1:Die Firma} {q1:wollte sich} {r1:dazu} {q1:nicht äußern}.",
        "{s1:Delius} {q1:ließ offen}, {c1:ob sie antritt}.",
        "{s1:Das Amt} {q1:machte} {r1:keine Angaben}.",
        "{c1:Eine Prognose für das Jahr} {q1:gab} {s1:Kern} nicht.",
        "{c1:Was das kostet}, {q1:konnte} niemand {q1:sagen}.",
        "{s1:Der Film} {q1:erzählt von} {c1:zwei Schwestern}.",
        "{c1:Ob sie antritt, ließ Delius offen}.",
        "{c1:Wann der Bau beginnt, verrät sie nicht}.",
        "{c1:Wie es weitergeht, wollte die Firma nicht sagen}.",
        "{c1:Ott wollte die Zahl nicht kommentieren}.",
        "Das sei falsch, {q1:sagte} {s1:Ott}, {c1:ohne Namen zu nennen}.",
        "Im Saal hing ein Plakat: {c1:„Elm bleibt grün“}.",
        "{s1:Das Motto des Festes} {q1:lautet} {c1:„Wir und ihr“}.",
        "{s1:Das Amt} {q1:lehnte} es {q1:ab}, {c1:den Entwurf zu kommentieren}.",
        "{c1:Auch die Zeitung berichtete über den Wirkstoff}.",
        "Zum Schluss erklang {c1:„Bunt sind die Wälder“}.",
        "{s1:Der Chor} {q1:stimmte} {c1:„Bunt sind die Wälder“} {q1:an}.",
        "{s1:Kern} {q1:wich} der Frage {q1:aus}, {c1:wer das bezahlen solle}.",
        "{s1:Kern} vermied eine Antwort auf {q1:die Frage}, {c1:ob sie antritt}.",
        "{s1:Die Firma} {q1:wirbt} mit dem Satz {c1:„Bei uns zu Hause“}.",
    ],
)
def test_refusal_is_no_attribution(text):
    """Who refuses to speak states nothing."""
    assert resolved(text) == []


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("Die Brücke soll im Mai öffnen", False),
        ("Über den Antrag sollen die Mitglieder abstimmen", False),
        ("Die Täter sollen im Ausland leben", True),
        ("Die Täter sollen geflohen sein", True),
        ("Der Plan, der helfen soll, sei gut", True),
        ("Künftig solle es mehr Geld geben", True),
    ],
)
def test_plan_is_the_articles_own(content, kept):
    """„Soll“ for a plan is nobody's words; a rumour and told words are."""
    found = resolved(f"{{s1:Delius}} {{q1:sagte}}, {{c1:es eile}}. {{c2:{content}}}.")
    assert len(found) == 1 + kept


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (("{s1:Chefin Ida Roth} {q1:sagte}, {c1:es eile}, und {q2:äußerte die Hoffnung}, "
         "{c2:dass es geht}."), ["Ida Roth", "Ida Roth"]),
        (("{s1:Chefin Ida Roth} {q1:sagte}, {c1:man warte}, und {q2:forderte}, {c2:zu zahlen}. "
         "{q3:Gefordert} wurde, {c3:zu gehen}."), ["Ida Roth", "Ida Roth", None]),
        ("{s1:Ida Roth} {q1:sagte}, {c1:es eile}, und {q2:gefordert wird}, {c2:zu zahlen}.",
         ["Ida Roth", None]),
        (("{s1:Ott} {q1:sagte}, {c1:es eile}. Für Ärger sorgt eine Meldung des Stern. {s2:Demnach} "
         "{c2:geht er}."), ["Ott", "Stern"]),
        (("{s1:Ott} {q1:sagte}, {c1:es eile}. Nun liegt ein Gutachten der Stadt vor. {s2:Darin} "
         "{q2:heißt es}, {c2:es eile}."), ["Ott", "Gutachten der Stadt"]),
        (("Ein Gutachten der Stadt liegt vor. {s1:Ott} {q1:sagte}, {c1:es eile}. {s2:Demnach} "
         "{c2:geht er}."), ["Ott", "Ott"]),
        ("{s1:Das Amt} {q1:prüft}, {c1:ob es eilt}. {s2:Es} {q2:heißt}, {c2:sie komme}.",
         ["Amt", None]),
    ],
)  # fmt: skip
def test_source_that_stands_in_the_clause_or_sentence_before(text, names):
    """A clause behind „und“ shares its subject; „demnach“ points at what was brought up last."""
    found = resolved(text)
    assert [each.source.entity.name if each.source else None for each in found] == names


def test_name_behind_its_noun_is_no_attribution():
    """Words in quotation marks that name the thing before them are nobody's words."""
    assert resolved("Sein Buch {c1:„Wald und Eis“} ist vergriffen.") == []


def test_statement_behind_a_refusal_keeps_its_parent():
    """Indices of parents follow when a refusal before them is dropped."""

    text, statements = unmarked(
        "{s1:Delius} {q1:ließ offen}, {c1:ob sie antritt}. {s2:Ott} {q2:sagte}, {c2:es sei zu früh}"
        " und nannte es {c3:„verfrüht“}."
    )
    statements[2] = replace(statements[2], parent=1)
    found = resolve(Article(text), analyse(text), statements)
    assert [each.parent for each in found] == [None, 0]
    assert found[1].source == found[0].source
