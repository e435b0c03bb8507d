"""The routes of feeds: they translate between HTTP and the store, nothing else."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask.views import MethodView
from marshmallow import Schema, fields, validate

from services.ingest.accept import refuse_url
from services.ingest.resources import ours
from services.records.feeds import NewFeed, schedule
from services.records.field_kinds import language_tag, line, links_of, web_address
from services.records.schemas import PageQuerySchema, ProblemSchema, page_request, page_schema
from services.runtime.clock import utcnow
from services.runtime.problems import Problem, not_found
from services.runtime.web import StrictBlueprint, current_tenant, link_next

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from services.records.feed_tables import FeedRow

_MOST_MINUTES: Final = 10_080
_WHEN: Final = {"description": "Minutes between two polls.", "example": 15}
_WHOSE: Final = "Outlet of its articles; without it, what their pages say."


class FeedChangeSchema(Schema):
    """What is to change about a feed; what is left out stays."""

    outlet = line(300, description=_WHOSE, example="Elbtaler Bote")
    language = language_tag()
    every_minutes = fields.Integer(validate=validate.Range(1, _MOST_MINUTES), metadata=_WHEN)
    enabled = fields.Boolean(metadata={"description": "Whether it is polled; true: at once."})


class NewFeedSchema(Schema):
    """A feed to poll."""

    url = web_address(
        {
            "description": "Where the RSS or Atom feed is.",
            "example": "https://bote.example/feed.xml",
        },
        required=True,
    )
    outlet = line(300, description=_WHOSE, example="Elbtaler Bote")
    language = language_tag()
    every_minutes = fields.Integer(
        load_default=None,
        validate=validate.Range(1, _MOST_MINUTES),
        metadata=_WHEN | {"description": "Minutes between two polls; else as the settings say."},
    )


class FeedSchema(Schema):
    """A feed, and how it goes with it."""

    id = fields.String(required=True, metadata={"example": "feed_01KB2M8Q5T4XWZ0F3H6R9V1C7D"})
    url = fields.String(required=True)
    title = fields.String(
        required=True, allow_none=True, metadata={"description": "What it calls itself."}
    )
    outlet = fields.String(required=True, allow_none=True)
    language = fields.String(required=True, allow_none=True)
    every_minutes = fields.Integer(required=True)
    enabled = fields.Boolean(
        required=True, metadata={"description": "False by hand, or when the host says it is gone."}
    )
    entries_seen = fields.Integer(required=True)
    failures = fields.Integer(
        required=True, metadata={"description": "Failed polls since the last good one."}
    )
    last_polled_at = fields.AwareDateTime(required=True, allow_none=True)
    last_error = fields.Nested(
        ProblemSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Why the last poll failed, if it did."},
    )
    next_poll_at = fields.AwareDateTime(
        attribute="due_at",
        required=True,
        allow_none=True,
        metadata={"description": "Null while it is not enabled."},
    )
    created_at = fields.AwareDateTime(required=True)
    links = links_of(lambda feed: {"self": f"/v1/feeds/{feed.id}"})


feeds = StrictBlueprint(
    "feeds", __name__, url_prefix="/v1/feeds", description="Articles that come by themselves."
)


@feeds.route("")
class FeedList(MethodView):
    """All feeds."""

    @feeds.arguments(PageQuerySchema, location="query")
    @feeds.response(HTTPStatus.OK, page_schema(FeedSchema, "FeedPage"))
    def get(self, query: dict[str, Any]) -> Any:
        """List the feeds, the earliest first."""
        page = page_request(query)
        with ours().store.reading(current_tenant()) as rows:
            return link_next(rows.feeds.page(page))

    @feeds.arguments(NewFeedSchema)
    @feeds.response(HTTPStatus.CREATED, FeedSchema)
    @feeds.alt_response(HTTPStatus.OK, schema=FeedSchema, description="Known; it is unchanged.")
    def post(self, new: dict[str, Any]) -> ResponseReturnValue:
        """Poll a feed from now on: each entry becomes an article, once."""
        settings = ours().settings
        refuse_url(new["url"], ours().intake.policy)
        new["every_minutes"] = new["every_minutes"] or settings.feed_every_minutes
        with ours().store.transaction(current_tenant()) as rows:
            feed, is_new = rows.feeds.add(NewFeed(**new), at=utcnow())
        status = HTTPStatus.CREATED if is_new else HTTPStatus.OK
        return feed, status, {"Location": f"/v1/feeds/{feed.id}"}  # type: ignore[return-value]  # smorest dumps


@feeds.route("/<feed_id>")
class Feed(MethodView):
    """One feed."""

    @feeds.response(HTTPStatus.OK, FeedSchema)
    def get(self, feed_id: str) -> FeedRow:
        """Read a feed: when it was polled, when it will be, and what went wrong."""
        with ours().store.reading(current_tenant()) as rows:
            feed = rows.feeds.get(feed_id)
        return _found(feed, feed_id)

    @feeds.arguments(FeedChangeSchema(partial=True))
    @feeds.response(HTTPStatus.OK, FeedSchema)
    def patch(self, change: dict[str, Any], feed_id: str) -> FeedRow:
        """Change what is said of its articles, how often it is polled, and whether at all."""
        now = utcnow()
        with ours().store.transaction(current_tenant()) as rows:
            feed = _found(rows.feeds.get(feed_id), feed_id)
            wakes = change.get("enabled", False) and not feed.enabled
            for name, value in change.items():
                setattr(feed, name, value)
            if wakes:
                feed.failures = 0
                schedule(feed, at=now)
            elif "every_minutes" in change and not feed.failures:
                sooner = now + timedelta(minutes=feed.every_minutes)
                schedule(feed, at=min(feed.next_poll_at, sooner))
        return feed

    @feeds.response(HTTPStatus.NO_CONTENT)
    def delete(self, feed_id: str) -> None:
        """Stop polling a feed and forget it; its articles stay."""
        with ours().store.transaction(current_tenant()) as rows:
            if not rows.feeds.delete(feed_id):
                raise not_found("feed", feed_id)


@feeds.route("/<feed_id>/poll")
class FeedPoll(MethodView):
    """Polling a feed out of turn."""

    @feeds.response(HTTPStatus.ACCEPTED, FeedSchema)
    def post(self, feed_id: str) -> FeedRow:
        """Have a feed polled at once, also one that is left alone after failures."""
        with ours().store.transaction(current_tenant()) as rows:
            feed = _found(rows.feeds.get(feed_id), feed_id)
            if not feed.enabled:
                raise Problem("conflict", "The feed is not enabled; enabling it polls it at once.")
            schedule(feed, at=utcnow())
        return feed


def _found(feed: FeedRow | None, feed_id: str) -> FeedRow:
    if feed is None:
        raise not_found("feed", feed_id)
    return feed
