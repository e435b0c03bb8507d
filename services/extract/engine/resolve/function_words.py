"""Mentions without a noun: pronouns, possessives, adverbs that point back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.mentions import Form, Mention
from services.extract.engine.resolve.phrases import DEFINITE, QUANTITIES, possessor
from services.extract.engine.resolve.tables import word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

_PRONOUNS = {
    "er": "m", "ihm": "mn", "ihn": "m", "dieser": "m", "jener": "m", "letzterer": "m",
    "sie": "f", "ihr": "f", "diese": "f", "letztere": "f", "jene": "f",
    "ihnen": "p", "beide": "p", "es": "n", "dieses": "n",
    "ich": "i", "wir": "i", "uns": "i", "mir": "i", "mich": "i", "man": "man",
    "selbst": "m", "ersterer": "m", "erstere": "f", "derselbe": "m", "dieselbe": "f",
}  # fmt: skip
RELATIVES = {
    "der": "m", "die": "f", "das": "n", "dem": "m", "den": "m", "denen": "p", "dessen": "m",
    "deren": "f", "welcher": "m", "welche": "f", "welches": "n", "wer": "m",
}  # fmt: skip
_BACK = word_set(
    "demnach danach wonach darin darunter dort daraus woraus worin dabei hierin hiernach "
    "demzufolge wobei damit darauf dazu hierzu"
)


def function_word(word: str) -> Mention | None:
    """Read a pronoun, a possessive or an adverb that points back; None for a noun."""
    lower = word.lower()
    if lower in _PRONOUNS:
        gender = _PRONOUNS[lower]
        return Mention(Form.PRONOUN, word, gender=gender, plural=gender == "p")
    if (whose := possessor(lower)) is not None:
        return Mention(Form.PRONOUN, word, gender=whose)
    if lower in RELATIVES:
        return Mention(Form.RELATIVE, word, gender=RELATIVES[lower])
    if lower in _BACK:
        return Mention(Form.BACK, word)
    if lower in QUANTITIES:
        return Mention(Form.GROUP, names.capitalised(word), gender="p", plural=True)
    noun_like = names.in_capitals(word) or word.isdigit()
    return None if noun_like else Mention(Form.NOBODY, word)


def without_noun(words: Sequence[str]) -> Mention | None:
    """Read article and adjective alone: „in dem bisherigen“, „die beiden“."""
    lower = words[0].lower()
    if len(words) > len(("die", "beiden")):
        return None
    if lower in ("dem", "das") and len(words) > 1:
        return Mention(Form.BACK, names.joined(words), article="definite")
    if lower in QUANTITIES or lower in DEFINITE:
        return Mention(Form.GROUP, names.capitalised(names.joined(words)), plural=True, gender="p")
    return function_word(words[-1])
