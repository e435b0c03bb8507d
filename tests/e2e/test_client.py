"""The client and the command against a whole installation."""

import csv
import io
import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from beleg_client import (
    Beleg,
    ConnectionFailed,
    InvalidWebhook,
    JobFailed,
    ProblemError,
    WaitTimeout,
    verify_webhook,
)
from standardwebhooks import Webhook

from tests.support.processes import launch, wait_until
from tests.support.running import RunningBeleg
from tests.support.stranger import Stranger, answer, status

pytestmark = pytest.mark.xdist_group("e2e")
TEXT = "„Das reicht nicht“, sagte Bürgermeisterin Anna Huber am Montag im Rat von {}."


@pytest.fixture
def beleg(running: RunningBeleg) -> Beleg:
    return Beleg(running.url)


def command(
    running: RunningBeleg, *words: str, stdin: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "beleg_client.command", *words],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "BELEG_URL": running.url, **env},
    )


def test_an_article_goes_all_the_way(beleg: Beleg) -> None:
    """Submit, wait, read: what was said, by whom, and where; then delete it all."""
    job = beleg.submit(TEXT.format("Neustadt"), outlet="Bote", metadata={"n": 1})
    assert beleg.wait(job["id"])["status"] == "succeeded"
    (record,) = beleg.attributions(article_id=job["article_id"], limit=1)
    assert record["source"]["entity"]["name"] == "Anna Huber"
    article = beleg.article(job["article_id"])
    span = record["content"]["spans"][0]
    assert article["text"][span["start"] : span["end"]] == record["content"]["text"]
    assert beleg.attribution(record["id"]) == record
    source = beleg.source(record["source"]["entity"]["id"])
    assert source["name"] in {s["name"] for s in beleg.sources(q="huber")}
    assert job["article_id"] in {a["id"] for a in beleg.articles(limit=1)}
    beleg.delete_article(job["article_id"])
    with pytest.raises(ProblemError) as gone:
        beleg.article(job["article_id"])
    assert (gone.value.status, gone.value.code) == (404, "not-found")


def test_a_refusal_carries_the_problem(beleg: Beleg) -> None:
    """What is wrong with a request is told by field."""
    with pytest.raises(ProblemError, match="text") as refused:
        beleg.submit(" ")
    assert refused.value.code == "invalid-request"
    assert refused.value.errors[0]["field"] == "text"


def test_batches_and_pages(beleg: Beleg) -> None:
    """A batch is followed by its counts; iterators pass every page."""
    lines = [{"text": TEXT.format(n)} for n in range(5)] + [{"text": ""}]
    batch = beleg.submit_batch("\n".join(map(json.dumps, lines)).encode())
    assert batch["counts"]["rejected"] == 1

    def completed() -> dict[str, Any] | None:
        now = beleg.batch(batch["id"])
        return now if now["status"] == "completed" else None

    assert wait_until(completed, what="the batch")["counts"]["succeeded"] == 5
    found = list(beleg.attributions(source="Anna Huber", limit=2))
    assert len({a["id"] for a in found}) == len(found) >= 5
    exported = b"".join(beleg.export("csv", source="Anna Huber")).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(exported)))) == len(found)


def test_who_waits_is_told_how_it_ended(beleg: Beleg, running: RunningBeleg) -> None:
    """Waiting ends with the job, with its failure, or with the time."""
    job = beleg.submit("Ein Artikel für die Wartenden.")
    beleg.wait(job["id"])
    with pytest.raises(ProblemError) as refused:
        beleg.cancel(job["id"])
    assert refused.value.code == "conflict"
    os.kill(running.pid("worker"), signal.SIGSTOP)
    try:
        stuck = beleg.submit("Ein Artikel, an dem niemand arbeitet, für die Wartenden.")
        with pytest.raises(WaitTimeout):
            beleg.wait(stuck["id"], timeout_s=0.2)
        beleg.cancel(stuck["id"])
        with pytest.raises(JobFailed, match="canceled"):
            beleg.wait(stuck["id"])
    finally:
        os.kill(running.pid("worker"), signal.SIGCONT)
    assert beleg.retry(stuck["id"])["status"] == "queued"
    assert beleg.wait(stuck["id"])["status"] == "succeeded"


