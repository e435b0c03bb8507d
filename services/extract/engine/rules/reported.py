"""Reported statements: what is stated is only named, not given back as a clause.

"kritisierte die Pläne", "warnte vor einem Krieg", "bezeichnete den Vertrag als Fehler".
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from services.extract.engine.lexicon import function_words, statement_nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import JUDGING
from services.extract.engine.rules.field import (
    field_of,
    first_phrase,
    names_nothing,
    only_points,
    past_adverbs,
    past_dative,
    past_occasion,
    preposition_in,
    trimmed,
)
from services.extract.engine.rules.found import tokens
from services.extract.engine.rules.phrases import (
    bare_phrase,
    before_occasion,
    fills_front,
    noun_phrase,
)
from services.extract.engine.rules.speaker import subject_of
from services.extract.engine.rules.verbs import is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Found, Range, Ranges
    from services.extract.engine.rules.sayings import Saying, Sentence
    from services.extract.engine.rules.view import View


_KINDS = (Kind.MAIN, Kind.RELATIVE, Kind.SUBORDINATE)


class _Object(NamedTuple):
    """The tokens of an object that names a statement, and those of the cue it stands with."""

    tokens: Range
    cue: tuple[int, ...]
    judgement: Range | None = None


def reported(view: View, sentence: Sentence, taken: set[int]) -> Iterator[Found]:
    """Find the objects that name a statement; clauses whose cue is `taken` are left out."""
    for index, saying in enumerate(sentence.sayings):
        if saying is None or saying.clause.kind not in _KINDS or not saying.source:
            continue
        if saying.cue.finite in taken:
            continue
        passive = saying.cue.passive
        found = _of_passive(view, sentence, index) if passive else _object(view, saying)
        found = found or _cut_off(view, sentence, index)
        if found is None or _is_only_news(view, saying.cue, found.tokens):
            continue
        if _is_withheld(view, saying, found.tokens) or _is_quoted(view, saying, found.tokens):
            continue
        first, end = found.tokens
        content = (first, _extent(view, sentence, index, end))
        statement = saying.found(
            (content, found.judgement) if found.judgement else (content,),
            Type.REPORTED,
            cue=tokens(found.cue),
            confidence=0.6,
        )
        # The accusative is the content here, whoever else the verb may be said to.
        addressee = () if saying.cue.takes("akk") else statement.addressee
        yield replace(statement, addressee=addressee, source=_apart(saying.source, content))


def _apart(source: Ranges, content: Range) -> Ranges:
    """Give the source but where it is the content itself: "Der Vorwurf wird erhoben"."""
    meets = any(first < content[1] and content[0] < end for first, end in source)
    return () if meets else source


def _object(view: View, saying: Saying) -> _Object | None:
    """Find the object and the tokens of the cue, a preposition with them."""
    clause, cue = saying.clause, saying.cue
    if cue.takes("topic"):
        return _topic(view, saying)
    if cue.noun is not None:
        return _named(view, clause, cue, cue.noun)
    begin, end = field_of(view, clause, cue, saying.source)
    return (
        _prepositional(view, clause, cue, (begin, end))
        or _seen(view, cue, (begin, end))
        or _judged_in_front(view, saying, (begin, end))
        or _in_front(view, saying)
        or _charge(view, cue, (begin, end))
        or _accusative(view, cue, (begin, end))
    )


def _cut_off(view: View, sentence: Sentence, index: int) -> _Object | None:
    """The object that its own clause cuts off: "[Die Bitte, zu warten], lehnte sie ab"."""
    clause, saying, head = sentence.clauses[index], sentence.sayings[index], sentence.clauses[0]
    if saying is None or index <= 1 or clause.mark != "," or saying.cue.finite != clause.first:
        return None
    if not saying.cue.takes("akk") or saying.cue.passive or head.kind is not Kind.PHRASE:
        return None
    if not saying.source or saying.source[0][0] <= saying.cue.finite:
        return None
    own = all(
        c.kind is Kind.INFINITIVE
        or c.opener in words("that")
        or (c.kind is Kind.MAIN and is_subjunctive(view, c.finite[0]))
        for c in sentence.clauses[1:index]
    )
    named = statement_nouns().intersection(view.lower[head.first : head.end])
    if not own or not named or noun_phrase(view, head.first, head.end) != head.end:
        return None
    return _Object((head.first, clause.first - 1), saying.cue.tokens)


def _of_passive(view: View, sentence: Sentence, index: int) -> _Object | None:
    """What a passive with its agent names: "[Der Plan] wird in dem Brief [als Fehler] gerügt"."""
    saying = sentence.sayings[index]
    if saying is None or saying.clause.kind is not Kind.MAIN:
        return None
    clause, cue = saying.clause, saying.cue
    if view.lower[saying.source[0][0] - 1] not in ("in", "im") and (
        cue.verb.lemma not in words("told_of")
    ):
        return None
    judged = [word for word in JUDGING if cue.takes(word)]
    subject = subject_of(view, sentence.unit, index, cue.finite)
    if not subject or subject == saying.source or not (judged or cue.takes("akk")):
        return None
    first, end = subject[0]
    if end > clause.end or names_nothing(view, first, end):
        return None
    behind = range(max(end, cue.finite + 1), clause.end)
    start = next((i for i in behind if view.lower[i] in judged), None)
    if start is None:
        return _Object((first, end), cue.tokens) if cue.takes("akk") else None
    stop = min((t for t in cue.tokens if t > start), default=clause.end)
    outside = tuple(t for t in cue.tokens if not start <= t < stop)
    return _Object((first, end), outside, (start, stop))


def _topic(view: View, saying: Saying) -> _Object | None:
    """What is spoken of somewhere: "In dem Bericht ist von [Versäumnissen] die Rede"."""
    clause = saying.clause
    inside = {token for first, end in saying.source for token in range(first, end)}
    for at in range(clause.first, clause.end - 1):
        if view.lower[at] in ("von", "vom") and at not in inside:
            after = noun_phrase(view, at + 1, clause.end)
            if after > at + 1 and "keine" not in view.lower[clause.first : clause.end]:
                return _Object((at + 1, after), (*saying.cue.tokens, at))
    return None


def _judged_in_front(view: View, saying: Saying, field: Range) -> _Object | None:
    """What opens its clause and is judged behind: "[Die Pläne] hält sie [für falsch]"."""
    clause, cue = saying.clause, saying.cue
    begin, end = field
    judging = {word for word in JUDGING if cue.takes(word)}
    if not judging or clause.kind is not Kind.MAIN or not saying.source:
        return None
    behind = saying.source[0][0] > cue.finite and clause.first < cue.finite
    if not behind or noun_phrase(view, clause.first, cue.finite) == clause.first:
        return None
    start = next((i for i in range(begin, end) if view.lower[i] in judging), None)
    if start is None or view.lower[clause.first] in words("prepositions"):
        return None
    outside = tuple(token for token in cue.tokens if not start <= token < end)
    return _Object((clause.first, cue.finite), outside, (start, trimmed(view, start, end)))


def _charge(view: View, cue: Cue, field: Range) -> _Object | None:
    """What somebody is accused of, behind the dative: "warf der Ministerin [Versagen] vor"."""
    begin, end = field
    if not cue.takes("vorwurf"):
        return None
    first = first_phrase(view, begin, end, reflexive=False)
    if first is None:
        return None
    after = bare_phrase(view, first, end)
    dative = view.lower[first] in words("datives") or view.lower[first] in ("ihren", "seinen")
    if dative and after == end > first + 2:
        return _Object((end - 1, end), cue.tokens)
    if view.lower[first] == "ihr" and after == end:
        return _Object((first + 1, trimmed(view, first, end)), cue.tokens)
    if view.lower[first] not in words("datives") or after >= end:
        after = first
    after = charge if (charge := first_phrase(view, after, end, reflexive=False)) else after
    return _Object((after, trimmed(view, after, end)), cue.tokens)


def _prepositional(view: View, clause: Clause, cue: Cue, field: Range) -> _Object | None:
    """The object with its preposition: "warnte [vor Einbußen]", "besorgt [über den Plan]"."""
    begin, end = field
    behind = max(cue.tokens) + 1
    places = [(begin, end)] if end == clause.end else [(begin, end), (behind, clause.end)]
    opens = clause.first + 1
    if clause.kind is Kind.MAIN and noun_phrase(view, opens, cue.finite) > opens:
        places.append((clause.first, cue.finite))
    wanted = [taken[1:] for taken in cue.verb.takes if taken.startswith("+")]
    for start, stop in places:
        found = [preposition_in(view, start, stop, preposition) for preposition in wanted]
        at = min((position for position in found if position is not None), default=None)
        # Before the verb it has to open the clause: "Niemand am Hafen glaubt …" has none.
        if at is not None and (start >= begin or at == start):
            return _Object((at + 1, trimmed(view, at + 1, stop)), (*cue.tokens, at))
    return None


def _seen(view: View, cue: Cue, field: Range) -> _Object | None:
    """What is seen in something: "sieht [in dem Streit ein Zeichen]"."""
    begin, end = field
    begin = next((i for i in range(begin, end) if view.lower[i] in ("in", "im", "darin")), end)
    if not cue.takes("in") or begin != past_adverbs(view, field[0], begin) or begin == end:
        return None
    behind = bare_phrase(view, begin + 1, end) if view.lower[begin] != "darin" else begin + 1
    if noun_phrase(view, behind, end) == behind:
        return None
    return _Object((begin, trimmed(view, begin, end)), cue.tokens)


def _in_front(view: View, saying: Saying) -> _Object | None:
    """The object that opens its clause: "[Pauschale Hilfen] lehnt Pohl ab"."""
    clause, cue = saying.clause, saying.cue
    opens = cue.takes("akk") and clause.kind is Kind.MAIN and clause.first < cue.finite
    if not opens or not saying.source or saying.source[0][0] < cue.finite:
        return None
    alone = cue.finite == clause.first + 1
    if alone and cue.takes("das") and view.lower[clause.first] in words("pointers"):
        return _Object((clause.first, cue.finite), cue.tokens)
    front = clause.first, cue.finite
    if not fills_front(view, *front) or names_nothing(view, *front):
        return None
    pointing = alone and view.lower[clause.first] in words("pronouns")
    return None if pointing else _Object((clause.first, cue.finite), cue.tokens)


def _accusative(view: View, cue: Cue, field: Range) -> _Object | None:
    """The object without a preposition, with what it is called where the verb asks for that."""
    begin, end = field
    judged = [word for word in (*JUDGING, "named") if cue.takes(word)]
    if not judged and not cue.takes("akk"):
        return None
    pointer = past_adverbs(view, begin, end)
    pointed_at = cue.takes("das") or cue.takes("dies")
    if pointed_at and only_points(view, pointer, end):
        called = view.lower[pointer + 1 : pointer + 2] == ["als"]
        return _Object((pointer, end if called else pointer + 1), cue.tokens)
    if judged and begin < end and _stands_for_noun(view, begin):
        called = _judged(view, judged, begin, end) or noun_phrase(view, begin + 1, end) == end
        return _Object((begin, trimmed(view, begin, end)), cue.tokens) if called else None
    first = first_phrase(view, past_dative(view, begin, end), end, reflexive=cue.takes("sich"))
    if first is None:
        return None
    named = cue.takes("akk") or _judged(view, judged, first, end)
    if names_nothing(view, first, end) or not named:
        return None
    after = trimmed(view, first, before_occasion(view, first, end))
    return _Object((first, after), tuple(t for t in cue.tokens if not first <= t < after))


def _stands_for_noun(view: View, token: int) -> bool:
    """Whether a pronoun or a number is judged: "stuft [sie] als … ein", "[sieben davon]"."""
    counted = view.lower[token + 1 : token + 2] == ["davon"]
    return counted or view.lower[token] in words("judged_pronouns")


def _named(view: View, clause: Clause, cue: Cue, noun: int) -> _Object | None:
    """The noun of an expression with what belongs to it: "äußerte [diese Bedenken]"."""
    first = noun
    while first > clause.first and _belongs(view, first - 1):
        first -= 1
    if view.lower[first] in words("no_content") or view.lower[first - 1] in words("prepositions"):
        return None
    end = min((t for t in cue.tokens if t > noun), default=clause.end)
    verbs = tuple(t for t in cue.tokens if t < first or t > noun)
    if all(view.forms[t].auxiliary for t in verbs):
        return None
    after = max(noun_phrase(view, first, end), noun + 1)
    if view.lower[noun] in words("charges") and "gegen" in view.lower[noun:end]:
        return None  # whom it is held against, and not what
    if after < end and view.lower[after] in words("of_topics"):
        after = max(after, noun_phrase(view, after + 1, end))
    if after == first + 1:
        return None  # "übte Kritik" does not say at what
    return _Object((first, after), verbs)


def _belongs(view: View, token: int) -> bool:
    """Whether a word before a noun is its determiner or adjective."""
    word = view.lower[token]
    adjective = view.is_small(token) and word.endswith("e") and word not in function_words()
    return word in words("determiners") or (adjective and not view.forms[token].form)


def _is_only_news(view: View, cue: Cue, content: Range) -> bool:
    """Whether the object only says what was reported about: "berichtete über die Vorwürfe"."""
    told = cue.verb.lemma in ("berichten", "informieren", "schreiben")
    return told and any(word in statement_nouns() for word in view.lower[slice(*content)][:2])


def _is_quoted(view: View, saying: Saying, content: Range) -> bool:
    """Whether the object is words in quotation marks and no more: it is direct then."""
    first, end = content
    if saying.cue.takes("named") and _stands_for_noun(view, first):
        return False  # „nannte das „frei erfunden““
    first += view.lower[first] in words("determiners")
    return saying.cue.takes("quote") and view.quotes.get(first) == end


def _is_withheld(view: View, saying: Saying, content: Range) -> bool:
    """Whether nothing was said: "lehnte einen Kommentar ab", "bestätigte die Zahl nicht"."""
    clause, lemma = saying.clause, saying.cue.verb.lemma
    if lemma == "ablehnen":
        return any(word in words("refused") for word in view.lower[slice(*content)])
    negated = any(word in words("negations") for word in view.lower[clause.first : clause.end])
    return negated and lemma in words("withheld")


def _judged(view: View, judged: list[str], first: int, end: int) -> bool:
    """Whether "als X", "für X", or a name or judgement follows the object."""
    if any(word in view.lower[first + 1 : end - 1] for word in judged):
        return True
    return "named" in judged and _is_called(view, first, end)


def _is_called(view: View, first: int, end: int) -> bool:
    """Whether the tokens end in words in quotation marks, or in an adjective behind a noun."""
    if any(view.quotes.get(index) == end for index in range(first + 1, end)):
        return True
    after = noun_phrase(view, first, end)
    rest = range(past_occasion(view, past_adverbs(view, after, end), end), end)
    if rest and view.lower[rest[0]] in words("indefinite") and after > first:
        return True
    return bool(rest) and all(_is_adjective(view, index) for index in rest)


def _is_adjective(view: View, index: int) -> bool:
    """Whether a word can be a predicate: no noun and no function word but "und"."""
    word = view.lower[index]
    plain = view.is_small(index) and word not in function_words()
    return plain or word in words("joining") or word in words("measures")


def _extent(view: View, sentence: Sentence, index: int, end: int) -> int:
    """Take in the clauses that depend on the object."""
    if end != sentence.clauses[index].end:
        return end
    for following in sentence.clauses[index + 1 :]:
        dependent = following.kind in (Kind.RELATIVE, Kind.INFINITIVE, Kind.PHRASE) or (
            following.opener in words("that")
        )
        if following.mark not in (",", "und") or not dependent:
            break
        if trimmed(view, following.first - 1, following.end) <= following.first:
            break
        end = following.end
    return min(end, sentence.unit.body_end)
