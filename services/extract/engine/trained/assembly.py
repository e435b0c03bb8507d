"""Assembly: messages read off the labels and direct speech in quotation marks become one list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.extract.engine.trained.messages import Message
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAME = 0.8
_AROUND = 0.9


def assemble(
    decoded: Sequence[Message], quotes: Sequence[tuple[int, int, float]], least: float
) -> list[Message]:
    """Take quotations at least `least` likely to be direct speech, and what else was found.

    `quotes` are token ranges with that probability. The order is that of the text, what lies
    around before what lies inside.
    """
    spoken = [
        Message(list(range(start, end)), Type.DIRECT, chance)
        for start, end, chance in quotes
        if chance >= least
    ]
    kept = [message for message in decoded if not _stands_in_marks(message, quotes)]
    return nest(sorted(spoken + kept, key=lambda m: (m.tokens[0], -len(m.tokens))))


def _stands_in_marks(message: Message, quotes: Sequence[tuple[int, int, float]]) -> bool:
    """Whether the message is one of the quotations, which were judged for themselves."""
    first, last = message.tokens[0], message.tokens[-1]
    tokens = set(message.tokens)
    for start, end, _ in quotes:
        if start <= last and first < end:
            both = len(tokens.intersection(range(start, end)))
            either = len(tokens) + end - start - both
            if (both and message.type is Type.DIRECT) or both >= _SAME * either:
                return True
    return False


def nest(found: list[Message]) -> list[Message]:
    """Give each message the smallest longer one that holds nearly all of it.

    They are sorted by start, the longer before.
    """
    open_: list[tuple[Message, set[int]]] = []
    for message in found:
        open_ = [pair for pair in open_ if pair[0].tokens[-1] >= message.tokens[0]]
        size = len(message.tokens)
        around = [
            other
            for other, tokens in open_
            if len(tokens) > size and len(tokens.intersection(message.tokens)) >= _AROUND * size
        ]
        message.outer = min(around, key=lambda other: len(other.tokens), default=None)
        open_.append((message, set(message.tokens)))
    return found
