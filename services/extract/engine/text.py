"""Text analysis that every part of the engine shares: paragraphs, tokens, sentences, quotations.

Works on any string in linear time and never changes it: every offset is a code point into the
text as it was posted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from services.extract.engine.lexicon import words
from services.extract.engine.quotes import Quote, pair_quotes
from services.extract.engine.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Words keep their hyphens and inner apostrophes, numbers their inner points, commas and colons,
# web addresses their points; every other sign is a token of its own, runs of points excepted.
_TOKEN = re.compile(
    r"(?:https?://|www\.)[^\s„“”»«\"<>]*[\w/]"
    r"|(?:(?<!\w)[^\W\d_]\.){2,}"
    r"|\w+(?:(?:[-‐‑–]|(?<=\d)[.,:](?=\d)|(?<=[a-zäöüß])\.(?=[a-z])|(?<=[A-Z])[.&/](?=[A-Z])"
    r"|['’](?=\w)|[*:](?=innen))\w+)*[-‐]?"
    r"|\.\.+|''|``|´´|-\w+|[^\w\s]"
)
_NEWLINES = re.compile(r"\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")
_TERMINALS = frozenset(".!?…")
_CLOSING = frozenset("“”\"«»‘’›‹')]")
_OPENING = frozenset('„“»«"‚‘›‹([–—-•*')
# The longest number that is read as an ordinal when a point follows ("am 20. April").
_ORDINAL_DIGITS = 3
# No sentence is longer than this, in tokens: it bounds the work on text without full stops.
_LONGEST_SENTENCE = 400


@dataclass(frozen=True, slots=True)
class Document:
    """A text cut up: tokens with offsets, sentences and paragraphs as token ranges, quotations.

    `words[i]` stands at `text[starts[i]:ends[i]]`, `lower[i]` is the same in lower case.
    `sentences` and `paragraphs` are pairs of token indices, end exclusive, that cover all tokens
    in order; `sentence_of[i]` is the index of the sentence of token i. `quotes` are in code
    points, outer before inner.
    """

    text: str
    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[tuple[int, int]]
    sentence_of: list[int]
    paragraphs: list[tuple[int, int]]
    quotes: list[Quote]

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.words)

    def span(self, first: int, end: int) -> Span:
        """Give the code points of the tokens from `first` up to `end`, exclusive."""
        return Span(self.starts[first], self.ends[end - 1])

    def tokens_of(self, start: int, end: int) -> tuple[int, int]:
        """Find the range of tokens that overlap the code points from `start` up to `end`."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)


def analyse(text: str) -> Document:
    """Cut `text` up; any string is welcome."""
    blocks = _paragraphs(text)
    tokens, starts, ends = _tokens(text)
    paragraphs = list(_token_ranges(blocks, starts))
    sentences = list(_sentences(tokens, starts, ends, paragraphs))
    sentence_of = [i for i, (first, end) in enumerate(sentences) for _ in range(first, end)]
    lower = [token.lower() for token in tokens]
    quotes = pair_quotes(text, blocks)
    return Document(text, tokens, lower, starts, ends, sentences, sentence_of, paragraphs, quotes)


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Start and end code points of each paragraph that holds anything but white space.

    A line break ends a paragraph, unless the text is wrapped at a fixed width: then only an
    empty line does.
    """
    breaks = [match.span() for match in _NEWLINES.finditer(text)]
    single = [b for b in breaks if len(text[b[0] : b[1]].splitlines()) <= 1]
    if _wrapped(text, single):
        wrapping = set(single)
        breaks = [b for b in breaks if b not in wrapping]
    edges = [(0, 0), *breaks, (len(text), len(text))]
    blocks = ((before[1], after[0]) for before, after in pairwise(edges))
    return [(start, end) for start, end in blocks if text[start:end].strip()]


def _wrapped(text: str, breaks: Sequence[tuple[int, int]]) -> bool:
    """Whether lines end in the middle of sentences: many go on with a small letter."""
    goes_on = sum(text[end : end + 1].islower() for _, end in breaks)
    return goes_on > 1 and goes_on * 4 > len(breaks)


def _tokens(text: str) -> tuple[list[str], list[int], list[int]]:
    """Cut tokens with their starts and ends; a point that belongs to its word is joined to it."""
    tokens: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _TOKEN.finditer(text):
        piece = match.group()
        start, end = match.span()
        if piece == "." and ends and ends[-1] == start and _keeps_point(text, tokens[-1], end):
            tokens[-1] += piece
            ends[-1] = end
        else:
            tokens.append(piece)
            starts.append(start)
            ends.append(end)
    return tokens, starts, ends


def _keeps_point(text: str, word: str, end: int) -> bool:
    """Whether the point that ends at `end` belongs to `word`: abbreviation, initial, ordinal."""
    if len(word) == 1 and word.isalpha():
        return True
    if word[0].isdigit() and word[-1].isdigit():
        return _is_ordinal(text, word, end)
    return word in words("abbreviations")


def _is_ordinal(text: str, word: str, end: int) -> bool:
    """Whether a number with a point before code point `end` goes on in the same sentence."""
    if len(word) > _ORDINAL_DIGITS and "." not in word:
        return False
    following = _FOLLOWING.match(text, end)
    if following is None:
        return False
    after = following.group(1)
    return after[0].isdigit() or after.islower() or after not in words("openers")


_FOLLOWING = re.compile(r"[ \t\u00a0\u202f]{0,3}(\w[\w-]{0,40})")


def _token_ranges(
    blocks: Sequence[tuple[int, int]], starts: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Give the token ranges of the paragraphs."""
    first = 0
    for _, block_end in blocks:
        end = bisect_left(starts, block_end, first)
        if end > first:
            yield first, end
        first = end


def _sentences(
    tokens: Sequence[str],
    starts: Sequence[int],
    ends: Sequence[int],
    paragraphs: Sequence[tuple[int, int]],
) -> Iterator[tuple[int, int]]:
    """Token ranges of the sentences; none crosses a paragraph."""
    for first, end in paragraphs:
        begin = first
        index = first
        while index < end:
            index += 1
            if index - begin >= _LONGEST_SENTENCE:
                yield begin, index
                begin = index
            if tokens[index - 1][-1] not in _TERMINALS or index == begin:
                continue
            after = _past_closing(tokens, starts, ends, index, end)
            if after < end and _ends_sentence(tokens, index - 1, after):
                yield begin, after
                begin = index = after
        if begin < end:
            yield begin, end


def _past_closing(
    tokens: Sequence[str], starts: Sequence[int], ends: Sequence[int], index: int, end: int
) -> int:
    """Skip closing marks that are set tight against what precedes them."""
    while index < end and tokens[index] in _CLOSING and starts[index] == ends[index - 1]:
        index += 1
    return index


def _ends_sentence(tokens: Sequence[str], terminal: int, after: int) -> bool:
    """Whether the sign at `terminal` ends a sentence when `after` is the next token to speak."""
    sign, following = tokens[terminal], tokens[after]
    if sign[-1] == "." and sign[0].isalnum():
        # A point that belongs to its word ends a sentence only before a word that opens one,
        # and never behind an initial or a number.
        return sign[:-1].isalpha() and len(sign) > len("K.") and following in words("openers")
    return following[0] in _OPENING or following[0].isupper() or following[0].isdigit()
