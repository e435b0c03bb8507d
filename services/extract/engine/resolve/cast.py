"""Whom an article names, and where: people with their roles, organisations, documents.

The whole article is read before any source is resolved, so that a headline's „Rutte“ finds the
full name that stands two paragraphs below.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.extract.engine.resolve import names
from services.extract.engine.resolve.figures import PARTS_PLAYED, Figure, genders_agree, takes_up
from services.extract.engine.resolve.inflection import TRAIT
from services.extract.engine.resolve.people import is_unknown, people
from services.extract.engine.resolve.phrases import PARTICLES
from services.extract.engine.resolve.things import article_before, thing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from services.extract.engine.resolve.mentions import Mention
    from services.extract.engine.text import Document

# How many figures back a general description may reach.
_TAKEN_UP_REACH = 40


@dataclass(frozen=True, slots=True)
class Appearance:
    """Where a figure is named: the token behind its mention."""

    token: int
    figure: Figure


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody an article names.

    `people` by surname; `appearances` in reading order, `tokens` their ends; `titles` are
    abbreviations and what they stand for; `given` are the people by given name; `preceded` gives,
    for a capitalised word, it with the capitalised word before it where it first has one:
    „Torvik“, „Aksel Torvik“.
    """

    people: Mapping[str, tuple[Figure, ...]]
    appearances: tuple[Appearance, ...]
    tokens: tuple[int, ...]
    titles: Mapping[str, Figure]
    preceded: Mapping[str, str]
    given: Mapping[str, tuple[Figure, ...]]

    def before(self, token: int) -> Iterator[Appearance]:
        """Give the appearances that end at or before `token`, the nearest first."""
        for index in range(bisect_right(self.tokens, token) - 1, -1, -1):
            yield self.appearances[index]

    def after(self, token: int) -> Iterator[Appearance]:
        """Give the appearances that end behind `token`, the nearest first."""
        for index in range(bisect_right(self.tokens, token), len(self.appearances)):
            yield self.appearances[index]

    def namesakes(self, surname: str) -> tuple[Figure, ...]:
        """Give the people of a surname, which may carry a genitive's s."""
        if surname in self.people or not surname.endswith(("s", "’", "'")):
            return self.people.get(surname, ())
        return self.people.get(surname[:-1], ())


def read(document: Document, sources: Sequence[Mention]) -> Cast:
    """Find everybody that a document names.

    `sources` are the mentions that a finder took for sources; they bring in people whose names
    no table holds.
    """
    capitals = [index for index, word in enumerate(document.words) if names.in_capitals(word)]
    named = people(document, capitals, sources)
    given = _by_given_name(named.values())
    appearances = _appearances(document, capitals, named, given)
    return Cast(
        named,
        tuple(appearances),
        tuple(appearance.token for appearance in appearances),
        _titles(document, appearances),
        _preceded(document, capitals),
        given,
    )


def _by_given_name(named: Iterable[Sequence[Figure]]) -> dict[str, tuple[Figure, ...]]:
    """Sort the people that are named in full by given name."""
    found: dict[str, tuple[Figure, ...]] = {}
    for figure in (figure for namesakes in named for figure in namesakes):
        given, _, surname = figure.entity.name.partition(" ")
        if surname and figure not in found.get(given, ()):
            found[given] = (*found.get(given, ()), figure)
    return found


def _appearances(
    document: Document,
    capitals: Sequence[int],
    named: Mapping[str, tuple[Figure, ...]],
    given: Mapping[str, tuple[Figure, ...]],
) -> list[Appearance]:
    """Find every place where somebody or something is named, in reading order."""
    found: list[Appearance] = []
    past = 0
    for index in capitals:
        if index < past:
            continue
        word = document.words[index]
        figures = named.get(word) or (named.get(word[:-1]) if word.endswith("s") else None)
        if figures:
            found.append(Appearance(index + 1, _which(document, index, figures)))
        elif len(given.get(word, ())) == 1 and not _name_goes_on(document, index):
            found.append(Appearance(index + 1, given[word][0]))
        elif (named_here := thing(document, index)) is not None:
            past, figure = named_here
            apposed = figure.is_person and _is_apposed(document, index, found)
            found.append(
                Appearance(past, found[-1].figure if apposed else _taken_up(figure, found))
            )
    return found


def _name_goes_on(document: Document, index: int) -> bool:
    """Whether a given name has a surname behind it or another name before it."""
    around = (*document.words[max(index - 1, 0) : index], *document.words[index + 1 : index + 2])
    return any(is_unknown(word) or word.lower() in PARTICLES for word in around)


def _is_apposed(document: Document, index: int, before: Sequence[Appearance]) -> bool:
    """Whether a role stands behind a person's name: „Rainer Alm, ein pensionierter Lehrer,“."""
    start = article_before(document.words, index)
    if start is None or not before or before[-1].figure.surname is None:
        return False
    return before[-1].token == start - 1 and document.words[start - 1] == ","


def _which(document: Document, index: int, figures: Sequence[Figure]) -> Figure:
    """Tell which of several people with one surname is meant by the given name before it."""
    if len(figures) > 1 and index:
        before = document.words[index - 1]
        for figure in figures:
            if before in figure.entity.name.split():
                return figure
    return figures[0]


def _taken_up(figure: Figure, before: Sequence[Appearance]) -> Figure:
    """Tell whom a general description takes up among those named before it, or keep it."""
    if figure.general:
        for appearance in reversed(before[-_TAKEN_UP_REACH:]):
            if _may_be(figure, appearance.figure):
                return appearance.figure
        if figure.is_person and before and figure.base not in PARTS_PLAYED:
            last = before[-1].figure
            if last.surname and last.base is None and last.gender in (None, figure.gender):
                return last
    return figure


def _may_be(description: Figure, figure: Figure) -> bool:
    """Whether a description can mean a figure; „die 29-Jährige“ any person of that gender."""
    if description.base == TRAIT:
        return figure.is_person and genders_agree(figure.gender, description.gender)
    return takes_up(description, figure)


def _titles(document: Document, appearances: Iterable[Appearance]) -> dict[str, Figure]:
    """Read abbreviations in brackets behind a full name: „Institut für Weltwirtschaft (IfW)“."""
    words = document.words
    found: dict[str, Figure] = {}
    for appearance in appearances:
        end = appearance.token
        if appearance.figure.surname or words[end : end + 1] != ["("]:
            continue
        if words[end + 2 : end + 3] == [")"] and words[end + 1][0].isupper():
            found.setdefault(words[end + 1], appearance.figure)
    return found


def _preceded(document: Document, capitals: Sequence[int]) -> dict[str, str]:
    """Find capitalised words that no table knows, with one of the same kind before them."""
    words = document.words
    found: dict[str, str] = {}
    for index in capitals:
        word = words[index]
        if index and word not in found and is_unknown(word) and is_unknown(words[index - 1]):
            found[word] = f"{words[index - 1]} {word}"
    return found
