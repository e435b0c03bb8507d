"""Puts the rules together: one pass over the sentences, then nesting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.extract.engine.rules.according import according
from services.extract.engine.rules.carried import carried, is_told_itself
from services.extract.engine.rules.clauses import units
from services.extract.engine.rules.colons import colons
from services.extract.engine.rules.complements import complements
from services.extract.engine.rules.direct import direct
from services.extract.engine.rules.found import Found, statement
from services.extract.engine.rules.headlines import headline
from services.extract.engine.rules.hearsay import hearsay, rumoured
from services.extract.engine.rules.media import medium_of
from services.extract.engine.rules.nominal import nominal
from services.extract.engine.rules.pointing import pointing
from services.extract.engine.rules.quoted import quoted
from services.extract.engine.rules.reasons import reasons
from services.extract.engine.rules.reported import reported
from services.extract.engine.rules.sayings import sentence
from services.extract.engine.rules.view import view
from services.extract.engine.types import Type

if TYPE_CHECKING:
    from services.extract.engine.rules.clauses import Unit
    from services.extract.engine.rules.found import Ranges
    from services.extract.engine.rules.sayings import Sentence
    from services.extract.engine.rules.view import View
    from services.extract.engine.text import Document
    from services.extract.engine.types import Statement


# How many statements around another are looked at for its parent.
_DEPTH = 12


def find_statements(document: Document) -> list[Statement]:
    """Find the statements of a document by rules; spans only, in reading order."""
    looked_at = view(document)
    found: list[Found] = []
    last: Found | None = None
    before: Unit | None = None
    for unit in units(looked_at):
        here = _in_unit(looked_at, unit, before, last)
        before = unit
        if last is not None and here and _continues(here[0], last):
            joined = _joined(last, here[0])
            found[_index(found, last)] = last = joined
            found.extend(here[1:])
            continue
        found.extend(here)
        last = _latest(here)
    found.sort(key=_reading_order)
    parents = _parents(found)
    return [statement(document, f, parent) for f, parent in zip(found, parents, strict=True)]


def _in_unit(looked_at: View, unit: Unit, before: Unit | None, last: Found | None) -> list[Found]:
    """Find the statements of one sentence."""
    read = sentence(looked_at, unit)
    here = [
        *direct(looked_at, read, last),
        *according(looked_at, read),
        *complements(looked_at, read),
    ]
    pointed = pointing(looked_at, read, before)
    if pointed is not None:
        here.append(pointed)
    here += nominal(looked_at, read, {f.first for f in here})
    here += reasons(looked_at, read, _cues(here))
    here += reported(looked_at, read, _cues(here))
    here += colons(looked_at, read, here)
    if here and last is not None and all(is_told_itself(looked_at, unit, f) for f in here):
        told = carried(looked_at, unit, last)
        here = [told] if told else here
    if not here:
        going_on = (
            headline(looked_at, read)
            or _going_on(looked_at, unit, before, last)
            or rumoured(looked_at, unit)
            or hearsay(looked_at, unit, last)
        )
        here = [going_on] if going_on else []
    here += quoted(looked_at, read, here)
    here = [replace(f, medium=medium_of(looked_at, f)) for f in here]
    return sorted(here, key=_reading_order)


def _going_on(looked_at: View, unit: Unit, before: Unit | None, last: Found | None) -> Found | None:
    """Carry on the last statement, or whoever spoke without one: "Stahl widersprach."."""
    found = carried(looked_at, unit, last)
    if found is None or last is not None or before is None:
        return found
    return replace(found, source=_who_spoke(sentence(looked_at, before)))


def _who_spoke(read: Sentence) -> Ranges:
    """The source of the only verb of saying in a sentence in which nothing was found."""
    said = [saying for saying in read.sayings if saying is not None]
    if len(said) != 1 or said[0].cue.takes("weak"):
        return ()
    return said[0].source if said[0].cue.takes("dass") or said[0].cue.takes("quote") else ()


def _reading_order(found: Found) -> tuple[int, int]:
    """Outer statements before those inside them."""
    return found.first, -found.end


def _cues(found: list[Found]) -> set[int]:
    """Give the tokens of all cues."""
    return {token for f in found for first, end in f.cue for token in range(first, end)}


def _continues(found: Found, last: Found) -> bool:
    """Whether the sentence goes on with the carried-on sentence before it."""
    same = found.type is last.type and found.type in (
        Type.INDIRECT_FREE_INDIRECT,
        Type.FREE_INDIRECT,
    )
    return same and last.end == found.first


def _joined(last: Found, found: Found) -> Found:
    return replace(last, content=((last.first, found.end),))


def _index(found: list[Found], wanted: Found) -> int:
    """Find a statement from the end of the list, where it is near."""
    return next(i for i in range(len(found) - 1, -1, -1) if found[i] is wanted)


def _latest(here: list[Found]) -> Found | None:
    """Pick the statement that the next sentence may carry on: the last that is not inside one."""
    outer = [f for f in here if not any(_is_inside(f, other) for other in here)]
    return outer[-1] if outer else None


def _is_inside(found: Found, other: Found) -> bool:
    return other.first <= found.first and found.end <= other.end and other.size() > found.size()


def _parents(found: list[Found]) -> list[int | None]:
    """Give the index of the smallest statement around each one, in reading order."""
    parents: list[int | None] = []
    around: list[int] = []
    for index, inner in enumerate(found):
        while around and found[around[-1]].end <= inner.first:
            around.pop()
        parent = next((i for i in reversed(around) if _is_inside(inner, found[i])), None)
        parents.append(parent)
        around.append(index)
        del around[:-_DEPTH]
    return parents
