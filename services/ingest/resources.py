"""The routes of ingest: they translate between HTTP and the use cases, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, g
from flask.views import MethodView
from flask_smorest import Blueprint

from services.ingest.accept import Acceptance, Intake, accept
from services.records.jobs import UNFINISHED, Status
from services.records.schemas import (
    ArticleSchema,
    ArticleSummarySchema,
    JobSchema,
    NewArticleSchema,
    PageQuerySchema,
    page_request,
    page_schema,
)
from services.runtime.clock import utcnow
from services.runtime.problems import Problem, not_found
from services.runtime.web import StrictParser, current_tenant, link_next

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from services.records.articles import NewArticle
    from services.records.store import Store
    from services.records.tables import ArticleRow, JobRow
    from services.runtime.queue import Queueing

Blueprint.ARGUMENTS_PARSER = StrictParser()
articles = Blueprint("articles", __name__, url_prefix="/v1/articles", description="Articles.")
jobs = Blueprint("jobs", __name__, url_prefix="/v1/jobs", description="How far articles are.")

POLL_AFTER_S = "1"
EXTENSION = "beleg.ingest"


@dataclass(frozen=True, slots=True)
class Collaborators:
    """What the routes work with."""

    store: Store
    queue: Queueing
    intake: Intake


def ours() -> Collaborators:
    """Give the collaborators of the app that answers this request."""
    return cast("Collaborators", current_app.extensions[EXTENSION])


@articles.route("")
class ArticleList(MethodView):
    """All articles."""

    @articles.arguments(NewArticleSchema)
    @articles.response(HTTPStatus.ACCEPTED, JobSchema, description="Accepted; poll the job.")
    @articles.alt_response(HTTPStatus.OK, schema=JobSchema, description="Known; its job.")
    def post(self, article: NewArticle) -> ResponseReturnValue:
        """Submit an article.

        It is stored with a job before this is answered; poll the job until it is done. The same
        article again gets the job that is there.
        """
        acceptance = accept(
            article,
            store=ours().store,
            queue=ours().queue,
            tenant=current_tenant(),
            request_id=g.request_id,
            intake=ours().intake,
            now=utcnow(),
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
    def get(self, job_id: str) -> ResponseReturnValue:
        """Read how far a job is; `Retry-After` says when to ask again."""
        with ours().store.reading(current_tenant()) as rows:
            job = rows.jobs.get(job_id)
        return _told(job, job_id)


@jobs.route("/<job_id>/cancel")
class JobCancel(MethodView):
    """Canceling a job."""

    @jobs.response(HTTPStatus.OK, JobSchema)
    def post(self, job_id: str) -> ResponseReturnValue:
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
    def post(self, job_id: str) -> ResponseReturnValue:
        """Queue a job anew that failed or was canceled."""
        now = utcnow()
        with ours().store.transaction(current_tenant()) as rows:
            queued = rows.jobs.retry(job_id, publish_at=now + ours().intake.hint_grace)
            job = rows.jobs.get(job_id)
        if job and not queued:
            raise Problem("conflict", f"The job is {job.status}; there is nothing to retry.")
        if queued:
            ours().queue.hint(job_id)
        return _told(job, job_id)


def _accepted(acceptance: Acceptance) -> ResponseReturnValue:
    status = HTTPStatus.ACCEPTED if acceptance.new else HTTPStatus.OK
    headers = {"Location": f"/v1/jobs/{acceptance.job.id}", **_poll_hint(acceptance.job)}
    return acceptance.job, status, headers  # type: ignore[return-value]  # dumped by smorest


def _told(job: JobRow | None, job_id: str) -> ResponseReturnValue:
    if job is None:
        raise not_found("job", job_id)
    return job, None, _poll_hint(job)  # type: ignore[return-value]  # dumped by smorest


def _poll_hint(job: JobRow) -> dict[str, str]:
    return {"Retry-After": POLL_AFTER_S} if job.status in UNFINISHED else {}
