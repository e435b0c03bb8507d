"""Which words of a clause are its finite verbs, and where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, SUBJUNCTIVE, Form, verb_forms, words

if TYPE_CHECKING:
    from services.extract.engine.rules.view import View

_INDICATIVE = Form.PRESENT | Form.PAST
_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")


def finite_verbs(view: View, first: int, end: int) -> tuple[int, ...]:
    """Find the finite verbs among the tokens.

    What may also be an infinitive, a participle or an adjective counts only where nothing surer
    stands beside it. Verbs inside a quotation count only where there are none outside.
    """
    outside = _finite(view, first, end, inside=False)
    if outside or not any(token in view.quotes for token in range(first, end)):
        return outside
    return _finite(view, first, end, inside=True)


def _finite(view: View, first: int, end: int, *, inside: bool) -> tuple[int, ...]:
    sure: list[int] = []
    likely: list[int] = []
    doubtful: list[int] = []
    index = first
    while index < end:
        past = view.quotes.get(index)
        if past is not None and not inside:
            index = past
            continue
        verb = view.forms[index]
        form = verb.form
        # Most words are no verbs at all; to ask a flag is slow.
        if verb is not NO_VERB and form & FINITE and _may_be_finite(view, index, first, end):
            if form & (Form.INFINITIVE | Form.PARTICIPLE):
                doubtful.append(index)
            elif form & _INDICATIVE or verb.auxiliary:
                sure.append(index)
            else:
                likely.append(index)
        index += 1
    if sure or likely:
        return tuple(sure or likely)
    if ends_in_zu(view, first, end):
        return ()
    return (_likeliest(view, doubtful),) if doubtful else ()


def _may_be_finite(view: View, index: int, first: int, end: int) -> bool:
    """Whether the word stands like a finite verb: no noun, no adjective, no infinitive with zu."""
    word = view.words[index]
    auxiliary = view.forms[index].auxiliary is not None
    if not word[0].islower() and not (index == first and auxiliary and view.opens_sentence(index)):
        return False
    before = view.lower[index - 1] if index > first else ""
    if before == "zu" and view.forms[index].form & Form.INFINITIVE:
        return False
    if auxiliary:
        return True
    if index + 1 < end and view.words[index + 1][0].isupper() and word.endswith(_ADJECTIVE_ENDINGS):
        if is_declined_participle(view, index):
            return False
        # "zwei bestätigte Fälle", "ihre weiche Stimme"
        adjective_before = before.endswith(_ADJECTIVE_ENDINGS) and before in words("determiners")
        return not (adjective_before or before[:1].isdigit())
    return True


def is_declined_participle(view: View, index: int) -> bool:
    """Whether the word reads better as an adjective than as a past: "verspätete Züge"."""
    word = view.lower[index]
    before_noun = index + 1 < len(view.words) and view.words[index + 1][0].isupper()
    if not before_noun or not word.endswith("te") or view.forms[index].readings:
        return False
    return bool(verb_forms().get(word[:-1], NO_VERB).form & Form.PARTICIPLE)


def _likeliest(view: View, doubtful: list[int]) -> int:
    """Of several forms that may be finite, the auxiliary, else the first."""
    return next((i for i in doubtful if view.forms[i].auxiliary), doubtful[0])


def ends_in_zu(view: View, first: int, end: int) -> bool:
    """Whether an infinitive with zu stands at the end of the tokens."""
    for index in range(end - 1, max(first, end - 3) - 1, -1):
        word = view.lower[index]
        if word == "zu":
            return index + 1 < end and view.lower[index + 1].endswith("n")
        if view.forms[index].form & Form.ZU or _joined_zu(view, index):
            return True
    return False


def _joined_zu(view: View, index: int) -> bool:
    """Whether "zu" stands between prefix and verb: "aufzunehmen"."""
    word = view.words[index]
    return word.endswith("n") and "zu" in word[2:-4] and word[0].islower()


def is_subjunctive(view: View, verb: int) -> bool:
    """Whether the verb form is a subjunctive and nothing else."""
    form = view.forms[verb].form
    return bool(form & SUBJUNCTIVE) and not form & _INDICATIVE


def is_reporting_mood(view: View, verb: int) -> bool:
    """Whether the verb stands in the first subjunctive, the mood of reported speech."""
    return is_subjunctive(view, verb) and bool(view.forms[verb].form & Form.K1)
