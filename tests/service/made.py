"""Articles whose records are made by the test, as an engine would have given them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.runtime.clock import utcnow
from services.runtime.web import DEFAULT_TENANT
from tests.service.conftest import Beleg

ENGINE = {"name": "made", "version": "1"}


@dataclass(frozen=True)
class Said:
    """A statement: what is said by whom, and how."""

    content: str
    source: str | None = None
    role: str | None = None
    kind: str = "person"
    mention: str | None = None
    reported_by: Sequence[str] = ()
    type: str = "indirect"
    stance: str = "asserted"
    confidence: float = 0.9


def text_of(statements: Sequence[Said]) -> str:
    """Write an article that has the statements, each with its words in a line."""
    return "\n".join(" | ".join(_words(said)) for said in statements)


def records_of(text: str, statements: Sequence[Said]) -> list[dict[str, Any]]:
    """Give the records of the statements in `text`, in the shape of an engine's."""
    found = []
    start = 0
    for number, said in enumerate(statements, start=1):
        parts = {}
        for name, words in zip(("content", "source"), _words(said), strict=False):
            parts[name] = _part(text, words, start)
        reports = [
            {
                **_part(text, outlet, start),
                "entity": {"name": outlet, "kind": "outlet"},
                "reported_on": None,
            }
            for outlet in said.reported_by
        ]
        start = text.find("\n", start) + 1
        found.append(_record(number, said, parts, reports))
    return found


def keep(beleg: Beleg, *statements: Said, **article: Any) -> str:
    """Post an article with these statements and store their records; gives the article's id."""
    text = article.pop("text", None) or text_of(statements)
    job = beleg.submit(text, **article)
    with beleg.store.transaction(DEFAULT_TENANT) as rows:
        row = rows.articles.get(job["article_id"])
        assert row is not None
        rows.attributions.replace(row, records_of(text, statements), at=utcnow())
    return str(job["article_id"])


def _words(said: Said) -> list[str]:
    who = [said.mention or said.source] if said.source else []
    return [said.content, *who, *said.reported_by]


def _part(text: str, words: str, start: int) -> dict[str, Any]:
    at = text.index(words, start)
    return {"text": words, "spans": [{"start": at, "end": at + len(words)}]}


def _record(
    number: int, said: Said, parts: dict[str, Any], reports: list[dict[str, Any]]
) -> dict[str, Any]:
    role = {"role": said.role} if said.role else {}
    source = said.source and {
        **parts["source"],
        "entity": {"name": said.source, "kind": said.kind, **role},
    }
    return {
        "id": str(number),
        "parent_id": None,
        "type": said.type,
        "medium": "speech",
        "content": parts["content"],
        "source": source,
        "reported_by": reports,
        "cue": None,
        "frame": None,
        "addressee": None,
        "stance": said.stance,
        "confidence": said.confidence,
        "engine": ENGINE,
    }
