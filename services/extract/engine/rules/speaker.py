"""Who says it and to whom: the source and addressee that a cue's clause names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import endings, statement_nouns, words
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import JUDGING
from services.extract.engine.rules.phrases import (
    bare_phrase,
    before_occasion,
    fills_front,
    following_subject,
    noun_phrase,
    subject_before,
)
from services.extract.engine.rules.places import (
    behind,
    goes_back,
    in_writing,
    place_before,
    place_of,
)
from services.extract.engine.rules.subject import subject_alone
from services.extract.engine.rules.verbs import is_subjunctive

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Clause, Unit
    from services.extract.engine.rules.cues import Cue
    from services.extract.engine.rules.found import Range, Ranges
    from services.extract.engine.rules.view import View


# How many clauses back a subject is looked for.
_REACH = 12


def source_of(view: View, unit: Unit, index: int, cue: Cue) -> Ranges:
    """Find who speaks in clause `index` of the unit, whose cue is given."""
    clause = unit.clauses[index]
    if cue.passive and cue.verb.lemma in words("of_somebody"):
        return ()
    if cue.passive and cue.verb.lemma != "zitieren":
        agent = behind(view, clause.first, clause.end, words("agents"))
        return agent or in_writing(view, unit, index)
    if cue.verb.lemma.removesuffix(" sein") in words("placed"):
        return place_of(view, clause, cue) or place_before(view, unit, index)
    found = (
        _behind_object(view, unit, index, cue)
        or subject_of(view, unit, index, cue.finite)
        or _noble(view, clause, cue.finite)
    )
    return subject_alone(view, clause, cue, found)


def _noble(view: View, clause: Clause, finite: int) -> Ranges:
    """A name that begins like an adverbial, where no other subject is: "Von der Lippe sagte"."""
    for first, end in ((clause.first, finite), (finite + 1, clause.end)):
        name = first + 1 + (view.lower[first + 1 : first + 2] in (["der"], ["den"], ["dem"]))
        opens = view.lower[first : first + 1] in (["von"], ["van"])
        if opens and name < end and view.words[name][0].isupper():
            return ((first, name + 1),) if end in (name + 1, clause.end) else ()
    return ()


def _behind_object(view: View, unit: Unit, index: int, cue: Cue) -> Ranges:
    """The subject behind the verb when what stands before the verb can only be its object.

    "Pauschale Hilfen lehnt Pohl ab", "Diese Forderung wies sie zurück".
    """
    clause = unit.clauses[index]
    first = clause.first
    governs = any(cue.takes(object_) for object_ in ("akk", "named", *JUDGING))
    if clause.kind is not Kind.MAIN or not governs or cue.passive or first >= cue.finite:
        return ()
    found = following_subject(view, cue.finite + 1, clause.end)
    if found is None or not fills_front(view, first, cue.finite):
        return ()
    if view.lower[cue.finite + 1] in words("object_forms") or found[0] != cue.finite + 1:
        return ()
    if _is_nominative(view, found, cue):
        return with_apposition(view, unit, index, found)
    plural = _is_plural(view, first, cue.finite) and not view.lower[cue.finite].endswith("n")
    if not cue.takes("akk") and not plural:
        return ()
    thing = names_a_thing(view, first, cue.finite) and _can_speak(view, found)
    return with_apposition(view, unit, index, found) if plural or thing else ()


def _is_nominative(view: View, found: Range, cue: Cue) -> bool:
    """Whether an article shows the subject: "lehnte der Rat ab", "schätzt ein Büro auf …"."""
    opens = view.lower[found[0]]
    return (opens == "der" and not cue.takes("dat")) or (opens == "ein" and cue.takes("auf"))


def _is_plural(view: View, first: int, end: int) -> bool:
    """Whether the phrase is a plural: "Pauschale Hilfen", "Schließungen", "Die Kosten"."""
    if end - first == 1 or view.lower[first + 1] in words("prepositions"):
        return view.lower[first].endswith(endings("plurals"))
    if view.lower[first] == "die" and not view.is_small(first + 1):
        return view.lower[first + 1].endswith("en")
    opens = view.lower[first].endswith("e") and view.lower[first] not in words("determiners")
    return opens and view.lower[first + 1].endswith(("en", "n", "s"))


def names_a_thing(view: View, first: int, end: int) -> bool:
    """Whether the noun phrase is headed by a noun that names a statement or an act."""
    if view.lower[first] not in words("determiners"):
        return view.lower[first] in statement_nouns()
    head = next((view.lower[i] for i in range(first + 1, end) if view.words[i][0].isupper()), "")
    acts = head.endswith(endings("act_endings")) and not head.endswith(endings("acting"))
    return acts or head in statement_nouns()


def _can_speak(view: View, found: Range) -> bool:
    """Whether the noun phrase is a pronoun, a name, or has an article of the nominative."""
    word = view.lower[found[0]]
    if view.words[found[0]][0].isupper() and names_a_thing(view, *found):
        return False
    article = word in ("der", "die", "das", "ein", "sein", "ihr", "mehrere", "viele")
    return article or word == "sie" or view.words[found[0]][0].isupper()


def subject_of(view: View, unit: Unit, index: int, finite: int) -> Ranges:
    """Find the subject of the finite verb in clause `index` of the unit."""
    clause = unit.clauses[index]
    if clause.kind is Kind.RELATIVE:
        return _of_relative(view, clause, finite)
    if clause.kind is Kind.SUBORDINATE:
        opener = view.opener(clause.first, clause.end)
        return _in_dependent(view, opener + 1, finite)
    return _of_main(view, unit, index, finite)


def _of_main(view: View, unit: Unit, index: int, finite: int) -> Ranges:
    """The subject in a main clause: before its verb, behind it, or in the clause before."""
    clause = unit.clauses[index]
    if _is_pronoun(view, clause, finite):
        return ((finite + 1, finite + 2),)
    found = subject_before(view, clause.first, finite)
    if found is not None:
        return (_from_apposition(view, unit, index, found),)
    if adds_predicate(view, unit, index):
        return _of_clause_before(view, unit, index)
    conjoined = words("conjunctions").intersection((clause.mark, view.lower[clause.first]))
    if clause.first + 1 >= finite and conjoined:
        return _of_clause_before(view, unit, index)
    if finite == clause.first and clause.mark in (",", "–") and not _is_put_in(view, unit, index):
        interrupted = _interrupted(view, unit, index)
        if interrupted:
            return interrupted
    return _after_verb(view, unit, index, finite)


def _is_pronoun(view: View, clause: Clause, finite: int) -> bool:
    """Whether the subject is a pronoun behind the verb: "sagte er", "..., schreibt es weiter"."""
    if finite + 1 >= clause.end:
        return False
    pronoun = view.lower[finite + 1]
    if pronoun == "es":
        says = clause.mark == "," and finite == clause.first and clause.kind is Kind.MAIN
        return says and view.lower[finite] not in words("impersonal")
    return pronoun in words("subject_pronouns")


def adds_predicate(view: View, unit: Unit, index: int) -> bool:
    """Whether a clause only adds a verb with "aber": "begrüßt den Plan, mahnt aber zur Eile"."""
    clause = unit.clauses[index]
    if not index or clause.kind is not Kind.MAIN or clause.mark != ",":
        return False
    verb, before = clause.finite[0], unit.clauses[index - 1]
    contrast = verb == clause.first and _sets_against(view, clause, verb)
    return contrast and before.kind is Kind.MAIN and not is_subjunctive(view, before.finite[0])


def _is_put_in(view: View, unit: Unit, index: int) -> bool:
    """Whether the clause is put into another that goes on: "Ein Umbau, sagt Noll, sei teuer"."""
    clause, following = unit.clauses[index], unit.clauses[index + 1 : index + 2]
    if not following or following[0].kind is not Kind.MAIN or following[0].mark != clause.mark:
        return False
    if following[0].finite[0] != following[0].first:
        return False
    verb = clause.finite[0]
    subject = following_subject(view, verb + 1, clause.end)
    told = is_subjunctive(view, following[0].first)
    named = view.lower[verb + 1 : clause.end] == ["sie"]
    return named or (subject is not None and (told or subject[1] == clause.end))


def _sets_against(view: View, clause: Clause, verb: int) -> bool:
    """Whether "aber" stands behind the verb, or behind its object: "rief die Anwohner aber auf"."""
    behind = verb + 1 + (view.lower[verb + 1 : verb + 2] == ["sich"])
    if view.lower[behind : behind + 1] and view.lower[behind] in words("contrasts"):
        return True
    after = bare_phrase(view, behind, clause.end)
    last = view.lower[clause.end - 1] in words("prefixes")
    return last and behind < after < clause.end - 1 and view.lower[after] in words("contrasts")


def _in_dependent(view: View, first: int, verb: int) -> Ranges:
    """The subject of a dependent clause, with an apposition between commas."""
    found = following_subject(view, first, verb)
    if found is None:
        return ()
    if found[1] + 1 < verb and view.words[found[1]] == ",":
        after = noun_phrase(view, found[1] + 1, verb)
        if after > found[1] + 1:
            return ((found[0], after),)
    return (found,)


def _from_apposition(view: View, unit: Unit, index: int, found: Range) -> Range:
    """Begin at the name before the comma: "Rob Mueller, Sekretär des Klubs sagte"."""
    if index != 1 or unit.clauses[1].mark != ",":
        return found
    head = unit.clauses[0]
    named = head.kind is Kind.PHRASE and noun_phrase(view, head.first, head.end) == head.end
    return (head.first, found[1]) if named else found


def _after_verb(view: View, unit: Unit, index: int, finite: int) -> Ranges:
    """The subject behind the verb, else, in a clause that only adds a verb, that of the other."""
    clause = unit.clauses[index]
    found = following_subject(view, finite + 1, clause.end)
    if found is None and finite == clause.first and index:
        return _of_clause_before(view, unit, index)
    return with_apposition(view, unit, index, found)


def _of_relative(view: View, clause: Clause, finite: int) -> Ranges:
    """The relative pronoun when it is the subject, else the noun phrase behind it."""
    opener = clause.first
    nominative = view.lower[opener] in ("der", "die", "das", "welcher", "welche", "welches")
    if nominative and view.lower[opener + 1] not in (*words("subject_pronouns"), "sie"):
        return ((opener, opener + 1),)
    governed = view.lower[opener] in words("prepositions")
    found = following_subject(view, opener + (2 if governed else 1), finite)
    return (found,) if found else ()


def _interrupted(view: View, unit: Unit, index: int) -> Ranges:
    """The subject that an apposition or relative clause cuts off from its verb."""
    start = index
    while start > max(0, index - _REACH) and goes_back(unit, start):
        start -= 1
    if start == index:
        return ()
    head = unit.clauses[start]
    if head.kind is not Kind.PHRASE or _only_adds(view, unit, start, index):
        return ()
    found = subject_before(view, head.first, head.end)
    if found is None:
        return ()
    last = start
    while last + 1 < index and unit.clauses[last + 1].kind is Kind.PHRASE:
        last += 1
    return ((found[0], unit.clauses[last].end),)


def _only_adds(view: View, unit: Unit, start: int, index: int) -> bool:
    """Whether the phrase ends what was said: "Das sei ein Anfang, kein Ende, sagte der Chef"."""
    if not start or unit.clauses[start - 1].kind is not Kind.MAIN:
        return False
    said = is_subjunctive(view, unit.clauses[start - 1].finite[0])
    clause = unit.clauses[index]
    return said and following_subject(view, clause.finite[0] + 1, clause.end) is not None


def _of_clause_before(view: View, unit: Unit, index: int) -> Ranges:
    """The subject of the main clause before, when this one only adds a second verb."""
    for before in range(index - 1, max(-1, index - _REACH), -1):
        clause = unit.clauses[before]
        if clause.kind is Kind.RELATIVE and before == index - 1:
            return _of_relative(view, clause, clause.finite[0])
        if clause.kind is Kind.MAIN:
            found = _of_whole_clause(view, unit, before)
            if found:
                return found
    return ()


def _of_whole_clause(view: View, unit: Unit, index: int) -> Ranges:
    """The subject of a main clause that does not lean on the one before it."""
    clause = unit.clauses[index]
    verb = clause.finite[0]
    interrupted = _interrupted(view, unit, index) if clause.first == verb else ()
    found = subject_before(view, clause.first, verb) or following_subject(
        view, verb + 1, clause.end
    )
    return interrupted or ((found,) if found else ())


def with_apposition(view: View, unit: Unit, index: int, found: Range | None) -> Ranges:
    """Add "..., der Vorsitzende der Kommission," behind the subject."""
    if found is None:
        return ()
    if found[1] < unit.clauses[index].end and view.words[found[1]] == ",":
        named = noun_phrase(view, found[1] + 1, unit.clauses[index].end)
        is_apposition = named > found[1] + 1 and found[1] + 1 not in view.quotes
        return ((found[0], named if is_apposition else found[1]),)
    if found[1] != unit.clauses[index].end or index + 1 >= len(unit.clauses):
        return (found,)
    following = unit.clauses[index + 1]
    if following.kind is not Kind.PHRASE or following.mark != "," or following.first in view.quotes:
        return (found,)
    if noun_phrase(view, following.first, following.end) == following.first:
        return (found,)
    return ((found[0], _apposition_end(view, following)),)


def _apposition_end(view: View, clause: Clause) -> int:
    """Where the apposition ends: before "heute", "am Montag" behind its noun phrase."""
    after = noun_phrase(view, clause.first, clause.end)
    if after < clause.end and view.lower[after] in words("adverbs"):
        return after
    return before_occasion(view, clause.first, clause.end)


def addressee_of(view: View, unit: Unit, index: int, cue: Cue, source: Ranges) -> Ranges:
    """Find to whom it is said: "gegenüber X", the object of "auffordern", the passive's subject."""
    clause = unit.clauses[index]
    for position in range(clause.first, clause.end - 1):
        if view.lower[position] == "gegenüber":
            after = bare_phrase(view, position + 1, clause.end)
            return ((position + 1, after),) if after > position + 1 else ()
    if cue.takes("dat") and not cue.passive:
        return _dative(view, clause, cue, source)
    if not cue.takes("person"):
        return ()
    if cue.passive:
        return subject_of(view, unit, index, cue.finite)
    start = max([cue.finite + 1, *(end for _, end in source if end <= clause.end)])
    found = _object(view, start, clause.end)
    return (found,) if found else ()


