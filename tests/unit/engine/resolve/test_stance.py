"""How sources stand to what they say."""

import pytest

from services.extract.engine.types import Stance
from tests.unit.engine.resolve.marked import resolved


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("{s1:Ott} {q1:sagte}, {c1:es eile}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:bestritt}, {c1:dass Geld fehlt}.", Stance.DENIED),
        ("{s1:Ott} {q1:bestritt} nicht, {c1:dass Geld fehlt}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:wies} {r1:den Vorwurf} {q1:zurück}.", Stance.DENIED),
        ("{s1:Ott} {q1:schloss} {r1:einen Einsatz} {q1:aus}.", Stance.DENIED),
        ("{s1:Ott}, der {r1:den Einsatz} {q1:ausschloss}, kam.", Stance.DENIED),
        ("{s1:Ott} {q1:schloss} nicht {q1:aus}, {c1:dass es schneit}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:lehnt} {r1:weitere Hilfen} {q1:ab}.", Stance.DENIED),
        ("{s1:Ott} {q1:sprach sich gegen} {r1:den Bau} {q1:aus}.", Stance.DENIED),
        ("{s1:Ott} {q1:sprach sich für} {r1:den Bau} {q1:aus}.", Stance.DEMANDED),
        ("{s1:Ott} {q1:bezweifelt}, {c1:dass es reicht}.", Stance.DOUBTED),
        ("{s1:Ott} {q1:zweifelt} nicht daran, {c1:dass es reicht}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:glaubt} nicht, {c1:dass es reicht}.", Stance.DOUBTED),
        ("{s1:Ott} {q1:glaubt}, {c1:dass es reicht}.", Stance.ASSERTED),
        ("Mit {r1:einer Entlastung} {q1:rechnet} {s1:Ott} nicht.", Stance.DOUBTED),
        ("{s1:Ott} {q1:rechnet} mit {r1:einer Entlastung}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:warb dafür}, {c1:die Häuser zu öffnen}.", Stance.DEMANDED),
        ("{s1:Ott} {q1:stellt} {r1:die Deutung} {q1:in Frage}.", Stance.DOUBTED),
        ("{s1:Ott} {q1:forderte} {r1:eine Brücke}.", Stance.DEMANDED),
        ("{s1:Ott} {q1:schlug vor}, {c1:zu warten}.", Stance.DEMANDED),
        ("{s1:Ott} {q1:rief} die Bürger {q1:auf}, {c1:zu bleiben}.", Stance.DEMANDED),
        ("{s1:Ott} {q1:kündigte} {r1:eine Prüfung} {q1:an}.", Stance.ANNOUNCED),
        ("{s1:Ott} {q1:sagte} {r1:Hilfe} {q1:zu}.", Stance.ANNOUNCED),
        ("{s1:Ott} {q1:sagte} zu Reportern, {c1:es eile}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:stellte} {r1:Geld} {q1:in Aussicht}.", Stance.ANNOUNCED),
        ("{s1:Ott} {q1:warnte vor} {r1:Einbußen}.", Stance.FEARED),
        ("{s1:Ott} {q1:warnte} nicht nur {q1:vor} {r1:Einbußen}.", Stance.FEARED),
        ("{s1:Ott} {q1:zeigte sich besorgt über} {r1:die Lage}.", Stance.FEARED),
        ("{s1:Ott} {q1:äußerte} {r1:diese Bedenken}.", Stance.FEARED),
        ("{s1:Ott} {q1:hob} {r1:die Sorge der Anwohner} {q1:hervor}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:gab zu bedenken}, {c1:dass es eile}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:hofft}, {c1:dass es regnet}.", Stance.HOPED),
        ("{s1:Ott} {q1:fragte}, {c1:wer zahle}.", Stance.QUESTIONED),
        ("{s1:Ott} {q1:wollte wissen}, {c1:wer zahle}.", Stance.QUESTIONED),
        ("{c1:Der Mann soll geflohen sein}.", Stance.HEARSAY),
        ("{c1:Der Mann soll} {q1:laut} {s1:Polizei} {c1:geflohen sein}.", Stance.ASSERTED),
        ("{q1:Angeblich} {c1:fehlt Geld}.", Stance.HEARSAY),
        ("{s1:N-tv} {q1:erwähnte} {r1:Spekulationen über Geld}.", Stance.HEARSAY),
        ("{s1:Gerüchte}, {q1:wonach} {c1:Geld fehlt}, gibt es.", Stance.HEARSAY),
        ("{s1:Ott} traut dem nicht und {q1:fordert} {r1:Garantien}.", Stance.DEMANDED),
        ("{s1:Ott} {q1:sprach} dagegen {q1:von} {r1:einer Frechheit}.", Stance.ASSERTED),
        ("{s1:Ott} {q1:sprach} {q1:sich} {q1:gegen} {r1:den Plan} {q1:aus}.", Stance.DENIED),
        ("{s1:Ott} {q1:trat} {r1:dem Vorwurf} {q1:entgegen}.", Stance.DENIED),
        ("{s1:Ott} {q1:erteilte} {r1:dem Plan} {q1:eine Absage}.", Stance.DENIED),
        ("{s1:Ott} {q1:hinterfragte} {r1:die Zahlen}.", Stance.DOUBTED),
        ("{s1:Ott} {q1:behält sich} {r1:eine Klage} {q1:vor}.", Stance.ANNOUNCED),
    ],
)
def test_frame_decides_the_stance(text, stance):
    """The cue with its negation tells how the source stands to the content."""
    (found,) = resolved(text)
    assert found.stance is stance


@pytest.mark.parametrize(
    ("text", "lemma"),
    [
        ("{s1:Ott} {q1:warnte vor} {r1:Eis}.", "warnen"),
        ("{s1:Ott} {q1:kündigte} {r1:Eis} {q1:an}.", "ankündigen"),
        ("{q1:Laut} {s1:Ott} {c1:kommt Eis}.", "laut"),
        ("{q1:Nach Einschätzung} von {s1:Ott} {c1:kommt Eis}.", "Einschätzung"),
    ],
)
def test_cue_has_a_lemma(text, lemma):
    """A verb's separated prefix is joined to it; a noun stands for a cue without a verb."""
    (found,) = resolved(text)
    assert found.cue_lemma == lemma
