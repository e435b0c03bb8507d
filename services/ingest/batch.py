"""Batches: many articles in one request, a JSON object a line."""

from __future__ import annotations

import hashlib
import json
import tempfile
from typing import IO, TYPE_CHECKING, Any, Final

from marshmallow import ValidationError

from services.ingest.accept import admit, refuse_overload, refuse_unfit
from services.records.batches import Line
from services.records.schemas import NewArticleSchema
from services.runtime.problems import FieldError, Problem, from_messages
from services.runtime.queue import Due

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.ingest.accept import Intake, Submission
    from services.records.articles import NewArticle
    from services.records.store import Store
    from services.runtime.queue import Queueing

MEDIA_TYPE: Final = "application/x-ndjson"
_SPOOLED: Final = 1_000_000
_BLOCK: Final = 65_536
# One transaction holds the write lock for as long as this many articles take.
_LINES_A_TRANSACTION: Final = 100
_BYTES_A_TRANSACTION: Final = 4_000_000


class Body:
    """A request's body on disk, so that memory does not grow with it; close it after use."""

    def __init__(self, stream: IO[bytes], *, max_bytes: int) -> None:
        self.file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SPOOLED)  # noqa: SIM115
        digest = hashlib.sha256()
        size = 0
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > max_bytes:
                self.file.close()
                raise _too_large(f"The batch is longer than {max_bytes} bytes.")
            digest.update(block)
            self.file.write(block)
        self.fingerprint = digest.hexdigest()

    def lines(self, *, max_bytes: int) -> Iterator[tuple[int, bytes]]:
        """Give the lines that are not blank, numbered from 1.

        Of a line over `max_bytes` only so much is given that it can be told to be too long.
        """
        self.file.seek(0)
        number = 0
        while line := self.file.readline(max_bytes + 1):
            number += 1
            if len(line) > max_bytes:
                _skip_rest_of_line(self.file, line)
            if line.strip():
                yield number, line


def accept_batch(
    body: Body,
    submission: Submission,
    *,
    store: Store,
    queue: Queueing,
    intake: Intake,
    max_lines: int,
    max_line_bytes: int,
) -> str:
    """Accept the good lines of a batch, note what is wrong with the others; gives its id.

    Lines are stored some at a time, so that nobody else has to wait for the whole batch. If the
    store fails in between, what was stored is kept and recognised when the batch is sent again.

    Raises a Problem for an empty batch, one with too many lines, and when too many jobs wait.
    """
    total = _count(body, max_lines, max_line_bytes)
    with store.transaction(submission.tenant) as rows:
        refuse_overload(rows, intake)
        batch_id = rows.batches.begin(at=submission.at)
    schema = NewArticleSchema()
    for portion in _portions(body, max_line_bytes):
        read = [(number, _read(line, schema, intake, max_line_bytes)) for number, line in portion]
        for due in _store_lines(batch_id, read, submission, store, intake):
            queue.hint(due)
    with store.transaction(submission.tenant) as rows:
        rows.batches.received(batch_id, total, at=submission.at)
    return batch_id


def _store_lines(
    batch_id: str,
    read: list[tuple[int, NewArticle | Problem]],
    submission: Submission,
    store: Store,
    intake: Intake,
) -> list[Due]:
    refused = [Line(number, problem=p.document()) for number, p in read if isinstance(p, Problem)]
    good = {number: article for number, article in read if not isinstance(article, Problem)}
    with store.transaction(submission.tenant) as rows:
        accepted = admit(list(good.values()), submission, rows, intake) if good else []
        numbered = zip(good, accepted, strict=True)
        lines = [Line(number, job_id=acceptance.job.id) for number, acceptance in numbered]
        rows.batches.add(batch_id, [*refused, *lines])
    return [Due(each.job.id, each.job.stage) for each in accepted if each.new]


def _portions(body: Body, max_line_bytes: int) -> Iterator[list[tuple[int, bytes]]]:
    """Give the lines some at a time: few enough for a transaction, and for the memory."""
    portion: list[tuple[int, bytes]] = []
    size = 0
    for number, line in body.lines(max_bytes=max_line_bytes):
        portion.append((number, line))
        size += len(line)
        if len(portion) == _LINES_A_TRANSACTION or size >= _BYTES_A_TRANSACTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _read(
    line: bytes, schema: NewArticleSchema, intake: Intake, max_bytes: int
) -> NewArticle | Problem:
    try:
        if len(line) > max_bytes:
            raise _too_large(f"The line is longer than {max_bytes} bytes.")
        article: NewArticle = schema.load(_parsed(line))
        refuse_unfit(article, intake)
    except ValidationError as error:
        return from_messages({"json": error.messages})
    except Problem as problem:
        return problem
    return article


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise Problem(
            "malformed-request",
            "The line is not valid JSON encoded as UTF-8.",
            (FieldError("", "Not valid JSON."),),
        ) from None


def _count(body: Body, max_lines: int, max_line_bytes: int) -> int:
    total = sum(1 for _ in body.lines(max_bytes=max_line_bytes))
    if total == 0:
        raise Problem(
            "invalid-request",
            "The batch has no lines.",
            (FieldError("", "At least one article is expected."),),
        )
    if total > max_lines:
        raise _too_large(f"The batch has {total} articles; at most {max_lines} are taken.")
    return total


def _too_large(detail: str) -> Problem:
    return Problem("too-large", detail, (FieldError("", detail),))


def _skip_rest_of_line(file: IO[bytes], line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(_BLOCK)
