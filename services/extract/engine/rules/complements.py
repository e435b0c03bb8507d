"""Indirect statements that a verb of saying governs.

Clauses with dass, ob or a w-word, verb-second clauses, infinitives with zu; behind the verb or in
front of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.found import tokens
from services.extract.engine.rules.phrases import noun_phrase
from services.extract.engine.rules.speaker import adds_predicate
from services.extract.engine.rules.verbs import is_reporting_mood, is_subjunctive
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.rules.clauses import Clause
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Found
    from services.extract.engine.rules.sayings import Saying, Sentence
    from services.extract.engine.rules.view import View

# How many clauses may stand between a verb of saying and what is said.
_REACH = 4
# How many clauses a statement in front of its verb may have.
_FRONT = 24


def complements(view: View, sentence: Sentence) -> Iterator[Found]:
    """Find the clauses that say what was said."""
    for index, saying in enumerate(sentence.sayings):
        if saying is None or _is_parenthesis(saying.clause) or _is_expected(view, saying):
            continue
        if _is_inserted(view, sentence, index, saying):
            yield _around(view, sentence, index, saying)
            continue
        at = _complement(view, sentence, index, saying)
        if at is not None:
            yield _behind(view, sentence, saying, at)
        elif _is_fronted(view, sentence, index, saying):
            yield _in_front(view, sentence, index, saying)


def _is_parenthesis(clause: Clause) -> bool:
    """Whether the clause is one like "wie X sagte", which other rules read."""
    return clause.opener in ("wie", "so") and clause.kind is Kind.SUBORDINATE


def _is_expected(view: View, saying: Saying) -> bool:
    """Whether somebody is expected to do it, and nobody says by whom: "von ihr wird erwartet"."""
    of_somebody = saying.cue.passive and saying.cue.verb.lemma in words("of_somebody")
    return of_somebody and any(
        view.lower[i] in ("von", "vom") for i in range(saying.clause.first, saying.clause.end)
    )


def _is_inserted(view: View, sentence: Sentence, index: int, saying: Saying) -> bool:
    """Whether the clause stands inside what was said: "Ein Rücktritt, sagte er, stehe nicht an"."""
    clause, cue = saying.clause, saying.cue
    if not 0 < index < len(sentence.clauses) - 1 or cue.finite != clause.first:
        return False
    before, after = sentence.clauses[index - 1], sentence.clauses[index + 1]
    if not cue.takes("dass") or clause.mark not in (",", "–") or after.mark != clause.mark:
        return False
    if before.kind is Kind.PHRASE:
        return after.kind is Kind.MAIN and after.finite[0] == after.first
    return (
        before.kind is Kind.MAIN and after.kind is Kind.PHRASE and _ends_open(view, before, after)
    )


def _ends_open(view: View, before: Clause, after: Clause) -> bool:
    """Whether a clause ends in its auxiliary, and the verb in the next: "Er habe | gelogen"."""
    finite, verb = before.finite[0], after.end - 1
    auxiliary = view.forms[finite].auxiliary is not None and before.end == finite + 1
    return auxiliary and view.is_small(verb) and view.lower[verb].endswith(("t", "en"))


def _around(view: View, sentence: Sentence, index: int, saying: Saying) -> Found:
    """Make the statement that a clause like "sagte er" is put into."""
    before, after = sentence.clauses[index - 1], sentence.clauses[index + 1]
    content = ((before.first, before.end), (after.first, extent(view, sentence, index + 1)))
    return saying.found(content, Type.INDIRECT, (before.end, after.first))


def _complement(view: View, sentence: Sentence, index: int, saying: Saying) -> int | None:
    """Find the clause at which the complement behind clause `index` begins."""
    # A phrase behind the clause can only be an apposition where the clause ends in its source.
    apposition = any(end == saying.clause.end for _, end in saying.source)
    begin: int | None = None
    for at in range(index + 1, min(index + 1 + _REACH, len(sentence.clauses))):
        clause = sentence.clauses[at]
        if clause.kind is Kind.QUOTE or clause.mark not in (",", ":", "–"):
            return None
        if _says_what(view, clause, saying.cue) and not _is_source(sentence, at):
            return at if apposition else _infinitive_start(sentence, index, at)
        if clause.kind is Kind.MAIN:
            return begin if _closes_front(view, clause, saying.cue) else None
        if begin is None and (_opens_front(clause) or not apposition):
            begin = at
    return None


def _is_source(sentence: Sentence, at: int) -> bool:
    """Whether the clause is one like "wie X berichtete", which says who says it."""
    said = sentence.sayings[at]
    states = said is not None and said.cue.takes("dass") and not said.cue.takes("weak")
    return states and sentence.clauses[at].opener == "wie"


def _infinitive_start(sentence: Sentence, index: int, at: int) -> int:
    """Where an infinitive begins that commas cut: "..., das Land, darunter X, zu verlassen"."""
    if sentence.clauses[at].kind is Kind.INFINITIVE:
        while at - 1 > index and sentence.clauses[at - 1].kind is Kind.PHRASE:
            at -= 1
    return at


def _says_what(view: View, clause: Clause, cue: Cue) -> bool:
    """Whether the clause is a complement that the cue's verb takes."""
    if clause.kind is Kind.RELATIVE:
        return False
    if clause.opener == "wonach":  # what stands before it is the source
        return False
    if clause.opener in words("complementizers"):
        return cue.takes("dass") and clause.kind is not Kind.MAIN and _fits(cue, clause)
    if clause.kind is Kind.INFINITIVE:
        return (cue.takes("zu") or cue.takes("dass")) and clause.opener not in words("purpose")
    return clause.kind is Kind.MAIN and _is_verb_second(view, clause, cue)


