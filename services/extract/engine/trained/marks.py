"""Marks: one bit for each thing about a token that a segment or sentence is summed up by."""

from __future__ import annotations

from enum import IntFlag


class Mark(IntFlag):
    """What a token can show; a segment or sentence shows what any of its tokens shows."""

    SUBJUNCTIVE_1 = 1 << 0
    SUBJUNCTIVE_2 = 1 << 1
    SHALL = 1 << 2
    CUE = 1 << 3
    RARE_CUE = 1 << 4
    THAT = 1 << 5
    STATEMENT = 1 << 6
    FINITE = 1 << 7
    INFINITIVE = 1 << 8
    QUOTATION = 1 << 9
    SOURCE = 1 << 10
    SAY = 1 << 11
    THINK = 1 << 12
    WRITE = 1 << 13
    NOUN = 1 << 14
    COMPOUND = 1 << 15
    LAUT = 1 << 16
    NACH = 1 << 17
    ZUFOLGE = 1 << 18
    GEMAESS = 1 << 19
    SO = 1 << 20
    WIE = 1 << 21
    DEMNACH = 1 << 22
    ANGEBLICH = 1 << 23
    COLON = 1 << 24
    WHETHER = 1 << 25


REPORTING = Mark.SAY | Mark.THINK | Mark.WRITE | Mark.NOUN | Mark.COMPOUND
MOODS = Mark.SUBJUNCTIVE_1 | Mark.SUBJUNCTIVE_2 | Mark.SHALL
SEGMENT = MOODS | Mark.CUE | Mark.THAT | Mark.STATEMENT | Mark.FINITE | Mark.INFINITIVE | REPORTING
"""What sums up a segment."""
SENTENCE = (SEGMENT | Mark.QUOTATION) & ~(Mark.FINITE | Mark.COMPOUND)
"""What sums up a sentence."""
NEIGHBOUR = (
    Mark.SUBJUNCTIVE_1 | Mark.SUBJUNCTIVE_2 | Mark.CUE | Mark.THAT | Mark.STATEMENT | Mark.QUOTATION
)
"""What of a sentence matters to the ones beside it."""
SIDE = REPORTING | MOODS | Mark.CUE | Mark.THAT | Mark.LAUT | Mark.ZUFOLGE | Mark.SO | Mark.COLON
"""What matters to a token on its left and right in the sentence."""

_OF_WORD = {
    "dass": Mark.THAT,
    "daß": Mark.THAT,
    "ob": Mark.WHETHER,
    "laut": Mark.LAUT,
    "nach": Mark.NACH,
    "zufolge": Mark.ZUFOLGE,
    "gemäß": Mark.GEMAESS,
    "so": Mark.SO,
    "wie": Mark.WIE,
    "demnach": Mark.DEMNACH,
    "demzufolge": Mark.DEMNACH,
    "danach": Mark.DEMNACH,
    "angeblich": Mark.ANGEBLICH,
    "mutmaßlich": Mark.ANGEBLICH,
    "offenbar": Mark.ANGEBLICH,
    ":": Mark.COLON,
} | dict.fromkeys('„“"»«”', Mark.QUOTATION)


def marks_of_word(word: str) -> int:
    """Give the marks that a word shows whatever its tag and lemma."""
    return int(_OF_WORD.get(word.lower(), 0))
