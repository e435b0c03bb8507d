"""A made-up corpus in the format that training reads; every sentence is the project's own."""

import re
from itertools import product

TOKEN = re.compile(r"\w+|[^\w\s]")

PEOPLE = ("Anna Huber", "Jan Petersen", "Der Minister", "Die Sprecherin")
VERBS = ("sagte", "erklärte", "betonte")
CLAIMS = ("die Brücke sei sicher", "man habe genug Geld", "der Plan komme gut voran")
OTHER = "Das Wetter war am Montag freundlich."


def articles():
    """Give articles: one indirect, one direct and one reported statement, and a plain sentence."""
    found = []
    for number, (person, verb) in enumerate(product(PEOPLE, VERBS)):
        claim = CLAIMS[number % len(CLAIMS)]
        parts = [
            (f"{person} {verb}, {claim}.", "Indirect", claim, person, verb),
            (
                f"„Das reicht uns nicht“, {verb} {person}.",
                "Direct",
                "„Das reicht uns nicht“",
                person,
                verb,
            ),
            (
                f"{person} forderte mehr Personal.",
                "Reported",
                f"{person} forderte mehr Personal.",
                person,
                None,
            ),
        ]
        found.append(_article(f"a{number}", [*parts[: 1 + number % 3], parts[number % 3]]))
    return found


def _article(name, parts):
    text, attributions = "", []
    tokens = []
    for sentence, kind, content, source, cue in parts:
        begin = len(text)
        text += f"{sentence} {OTHER} "
        attributions.append((begin, sentence, kind, content, source, cue))
    tokens = [list(match.span()) for match in TOKEN.finditer(text)]

    def ids(begin, sentence, part):
        if part is None:
            return []
        start = begin + sentence.index(part)
        return [i for i, (a, b) in enumerate(tokens) if a >= start and b <= start + len(part)]

    return {
        "id": name,
        "title": name,
        "text": text,
        "tokens": tokens,
        "sentences": [],
        "attributions": [
            {
                "type": kind,
                "medium": "Speech",
                "nested": False,
                "content": ids(begin, sentence, content),
                "source": ids(begin, sentence, source),
                "cue": ids(begin, sentence, cue),
                "frame": ids(begin, sentence, cue) + ids(begin, sentence, source) if cue else [],
                "addressee": [],
            }
            for begin, sentence, kind, content, source, cue in attributions
        ],
    }


def quiet(_done):
    """Hear of progress, and say nothing."""


def silent(_name):
    """Begin a step in silence."""
    return quiet
