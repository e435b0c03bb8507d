"""Refusals to speak, which are no attributions.

„Rutte gab keine Details bekannt“ and „wollte sich nicht äußern“ state nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import NO_VERB, SUBJUNCTIVE, verb_forms
from services.extract.engine.resolve.frames import Frame, clause, cue_lemma
from services.extract.engine.resolve.stance import is_hearsay
from services.extract.engine.resolve.tables import word_set

if TYPE_CHECKING:
    from services.extract.engine.text import Document

_SPEAKING = (
    "äußern", "kommentieren", "sagen", "nennen", "mitteilen", "preisgeben", "verraten",
    "bekanntgeben", "bestätigen", "beantworten", "einlassen",
)  # fmt: skip
_UNWILLING = word_set("wollte wollten mochte mochten will wollen möchte konnte konnten")
_GIVING = (
    "nenn", "nann", "genannt", "gab", "geb", "gib", "gegeben", "mach", "gemacht", "äußer",
    "geäußert", "teil", "mitgeteilt", "nahm", "nehm", "nimm", "genommen", "bekannt", "erteil",
)  # fmt: skip
_NOTHING = ("kein", "nicht", "nichts")
_NOBODY_TELLS = word_set("nicht nichts nie niemand keiner")
_HEADS = ("detail", "einzelheit", "angabe", "stellung", "auskunft", "kommentar", "näher", "zahl",
          "grund", "gründe", "name", "auskünft", "informat", "prognose", "ausblick")  # fmt: skip
_REACH = 4
_ALIKE = word_set("ähnlich genauso ebenso gleichfalls anders auch so ganz")


def is_refusal(document: Document, frame: Frame) -> bool:
    """Whether the cue with its clause says that nothing was said."""
    words = [document.lower[token] for token in clause(document, frame)]
    if not frame.cue and (_is_own_refusal(document, frame) or _only_tells_of(document, frame)):
        return True
    if (
        _tells_not(document, frame, words)
        or _will_not_speak(words)
        or _leaves_open(words)
        or _evades(words)
        or _is_expected(document, frame, words)
        or _tells_a_story(document, frame)
        or _is_left_out(document, frame)
        or _only_compares(document, frame)
        or _declines_to_speak(document, frame)
    ):
        return True
    if not any(document.lower[token].startswith(_GIVING) for token in frame.cue):
        return False
    opening = [document.lower[token] for token in sorted(frame.content)[:_REACH]]
    denies = any(word.startswith(_NOTHING) for word in (*words, *opening[:1]))
    return denies and any(word.startswith(_HEADS) for word in opening)


def _only_compares(document: Document, frame: Frame) -> bool:
    """Whether no more is said than that it was alike: „Ähnlich äußerte sich der Verband.“"""
    return {document.lower[token] for token in frame.content} <= _ALIKE


def _is_left_out(document: Document, frame: Frame) -> bool:
    """Whether the content is what somebody does not do: „sagte sie, ohne Namen zu nennen“."""
    said = [document.words[token] for token in sorted(frame.content)]
    return said[:1] == ["ohne"] and said[-2:-1] == ["zu"]


def _declines_to_speak(document: Document, frame: Frame) -> bool:
    """Whether somebody will not speak: „lehnte es ab, den Entwurf zu kommentieren“."""
    declines = cue_lemma(document, frame) in ("ablehnen", "weigern", "vermeiden")
    said = [document.lower[token] for token in sorted(frame.content)][-2:]
    return declines and said[:1] == ["zu"] and said[1:2] != [] and said[1] in _SPEAKING


def _only_tells_of(document: Document, frame: Frame) -> bool:
    """Whether a sentence taken for a statement only says what was reported on: a topic.

    „Auch die Zeitung berichtete über den Wirkstoff“.
    """
    words = [document.lower[token] for token in sorted(frame.content)]
    told = next((at for at, word in enumerate(words) if word in _REPORTS), len(words))
    return "über" in words[told:] and "," not in words


_REPORTS = word_set("berichtete berichteten berichtet berichten informierte informiert")
# Verbs of telling which, negated, tell nothing: „Ob Geld fehlt, verriet sie nicht“.
_TELLING = word_set(
    "sagen verraten mitteilen angeben erklären erläutern nennen beantworten bekanntgeben erwähnen "
    "präzisieren ausführen offenlegen ergehen äußern berichten"
)
_QUESTIONS = word_set(
    "ob wann wo wohin woher wer wen wem wessen was wie warum wieso weshalb welche welcher welches "
    "welchen inwieweit inwiefern womit wofür"
)


def _is_own_refusal(document: Document, frame: Frame) -> bool:
    """Whether a sentence taken for a statement is a refusal: „Ob es eilt, ließ sie offen“."""
    content = sorted(frame.content)
    if _will_not_speak([document.lower[token] for token in content]):
        return True
    if not content or document.lower[content[0]] not in _QUESTIONS:
        return False
    last_comma = max((token for token in content if document.words[token] == ","), default=None)
    if last_comma is None:
        return False
    words = [document.lower[token] for token in content if token > last_comma]
    tells_not = bool(_NOBODY_TELLS.intersection(words)) and any(
        reading.verb.lemma in _TELLING
        for word in words
        for reading in verb_forms().get(word, NO_VERB).readings
    )
    return tells_not or _leaves_open(words) or _will_not_speak(words)


def is_plan(document: Document, frame: Frame) -> bool:
    """Whether a sentence without a frame tells what is planned: „soll im Mai öffnen“.

    That is the article's own, in whosever words it stands.
    """
    content = sorted(frame.content)
    if frame.cue or is_hearsay(document, frame):
        return False
    words = [document.lower[token] for token in content]
    places = [place for place, word in enumerate(words) if word in ("soll", "sollen")]
    if not places or any(words[place + 1 : place + 2] in ([], [","], ["."]) for place in places):
        return False
    return not any(_is_told(word) for word in words)


def _is_told(lower: str) -> bool:
    """Whether a form is a subjunctive and nothing else, in which somebody's words are told."""
    form = verb_forms().get(lower, NO_VERB).form
    return bool(form & SUBJUNCTIVE) and not form & ~SUBJUNCTIVE