def _fits(cue: Cue, clause: Clause) -> bool:
    """Whether the verb takes this conjunction: w-clauses need one that can ask or tell."""
    if clause.opener in words("that"):
        return True
    return not cue.takes("weak") and (clause.opener != "wie" or clause.mark == ",")


def _is_verb_second(view: View, clause: Clause, cue: Cue) -> bool:
    """Whether a main clause is what was said: "..., er sei krank", "..., er ist krank"."""
    if not cue.takes("dass") or clause.mark == "–" or clause.finite[0] == clause.first:
        return False
    if view.lower[clause.first] in words("conjunctions"):
        return False
    if is_subjunctive(view, clause.finite[0]):
        return True
    if not cue.takes("ind") or clause.mark != "," or clause.opener in words("adverbs"):
        return False
    return clause.opener not in words("relatives") or _opens_with_subject(view, clause)


def _opens_with_subject(view: View, clause: Clause) -> bool:
    """Whether "die" is an article: "sagte sie, [die Eltern hofften] auf ein Urteil"."""
    finite = clause.finite[0]
    alone = finite - clause.first > 1 and finite + 1 < clause.end
    return alone and noun_phrase(view, clause.first, finite) == finite


def _opens_front(clause: Clause) -> bool:
    """Whether the clause can open a verb-second complement: "sagte, wenn X komme, werde Y"."""
    return clause.kind is Kind.SUBORDINATE or (
        clause.kind is Kind.PHRASE and clause.opener in words("prepositions")
    )


def _closes_front(view: View, clause: Clause, cue: Cue) -> bool:
    """Whether the clause is the verb-first rest of such a complement."""
    verb_first = clause.finite[0] == clause.first
    return cue.takes("dass") and verb_first and is_subjunctive(view, clause.finite[0])


def extent(view: View, sentence: Sentence, at: int) -> int:
    """Find the end of the statement that begins with clause `at`."""
    last = at
    first = sentence.clauses[at]
    complete = bool(first.finite) or first.kind is Kind.INFINITIVE
    subjunctive = _is_subjunctive(view, first)
    for following in range(at + 1, len(sentence.clauses)):
        clause = sentence.clauses[following]
        if complete and not _goes_on(view, sentence, following, subjunctive=subjunctive):
            break
        if not complete and (clause.kind is Kind.QUOTE or clause.mark in (":", ";")):
            break
        last = following
        complete = complete or bool(clause.finite)
        subjunctive = subjunctive or _is_subjunctive(view, clause)
    return end_of(sentence, last)


def end_of(sentence: Sentence, index: int) -> int:
    """Give the end of clause `index`; of the last one, what stands before the closing sign."""
    last = index == len(sentence.clauses) - 1
    return sentence.unit.body_end if last else sentence.clauses[index].end


def _is_subjunctive(view: View, clause: Clause) -> bool:
    return any(is_subjunctive(view, verb) for verb in clause.finite)


def _goes_on(view: View, sentence: Sentence, following: int, *, subjunctive: bool) -> bool:
    """Whether the clause belongs to the statement before it."""
    clause = sentence.clauses[following]
    if clause.kind is Kind.QUOTE or clause.mark == ":":
        return False
    mood = _is_subjunctive(view, clause)
    if clause.kind is Kind.MAIN or clause.mark == ";":
        return mood or _is_verb_last(clause)
    if clause.opener == "so" and clause.kind is Kind.PHRASE:
        return False
    if clause.opener in words("continuing") and clause.kind is Kind.SUBORDINATE:
        return mood or subjunctive
    return not (clause.opener == "wie" and sentence.sayings[following])


