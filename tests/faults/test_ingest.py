"""The services around the worker: HTTP, sweeper and fetcher killed, clocks that jump."""

import socket
import threading
from datetime import datetime, timedelta

import pytest
import requests

from services.ingest.failures import pause_after
from services.ingest.sweeper import FURTHEST, sweep
from services.records.jobs import Stage
from services.runtime.clock import utcnow
from services.runtime.outgoing.errors import TimedOut
from services.runtime.queue import Publisher
from services.runtime.settings import Settings
from tests.support.installation import RECOVERY_S, Accepted, Installation
from tests.support.processes import wait_until
from tests.support.stranger import Request, Stranger, answer

JUMP = timedelta(hours=1)
SAID = "„Das Hallenbad bleibt bis zum Sommer zu“, sagte Bürgermeisterin Petra Holm am Mittwoch."
MORE = "Die Stadt hatte es im Januar geschlossen, weil die Decke über dem Becken nachgab."


def test_http_killed_between_commit_and_publish_loses_nothing(beleg: Installation) -> None:
    """The article is committed and its hint is stuck in a hanging Redis when HTTP is killed."""
    beleg.redis.pause()
    accepted = beleg.submit(times=3)
    beleg.services["http"].kill()
    beleg.redis.resume()
    beleg.start("http")
    beleg.assert_succeeded(accepted)


def test_http_told_to_stop_under_load_keeps_what_it_promised(beleg: Installation) -> None:
    """Every article that got a 202 before, during and after a restart of HTTP is done."""
    accepted: list[Accepted] = []
    stop = threading.Event()

    def post() -> None:
        while not stop.is_set():
            article = beleg.article()
            try:
                answer = requests.post(f"{beleg.url}/v1/articles", json=article, timeout=RECOVERY_S)
            except requests.ConnectionError:
                continue
            accepted.append(beleg.taken(article, answer))

    clients = [threading.Thread(target=post) for _ in range(3)]
    for client in clients:
        client.start()
    wait_until(lambda: len(accepted) >= 5, what="articles before the restart")
    old = beleg.services.pop("http")
    old.terminate()
    beleg.start("http")
    old.ended()
    before = len(accepted)
    wait_until(lambda: len(accepted) >= before + 5, what="articles after the restart")
    stop.set()
    for client in clients:
        client.join()
    beleg.assert_succeeded(accepted)


def test_a_killed_sweeper_is_no_loss(beleg: Installation) -> None:
    """Without a sweeper a lost hint stays lost; the next sweeper makes it good."""
    beleg.services["worker"].kill()
    accepted = beleg.submit(times=4)
    wait_until(lambda: published(beleg), within=RECOVERY_S, what="the sweeper to publish")
    beleg.services["sweeper"].kill()
    beleg.redis.flush()
    beleg.start("worker")
    beleg.start("sweeper")
    beleg.assert_succeeded(accepted)


def published(beleg: Installation) -> bool:
    return '"swept"' in beleg.services["sweeper"].log.read_text()


def test_a_killed_fetcher_loses_nothing(beleg_on_sqlite: Installation) -> None:
    """An article whose page was being fetched when the fetcher was killed is fetched again."""
    beleg = beleg_on_sqlite
    page = f"<html><body><article><h1>Titel</h1><p>{SAID}</p><p>{MORE}</p></article></body></html>"
    asked, answered = threading.Event(), threading.Event()

    def slowly(request: Request, connection: socket.socket) -> None:
        asked.set()
        answered.wait(RECOVERY_S)
        answer(page.encode())(request, connection)

    with Stranger({"/artikel": slowly}) as host:
        fetcher = beleg.start("fetcher")
        job = beleg.taken({}, beleg.post({"url": host.url("/artikel")}))
        assert asked.wait(RECOVERY_S)
        fetcher.kill()
        answered.set()
        beleg.start("fetcher")
        (done,) = beleg.wait_done([job]).values()
    assert done["status"] == "succeeded", done
    (record,) = beleg.records(job)
    assert record["source"]["text"] == "Bürgermeisterin Petra Holm"


def test_nothing_is_put_off_as_long_as_a_clock_that_jumped() -> None:
    """What really has to wait is not mistaken for what a clock that was ahead has written."""
    assert pause_after(TimedOut("late"), 9, chance=lambda: 1.0) < FURTHEST


@pytest.fixture
def publisher(beleg: Installation) -> Publisher:
    return Publisher(Settings(_env_file=None, redis_url=beleg.redis.url))


def test_a_clock_that_jumps_ahead_doubles_nothing(
    beleg: Installation, publisher: Publisher
) -> None:
    """A sweeper whose clock is ahead publishes what is at work already; nobody begins it twice."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=4)
    gate.wait_begun(2)
    swept = sweep(
        Stage.EXTRACT,
        store=beleg.store,
        publisher=publisher,
        room=100,
        again_after=timedelta(seconds=10),
        now=utcnow() + JUMP,
    )
    assert swept >= 2
    gate.open()
    jobs = beleg.assert_succeeded(held)
    assert {job["attempts"] for job in jobs} == {1}


def test_a_clock_that_jumps_back_leaves_nothing_waiting(beleg: Installation) -> None:
    """Jobs put off, and leases taken, by a clock that was ahead are taken up all the same."""
    beleg.services["worker"].kill()
    accepted = beleg.submit(times=4)
    put_off(beleg, accepted, until=utcnow() + JUMP)
    beleg.redis.flush()
    beleg.start("worker")
    beleg.assert_succeeded(accepted)


def put_off(beleg: Installation, accepted: list[Accepted], until: datetime) -> None:
    """Leave the jobs as a clock would that was ahead: one at work and lost, the others due."""
    with beleg.store.transaction() as rows:
        for one in accepted:
            job = rows.jobs.get(one.job_id)
            assert job is not None
            job.publish_at = until
        job.status = "processing"
        job.attempts = 1
        job.claimed_by = "a delivery that nobody has"
        job.lease_until = until
