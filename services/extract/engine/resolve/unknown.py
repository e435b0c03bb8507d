"""Noun phrases of words that no table holds, read by article and endings alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.phrases import indefinite_article

if TYPE_CHECKING:
    from services.extract.engine.resolve.phrases import Cut


def unknown(parts: Cut) -> Mention:
    """Read a phrase of words that no table holds."""
    if parts.article == "definite" and parts.run[-1].endswith(("mann", "Mann", "frau", "Frau")):
        gender = "f" if parts.run[-1].endswith(("frau", "Frau")) else "m"
        return Mention(Form.ROLE, parts.run[-1], gender=gender, article=parts.article)
    if parts.article_word == "die" and _is_woman(parts.run[-1]):
        return Mention(Form.ROLE, parts.run[-1], gender="f", article=parts.article)
    if parts.article_word == "den" and parts.run[-1].endswith("ern"):  # „den Wahlverlierern“
        name = names.joined([*parts.run[:-1], parts.run[-1][:-1], *parts.tail])
        return Mention(Form.GROUP, name, gender="p", plural=True, article=parts.article)
    if len(parts.run) > 1 and any("jährig" in word for word in parts.adjectives):
        return Mention(Form.PERSON, names.joined(parts.run), article=parts.article)
    run = _in_nominative(parts)
    if len(parts.run) == 1 and not parts.tail and parts.article != "indefinite":
        by_article = {"die": "f", "das": "n"}.get(parts.article_word)
        return Mention(Form.BARE, run[0], article=parts.article, gender=by_article)
    gender = {"die": "f", "das": "n", "eine": "f", "einer": "f"}.get(parts.article_word, "m")
    adjectives = [names.strong(word, gender) for word in parts.adjectives]
    article = indefinite_article(gender) if parts.article == "indefinite" else []
    name = names.joined([*article, *adjectives, *run, *parts.tail])
    form = Form.ORGANISATION if parts.article == "definite" else Form.GROUP
    if parts.article == "indefinite" and not parts.run[-1].endswith(_NO_PERSON):
        form = Form.ROLE
    return Mention(
        form, names.capitalised(name), gender=gender, article=parts.article, modified=True
    )


# How an adjective ends with which a name begins.
_ADJECTIVE = re.compile(r"\w+(?:sch|lich|ig|al|ell|iv)en?")


def _in_nominative(parts: Cut) -> tuple[str, ...]:
    """Bring a run of words that no table holds into the nominative, as its article tells.

    „des Ombudsmans“, „die Iranischen Garden“, „der Evangelische Kreis“.
    """
    first, *rest = parts.run
    if parts.article_word in ("des", "eines"):
        return (*parts.run[:-1], names.of_genitive(parts.run[-1]))
    if not rest:
        return parts.run
    weak = {"der": "f", "die": "p"} if first.endswith("n") else {"der": "m", "das": "n", "die": "f"}
    gender = weak.get(parts.article_word)
    if gender is None or not _ADJECTIVE.fullmatch(first):
        return parts.run
    return (names.strong(first, gender), *rest)


# Endings of nouns that are no word for a person.
_NO_PERSON = ("ung", "heit", "keit", "schaft", "tion", "schrift", "werk", "dienst", "tum", "ium")


def _is_woman(word: str) -> bool:
    """Whether an unknown word behind „die“ ends as one for a woman does: „die Britin“."""
    return word.endswith("in") and not word.endswith(("zin", "lin", "trin", "ein"))
