"""Direct speech: quotations that somebody is named for.

First the quotations that are statements of their own are told from titles and scare quotes; these
are the blocks that clauses are cut around. Then each block is given the cue beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, Form
from services.extract.engine.rules.clauses import Kind
from services.extract.engine.rules.cues import cue_of
from services.extract.engine.rules.found import Found, tokens
from services.extract.engine.rules.phrases import following_subject
from services.extract.engine.rules.speaker import source_of
from services.extract.engine.types import Medium, Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.extract.engine.lexicon import VerbForms
    from services.extract.engine.rules.clauses import Text, Unit
    from services.extract.engine.text import Document

# A quotation of so many words with a finite verb is a statement wherever it stands.
_LONG = 8


def blocks(document: Document, forms: list[VerbForms]) -> dict[int, int]:
    """Map the first token of each quotation that is a statement of its own to its end."""
    found: dict[int, int] = {}
    past = 0
    for quote in document.quotes:
        first, end = document.tokens_of(quote.start, quote.end)
        if first >= past and end - first > 2 and _is_block(document, forms, first, end):
            found[first] = past = end
    return found


def _is_block(document: Document, forms: list[VerbForms], first: int, end: int) -> bool:
    """Whether the quotation is a sentence, by its length, verbs and signs around it."""
    verbs = any(
        forms[i].form & FINITE and document.words[i][0].islower() for i in range(first + 1, end - 1)
    )
    length = end - first - 2
    introduced = first > 0 and document.words[first - 1] == ":"
    closed = document.words[end - 2] in (".", "!", "?", "…", ",")
    followed = end < len(document) and document.words[end] == ","
    starts = document.sentences[document.sentence_of[first]][0] == first
    if introduced:
        return length > 1
    if starts and (closed or followed):
        return verbs or length > 3
    return verbs and length >= _LONG and document.words[first + 1][0].isupper()


def direct(text: Text, unit: Unit) -> Iterator[Found]:
    """Find the blocks with somebody to say them."""
    for index, clause in enumerate(unit.clauses):
        if clause.kind is Kind.QUOTE:
            found = _after(text, unit, index) or _before(text, unit, index)
            if found:
                yield found


def _after(text: Text, unit: Unit, index: int) -> Found | None:
    """The quotation with ", sagte X" or ", so X" behind it."""
    if index + 1 >= len(unit.clauses):
        return None
    clause = unit.clauses[index + 1]
    quote = unit.clauses[index]
    frame = ((quote.end, clause.end),)
    if text.lower[clause.first] == "so" and clause.kind is Kind.PHRASE:
        named = following_subject(text, clause.first + 1, clause.end)
        source = (named,) if named else ()
        return Found(
            ((quote.first, quote.end),),
            Type.DIRECT,
            Medium.SPEECH,
            source,
            ((clause.first, clause.first + 1),),
            frame,
        )
    cue = cue_of(text, clause) if clause.kind is not Kind.QUOTE else None
    if cue is None or "quote" not in cue.verb.takes or clause.mark not in (",", "", "–", "-"):
        return None
    source = source_of(text, unit, index + 1, cue)
    return Found(
        ((quote.first, quote.end),), Type.DIRECT, cue.verb.medium, source, tokens(cue.tokens), frame
    )


def _before(text: Text, unit: Unit, index: int) -> Found | None:
    """The quotation that "X sagte:" introduces."""
    quote = unit.clauses[index]
    for before in range(index - 1, max(-1, index - 4), -1):
        clause = unit.clauses[before]
        if clause.kind is Kind.QUOTE:
            return None
        cue = cue_of(text, clause)
        if cue is not None and "quote" in cue.verb.takes:
            source = source_of(text, unit, before, cue)
            return Found(
                ((quote.first, quote.end),),
                Type.DIRECT,
                cue.verb.medium,
                source,
                tokens(cue.tokens),
                ((unit.first, quote.first),),
            )
    return None


__all__ = ["Form", "blocks", "direct"]
