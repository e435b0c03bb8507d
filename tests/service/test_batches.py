"""Many articles in one request."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.ingest.accept import Intake, Submission
from services.ingest.batch import Body, accept_batch
from services.records.paging import PageRequest
from services.runtime.clock import utcnow
from services.runtime.problems import Problem
from services.runtime.queue import Due
from services.runtime.settings import Settings
from services.runtime.web import DEFAULT_TENANT
from tests.service.conftest import Beleg


def post(beleg: Beleg, body: bytes | list[Any], **headers: str) -> TestResponse:
    if isinstance(body, list):
        body = b"".join(json.dumps(line).encode() + b"\n" for line in body)
    return beleg.ingest.post(
        "/v1/articles", data=body, content_type="application/x-ndjson", headers=headers
    )


def test_a_batch_takes_its_good_lines_and_names_the_bad(beleg: Beleg) -> None:
    """Every line that cannot be taken is listed with its number and problem; the others go on."""
    body = (
        b'{"text": "Eins."}\n'
        b"\n"
        b"kein json\n"
        b'{"text": " "}\n'
        b'{"text": "Zwei.", "titel": "x"}\r\n'
        b'{"text": "\xff"}\n'
        b'{"text": "Drei."}'
    )
    answer = post(beleg, body)
    assert answer.status_code == 202
    batch = answer.json
    assert answer.headers["Location"] == f"/v1/batches/{batch['id']}" == batch["links"]["self"]
    assert batch["counts"] == {
        "total": 6,
        "queued": 2,
        "processing": 0,
        "succeeded": 0,
        "failed": 0,
        "canceled": 0,
        "rejected": 4,
    }
    rejected = {r["line"]: r["problem"] for r in batch["rejected"]}
    assert {line: p["status"] for line, p in rejected.items()} == {3: 400, 4: 422, 5: 422, 6: 400}
    assert rejected[5]["errors"][0]["field"] == "titel"


def test_a_batch_is_followed_until_it_is_completed(beleg: Beleg) -> None:
    """Counts move with the jobs; when none is waited for, the batch is completed."""
    batch = post(beleg, [{"text": "Eins."}, {"text": "Zwei."}, {}]).json
    assert batch["status"] == "processing"
    articles = beleg.ingest.get("/v1/articles").json["data"]
    assert len(articles) == 2
    with beleg.store.transaction() as rows:
        jobs = [rows.jobs.latest_for(article["id"]) for article in articles]
        assert rows.batches.complete_done(at=jobs[0].created_at) == []  # type: ignore[union-attr]
    for job in jobs:
        assert job is not None
        beleg.work_off(job.id)
    polled = beleg.ingest.get(batch["links"]["self"])
    assert polled.json["status"] == "completed"
    assert "Retry-After" not in polled.headers
    assert polled.json["counts"] == {
        "total": 3, "queued": 0, "processing": 0, "succeeded": 2, "failed": 0, "canceled": 0,
        "rejected": 1,
    }  # fmt: skip
    with beleg.store.transaction() as rows:
        done = rows.batches.complete_done(at=jobs[0].created_at)  # type: ignore[union-attr]
        assert [row.id for row in done] == [batch["id"]]
        assert rows.batches.complete_done(at=jobs[0].created_at) == []  # type: ignore[union-attr]


def test_an_article_known_before_keeps_its_job(beleg: Beleg) -> None:
    """Known articles, and the same article twice in a batch, count but are not extracted again."""
    beleg.work_off(beleg.submit("Bekannt.")["id"])
    batch = post(beleg, [{"text": "Bekannt."}, {"text": "Neu."}, {"text": "Neu."}]).json
    assert batch["counts"]["succeeded"] == 1
    assert batch["counts"]["queued"] == 2
    assert len(beleg.ingest.get("/v1/articles").json["data"]) == 2


@pytest.mark.parametrize("body", [b"", b"\n \n\n"])
def test_a_batch_without_lines_is_refused(beleg: Beleg, body: bytes) -> None:
    """An empty batch is 422."""
    assert post(beleg, body).status_code == 422


def test_batches_have_limits(settings: Settings, make_beleg: Callable[[Settings], Beleg]) -> None:
    """Too many lines or bytes are 413 and nothing is kept; one line too long is refused alone."""
    beleg = make_beleg(
        settings.model_copy(
            update={"max_batch_lines": 3, "max_batch_bytes": 20_000, "max_request_bytes": 4_000}
        )
    )
    assert post(beleg, [{"text": f"{n}"} for n in range(4)]).status_code == 413
    assert post(beleg, [{"text": "a" * 21_000}]).status_code == 413
    assert beleg.ingest.get("/v1/articles").json["data"] == []
    batch = post(beleg, [{"text": "a"}, {"text": "b" * 9_000}, {"text": "c"}]).json
    assert batch["counts"]["queued"] == 2
    assert [(r["line"], r["problem"]["status"]) for r in batch["rejected"]] == [(2, 413)]


def test_a_body_without_an_end_is_cut_off() -> None:
    """A body is measured while it is read, whatever its length was said to be."""

    class Endless(BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            return b'{"text": "a"}\n' * 10

    with pytest.raises(Problem, match="20000 bytes") as refused:
        Body(Endless(), max_bytes=20_000)
    assert refused.value.status == 413


def test_an_unknown_batch_is_not_found(beleg: Beleg) -> None:
    """An id nobody gave out is 404."""
    assert beleg.ingest.get("/v1/batches/bat_X").status_code == 404


def test_a_batch_can_be_sent_again_under_its_key(beleg: Beleg) -> None:
    """With an Idempotency-Key the same batch is answered as before."""
    lines: Iterator[Any] = iter([{"text": "Eins."}, {"text": "Zwei."}])
    body = list(lines)
    first = post(beleg, body, **{"Idempotency-Key": "b-1"})
    again = post(beleg, body, **{"Idempotency-Key": "b-1"})
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert post(beleg, body[:1], **{"Idempotency-Key": "b-1"}).status_code == 422


def test_a_batch_of_several_transactions_is_one_batch(beleg: Beleg) -> None:
    """Numbers and counts hold over as many lines as come, the same ones far apart included."""
    body: list[Any] = [{"text": f"Satz {n % 240}."} if n % 50 else {} for n in range(260)]
    batch = post(beleg, body).json
    assert [r["line"] for r in batch["rejected"]] == [1, 51, 101, 151, 201, 251]
    assert (batch["counts"]["total"], batch["counts"]["queued"]) == (260, 254)
    with beleg.store.reading() as rows:
        ids = [article.id for article in rows.articles.page(PageRequest(500)).data]
    assert len(ids) == len({line["text"] for line in body if line})


class Unhurried:
    """A queue that nobody reads."""

    def hint(self, job: Due) -> None:
        """Take no note of it."""


def test_memory_does_not_grow_with_a_batch(beleg: Beleg, tmp_path: Path) -> None:
    """Long lines are stored a few at a time."""
    lines = tmp_path / "lines.ndjson"
    with lines.open("w", encoding="utf-8") as file:
        for n in range(60):
            file.write(json.dumps({"text": f"{n} " + "Wort " * 100_000}) + "\n")
    settings = beleg.settings
    with lines.open("rb") as stream:
        body = Body(stream, max_bytes=settings.max_batch_bytes)
    tracemalloc.start()
    batch_id = accept_batch(
        body,
        Submission(DEFAULT_TENANT, None, utcnow()),
        store=beleg.store,
        queue=Unhurried(),
        intake=Intake.of(settings),
        max_lines=settings.max_batch_lines,
        max_line_bytes=settings.max_request_bytes,
    )
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    body.file.close()
    assert peak < 25_000_000 < lines.stat().st_size
    assert beleg.ingest.get(f"/v1/batches/{batch_id}").json["counts"]["queued"] == 60
