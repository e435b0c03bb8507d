"""Paired quotation marks in the styles that newspapers print.

„…“ and »…« as German papers set them, «…» as Swiss ones do, "…" as keyboards do, “…” as English
does; ‚…‘, ›…‹, ‹…› and '…' inside. A mark without a partner is left alone, except that a
quotation whose next paragraph opens with the same mark runs to the end of its own paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What stands around a quotation; a single straight apostrophe is left out.
QUOTATION_MARKS = frozenset([*'„“”"»«‚‘’›‹', "''", "``", "´´"])

# How many unclosed marks are remembered at once. Text nests two or three deep; the bound keeps
# the search for a partner short on text that is nothing but marks.
_DEPTH = 12
# A quotation of more characters than this is a lost mark; for an apostrophe sooner.
_LONGEST = 6_000
_LONGEST_IN_APOSTROPHES = 400

_MARK = re.compile("[„“”»«\"‚‘’›‹‟〝〟＂]|''?|``|´´")

# Which marks may close what an opening mark opened.
_CLOSERS: dict[str, frozenset[str]] = {
    mark: frozenset(closers.split())
    for mark, closers in {
        "„": "“ ” \" „ ‟ ''",
        "“": '” "',
        "”": '” "',
        '"': '" “ ”',
        "»": "«",
        "«": "»",
        "‚": "‘ ’ '",
        "‘": "’ '",
        "›": "‹",
        "‹": "›",
        "'": "'",
        "’": "’",
        "''": "''",
        "``": "'' ´´ ``",
        "´´": "´´",
        "〝": "〟",
        "＂": "＂",
        "‟": "” “",
    }.items()
}
_ALWAYS_OPENS = frozenset("„‚〝")
_APOSTROPHES = frozenset("'’‘")
# Marks that close one style of quotation and open another: what stands around them decides.
_MAY_OPEN_TOO = frozenset("„“")
# Only marks that tell their side may pair across a paragraph break.
_ACROSS_PARAGRAPHS = frozenset("„»«")


@dataclass(frozen=True, slots=True)
class Quote:
    """A pair of marks and what stands between: code points `start` to `end`, marks included.

    `inner_start` and `inner_end` leave the marks out. `parent` is the index, in the list it came
    in, of the quotation around it.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """A mark that waits for its partner, and the paragraph it stands in."""

    start: int
    mark: str
    paragraph: int


def pair_quotes(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quote]:
    """Pair the quotation marks of `text`; outer before inner, in order of their start.

    `paragraphs` are the code points at which each paragraph starts and ends.
    """
    stack: list[_Open] = []
    pairs: list[tuple[int, int, int, int]] = []
    for mark in _marks(text, paragraphs):
        _forget(stack, mark, paragraphs, pairs)
        partner = _partner(text, stack, mark)
        if partner is not None:
            opened = stack[partner]
            end = mark.start + len(mark.mark)
            pairs.append((opened.start, end, opened.start + len(opened.mark), mark.start))
            del stack[partner:]
        elif _opens(text, mark):
            stack.append(mark)
            del stack[:-_DEPTH]
    pairs.sort(key=lambda pair: (pair[0], -pair[1]))
    return _nest(pairs)


def _marks(text: str, paragraphs: Sequence[tuple[int, int]]) -> Iterator[_Open]:
    """Every mark with its offset and the index of its paragraph."""
    paragraph = 0
    for match in _MARK.finditer(text):
        while paragraph + 1 < len(paragraphs) and paragraphs[paragraph + 1][0] <= match.start():
            paragraph += 1
        yield _Open(match.start(), match.group(), paragraph)


def _forget(
    stack: list[_Open],
    mark: _Open,
    paragraphs: Sequence[tuple[int, int]],
    pairs: list[tuple[int, int, int, int]],
) -> None:
    """Drop open marks of earlier paragraphs that cannot be closed any more.

    When the next paragraph opens with the same mark the quotation goes on there, and the earlier
    part counts as closed at the end of its paragraph.
    """
    if not stack or stack[-1].paragraph == mark.paragraph:
        return
    last = stack[-1]
    starts_paragraph = mark.start == paragraphs[mark.paragraph][0]
    if starts_paragraph and mark.mark == last.mark and mark.paragraph == last.paragraph + 1:
        end = paragraphs[last.paragraph][1]
        pairs.append((last.start, end, last.start + len(last.mark), end))
        stack.clear()
    stack[:] = [opened for opened in stack if opened.mark in _ACROSS_PARAGRAPHS]


def _partner(text: str, stack: list[_Open], mark: _Open) -> int | None:
    """Find the index in `stack` of the mark that this one closes."""
    if mark.mark in _APOSTROPHES and not _right_edge(text, mark):
        return None
    for index in range(len(stack) - 1, -1, -1):
        if mark.mark in _CLOSERS[stack[index].mark] and _closes(text, stack[index], mark):
            return index
    return None


def _closes(text: str, opened: _Open, mark: _Open) -> bool:
    """Whether `mark` may close `opened`, by their distance and what stands around."""
    longest = _LONGEST_IN_APOSTROPHES if opened.mark in _APOSTROPHES else _LONGEST
    distance = mark.start - opened.start
    if distance > longest or distance == len(opened.mark):
        return False
    return mark.mark not in _MAY_OPEN_TOO or _right_edge(text, mark)


def _opens(text: str, mark: _Open) -> bool:
    """Whether the mark stands where a quotation can begin."""
    if mark.mark not in _CLOSERS:
        return False
    after = text[mark.start + len(mark.mark) : mark.start + len(mark.mark) + 1]
    if not after or after.isspace():
        return False
    before = text[mark.start - 1 : mark.start]
    return mark.mark in _ALWAYS_OPENS or not (before.isalnum() or before in tuple(".,;!?"))


def _right_edge(text: str, mark: _Open) -> bool:
    """Whether the mark stands behind a word or sign and before a space or sign."""
    before = text[mark.start - 1 : mark.start] if mark.start else ""
    after = text[mark.start + len(mark.mark) : mark.start + len(mark.mark) + 1]
    return bool(before) and not before.isspace() and not after.isalnum()


def _nest(pairs: list[tuple[int, int, int, int]]) -> list[Quote]:
    """Give each pair the quotation around it; pairs never cross, as a stack made them."""
    quotes: list[Quote] = []
    around: list[int] = []
    for start, end, inner_start, inner_end in pairs:
        while around and quotes[around[-1]].end <= start:
            around.pop()
        quotes.append(Quote(start, end, inner_start, inner_end, around[-1] if around else None))
        around.append(len(quotes) - 1)
    return quotes