def _tells_not(document: Document, frame: Frame, words: list[str]) -> bool:
    """Whether a question is left unanswered."""
    negated = _NOBODY_TELLS.intersection(words) and "nur" not in words
    if not negated or not frame.content:
        return False
    asks = document.lower[min(frame.content)] in _QUESTIONS
    return asks and cue_lemma(document, frame) in _TELLING


def _will_not_speak(words: list[str]) -> bool:
    return (
        bool(_UNWILLING.intersection(words))
        and bool(_NOBODY_TELLS.intersection(words))
        and any(word in _SPEAKING for word in words)
        and "ausschließen" not in words
    )


def _is_expected(document: Document, frame: Frame, words: list[str]) -> bool:
    """Whether nobody is told to expect it: „von ihm wird erwartet, dass …“."""
    expects = "erwartet" in {document.lower[token] for token in frame.cue}
    return expects and bool({"wird", "wurde", "werden"}.intersection(words))


_WORKS = word_set(
    "film spielfilm dokumentarfilm roman buch stück theaterstück serie hörspiel oper lied ballade "
    "musical novelle erzählung ausstellung comic märchen"
)


def _tells_a_story(document: Document, frame: Frame) -> bool:
    """Whether a work tells what it is about: „Der Film erzählt von zwei Schwestern“."""
    about = cue_lemma(document, frame) in ("erzählen", "handeln", "zeigen")
    return about and any(document.lower[token] in _WORKS for token in frame.source)


def _leaves_open(words: list[str]) -> bool:
    return "offen" in words and bool({"ließ", "ließen", "lässt", "lassen"}.intersection(words))


def _evades(words: list[str]) -> bool:
    """Whether a question is not answered: „wich der Frage aus, wer zahlt“."""
    evades = {"wich", "weicht", "ausgewichen", "vermied", "vermieden", "umging"}.intersection(words)
    return bool(evades) and bool({"frage", "fragen", "antwort"}.intersection(words))
