"""Redis that is killed, paused, emptied or full: it holds hints only, so nothing is lost."""

import time
from collections.abc import Callable

import pytest
import redis

from services.runtime.queue import EXTRACT_QUEUE, Due, Publisher
from services.runtime.settings import Settings
from tests.support.installation import RECOVERY_S, Installation
from tests.support.processes import wait_until

MUST_ANSWER_WITHIN_S = 2.0
KNOWN_KEYS = {"extract", "fetch", "unacked", "unacked_index", "unacked_mutex"}


def test_a_killed_redis_loses_nothing(beleg: Installation) -> None:
    """Redis is killed with articles at work and waiting, and comes back with its file."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=10)
    gate.wait_begun(2)
    beleg.redis.restart()
    gate.open()
    beleg.assert_succeeded(held)


def test_a_killed_redis_without_a_file_loses_nothing(
    own_installation: Callable[..., Installation],
) -> None:
    """Redis is killed and comes back empty: the sweeper publishes anew what it knew."""
    beleg = own_installation(appendonly="no")
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=10)
    gate.wait_begun(2)
    beleg.redis.restart()
    gate.open()
    beleg.assert_succeeded(held)


def test_flushing_redis_loses_nothing(beleg: Installation) -> None:
    """FLUSHALL in mid-batch takes every hint; all jobs finish all the same."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=10)
    gate.wait_begun(2)
    beleg.redis.flush()
    gate.open()
    beleg.assert_succeeded(held)


@pytest.mark.parametrize("children", [2, 1], ids=["all at work", "one free"])
def test_a_connection_lost_in_mid_task_does_not_double_it(
    beleg: Installation, children: int
) -> None:
    """An extraction that is under way when Redis goes is finished once, in its first attempt.

    A worker that has a child free waits for Redis at the same moment.
    """
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=children)
    gate.wait_begun(children)
    beleg.redis.kill()
    gate.open()
    jobs = beleg.assert_succeeded(held)
    assert {job["attempts"] for job in jobs} == {1}
    beleg.redis.start()
    beleg.wait_ready()
    assert beleg.services["worker"].runs
    assert len(gate.begun()) == children


def test_work_flows_after_ten_restarts_of_redis(beleg_on_sqlite: Installation) -> None:
    """Worker, sweeper and HTTP find Redis again each time; heartbeats prove that work is done."""
    beleg = beleg_on_sqlite
    accepted = []
    for _ in range(10):
        beleg.redis.kill()
        accepted += beleg.submit()
        beleg.redis.start()
        accepted += beleg.submit()
    beleg.assert_succeeded(accepted)
    beleg.wait_ready()
    beleg.assert_succeeded(beleg.submit(times=2))
    assert all(service.runs for service in beleg.services.values())


@pytest.mark.parametrize("children", [0, 1], ids=["idle", "one at work"])
def test_a_worker_that_sleeps_through_a_restart_of_redis_goes_on(
    beleg: Installation, children: int
) -> None:
    """Its connections are broken and new ones succeed at once when it comes to look."""
    gate = beleg.gate()
    accepted = beleg.submit(gate.order, times=children)
    gate.wait_begun(children)
    worker = beleg.services["worker"]
    worker.freeze()
    beleg.redis.restart()
    worker.thaw()
    accepted += beleg.submit(times=3)
    gate.open()
    beleg.assert_succeeded(accepted)
    beleg.wait_ready()
    assert worker.runs


