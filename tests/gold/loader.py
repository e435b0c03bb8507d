"""Read the gold articles: YAML that a person can proofread, turned into the engine's spans.

A content is quoted as it stands in the text and has to occur exactly once, or to say which
occurrence is meant. Cues and mentions are looked for around the content: the nearest whole-word
occurrence outside it counts, so that a common word like „Er“ needs no number. Whatever does not
occur, or could mean two places, is refused with the file's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

from services.extract.engine.types import (
    Article,
    Attribution,
    Entity,
    Kind,
    Medium,
    Report,
    Source,
    Span,
    Spans,
    Stance,
    Type,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# A cue or a mention that stands farther from its content, in code points, is a slip of the pen.
REACH = 400

Fields = dict[str, Any]


class GoldError(ValueError):
    """A gold file that does not say clearly what it means."""


@dataclass(frozen=True, slots=True)
class MustNot:
    """A stretch of the text that no attribution may be made of, and why."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with every statement it attributes to somebody, in reading order.

    `aliases` maps an entity's name to other names that mean it as well.
    """

    name: str
    style: str
    article: Article
    attributions: tuple[Attribution, ...]
    must_not: tuple[MustNot, ...]
    aliases: Mapping[str, tuple[str, ...]]


def load_folder(folder: Path) -> list[GoldArticle]:
    """Load every `*.yaml` of `folder`, by name; raises GoldError when there is none."""
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise GoldError(f"{folder}: no gold articles here")
    return [load_file(file) for file in files]


def load_file(file: Path) -> GoldArticle:
    """Load one gold article; raises GoldError that names the file and what is wrong in it."""
    try:
        return _article(file.stem, yaml.safe_load(file.read_text(encoding="utf-8")))
    except (GoldError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise GoldError(f"{file.name}: {error}") from error


def _article(name: str, fields: Fields) -> GoldArticle:
    _refuse_unknown(
        fields,
        "style title outlet published_on language text entities attributions must_not",
    )
    text = unwrap(fields["text"])
    entities = {key: _entity(entity) for key, entity in fields["entities"].items()}
    return GoldArticle(
        name=name,
        style=fields["style"],
        article=Article(
            text=text,
            title=fields.get("title"),
            published_on=_date(fields["published_on"]),
            outlet=fields.get("outlet"),
            language=fields.get("language", "de"),
        ),
        attributions=_attributions(text, fields["attributions"], entities),
        must_not=tuple(_must_not(text, each) for each in fields.get("must_not", ())),
        aliases={e["name"]: tuple(e.get("aliases", ())) for e in fields["entities"].values()},
    )


def unwrap(block: str) -> str:
    """Join the lines of each paragraph by a space and the paragraphs by an empty line."""
    paragraphs = (" ".join(p.split()) for p in block.strip().split("\n\n"))
    return "\n\n".join(paragraphs)


def _attributions(
    text: str, rows: list[Fields], entities: dict[str, Entity]
) -> tuple[Attribution, ...]:
    order = {row["id"]: position for position, row in enumerate(rows)}
    if len(order) < len(rows):
        raise GoldError("two attributions share an id")
    made = tuple(_attribution(text, row, entities, order) for row in rows)
    starts = [attribution.content[0].start for attribution in made]
    if starts != sorted(starts):
        raise GoldError("the attributions are not in reading order")
    return made


def _attribution(
    text: str, row: Fields, entities: dict[str, Entity], order: dict[int, int]
) -> Attribution:
    _refuse_unknown(
        row, "id type stance content occurrence source cue cue_occurrence reported_by parent"
    )
    content = locate(text, _listed(row["content"]), row.get("occurrence"))
    cues = [_near(text, cue, content, row.get("cue_occurrence")) for cue in _listed(row.get("cue"))]
    return Attribution(
        type=Type(row["type"]),
        medium=Medium.NONE,
        content=content,
        source=_source(text, row["source"], entities, content) if "source" in row else None,
        reported_by=tuple(
            _report(text, each, entities, content) for each in row.get("reported_by", ())
        ),
        cue=tuple(sorted(cues)),
        stance=Stance(row["stance"]),
        parent=order[row["parent"]] if "parent" in row else None,
    )


def _source(text: str, fields: Fields, entities: dict[str, Entity], content: Spans) -> Source:
    _refuse_unknown(fields, "mention occurrence entity")
    return Source(_mention(text, fields, content), entities[fields["entity"]])


def _report(text: str, fields: Fields, entities: dict[str, Entity], content: Spans) -> Report:
    _refuse_unknown(fields, "mention occurrence entity reported_on")
    return Report(
        _mention(text, fields, content),
        entities[fields["entity"]],
        _date(fields.get("reported_on")),
    )


def _mention(text: str, fields: Fields, content: Spans) -> Spans:
    """Find where the mention stands; a statement that is carried on has none."""
    if fields.get("mention") is None:
        return ()
    return (_near(text, fields["mention"], content, fields.get("occurrence")),)


def _entity(fields: Fields) -> Entity:
    _refuse_unknown(fields, "name kind role aliases")
    return Entity(fields["name"], Kind(fields["kind"]), fields.get("role"))


def _must_not(text: str, fields: Fields) -> MustNot:
    _refuse_unknown(fields, "text occurrence why")
    (span,) = locate(text, [fields["text"]], fields.get("occurrence"))
    return MustNot(span, fields["why"])


def locate(text: str, parts: list[str], occurrence: int | None = None) -> Spans:
    """Give the spans of `parts`: the first is unique or counted from 1, the others follow it."""
    first, *others = parts
    spans = [_only(first, list(_occurrences(text, first)), occurrence)]
    for part in others:
        after = spans[-1].end
        later = [span for span in _occurrences(text, part) if span.start >= after]
        spans.append(_only(part, later[:1], None))
    return tuple(spans)


def _only(quotation: str, found: list[Span], occurrence: int | None) -> Span:
    if occurrence is not None and 1 <= occurrence <= len(found):
        return found[occurrence - 1]
    if occurrence is not None or not found:
        raise GoldError(f"does not occur (so often): {quotation!r}")
    if len(found) > 1:
        raise GoldError(f"occurs {len(found)} times, say which: {quotation!r}")
    return found[0]


def _near(text: str, quotation: str, content: Spans, occurrence: int | None) -> Span:
    """Give the counted occurrence of `quotation`, or the one nearest to the content, outside it."""
    found = list(_occurrences(text, quotation))
    if occurrence is not None:
        return _only(quotation, found, occurrence)
    by_gap = sorted((gap, span) for span in found if 0 <= (gap := _gap(span, content)) <= REACH)
    if not by_gap:
        raise GoldError(f"does not occur near its content: {quotation!r}")
    if len(by_gap) > 1 and by_gap[0][0] == by_gap[1][0]:
        raise GoldError(f"stands twice as near to its content, say which: {quotation!r}")
    return by_gap[0][1]


def _gap(span: Span, content: Spans) -> int:
    """Count the code points between `span` and the nearest part of `content`; -1 inside one."""
    return min(max(span.start - part.end, part.start - span.end, -1) for part in content)


def _occurrences(text: str, quotation: str) -> Iterator[Span]:
    """Find `quotation` wherever it does not begin or end inside a word."""
    if not quotation:
        raise GoldError("an empty quotation")
    start = text.find(quotation)
    while start >= 0:
        end = start + len(quotation)
        if not (_splits_word(text, start) or _splits_word(text, end)):
            yield Span(start, end)
        start = text.find(quotation, start + 1)


def _splits_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def _listed(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _date(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    raise GoldError(f"not a date: {value!r}")


def _refuse_unknown(fields: Fields, known: str) -> None:
    if unknown := sorted(set(fields) - set(known.split())):
        raise GoldError(f"unknown fields: {', '.join(unknown)}")
