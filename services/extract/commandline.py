"""JSON lines in, JSON lines out, without any server; a bad line is named and left out."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from services.extract.engine import ENGINES, EngineUnavailableError, load_engine
from services.extract.engine.records import records_of
from services.extract.engine.types import Article

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from services.extract.engine.types import Engine

# Articles that are in memory at once.
_BATCH = 64
_OPTIONAL = ("title", "outlet", "language")


class BadLineError(Exception):
    """A line that holds no article; `article_id` is its id where it has one."""

    def __init__(self, reason: str, article_id: str | int | None = None) -> None:
        super().__init__(reason)
        self.article_id = article_id


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of input: its article, or why it holds none."""

    number: int
    id: str | int | None
    article: Article | None = None
    error: str = ""


def main(arguments: Sequence[str], lines: IO[bytes], out: IO[bytes], err: IO[str]) -> int:
    """Run the command; the exit status is 1 when any line was bad, 2 when there is no engine."""
    options = _parser().parse_args(arguments)
    try:
        engine = load_engine(options.engine)
    except EngineUnavailableError as error:
        err.write(f"{error}\n")
        return 2
    bad = 0
    numbered = (_read(number, line) for number, line in enumerate(lines, 1) if line.strip())
    while batch := list(islice(numbered, _BATCH)):
        for line, answer in zip(batch, _answers(engine, batch), strict=True):
            if line.article is None:
                bad += 1
                err.write(f"line {line.number}: {line.error}\n")
            out.write(_encoded(answer))
        out.flush()
    return 1 if bad else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m services.extract",
        description="Read articles as JSON lines from standard input and write the attributions "
        "of each as one JSON line to standard output, in the same order.",
        epilog='Each line: {"id", "text", "title"?, "published_on"?, "outlet"?, "language"?}. '
        'Each answer: {"id", "attributions": [...]}, or {"id", "error"} for a bad line, which is '
        "also named on standard error; the exit status is then 1.",
    )
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="default: %(default)s")
    return parser


def _read(number: int, line: bytes) -> _Line:
    """Read one line; never raises."""
    try:
        article_id, article = _article(line)
    except BadLineError as error:
        return _Line(number, error.article_id, error=str(error))
    return _Line(number, article_id, article)


def _article(line: bytes) -> tuple[str | int | None, Article]:
    """Read an article with its id from a line.

    Raises BadLineError with the reason.
    """
    fields = _fields(line)
    article_id = fields.get("id")
    if not isinstance(article_id, str | int) or isinstance(article_id, bool):
        raise BadLineError("'id' must be a string or a number")
    try:
        given = {name: _optional_text(fields, name) for name in _OPTIONAL}
        return article_id, Article(_text(fields), published_on=_published(fields), **given)
    except BadLineError as error:
        raise BadLineError(str(error), article_id) from error


def _fields(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise BadLineError("not a JSON object")
    return fields


def _text(fields: dict[str, Any]) -> str:
    text = fields.get("text")
    if not isinstance(text, str):
        raise BadLineError("'text' must be a string")
    return text


def _optional_text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise BadLineError(f"'{name}' must be a string")
    return value


def _published(fields: dict[str, Any]) -> date | None:
    value = _optional_text(fields, "published_on")
    try:
        return date.fromisoformat(value) if value is not None else None
    except ValueError as error:
        raise BadLineError("'published_on' must be a date like 2024-12-04") from error


def _answers(engine: Engine, batch: Sequence[_Line]) -> Iterator[dict[str, Any]]:
    """Give the answer to each line of the batch."""
    articles = [line.article for line in batch if line.article is not None]
    found = iter(engine.extract_many(articles))
    for line in batch:
        if line.article is None:
            yield {"id": line.id, "error": f"line {line.number}: {line.error}"}
        else:
            records = records_of(line.article, next(found), engine)
            yield {"id": line.id, "attributions": records}


def _encoded(answer: dict[str, Any]) -> bytes:
    """Encode an answer as one line; half surrogate pairs can only stand there escaped."""
    try:
        return (json.dumps(answer, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(answer) + "\n").encode()
