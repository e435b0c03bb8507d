"""Noun phrases: where they end, and which of them is the subject of a verb."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import (
    endings,
    expressions,
    function_words,
    statement_nouns,
    words,
)

if TYPE_CHECKING:
    from services.extract.engine.rules.view import View

_ADJECTIVE_ENDINGS = ("e", "en", "er", "es", "em")
_BRACKET = 8
# A quotation mark, a word like "tagesschau.de", a quotation mark.
_NAME_IN_QUOTES = 3
# How many words a preposition and its noun of time or occasion take.
_OCCASION = 4
# How many words an attribute before a participle may have.
_ATTRIBUTE = 9
_CLOSING = frozenset('“”»«"')
_ENDS = frozenset(",;:.!?()–")
# How a name ends that says whose something is without an article.
_OWNERS = ("s", "x", "z", "ß", "’", "'")
_PARTICLES_OF_DEGREE = frozenset(["als", "wie", "ganz", "sehr", "so", "zu"])
_PARTICIPLE = re.compile(
    r"(\w*(ge|be|er|ver|ent|zer|unter|über|wider|miss)\w+(t|[^aeiou]en)|\w+iert|\w+end)e[nrsm]?"
)


def noun_phrase(view: View, first: int, end: int) -> int:
    """Find the end of the noun phrase that opens at `first`; `first` itself when none does."""
    if first >= end:
        return first
    after = _core(view, first, end)
    if after == first and first + 1 < end and view.lower[first] == "die":
        after = first + 2 if view.lower[first + 1] in words("those") else first
    if after == first:
        return first + 1 if view.lower[first] in words("pronouns") else first
    return _attributes(view, after, end)


def bare_phrase(view: View, first: int, end: int) -> int:
    """Find the end of a noun phrase without what is attached behind its noun."""
    after = _core(view, first, end)
    if after == first and first < end and view.lower[first] in words("pronouns"):
        return first + 1
    return after


def _core(view: View, first: int, end: int) -> int:
    """Determiners, adjectives, nouns and names; `first` when there is no noun."""
    index = first
    while index < end and (
        view.lower[index] in words("determiners") or view.lower[index] in ("dessen", "deren")
    ):
        index += 1
    if index == first + 2 and _is_two_phrases(view, first):
        return first
    if index == first + 1 or (first < end and view.lower[first] in words("negations")):
        index = _past_attribute(view, index, end)
    index = _past_age(view, index, end)
    while index < end and (_adjective(view, index, end) or _between_adjectives(view, index, end)):
        index += 1
    nouns = index
    while index < end:
        past = _past_noun(view, index, end)
        if past == index or (index > nouns and _is_another(view, index)):
            break
        index = past
        if view.words[index - 1].endswith(("-Jährige", "-Jähriger")):
            break  # a name would stand behind a small "58-jährige": an object begins
        if view.lower[index - 1] in statement_nouns() and not _names_owner(view, index, end):
            break
    return index if index > nouns else first


def _names_owner(view: View, index: int, end: int) -> bool:
    """Whether what follows a noun that names a statement says whose: "Angaben [Eva Meiers]"."""
    last = index
    while last < end and view.words[last][0].isupper():
        last += 1
    if last == index:
        return True
    return view.lower[index] in words("names") or view.lower[last - 1].endswith(_OWNERS)


def _is_two_phrases(view: View, first: int) -> bool:
    """Whether the article is not of the noun behind the possessive: "das seiner Meinung nach"."""
    owned = view.lower[first + 1].startswith(("sein", "ihr"))
    return owned and view.lower[first] in ("der", "die", "das", "den", "dem")


def _past_attribute(view: View, index: int, end: int) -> int:
    """Pass what stands before a participle: "der [nicht an der Studie] beteiligte Zoologe".

    `index` where there is nothing of the kind.
    """
    opens = index < end and (
        view.lower[index] in words("prepositions")
        or view.lower[index] in words("adverbs")
        or view.lower[index] in words("negations")
    )
    if not opens or view.lower[index] in _PARTICLES_OF_DEGREE:
        return index
    for at in range(index + 1, min(index + _ATTRIBUTE, end - 1)):
        if view.words[at] in _ENDS or view.forms[at].auxiliary is not None:
            return index
        if _is_participle(view, at) and view.words[at + 1][0].isupper():
            return at
    return index


def _past_age(view: View, index: int, end: int) -> int:
    """Pass a measure before its adjective: "die [61 Jahre] alte Inhaberin"."""
    adjective = index + 2
    if adjective + 1 >= end or not view.words[index].isdigit():
        return index
    measured = view.is_small(adjective) and view.words[adjective + 1][0].isupper()
    return adjective if measured and _adjective(view, adjective, end) else index


def _is_participle(view: View, index: int) -> bool:
    """Whether the word is a declined participle, or as good as one: "beteiligte", "lebender"."""
    word = view.lower[index]
    governs = word.startswith("zuständige") or _PARTICIPLE.fullmatch(word) is not None
    return view.is_small(index) and governs


def _past_noun(view: View, index: int, end: int) -> int:
    """Pass a noun, a name, a title in quotation marks, or a short bracket behind one."""
    past = view.quotes.get(index)
    if past is not None:
        return min(past, end)
    word = view.words[index]
    if word == "(":
        return _past_bracket(view, index, end)
    if _is_numbered(word) or _is_year(view, index):
        return index + 1
    if word[0].isupper():
        return index + 1 if view.lower[index] not in function_words() else index
    inner = "." in word[1:-1] or "'" in word or "’" in word
    named = view.lower[index] in words("names") or (inner and word[0].islower())
    joint = word in ("&", "/", "-") or (word[0] == "-" and len(word) > 1)
    return index + 1 if named or joint else index


def _is_another(view: View, index: int) -> bool:
    """Whether a phrase of its own follows a noun: "laut Stadt | Messungen", "| „ganz sicher“"."""
    length = view.quotes.get(index, index) - index
    if length:
        return length > _NAME_IN_QUOTES and view.is_small(index + 1)
    if view.lower[index - 1].endswith("tag") and view.lower[index - 1] in words("times"):
        return True
    declined = view.lower[index - 1].endswith(_ADJECTIVE_ENDINGS)
    bare = view.lower[index].endswith(endings("plurals")) and not declined
    return bare and view.words[index].isalpha()


def _is_numbered(word: str) -> bool:
    """Whether a number and a noun make up the word: "58-Jährige"."""
    return word[0].isdigit() and word.rpartition("-")[2][:1].isupper()


def _is_year(view: View, index: int) -> bool:
    """Whether a year stands behind the word for it: "aus dem Jahr 1979"."""
    return view.words[index].isdigit() and view.lower[index - 1] in words("years")


def _past_bracket(view: View, index: int, end: int) -> int:
    for position in range(index + 1, min(index + _BRACKET, end)):
        if view.words[position] == ")":
            return position + 1
    return index


def _adjective(view: View, index: int, end: int) -> bool:
    """Whether a small word or number can stand between a determiner and its noun."""
    word = view.words[index]
    if word[0].isdigit() or word in words("measures"):
        return not _is_numbered(word)
    if word in ("zu", "allzu"):  # "vor zu hohen Erwartungen"
        return index + 2 < end and _adjective(view, index + 1, end) and view.is_small(index + 1)
    if view.lower[index] in words("adverbs_declined"):  # "die lange Frist", not "lange Fristen"
        return index > 0 and view.lower[index - 1] in words("determiners")
    if not word[0].islower() or view.lower[index] in function_words():
        return False
    return word.endswith(_ADJECTIVE_ENDINGS) and index + 1 < end and not view.forms[index].auxiliary


def _between_adjectives(view: View, index: int, end: int) -> bool:
    """Whether a comma, or "aber" behind it, stands between two adjectives of one noun."""
    if index + 2 < end and view.words[index - 1] == "," and view.lower[index] in words("contrasts"):
        return _adjective(view, index + 1, end)
    if view.words[index] != "," or index + 2 >= end:
        return False
    second = index + 1 + (view.lower[index + 1] in words("contrasts"))
    return view.is_small(index - 1) and _adjective(view, second, end)


def _attributes(view: View, index: int, end: int) -> int:
    """Genitives, "von" and "für" phrases behind the noun, and what "und" adds."""
    while index < end:
        start = _attribute_start(view, index, end)
        if start is None:
            break
        after = _core(view, start, end)
        if after == start:
            break
        index = after
    return index


def _attribute_start(view: View, index: int, end: int) -> int | None:
    """Where the noun phrase of an attribute at `index` begins; None when it is no attribute."""
    word = view.lower[index]
    if _is_nominative(view, index, end):
        return None
    if word in words("genitives") or _bare_genitive(view, index, end):
        return None if view.words[index - 1] in _CLOSING else index
    if word in words("attached") or word in words("joining"):
        return index + 1
    if word in ("in", "im") and index + 1 < end and _place(view, index + 1, end):
        return None if view.lower[index + 1] in words("stations") else index + 1
    return None


def _is_nominative(view: View, index: int, end: int) -> bool:
    """Whether "der" opens a masculine subject, not a genitive: "der alte Plan", "der Ehemann"."""
    if view.lower[index] != "der" or index + 1 >= end:
        return False
    if not view.is_small(index + 1):
        return view.lower[index + 1].endswith(endings("masculine"))
    declined = view.lower[index + 1].endswith("e") and _adjective(view, index + 1, end)
    return declined and not view.is_small(index + 2)


def _bare_genitive(view: View, index: int, end: int) -> bool:
    """Whether an adjective opens a bare genitive: "Berichten [britischer Zeitungen]"."""
    small = view.is_small(index) and view.lower[index] not in function_words()
    return small and view.words[index].endswith("er") and _core(view, index, end) > index


def _place(view: View, index: int, end: int) -> bool:
    """Whether a single name follows and nothing that goes on behind it: "in Teheran"."""
    after = _core(view, index, end)
    end = before_adverbs(view, after, end)
    ends = after == end or (after == end - 1 and view.lower[after] in words("prefixes"))
    return ends and view.words[index][0].isupper()


def following_subject(view: View, index: int, end: int) -> tuple[int, int] | None:
    """Find the noun phrase right behind a verb: only adverbs and prepositional phrases between."""
    while index < end:
        word = view.lower[index]
        if view.lower[index : index + 2] in (["unter", "anderem"], ["vor", "allem"]):
            index += 2
        elif word in words("prepositions"):
            after = bare_phrase(view, index + 1, end)
            if after == index + 1:
                return None
            index = after
        elif word in words("adverbs") or word in words("never_subject"):
            index += 1
        else:
            after = noun_phrase(view, index, end)
            return (index, after) if after > index else None
    return None


def subject_before(view: View, first: int, verb: int) -> tuple[int, int] | None:
    """Take what stands before the verb of a main clause, if it can be the subject."""
    while first < verb and (
        view.lower[first] in words("conjunctions") or view.lower[first] in ("auch", "nur", "selbst")
    ):
        first += 1
    if first >= verb or view.lower[first] in words("object_forms") | words("prepositions"):
        return None
    if verb - first == 1 and _is_somebody(view, first):
        return first, verb
    if verb - first == 1 and _is_no_subject(view, first):
        return None
    if any(view.lower[i] in words("times") for i in range(first, min(first + 2, verb))):
        return None
    after = noun_phrase(view, first, verb)
    if after == first:
        return None
    return first, _subject_end(view, after, verb)


def _is_somebody(view: View, first: int) -> bool:
    """Whether a pronoun stands for who speaks: "Dieser sagte", "Es wirft ihm vor".

    In "Es besteht der Verdacht" it only holds the place.
    """
    if view.lower[first] in words("demonstratives"):
        return not _is_no_subject(view, first)
    if view.lower[first] != "es" or not view.opens_sentence(first):
        return False
    verb, *behind = view.lower[first + 1 : first + 3]
    expects_subject = verb in words("impersonal") or verb.endswith("n")
    return not expects_subject and behind[:1] not in (["der"], ["die"], ["das"], ["ein"], ["eine"])


def _subject_end(view: View, after: int, verb: int) -> int:
    """Find where what stands before the verb ends, beginning behind its noun phrase."""
    if view.lower[verb - 1] in words("joining"):
        return after  # another verb stands between: "Noll bedankte sich und sagte"
    return before_adverbs(view, after, verb)


def _is_no_subject(view: View, token: int) -> bool:
    """Whether a single word before the verb is an object or an adverb."""
    word = view.lower[token]
    adverb = word.endswith(endings("adverb_endings")) or word in expressions()
    return word in words("object_pronouns") or (adverb and view.opens_sentence(token))


def before_adverbs(view: View, first: int, end: int) -> int:
    """Find where the adverbs at the end begin, not before `first`: "den Plan | scharf"."""
    while end > first and view.lower[end - 1] in words("adverbs"):
        end -= 1
    return end


def before_occasion(view: View, first: int, end: int) -> int:
    """Find where time or occasion begins behind the object: "den Plan | am Montag"."""
    for at in range(max(noun_phrase(view, first, end), first + 1), end - 1):
        if view.lower[at] in words("of_occasions"):
            behind = view.lower[at + 1 : min(at + _OCCASION, end)]
            if view.lower[at] == "gegenüber" and _is_press(view, at + 1):
                return at
            if any(w in words("times") or w.endswith(endings("occasions")) for w in behind):
                return at
    return end


def _is_press(view: View, first: int) -> bool:
    """Whether "gegenüber" names who listens: "gegenüber [der „Bild“, der Agentur, Reuters]"."""
    named = range(first, min(first + 2, len(view.words)))
    return any(i in view.quotes or view.lower[i].endswith(endings("press")) for i in named)


def fills_front(view: View, first: int, verb: int) -> bool:
    """Tell whether a noun phrase, perhaps with a preposition behind, is all before the verb."""
    after = noun_phrase(view, first, verb)
    if after == first:
        return view.lower[first] in statement_nouns()
    return after == verb or view.lower[after] in words("prepositions")
