"""The routes of ingest: they translate between HTTP and the use cases, nothing else."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from flask import Response, current_app, g, request
from flask.views import MethodView

from services.ingest.accept import Acceptance, Intake, Submission, accept
from services.ingest.batch import MEDIA_TYPE as NDJSON
from services.ingest.batch import Body, accept_batch
from services.ingest.idempotency import HEADER as IDEMPOTENCY_HEADER
from services.ingest.idempotency import answer_once, fingerprint_of, read_key
from services.ingest.parameters import (
    IDEMPOTENCY_PARAMETER,
    JOB_OR_BATCH,
    NDJSON_BODY,
    PREFER_PARAMETER,
)
from services.ingest.waiting import wished_wait
from services.records.jobs import UNFINISHED, Status
from services.records.schemas import (
    ArticleSchema,
    ArticleSummarySchema,
    BatchSchema,
    JobSchema,
    NewArticleSchema,
    PageQuerySchema,
    page_request,
    page_schema,
)
from services.runtime.clock import utcnow
from services.runtime.problems import Problem, not_found
from services.runtime.queue import Due
from services.runtime.reading import JSON
from services.runtime.web import StrictBlueprint, current_tenant, link_next

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from services.ingest.waiting import Waiting
    from services.records.articles import NewArticle
    from services.records.store import Store
    from services.records.tables import ArticleRow, JobRow
    from services.runtime.queue import Queueing
    from services.runtime.settings import Settings

articles = StrictBlueprint("articles", __name__, url_prefix="/v1/articles", description="Articles.")
batches = StrictBlueprint(
    "batches", __name__, url_prefix="/v1/batches", description="Articles that came together."
)
jobs = StrictBlueprint("jobs", __name__, url_prefix="/v1/jobs", description="How far articles are.")

POLL_AFTER_S = "1"
EXTENSION = "beleg.ingest"


@dataclass(frozen=True, slots=True)
class Collaborators:
    """What the routes work with."""

    store: Store
    queue: Queueing
    intake: Intake
    waiting: Waiting
    settings: Settings


def ours() -> Collaborators:
    """Give the collaborators of the app that answers this request."""
    return cast("Collaborators", current_app.extensions[EXTENSION])


@articles.route("")
class ArticleList(MethodView):
    """All articles."""

    takes = (JSON, NDJSON)

    def dispatch_request(self, **arguments: Any) -> ResponseReturnValue:
        """Answer a repeated POST as the first, and take NDJSON as a batch."""
        if request.method != "POST":
            return super().dispatch_request(**arguments)
        if request.mimetype == NDJSON:
            return _receive_batch()
        return _once(fingerprint_of(request.get_data()), super().dispatch_request)

    @articles.doc(
        parameters=[IDEMPOTENCY_PARAMETER, PREFER_PARAMETER],
        requestBody=NDJSON_BODY,
        responses=JOB_OR_BATCH,
    )
    @articles.arguments(NewArticleSchema)
    @articles.response(HTTPStatus.ACCEPTED, JobSchema)
    @articles.alt_response(HTTPStatus.OK, schema=JobSchema, description="Known, or done in time.")
    def post(self, article: NewArticle) -> ResponseReturnValue:
        """Submit an article, or a batch of them.

        It is stored with a job before this is answered; poll the job until it is done. The same
        article again gets the job that is there. With `Content-Type: application/x-ndjson`, one
        article a line, the answer is a batch to poll.
        """
        acceptance = accept(
            article,
            _submission(),
            store=ours().store,
            queue=ours().queue,
            intake=ours().intake,
        )
        return _accepted(acceptance)

    @articles.arguments(PageQuerySchema, location="query")
    @articles.response(HTTPStatus.OK, page_schema(ArticleSummarySchema, "ArticlePage"))
    def get(self, query: dict[str, Any]) -> Any:
        """List articles, the earliest first, without their texts."""
        with ours().store.reading(current_tenant()) as rows:
            return link_next(rows.articles.page(page_request(query)))


@articles.route("/<article_id>")
class Article(MethodView):
    """One article."""

    @articles.response(HTTPStatus.OK, ArticleSchema)
    def get(self, article_id: str) -> ArticleRow:
        """Read an article as it was posted."""
        with ours().store.reading(current_tenant()) as rows:
            article = rows.articles.get(article_id)
        if article is None:
            raise not_found("article", article_id)
        return article

    @articles.response(HTTPStatus.NO_CONTENT)
    def delete(self, article_id: str) -> None:
        """Delete an article with its jobs and all its records."""
        with ours().store.transaction(current_tenant()) as rows:
            if not rows.articles.delete(article_id):
                raise not_found("article", article_id)


@jobs.route("/<job_id>")
class Job(MethodView):
    """One job."""

    @jobs.response(HTTPStatus.OK, JobSchema)
    def get(self, job_id: str) -> Any:
        """Read how far a job is; `Retry-After` says when to ask again."""
        with ours().store.reading(current_tenant()) as rows:
            job = rows.jobs.get(job_id)
        return _told(job, job_id)


@jobs.route("/<job_id>/cancel")
class JobCancel(MethodView):
    """Canceling a job."""

    @jobs.response(HTTPStatus.OK, JobSchema)
    def post(self, job_id: str) -> Any:
        """Cancel a job that is not done; what it may have found is thrown away."""
        with ours().store.transaction(current_tenant()) as rows:
            canceled = rows.jobs.cancel(job_id, at=utcnow())
            job = rows.jobs.get(job_id)
        if job and not canceled and job.status != Status.CANCELED:
            raise Problem("conflict", f"The job is {job.status}; it cannot be canceled any more.")
        return _told(job, job_id)


@jobs.route("/<job_id>/retry")
class JobRetry(MethodView):
    """Retrying a job."""

    @jobs.response(HTTPStatus.ACCEPTED, JobSchema)
    def post(self, job_id: str) -> Any:
        """Queue a job anew that failed or was canceled."""
        now = utcnow()
        with ours().store.transaction(current_tenant()) as rows:
            queued = rows.jobs.retry(job_id, publish_at=now + ours().intake.hint_grace)
            job = rows.jobs.get(job_id)
        if job and not queued:
            raise Problem("conflict", f"The job is {job.status}; there is nothing to retry.")
        if job and queued:
            ours().queue.hint(Due(job.id, job.stage))
        answer, status, headers = _told(job, job_id)
        return answer, status, headers | {"Location": f"/v1/jobs/{job_id}"}


@batches.route("/<batch_id>")
class Batch(MethodView):
    """One batch."""

    @batches.response(HTTPStatus.OK, BatchSchema)
    def get(self, batch_id: str) -> Any:
        """Read how far a batch is, and which of its lines were refused."""
        with ours().store.reading(current_tenant()) as rows:
            batch = rows.batches.get(batch_id)
        if batch is None:
            raise not_found("batch", batch_id)
        waits = batch.status == "processing"
        return batch, None, {"Retry-After": POLL_AFTER_S} if waits else {}


def _submission() -> Submission:
    return Submission(current_tenant(), g.request_id, utcnow())


def _once(fingerprint: str, answer: Callable[[], ResponseReturnValue]) -> Response:
    def respond() -> Response:
        return current_app.make_response(answer())

    key = read_key(request.headers.get(IDEMPOTENCY_HEADER))
    if key is None:
        return respond()
    return answer_once(
        key, fingerprint, respond, store=ours().store, tenant=current_tenant(), now=utcnow()
    )


def _receive_batch() -> Response:
    settings = ours().settings
    request.max_content_length = settings.max_batch_bytes
    body = Body(request.stream, max_bytes=settings.max_batch_bytes)
    with closing(body.file):
        return _once(body.fingerprint, lambda: _store_batch(body))


def _store_batch(body: Body) -> ResponseReturnValue:
    settings = ours().settings
    batch_id = accept_batch(
        body,
        _submission(),
        store=ours().store,
        queue=ours().queue,
        intake=ours().intake,
        max_lines=settings.max_batch_lines,
        max_line_bytes=settings.max_request_bytes,
    )
    with ours().store.reading(current_tenant()) as rows:
        batch = rows.batches.get(batch_id)
    headers = {"Location": f"/v1/batches/{batch_id}", "Retry-After": POLL_AFTER_S}
    return BatchSchema().dump(batch), HTTPStatus.ACCEPTED, headers


def _accepted(acceptance: Acceptance) -> ResponseReturnValue:
    job, new = acceptance.job, acceptance.new
    headers = {"Location": f"/v1/jobs/{job.id}"}
    if seconds := wished_wait(request.headers.get("Prefer")):
        job = ours().waiting.until_done(job, current_tenant(), seconds)
        headers["Preference-Applied"] = f"wait={seconds:.0f}"
    done = job.status not in UNFINISHED
    status = HTTPStatus.OK if done or not new else HTTPStatus.ACCEPTED
    return job, status, headers | _poll_hint(job)  # type: ignore[return-value]  # smorest dumps


def _told(job: JobRow | None, job_id: str) -> Any:
    if job is None:
        raise not_found("job", job_id)
    return job, None, _poll_hint(job)


def _poll_hint(job: JobRow) -> dict[str, str]:
    return {"Retry-After": POLL_AFTER_S} if job.status in UNFINISHED else {}
