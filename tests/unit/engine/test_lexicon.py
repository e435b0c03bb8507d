"""The word lists and the inflection that makes look-ups one step."""

from __future__ import annotations

import pytest

from services.extract.engine.lexicon import Form, expressions, nouns, verb_forms, words


@pytest.mark.parametrize(
    ("form", "lemma", "what", "particle"),
    [
        ("sagte", "sagen", Form.PAST, None),
        ("sagt", "sagen", Form.PRESENT, None),
        ("sage", "sagen", Form.K1, None),
        ("gesagt", "sagen", Form.PARTICIPLE, None),
        ("mitteilte", "mitteilen", Form.PAST, None),
        ("teilte", "mitteilen", Form.PAST, "mit"),
        ("mitgeteilt", "mitteilen", Form.PARTICIPLE, None),
        ("mitzuteilen", "mitteilen", Form.ZU, None),
        ("wies", "zurückweisen", Form.PAST, "zurück"),
        ("zurückgewiesen", "zurückweisen", Form.PARTICIPLE, None),
        ("gab", "bekanntgeben", Form.PAST, "bekannt"),
        ("gegeben", "bekanntgeben", Form.PARTICIPLE, "bekannt"),
        ("versprach", "versprechen", Form.PAST, None),
        ("verspräche", "versprechen", Form.K2, None),
        ("versprochen", "versprechen", Form.PARTICIPLE, None),
        ("kritisiert", "kritisieren", Form.PARTICIPLE, None),
        ("äußere", "äußern", Form.K1, None),
        ("antwortete", "antworten", Form.PAST, None),
    ],
)
def test_knows_verb_forms(form: str, lemma: str, what: Form, particle: str | None) -> None:
    """A form leads to its verb, separable verbs with the prefix that has to follow."""
    readings = verb_forms()[form].readings
    assert any(r.verb.lemma == lemma and r.form & what and r.particle == particle for r in readings)


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ("sei", Form.K1),
        ("wäre", Form.K2),
        ("hat", Form.PRESENT),
        ("handle", Form.K1),
        ("käme", Form.K2),
    ],
)
def test_knows_moods(form: str, what: Form) -> None:
    """Auxiliaries and common verbs are known by mood."""
    assert verb_forms()[form].form & what


def test_function_words_are_no_verbs() -> None:
    """ "einige" is never read as a form of "einigen"."""
    assert "einige" not in verb_forms()


def test_every_list_is_read() -> None:
    """Nouns carry their cases, expressions their verbs, unknown lists are an error."""
    assert any({"angabe", "angaben"} <= noun.forms for noun in nouns())
    assert "vertrat" in expressions()["ansicht"].verbs
    with pytest.raises(FileNotFoundError):
        words("no-such-list")
