"""A client that a public generator makes from the OpenAPI document, against an installation."""

import importlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.run.openapi import PATH
from tests.support.processes import wait_until
from tests.support.running import RunningBeleg

pytestmark = [pytest.mark.xdist_group("e2e"), pytest.mark.timeout(600)]
NAME = "generated_from_beleg"
# The generator has to be told that a media type it does not know is sent as it is.
CONFIG = """\
content_type_overrides:
  application/x-ndjson: application/octet-stream
post_hooks: []
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Generate the package and make it importable; a warning of the generator is a failure."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yml").write_text(CONFIG)
    options = ["--path", PATH, "--config", folder / "config.yml", "--output-path", folder / NAME]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    done = subprocess.run(
        [*command, "--meta", "none", *map(str, options)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture
def client(package: str, running: RunningBeleg) -> Any:
    return importlib.import_module(package).Client(base_url=running.url, timeout=60.0)


def operation(package: str, tag: str, name: str) -> Any:
    return importlib.import_module(f"{package}.api.{tag}.{name}").sync


def test_every_call_can_be_imported(package: str) -> None:
    """All modules of the generated client load."""
    folder = Path(importlib.import_module(package).__path__[0])
    modules = sorted(folder.rglob("*.py"))
    assert len(modules) > 50
    for module in modules:
        parts = module.relative_to(folder.parent).with_suffix("").parts
        importlib.import_module(".".join(parts).removesuffix(".__init__"))


def test_submit_poll_and_read(package: str, client: Any) -> None:
    """An article is submitted, its job polled, its records listed, all of them typed."""
    models = importlib.import_module(f"{package}.models")
    article = models.NewArticle(
        text="„Das ist gelöst“, sagte Forscherin Gesa Brand.", outlet="Bote"
    )
    job = operation(package, "articles", "create_article")(client=client, body=article)
    get_job = operation(package, "jobs", "get_job")

    def done() -> Any:
        now = get_job(job.id, client=client)
        return now if now.status == models.JobStatus.SUCCEEDED else None

    assert wait_until(done, what="the job to succeed").error is None
    found = operation(package, "attributions", "list_attributions")(
        client=client, article_id=job.article_id, stance=models.ListAttributionsStance.ASSERTED
    )
    (record,) = found.data
    assert (record.source.entity.name, record.content.text) == ("Gesa Brand", "„Das ist gelöst“")
    assert found.next_ is None
    source = operation(package, "sources", "get_source")(record.source.entity.id, client=client)
    assert source.name == "Gesa Brand"


def test_batches_are_typed(package: str, client: Any) -> None:
    """An NDJSON body is sent as a file, and the answer is a batch."""
    files = importlib.import_module(f"{package}.types")
    body = files.File(payload=io.BytesIO(b'{"text": "Eine Zeile."}\n{"text": ""}\n'))
    batch = operation(package, "articles", "create_article")(client=client, body=body)
    assert (batch.counts["total"], batch.rejected[0].line) == (2, 2)
    assert operation(package, "batches", "get_batch")(batch.id, client=client).id == batch.id


def test_refusals_are_problems(package: str, client: Any) -> None:
    """What is refused comes back as a Problem that names the field."""
    models = importlib.import_module(f"{package}.models")
    create = operation(package, "articles", "create_article")
    refused = create(client=client, body=models.NewArticle(text=" "))
    assert isinstance(refused, models.Problem)
    assert (refused.status, refused.errors[0].field) == (422, "text")
    missing = operation(package, "jobs", "get_job")("job_none", client=client)
    assert (missing.type_, missing.status) == ("/problems/not-found", 404)


def test_feeds_and_webhooks_are_typed(package: str, client: Any) -> None:
    """Feeds and endpoints are made, changed and deleted with the generated models."""
    models = importlib.import_module(f"{package}.models")
    feed = operation(package, "feeds", "create_feed")(
        client=client, body=models.NewFeed(url="https://bote.example/feed", every_minutes=30)
    )
    assert (feed.every_minutes, feed.outlet, feed.last_error) == (30, None, None)
    change = models.FeedChange(enabled=False, outlet="Bote")
    changed = operation(package, "feeds", "patch_feed")(feed.id, client=client, body=change)
    assert (changed.enabled, changed.outlet, changed.next_poll_at) == (False, "Bote", None)
    listed = operation(package, "feeds", "list_feeds")(client=client)
    assert feed.id in {each.id for each in listed.data}
    assert operation(package, "feeds", "delete_feed")(feed.id, client=client) is None
    events = [models.NewWebhookEventsItem.ARTICLE_FAILED]
    made = operation(package, "webhooks", "create_webhook")(
        client=client,
        body=models.NewWebhook(url="https://newsroom.example/beleg", events=events),
    )
    assert made.secret.startswith("whsec_")
    sent = operation(package, "webhooks", "test_webhook")(made.id, client=client)
    log = operation(package, "webhooks", "list_webhooks_deliveries")(made.id, client=client)
    assert [delivery.event_type for delivery in log.data] == ["webhook.test"]
    assert log.data[0].id == sent.id
    operation(package, "webhooks", "delete_webhook")(made.id, client=client)
    gone = operation(package, "webhooks", "get_webhook")(made.id, client=client)
    assert isinstance(gone, models.Problem)