@pytest.mark.parametrize(
    "settings",
    [
        # An answer that waited for Redis could not be mistaken for one that did not.
        pytest.param({"BELEG_REDIS_TIMEOUT_S": "30"}, id="publishing waits for nobody"),
        pytest.param({"BELEG_REQUESTS_PER_MINUTE": "6000"}, id="rate limits fail open"),
    ],
)
def test_articles_are_accepted_while_redis_hangs(
    beleg_on_sqlite: Installation, settings: dict[str, str]
) -> None:
    """POST answers 202 in under 2 s while Redis takes connections and answers nothing."""
    beleg = beleg_on_sqlite
    beleg.services["http"].kill()
    beleg.start("http", **settings)
    accepted = beleg.submit()
    beleg.redis.pause()
    seconds = []
    for _ in range(10):
        begun = time.monotonic()
        accepted += beleg.submit()
        seconds.append(time.monotonic() - begun)
    # The median, since a machine that has other things to do may be slow for a moment.
    assert sorted(seconds)[len(seconds) // 2] < MUST_ANSWER_WITHIN_S, seconds
    beleg.redis.resume()
    beleg.assert_succeeded(accepted)
    beleg.services["http"].kill()


def test_a_hanging_redis_shows_at_readyz_and_comes_back(beleg: Installation) -> None:
    """Redis hangs with articles at work and waiting; when it goes on, so does everything."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=6)
    gate.wait_begun(2)
    beleg.redis.pause()
    held += beleg.submit(times=2)
    assert beleg.readiness()["checks"]["redis"] == "QueueUnavailable"
    gate.open()
    beleg.redis.resume()
    beleg.assert_succeeded(held)
    beleg.wait_ready()


def test_a_worker_whose_acknowledgement_is_lost_goes_on(beleg: Installation) -> None:
    """Redis hangs until the worker has given up acknowledging what it did, then goes on."""
    log = beleg.services["worker"].log
    lost_before = log.read_text().count("Couldn't ack")
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=2)
    gate.wait_begun(2)
    beleg.redis.pause()
    gate.open()
    wait_until(
        lambda: log.read_text().count("Couldn't ack") > lost_before,
        within=RECOVERY_S,
        what="an acknowledgement to be given up",
    )
    beleg.redis.resume()
    beleg.assert_succeeded(held + beleg.submit(times=3))
    beleg.wait_ready()


def test_a_full_redis_loses_nothing(beleg_on_sqlite: Installation) -> None:
    """While Redis refuses writes articles are accepted; when it has room they are done."""
    beleg = beleg_on_sqlite
    with beleg.redis.client as client:
        client.config_set("maxmemory", int(client.info("memory")["used_memory"]))
    try:
        wait_until(lambda: refuses(beleg), what="Redis to be full")
        accepted = beleg.submit(times=10)
    finally:
        beleg.redis.set("maxmemory", "0")
    beleg.assert_succeeded(accepted)
    assert beleg.services["worker"].runs
    beleg.wait_ready()
    with beleg.redis.client as client:
        client.delete("filler")


def refuses(beleg: Installation) -> bool:
    """Fill Redis a little more, and tell whether it is full."""
    with beleg.redis.client as client:
        try:
            client.append("filler", b"x" * 100_000)
        except redis.OutOfMemoryError:
            return True
    return False


def test_redis_keeps_nothing_of_what_is_done(beleg_on_sqlite: Installation) -> None:
    """When all is done no task is left, no event, no result: no key that does not expire."""
    beleg = beleg_on_sqlite
    beleg.assert_succeeded(beleg.submit(times=10))

    def idle() -> bool:
        with beleg.redis.client as client:
            waiting = (
                client.llen(EXTRACT_QUEUE),
                client.hlen("unacked"),
                client.zcard("unacked_index"),
            )
        return not any(waiting)

    wait_until(idle, within=RECOVERY_S, what="Redis to hold no task")
    with beleg.redis.client as client:
        keys = {key.decode() for key in client.scan_iter() if client.ttl(key) < 0}
    assert {key for key in keys if not key.startswith("_kombu.binding")} <= KNOWN_KEYS


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "in sequence"])
def test_a_message_that_comes_twice_does_its_work_once(beleg: Installation, at_once: bool) -> None:
    """Every message is delivered three times; each article has one set of records."""
    publisher = Publisher(Settings(_env_file=None, redis_url=beleg.redis.url))
    gate = beleg.gate()
    accepted = beleg.submit(gate.order, times=8)
    if not at_once:
        gate.open()
        beleg.assert_succeeded(accepted)
    for _ in range(2):
        publisher.publish([Due(one.job_id, "extract") for one in accepted])
    gate.open()
    jobs = beleg.assert_succeeded(accepted)
    assert {job["attempts"] for job in jobs} == {1}
    marker = beleg.submit(times=2)
    beleg.assert_succeeded([*marker, *accepted])
    assert len(gate.begun()) == len(accepted)
