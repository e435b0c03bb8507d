"""The client: a method for each thing Beleg does."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from io import IOBase
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, Self, cast
from urllib.parse import quote
from uuid import uuid4

from beleg_client.errors import JobFailed, WaitTimeout
from beleg_client.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

DEFAULT_URL: Final = "http://127.0.0.1:8000"
_DONE: Final = ("succeeded", "failed", "canceled")
_LONGEST_PAUSE_S: Final = 2.0
_BLOCK_BYTES: Final = 65_536

Json = dict[str, Any]


class Beleg:
    """An installation of Beleg.

    `url` and `api_key` default to `BELEG_URL` and `BELEG_API_KEY` in the environment. Every
    method raises ProblemError when the service refuses and ConnectionFailed when it is away.
    """

    def __init__(
        self, url: str | None = None, api_key: str | None = None, *, timeout_s: float = 60.0
    ) -> None:
        self._http = Transport(
            url or os.environ.get("BELEG_URL") or DEFAULT_URL,
            api_key or os.environ.get("BELEG_API_KEY"),
            timeout_s,
        )

    def __enter__(self) -> Self:
        """Use the client in a `with` block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def url(self) -> str:
        """Where the service is."""
        return self._http.url

    def submit(
        self, text: str | None = None, *, idempotency_key: str | None = None, **article: Any
    ) -> Json:
        """Submit an article, by its text or by `url=`; gives its job.

        `article` takes title, url, outlet, author, published_on, language, external_id and
        metadata. The same article again gets the job that is there.
        """
        body = article if text is None else {"text": text, **article}
        headers = {"Idempotency-Key": idempotency_key or str(uuid4())}
        return self._object("POST", "/v1/articles", json=body, headers=headers)

    def submit_batch(
        self, lines: bytes | IO[bytes] | Iterable[bytes], *, idempotency_key: str | None = None
    ) -> Json:
        """Submit many articles as NDJSON, a JSON object a line; gives the batch.

        A file is sent as it is read. What can be read only once is put into a temporary file
        first, so that the request can be repeated.
        """
        headers = {
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": idempotency_key or str(uuid4()),
        }
        with _rereadable(lines) as body:
            return self._object("POST", "/v1/articles", data=body, headers=headers)

    def job(self, job_id: str) -> Json:
        """Read how far a job is."""
        return self._object("GET", f"/v1/jobs/{_part(job_id)}")

    def wait(self, job_id: str, *, timeout_s: float = 300.0) -> Json:
        """Wait until a job has succeeded and give it.

        Raises JobFailed if it fails or is canceled, WaitTimeout when the time is over.
        """
        deadline = time.monotonic() + timeout_s
        pause = 0.05
        while (job := self.job(job_id))["status"] not in _DONE:
            if time.monotonic() + pause > deadline:
                raise WaitTimeout(f"The job {job_id} is {job['status']} after {timeout_s:g} s.")
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_S)
        if job["status"] != "succeeded":
            raise JobFailed(job)
        return job

    def cancel(self, job_id: str) -> Json:
        """Cancel a job that is not done."""
        return self._object("POST", f"/v1/jobs/{_part(job_id)}/cancel")

    def retry(self, job_id: str) -> Json:
        """Queue a job anew that failed or was canceled."""
        return self._object("POST", f"/v1/jobs/{_part(job_id)}/retry")

    def batch(self, batch_id: str) -> Json:
        """Read how far a batch is and which lines were refused."""
        return self._object("GET", f"/v1/batches/{_part(batch_id)}")

    def article(self, article_id: str) -> Json:
        """Read an article as it was posted."""
        return self._object("GET", f"/v1/articles/{_part(article_id)}")

    def articles(self, **query: Any) -> Iterator[Json]:
        """Go through all articles, without their texts."""
        return self._pages("/v1/articles", query)

    def delete_article(self, article_id: str) -> None:
        """Delete an article with everything that was found in it."""
        self._http.send("DELETE", f"/v1/articles/{_part(article_id)}")

    def feeds(self) -> Iterator[Json]:
        """Go through the feeds: how often each is polled, and what went wrong."""
        return self._pages("/v1/feeds", {})

    def create_feed(
        self,
        url: str,
        *,
        outlet: str | None = None,
        language: str | None = None,
        every_minutes: int | None = None,
    ) -> Json:
        """Poll an RSS or Atom feed from now on; the same address again gives the feed there is.

        Outlet and language are for its articles, instead of what their pages say.
        """
        wished = {"outlet": outlet, "language": language, "every_minutes": every_minutes}
        body = {"url": url} | {name: value for name, value in wished.items() if value is not None}
        return self._object("POST", "/v1/feeds", json=body)

    def feed(self, feed_id: str) -> Json:
        """Read a feed: when it was polled, when it will be, and what went wrong."""
        return self._object("GET", f"/v1/feeds/{_part(feed_id)}")

    def change_feed(self, feed_id: str, **change: Any) -> Json:
        """Change outlet, language, every_minutes or enabled; what is not named stays.

        None takes an outlet or a language away.
        """
        return self._object("PATCH", f"/v1/feeds/{_part(feed_id)}", json=change)

    def poll_feed(self, feed_id: str) -> Json:
        """Have a feed polled at once, also one that is left alone after failures."""
        return self._object("POST", f"/v1/feeds/{_part(feed_id)}/poll")

    def delete_feed(self, feed_id: str) -> None:
        """Stop polling a feed and forget it; its articles stay."""
        self._http.send("DELETE", f"/v1/feeds/{_part(feed_id)}")

    def attributions(self, **query: Any) -> Iterator[Json]:
        """Go through the attributions that match: article_id, source, reported_by, type, q, …

        A filter that is a Python keyword takes an underscore: `from_="2024-12-01"`.
        """
        return self._pages("/v1/attributions", query)

    def attribution(self, attribution_id: str) -> Json:
        """Read an attribution."""
        return self._object("GET", f"/v1/attributions/{_part(attribution_id)}")

    def sources(self, **query: Any) -> Iterator[Json]:
        """Go through the sources that match: q, kind."""
        return self._pages("/v1/sources", query)

    def source(self, source_id: str) -> Json:
        """Read a source with its counts."""
        return self._object("GET", f"/v1/sources/{_part(source_id)}")

    def merge_source(self, source_id: str, *, into: str) -> Json:
        """Merge a source into another one; gives that one and the `changes`, to undo them by."""
        return self._object("POST", f"/v1/sources/{_part(source_id)}/merge", json={"into": into})

    def split_source(
        self,
        source_id: str,
        *,
        aliases: Iterable[str] = (),
        attributions: Iterable[str] = (),
        name: str | None = None,
        role: str | None = None,
    ) -> Json:
        """Move names, or single attributions by their ids, of a source into a new one."""
        body = {
            "aliases": list(aliases),
            "attributions": list(attributions),
            "name": name,
            "role": role,
        }
        return self._object("POST", f"/v1/sources/{_part(source_id)}/split", json=body)

    def source_changes(self) -> Iterator[Json]:
        """Go through all merges and splits, with those that were undone."""
        return self._pages("/v1/source-changes", {})

    def undo_source_change(self, change_id: str) -> Json:
        """Bring back what a merge or split moved."""
        return self._object("POST", f"/v1/source-changes/{_part(change_id)}/undo")

    def export(self, form: str = "ndjson", **query: Any) -> Iterator[bytes]:
        """Export the attributions that match, in blocks.

        `form` is `ndjson`, `csv`, `jsonld` or `annotations`. Raises ConnectionFailed if the export
        breaks off.
        """
        return self._http.blocks("/v1/export", _query(query) | {"format": form}, _BLOCK_BYTES)

    def keys(self) -> list[Json]:
        """List the API keys, without their secrets."""
        return list(self._http.json("GET", "/v1/keys")["data"])

    def create_key(
        self, name: str, scopes: list[str], *, expires_in_days: int | None = None
    ) -> Json:
        """Make an API key; `key` in the answer is shown this once."""
        body = {"name": name, "scopes": scopes, "expires_in_days": expires_in_days}
        return self._object("POST", "/v1/keys", json=body)

    def revoke_key(self, key_id: str) -> Json:
        """End an API key at once."""
        return self._object("DELETE", f"/v1/keys/{_part(key_id)}")

    def rotate_key(self, key_id: str) -> Json:
        """Make a key like this one, which works for another day."""
        return self._object("POST", f"/v1/keys/{_part(key_id)}/rotate")

    def webhooks(self) -> list[Json]:
        """List the webhook endpoints, without their secrets."""
        return list(self._http.json("GET", "/v1/webhooks")["data"])

    def create_webhook(self, url: str, events: list[str] | None = None) -> Json:
        """Make an endpoint; `secret` in the answer is shown this once.

        Without `events` it is told of everything. `verify_webhook` takes the secret.
        """
        body = {"url": url} | ({"events": events} if events else {})
        return self._object("POST", "/v1/webhooks", json=body)

    def webhook(self, webhook_id: str) -> Json:
        """Read an endpoint, and whether it takes what it is told."""
        return self._object("GET", f"/v1/webhooks/{_part(webhook_id)}")

    def change_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        events: list[str] | None = None,
        enabled: bool | None = None,
    ) -> Json:
        """Change an endpoint; None leaves a thing as it is."""
        change = {"url": url, "events": events, "enabled": enabled}
        body = {name: value for name, value in change.items() if value is not None}
        return self._object("PATCH", f"/v1/webhooks/{_part(webhook_id)}", json=body)

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete an endpoint with the log of its deliveries."""
        self._http.send("DELETE", f"/v1/webhooks/{_part(webhook_id)}")

    def rotate_webhook(self, webhook_id: str) -> Json:
        """Make a new secret; the old one signs as well for another day."""
        return self._object("POST", f"/v1/webhooks/{_part(webhook_id)}/rotate")

    def test_webhook(self, webhook_id: str) -> Json:
        """Send an endpoint an event of the type `webhook.test`; gives its delivery."""
        return self._object("POST", f"/v1/webhooks/{_part(webhook_id)}/test")

    def webhook_deliveries(self, webhook_id: str, *, status: str | None = None) -> Iterator[Json]:
        """Go through an endpoint's deliveries with their attempts, the latest first."""
        return self._pages(f"/v1/webhooks/{_part(webhook_id)}/deliveries", {"status": status})

    def replay_delivery(self, webhook_id: str, delivery_id: str) -> Json:
        """Deliver an event again, under the same `webhook-id`."""
        path = f"/v1/webhooks/{_part(webhook_id)}/deliveries/{_part(delivery_id)}/replay"
        return self._object("POST", path)

    def health(self) -> Json:
        """Ask whether the process answers."""
        return self._object("GET", "/healthz")

    def readiness(self) -> dict[str, str]:
        """Ask everything the service needs; gives `ok` or what is wrong with each."""
        return dict(self._http.json("GET", "/readyz", accept=(503,))["checks"])

    def _object(self, method: str, path: str, **options: Any) -> Json:
        return dict(self._http.json(method, path, **options))

    def _pages(self, path: str, query: Json) -> Iterator[Json]:
        parameters = _query(query)
        while True:
            page = self._http.json("GET", path, params=parameters)
            yield from page["data"]
            if page["next"] is None:
                return
            parameters["cursor"] = page["next"]


def _query(query: Json) -> Json:
    return {name.rstrip("_"): value for name, value in query.items() if value is not None}


@contextmanager
def _rereadable(lines: bytes | IO[bytes] | Iterable[bytes]) -> Iterator[bytes | IO[bytes]]:
    if isinstance(lines, bytes):
        yield lines
    elif isinstance(lines, IOBase) and lines.seekable():
        yield cast("IO[bytes]", lines)
    else:
        with TemporaryFile() as file:
            file.writelines(lines)
            file.seek(0)
            yield file


def _part(identifier: str) -> str:
    return quote(identifier, safe="")
