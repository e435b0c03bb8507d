"""Texts with their statements marked, so that a test shows at a glance what it resolves.

`{s1:…}` is the source of statement 1, `{q1:…}` its cue, `{c1:…}` its content. A statement with a
cue is indirect, one without is free indirect, one in quotation marks direct; `{r1:…}` is a content
that is reported.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.resolve import resolve
from services.extract.engine.text import analyse
from services.extract.engine.types import Article, Span, Statement, Type

if TYPE_CHECKING:
    from datetime import date

    from services.extract.engine.types import Attribution

_MARK = re.compile(r"\{([sqcr])(\d):([^{}]*)\}")


def resolved(marked: str, published_on: date | None = None) -> list[Attribution]:
    """Resolve the statements of a marked text, in the order of their numbers."""
    text, statements = unmarked(marked)
    return resolve(Article(text, published_on=published_on), analyse(text), statements)


def unmarked(marked: str) -> tuple[str, list[Statement]]:
    """Take the marks out of a text and give the statements they stand for."""
    text = ""
    last = 0
    parts: dict[str, list[tuple[str, Span]]] = {}
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        sort, number, words = match.groups()
        parts.setdefault(number, []).append((sort, Span(len(text), len(text) + len(words))))
        text += words
        last = match.end()
    text += marked[last:]
    return text, [_statement(text, parts[number]) for number in sorted(parts)]


def _statement(text: str, parts: list[tuple[str, Span]]) -> Statement:
    content = tuple(span for sort, span in parts if sort in "cr")
    cue = tuple(span for sort, span in parts if sort == "q")
    source = tuple(span for sort, span in parts if sort == "s")
    found = Statement(content, Type.INDIRECT if cue else Type.FREE_INDIRECT, source=source, cue=cue)
    if text[content[0].start] in "„»":
        return replace(found, type=Type.DIRECT)
    if any(sort == "r" for sort, _ in parts):
        return replace(found, type=Type.REPORTED)
    return found