def test_a_service_that_is_away_is_said_to_be() -> None:
    """No connection is one kind of error, with the address in it."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with Beleg(url) as away, pytest.raises(ConnectionFailed, match=url):
            away.health()


def test_files_folders_and_pipes_are_submitted(running: RunningBeleg, tmp_path: Path) -> None:
    """Text, JSON and NDJSON, from files and standard input; a bad one is named, others go on."""
    (tmp_path / "a.txt").write_text(TEXT.format("A-Stadt"))
    (tmp_path / "b.json").write_text(json.dumps({"text": TEXT.format("B-Stadt"), "title": "B"}))
    (tmp_path / "c.jsonl").write_text('{"text": "C-Stadt schweigt."}\n\nkein json\n')
    (tmp_path / "d.txt").write_bytes(b"\xff\xfe")
    files = [str(path) for path in sorted(tmp_path.iterdir())]
    done = command(
        running, "submit", "--wait", "--json", *files, "-", stdin='{"text": "Pipe."}\n[]\n'
    )
    assert done.returncode == 1
    results = {r["file"].rpartition("/")[2]: r for r in map(json.loads, done.stdout.splitlines())}
    assert {name: r["status"] for name, r in results.items()} == {
        "a.txt": "succeeded",
        "b.json": "succeeded",
        "c.jsonl:1": "succeeded",
        "c.jsonl:3": "refused",
        "d.txt": "refused",
        "-:1": "succeeded",
        "-:2": "refused",
    }
    assert results["a.txt"]["attributions"] == 1
    assert command(running, "submit", files[0]).returncode == 0
    assert command(running, "submit", str(tmp_path / "none.txt")).returncode == 1


def test_a_folder_is_watched(running: RunningBeleg, tmp_path: Path, beleg: Beleg) -> None:
    """What appears in a watched folder is submitted; what is there already with --once."""
    (tmp_path / "erster.txt").write_text("Der erste Artikel im Ordner.")
    (tmp_path / "notiz.md").write_text("Kein Artikel.")
    once = command(running, "--json", "watch", "--once", str(tmp_path))
    assert [json.loads(line)["status"] for line in once.stdout.splitlines()] != []
    watching = launch(
        [sys.executable, "-m", "beleg_client.command", "watch", "--every", "0.1", str(tmp_path)],
        env={**os.environ, "BELEG_URL": running.url},
        stdout=subprocess.DEVNULL,
    )
    try:
        (tmp_path / "zweiter.txt").write_text("Der zweite Artikel im Ordner.")

        def arrived() -> bool:
            texts = (beleg.article(a["id"])["text"] for a in beleg.articles())
            return "Der zweite Artikel im Ordner." in texts

        wait_until(arrived, what="the second article")
    finally:
        watching.terminate()
        watching.wait(timeout=30)


def test_what_was_found_is_listed_and_exported(
    running: RunningBeleg, beleg: Beleg, tmp_path: Path
) -> None:
    """Tables for people, JSON for pipes, a file for others."""
    job = beleg.submit(TEXT.format("Listenstadt"))
    beleg.wait(job["id"])
    ours = ("--article-id", job["article_id"])
    listed = command(running, "attributions", *ours, COLUMNS="200")
    assert "Anna Huber" in listed.stdout
    piped = command(running, "attributions", *ours, "--json")
    assert json.loads(piped.stdout)["article_id"] == job["article_id"]
    assert "Anna Huber" in command(running, "sources", "-q", "Huber", COLUMNS="200").stdout
    target = tmp_path / "out.ndjson"
    assert command(running, "export", *ours, "-o", str(target)).returncode == 0
    assert json.loads(target.read_text())["article_id"] == job["article_id"]
    shown = command(running, "jobs", "show", job["id"])
    assert json.loads(shown.stdout)["status"] == "succeeded"
    refused = command(running, "jobs", "cancel", job["id"])
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "cannot be canceled" in refused.stderr
    assert command(running, "jobs", "retry", "job_X").returncode == 1
    assert command(running, "jobs", "wait", job["id"], "--json").returncode == 0


def test_sources_are_set_right(running: RunningBeleg, beleg: Beleg) -> None:
    """Sources are merged, split and brought back, by the client and by the command."""
    texts = ("Laut Stadtwerke Ulmen steigt der Preis.", "Laut Ulmener Netz GmbH sinkt er.")
    for text in texts:
        beleg.wait(beleg.submit(text)["id"])
    ids = {source["name"]: source["id"] for source in beleg.sources(q="Ulmen")}
    works, net = ids["Stadtwerke Ulmen"], ids["Ulmener Netz GmbH"]
    merged = beleg.merge_source(net, into=works)
    assert merged["source"]["attributions"] == 2
    assert merged["changes"][0]["id"] in {change["id"] for change in beleg.source_changes()}
    beleg.undo_source_change(merged["changes"][0]["id"])
    assert beleg.source(works)["attributions"] == 1
    told = command(running, "sources", "merge", net, "--into", works)
    assert "beleg sources undo chg_" in told.stdout
    split = command(running, "--json", "sources", "split", works, "--alias", "Ulmener Netz GmbH")
    assert json.loads(split.stdout)["source"]["name"] == "Ulmener Netz GmbH"
    change = json.loads(split.stdout)["changes"][0]["id"]
    assert command(running, "sources", "undo", change).returncode == 0
    listed = command(running, "--json", "sources", "changes").stdout.splitlines()
    assert {c["id"]: c["undone_at"] is not None for c in map(json.loads, listed)}[change]


RSS = b"""<rss version="2.0"><channel><title>Bote</title><item><title>Eins</title>
<guid>eins</guid><link>/eins</link></item></channel></rss>"""
PAGE = (
    "<html><body><article><h1>Die Schleuse</h1><p>"
    + "Am Kanal wird wieder gebaut, und die Schiffe warten. " * 8
    + "„Die Schleuse öffnet im Mai“, sagte Schleusenwart Onno Behn.</p></article></body></html>"
).encode()


def test_feeds_are_managed(running: RunningBeleg, beleg: Beleg) -> None:
    """A feed is made, looked after and forgotten, by the client and the command; it is polled."""
    with Stranger() as host:
        host.scripts |= {"/feed": answer(RSS, "application/rss+xml"), "/eins": answer(PAGE)}
        made = beleg.create_feed(host.url("/feed"), outlet="Kanalbote", every_minutes=60)
        assert beleg.create_feed(host.url("/feed"))["id"] == made["id"]

        def extracted() -> list[dict[str, Any]]:
            return list(beleg.attributions(outlet="Kanalbote"))

        record = wait_until(extracted, within=120, what="the article of the feed")[0]
        assert record["source"]["entity"]["name"] == "Onno Behn"
        assert (beleg.feed(made["id"])["title"], beleg.feed(made["id"])["failures"]) == ("Bote", 0)
        assert made["id"] in {feed["id"] for feed in beleg.feeds()}
        changed = beleg.change_feed(made["id"], outlet=None, language="de")
        assert (changed["outlet"], changed["language"], changed["every_minutes"]) == (
            None, "de", 60,
        )  # fmt: skip
        host.scripts["/feed"] = status(410)
        told = command(running, "feeds", "poll", made["id"])
        assert (told.returncode, made["id"] in told.stdout) == (0, True)
        wait_until(lambda: not beleg.feed(made["id"])["enabled"], what="the feed to be given up")
        assert command(running, "feeds", "poll", made["id"]).returncode == 1
        assert "410" in command(running, "feeds", "list", COLUMNS="300").stdout
        words = ("--every-minutes", "5", "--language", "", "--outlet", "Bote", "--json")
        shown = command(running, "feeds", "change", made["id"], "--disable", *words)
        feed = json.loads(shown.stdout)
        assert (feed["outlet"], feed["language"], feed["every_minutes"]) == ("Bote", None, 5)
        assert feed["enabled"] is False
        shown = command(running, "feeds", "show", made["id"])
        assert json.loads(shown.stdout)["last_error"]["reason"] == "url-http-status"
        assert command(running, "feeds", "delete", made["id"]).returncode == 0
    made = command(running, "feeds", "create", "http://10.0.0.1/feed")
    assert (made.returncode, "url" in made.stderr) == (1, True)
    made = command(running, "feeds", "create", "https://bote.example/f", "--language", "de")
    assert made.stdout.startswith("feed_")
    beleg.delete_feed(made.stdout.split()[0])


def test_keys_are_kept(running: RunningBeleg) -> None:
    """Keys are made, listed, rotated and revoked from the shell."""
    made = command(running, "keys", "create", "--name", "Test", "--json")
    key = json.loads(made.stdout)
    assert key["scopes"] == ["articles:write", "read"]
    assert command(running, "keys", "rotate", key["id"]).stdout.startswith("beleg_")
    assert command(running, "keys", "revoke", key["id"]).returncode == 0
    listed = command(running, "keys", "list", "--json").stdout
    rows = {row["id"]: row for row in map(json.loads, listed.splitlines())}
    assert rows[key["id"]]["revoked_at"]


def test_webhooks_are_managed(running: RunningBeleg, beleg: Beleg) -> None:
    """Endpoints are made, changed, tried, rotated and deleted, by the client and the command."""
    made = beleg.create_webhook("https://newsroom.example/beleg", ["article.extracted"])
    try:
        assert made["secret"].startswith("whsec_")
        assert made["id"] in {webhook["id"] for webhook in beleg.webhooks()}
        changed = beleg.change_webhook(made["id"], events=["batch.completed"])
        assert (changed["events"], changed["url"]) == (["batch.completed"], made["url"])
        assert beleg.webhook(made["id"])["events"] == ["batch.completed"]
        assert beleg.rotate_webhook(made["id"])["secret"] != made["secret"]
        delivery = beleg.test_webhook(made["id"])
        listed = {each["id"]: each for each in beleg.webhook_deliveries(made["id"])}
        assert listed[delivery["id"]]["event_type"] == "webhook.test"
        assert beleg.replay_delivery(made["id"], delivery["id"])["id"] == delivery["id"]
        disabled = command(running, "webhooks", "change", made["id"], "--disable", "--json")
        assert json.loads(disabled.stdout)["enabled"] is False
        assert command(running, "webhooks", "test", made["id"]).returncode == 1
        assert made["id"] in command(running, "webhooks", "list", "--json").stdout
    finally:
        assert command(running, "webhooks", "delete", made["id"]).returncode == 0
    shown = command(running, "webhooks", "create", "https://newsroom.example/b")
    identifier, secret = shown.stdout.split()
    assert secret.startswith("whsec_")
    assert command(running, "webhooks", "rotate", identifier).stdout.startswith("whsec_")
    assert command(running, "webhooks", "deliveries", identifier).returncode == 0
    assert command(running, "webhooks", "delete", identifier).returncode == 0
    refused = command(running, "webhooks", "create", "ftp://newsroom.example")
    assert (refused.returncode, "url" in refused.stderr) == (1, True)


def test_the_doctor_says_what_is_wrong(running: RunningBeleg) -> None:
    """A healthy installation is told to be; one that is away, with how to mend it."""
    well = command(running, "doctor")
    assert (well.returncode, "BAD" in well.stdout) == (0, False)
    checks = command(running, "doctor", "--json").stdout.splitlines()
    assert {json.loads(line)["check"] for line in checks} == {
        "service", "store", "redis", "worker", "key",
    }  # fmt: skip
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        ill = command(running, "--url", url, "doctor")
        assert ill.returncode == 1
        assert "make run" in ill.stdout
        away = command(running, "--url", url, "sources")
        assert (away.returncode, away.stdout) == (3, "")
        assert "beleg doctor" in away.stderr
    assert command(running, "nonsense").returncode == 2


def test_webhooks_are_verified() -> None:
    """A request signed with the secret is taken apart; any other is refused."""
    secret, body = "whsec_" + "c2VjcmV0" * 4, b'{"type": "article.extracted"}'
    at = datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", at, body.decode())
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": signature,
    }
    assert verify_webhook(secret, headers, body) == {"type": "article.extracted"}
    for wrong in (
        lambda: verify_webhook(secret, headers, body + b" "),
        lambda: verify_webhook("whsec_" + "b3RoZXI=" * 4, headers, body),
        lambda: verify_webhook(secret, {}, body),
    ):
        with pytest.raises(InvalidWebhook):
            wrong()
