"""Who is who over articles."""

import pytest

from services.records.identity.roles import roles_agree
from services.records.identity.rule import Known, Named, names_of, who_is

AGREE = [
    ("Bürgermeisterin", "Bürgermeisterin"),
    ("Bürgermeisterin", "Bürgermeisterin von Neustadt"),
    ("Bürgermeister von Neustadt", "Neustadts Bürgermeister"),
    ("NATO-Generalsekretär", "Generalsekretär der NATO"),
    ("Kanzler", "Bundeskanzler"),
    ("Ministerin", "Umweltministerin"),
    ("Minister", "Ministerin"),
    ("Bundeskanzler", "SPD-Politiker"),
    ("SPD-Chef", "Finanzminister"),
    ("Ex-Kanzlerin", "ehemalige Bundeskanzlerin"),
    ("Innenminister", "Ministerpräsident"),
    ("Trainer des FC Neustadt", "Trainer von Altdorf"),
    ("Virologin", "Professorin"),
    ("Regierungschef", "Ministerpräsident und Parteichef"),
    ("Chefvolkswirt der Nordbank", "Ökonom"),
    ("Imkerin", "Imkerin"),
]
DISAGREE = [
    ("Bürgermeister", "Trainer"),
    ("Bürgermeister von Neustadt", "Bürgermeister von Altdorf"),
    ("Polizeisprecher", "Imker"),
    ("Sprecher der Bahn", "Sprecher der Polizei"),
    ("Bundeskanzler", "Bäckermeister"),
    ("Chemikerin", "Landrätin"),
    ("Anwohner", "Minister"),
    ("Glasbläser", "Deichgraf"),
    ("", "Minister"),
]


@pytest.mark.parametrize(("one", "other"), AGREE)
def test_roles_that_one_person_can_have(one: str, other: str) -> None:
    """Roles agree if they can be one person's, in whatever order."""
    assert roles_agree(one, other)
    assert roles_agree(other, one)


@pytest.mark.parametrize(("one", "other"), DISAGREE)
def test_roles_of_different_people(one: str, other: str) -> None:
    """Roles disagree if they speak for two people."""
    assert not roles_agree(one, other)
    assert not roles_agree(other, one)


MAYOR = Known("mayor", ("Bürgermeister von Neustadt",))
COACH = Known("coach", ("Trainer",))
NOBODY_YET = Known("plain")
RUTTE = Known("rutte", ("NATO-Generalsekretär",), short=True)


@pytest.mark.parametrize(
    ("named", "known", "who"),
    [
        (Named("SZ", "outlet"), [], None),
        (Named("SZ", "outlet"), [Known("sz")], "sz"),
        (Named("Polizei", "organisation", "Behörde"), [Known("p", ("Amt",))], "p"),
        (Named("Thomas Weber", "person", "Bürgermeister"), [COACH, MAYOR], "mayor"),
        (Named("Thomas Weber", "person", "Fußballtrainer"), [MAYOR, COACH], "coach"),
        (Named("Thomas Weber", "person", "Chemiker"), [MAYOR, COACH], None),
        (Named("Thomas Weber", "person", "Chemiker"), [MAYOR, NOBODY_YET], "plain"),
        (Named("Thomas Weber", "person"), [MAYOR, COACH], "mayor"),
        (Named("Rutte", "person", "Generalsekretär"), [RUTTE], "rutte"),
        (Named("Rutte", "person", "Generalsekretär"), [NOBODY_YET, RUTTE], "rutte"),
        (Named("Rutte", "person", "Bäcker"), [RUTTE], None),
        (Named("Rutte", "person"), [RUTTE], None),
        (
            Named("Rutte", "person", "Generalsekretär"),
            [RUTTE, Known("b", ("Politiker",), short=True)],
            None,
        ),
    ],
)
def test_who_is_meant(named: Named, known: list[Known], who: str | None) -> None:
    """People of one name are told apart by their roles; everybody else by name and kind."""
    found = who_is(named, known)
    assert (found.id if found else None) == who


@pytest.mark.parametrize(
    ("named", "mention", "names"),
    [
        (Named("Mark Rutte", "person"), "er", {"Mark Rutte": False, "Rutte": True}),
        (Named("Rutte", "person"), "Rutte", {"Rutte": False}),
        (
            Named("Süddeutsche Zeitung", "outlet"),
            "der SZ",
            {"Süddeutsche Zeitung": False, "SZ": False},
        ),
        (Named("Süddeutsche Zeitung", "outlet"), "der Zeitung", {"Süddeutsche Zeitung": False}),
        (Named("Europäische Zentralbank", "organisation"), "ein Sprecher der EZB", None),
        (Named("Der Spiegel", "outlet"), "", {"Der Spiegel": False, "Spiegel": True}),
        (Named("Die", "outlet"), "", {"Die": False}),
    ],
)
def test_the_names_somebody_is_known_by(
    named: Named, mention: str, names: dict[str, bool] | None
) -> None:
    """A last name and initials are names, too; what somebody is described by is not."""
    assert names_of(named, mention) == (names or {named.name: False})