def _dative(view: View, clause: Clause, cue: Cue, source: Ranges) -> Ranges:
    """The dative behind the verb, when the subject stands before it: "sagte der Zeitung"."""
    if not source or source[-1][1] > cue.finite or clause.kind is not Kind.MAIN:
        return ()
    index = cue.finite + 1
    while index < clause.end and view.lower[index] in words("adverbs") - words("datives"):
        index += 1
    if index >= clause.end or not (
        view.lower[index] in words("datives") or _bare_dative(view, index)
    ):
        return ()
    after = noun_phrase(view, index, clause.end)
    return ((index, max(after, index + 1)),)


def _bare_dative(view: View, token: int) -> bool:
    """Whether the word is a plural noun in the dative: "Reportern"."""
    return view.words[token][0].isupper() and view.words[token].endswith("n")


def _object(view: View, index: int, end: int) -> Range | None:
    """Find the first noun phrase behind adverbs, whatever its case."""
    while (
        index < end
        and view.lower[index] in words("adverbs")
        and view.lower[index] not in ("ihm", "ihnen", "ihn")
    ):
        index += 1
    if index < end and view.lower[index] in ("ihm", "ihnen", "ihn", "sie", "ihr"):
        return index, index + 1
    if index < end and view.lower[index] in words("prepositions"):
        return None
    after = noun_phrase(view, index, end)
    return (index, after) if after > index else None
