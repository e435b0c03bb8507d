"""A document as the rules look at it: tokens with their verb forms, quotations as token ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import FINITE, NO_VERB, VerbForms, verb_forms, words

if TYPE_CHECKING:
    from services.extract.engine.text import Document

# A quotation of so many words with a finite verb is a statement wherever it stands.
_LONG = 8
_SENTENCE_CLOSERS = frozenset([".", "!", "?", "…", ","])


@dataclass(frozen=True, slots=True)
class View:
    """What every rule reads.

    `words` and `lower` are the document's tokens and `forms` what each can be as a verb. `quotes`
    maps the first token of each outermost quotation to its end, `blocks` those of them that are
    statements of their own.
    """

    document: Document
    words: list[str]
    lower: list[str]
    forms: list[VerbForms]
    quotes: dict[int, int]
    blocks: dict[int, int]

    def sentence_end(self, past: int) -> int:
        """Find the end of the sentence that the last token before `past` stands in."""
        return self.document.sentences[self.document.sentence_of[past - 1]][1]

    def opens_sentence(self, token: int) -> bool:
        """Whether a sentence begins with the token."""
        return self.document.sentences[self.document.sentence_of[token]][0] == token

    def is_small(self, token: int) -> bool:
        """Whether the token is written small, as verbs are."""
        return self.words[token][0].islower()

    def opener(self, first: int, end: int) -> int:
        """Pass what stands before a conjunction: "und", one adverb, an opening quotation mark."""
        if first in self.quotes and first + 1 < end and self.is_small(first + 1):
            first += 1
        while first + 1 < end and (
            self.lower[first] in words("conjunctions")
            or (
                self.lower[first] in words("adverbs")
                and self.lower[first + 1] in words("subordinators")
                and self.lower[first + 1] not in words("prepositions")
            )
        ):
            first += 1
        return first


def view(document: Document) -> View:
    """Look every token up and sort the quotations."""
    table = verb_forms()
    forms = [table.get(word, NO_VERB) for word in document.lower]
    quotes = _outermost(document)
    blocks: dict[int, int] = {}
    for first, end in quotes.items():
        if _is_block(document, forms, first, end) or _resumes(document, forms, first, blocks):
            blocks[first] = end
    return View(document, document.words, document.lower, forms, quotes, blocks)


def _outermost(document: Document) -> dict[int, int]:
    """Map the first token of each outermost quotation to its end."""
    found: dict[int, int] = {}
    past = 0
    for quote in document.quotes:
        first, end = document.tokens_of(quote.start, quote.end)
        if first >= past and end > first:
            found[first] = past = end
    return found


def _is_block(document: Document, forms: list[VerbForms], first: int, end: int) -> bool:
    """Whether a quotation is a sentence of its own, by length, verbs and signs around it."""
    length = end - first - 2
    words_ = document.words
    opens = document.sentences[document.sentence_of[first]][0] == first
    if opens and length > 0 and _is_said(document, forms, end):
        return True
    if length <= 1:
        return False
    if first > 0 and words_[first - 1] in (":", "Worten"):
        return True
    verbs = any(forms[i].form & FINITE and words_[i][0].islower() for i in range(first, end))
    closed = words_[end - 2] in _SENTENCE_CLOSERS
    followed = end < len(words_) and words_[end] == ","
    if opens and (closed or followed):
        return verbs or length > _LONG // 2
    return verbs and length >= _LONG and words_[first + 1][0].isupper()


def _resumes(
    document: Document, forms: list[VerbForms], first: int, blocks: dict[int, int]
) -> bool:
    """Whether a quotation goes on behind who says it: "„Heute“, sagte sie, „geht es darum.“"."""
    if not blocks or document.words[first - 1] != ",":
        return False
    begun, end = next(reversed(blocks.items()))
    near = document.sentence_of[begun] == document.sentence_of[first] and end < first
    return near and (_is_said(document, forms, end) or document.lower[end + 1] == "so")


def _is_said(document: Document, forms: list[VerbForms], end: int) -> bool:
    """Whether a comma and a finite verb of saying follow: "„Nein“, sagte Huber"."""
    if end + 1 >= len(forms) or document.words[end] != ",":
        return False
    return any(reading.form & FINITE for reading in forms[end + 1].readings)