def _is_verb_last(clause: Clause) -> bool:
    """Whether the clause goes on with a dependent one: "dass A kommt, B bleibt und C geht"."""
    if not clause.finite or clause.mark == ";":
        return False
    return clause.finite[-1] == clause.end - 1 and clause.finite[0] > clause.first + 1


def _behind(view: View, sentence: Sentence, saying: Saying, at: int) -> Found:
    """Make the statement of a complement behind its verb."""
    first = sentence.clauses[at].first
    cue = tokens((*saying.cue.tokens, *_correlates(view, saying.clause)))
    content = ((first, extent(view, sentence, at)),)
    if _explains(view, sentence, saying, at):
        return saying.found(content, Type.FREE_INDIRECT, cue=())
    return saying.found(content, Type.INDIRECT, (saying.begin, first), cue=cue)


def _explains(view: View, sentence: Sentence, saying: Saying, at: int) -> bool:
    """Whether the sentence behind a colon only goes on: "wies den Vorwurf zurück: Man habe …"."""
    if sentence.clauses[at].mark != ":" or not saying.cue.takes("akk") or saying.cue.passive:
        return False
    inside = range(saying.cue.finite + 1, saying.clause.end)
    return any(
        view.words[i][0].isupper() and not any(a <= i < b for a, b in saying.source)
        for i in inside
        if view.lower[i - 1] in words("determiners")
    )


def _correlates(view: View, clause: Clause) -> list[int]:
    """Words like "davon" that point ahead to the complement."""
    places = range(clause.first + 1, clause.end)
    return [i for i in places if view.lower[i] in words("correlates")]


def _is_fronted(view: View, sentence: Sentence, index: int, saying: Saying) -> bool:
    """Whether what was said stands before ", sagte X"."""
    clause, cue = saying.clause, saying.cue
    if not 0 < index <= _FRONT or clause.mark not in (",", "–") or cue.finite != clause.first:
        return False
    if not (cue.takes("dass") or cue.takes("zu")) or adds_predicate(view, sentence.unit, index):
        return False
    before = sentence.clauses[:index]
    if any(c.kind is Kind.QUOTE for c in before):
        return False
    mains = [c for c in before if c.kind is Kind.MAIN]
    if mains:
        told = not cue.takes("weak") or all(is_subjunctive(view, c.finite[0]) for c in mains)
        return told and not is_reporting_mood(view, cue.finite)
    return _is_dependent_front(before[0], cue)


def _is_dependent_front(head: Clause, cue: Cue) -> bool:
    """Whether a sentence that opens with this clause can open with what was said."""
    if head.kind is Kind.SUBORDINATE:
        return head.opener in words("complementizers") and head.opener != "wie"
    return head.kind is Kind.INFINITIVE and cue.takes("zu") and head.opener not in words("purpose")


def _in_front(view: View, sentence: Sentence, index: int, saying: Saying) -> Found:
    """Make the statement of a complement in front of its verb."""
    comma = sentence.clauses[index].first - 1
    colons = [c.first for i, c in enumerate(sentence.clauses[:index]) if _starts(sentence, i)]
    begin = max([sentence.unit.first, *colons])
    if not _adds_more(view, sentence, index):
        frame = (comma, sentence.unit.body_end)
        return saying.found(((begin, comma),), Type.INDIRECT, frame)
    more = sentence.clauses[index + 1].first
    content = ((begin, comma), (more, sentence.unit.body_end))
    return saying.found(content, Type.INDIRECT, (comma, more))


def _adds_more(view: View, sentence: Sentence, index: int) -> bool:
    """Whether what was said goes on with "und" behind who says it: "…, sagt sie, und …"."""
    if index + 2 != len(sentence.clauses):
        return False
    clause = sentence.clauses[index + 1]
    joined = clause.mark == "," and view.lower[clause.first] in words("joining")
    if clause.kind is Kind.PHRASE:
        return joined
    infinite = bool(clause.finite) and clause.finite[-1] == clause.end - 1
    return joined and clause.kind is Kind.MAIN and (infinite or _is_subjunctive(view, clause))


def _starts(sentence: Sentence, index: int) -> bool:
    """Whether a clause opens what was said behind a colon and a clause about something else."""
    clause, before = sentence.clauses[index], sentence.clauses[index - 1]
    return index > 0 and clause.mark == ":" and clause.kind is Kind.MAIN and bool(before.finite)
