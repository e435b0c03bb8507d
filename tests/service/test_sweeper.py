"""The sweeper: what is due is published, whatever became of the first hint."""

from datetime import timedelta

import pytest

from services.ingest.sweeper import sweep
from services.records.jobs import Stage
from services.runtime.clock import utcnow
from services.runtime.queue import (
    EXTRACT_QUEUE,
    Due,
    Hints,
    Publisher,
    QueueUnavailable,
    make_redis,
)
from services.runtime.settings import Settings
from tests.service.conftest import Beleg
from tests.support.processes import wait_until
from tests.support.redis import Redis

AGAIN = timedelta(seconds=10)


def due_at(beleg: Beleg) -> float:
    return beleg.settings.hint_grace_s + 1


def sweep_later(beleg: Beleg, publisher: Publisher, seconds: float, room: int = 100) -> int:
    return sweep(
        Stage.EXTRACT,
        store=beleg.store,
        publisher=publisher,
        room=room,
        again_after=AGAIN,
        now=utcnow() + timedelta(seconds=seconds),
    )


@pytest.fixture
def publisher(settings: Settings) -> Publisher:
    return Publisher(settings)


def test_a_lost_hint_is_made_good(beleg: Beleg, publisher: Publisher, redis_server: Redis) -> None:
    """A job whose message is gone is published again when it is due, not before."""
    beleg.submit("Ein Artikel.")
    redis_server.flush()
    assert sweep_later(beleg, publisher, 0) == 0
    assert sweep_later(beleg, publisher, due_at(beleg)) == 1
    assert sweep_later(beleg, publisher, due_at(beleg)) == 0
    assert sweep_later(beleg, publisher, due_at(beleg) + AGAIN.total_seconds()) == 1


def test_what_is_done_is_not_published(beleg: Beleg, publisher: Publisher) -> None:
    """Finished and canceled jobs are left alone."""
    beleg.work_off(beleg.submit("Der eine.")["id"])
    beleg.ingest.post(f"/v1/jobs/{beleg.submit('Der andere.')['id']}/cancel")
    assert sweep_later(beleg, publisher, 3600) == 0


def test_a_lost_attempt_is_published_when_its_lease_has_run_out(
    beleg: Beleg, publisher: Publisher
) -> None:
    """A job at work is due again when its lease ends."""
    job = beleg.submit("Ein Artikel.")
    now = utcnow()
    with beleg.store.transaction() as rows:
        rows.jobs.claim(job["id"], beleg.claim(lease_until=now + timedelta(seconds=60)))
    assert sweep_later(beleg, publisher, 50) == 0
    assert sweep_later(beleg, publisher, 61) == 1


def test_no_more_is_published_than_there_is_room_for(beleg: Beleg, publisher: Publisher) -> None:
    """A long queue is not made longer by its own sweeper."""
    for n in range(5):
        beleg.submit(f"Artikel {n}.")
    assert sweep_later(beleg, publisher, due_at(beleg), room=3) == 3
    assert sweep_later(beleg, publisher, due_at(beleg), room=0) == 0
    assert sweep_later(beleg, publisher, due_at(beleg), room=-4) == 0
    assert sweep_later(beleg, publisher, due_at(beleg), room=3) == 2


def test_without_redis_the_sweep_fails_and_the_jobs_stay_due(
    beleg: Beleg, publisher: Publisher, redis_server: Redis
) -> None:
    """When Redis is away nothing is lost: the next sweep publishes."""
    beleg.submit("Ein Artikel.")
    redis_server.kill()
    with pytest.raises(QueueUnavailable):
        sweep_later(beleg, publisher, due_at(beleg))
    redis_server.start()
    assert sweep_later(beleg, publisher, due_at(beleg) + AGAIN.total_seconds()) == 1


def test_hints_reach_the_queue_and_survive_its_absence(
    settings: Settings, redis_server: Redis
) -> None:
    """A hint is published from a thread; while Redis is away it is dropped without a word."""
    hints = Hints(Publisher(settings))
    redis_server.kill()
    hints.hint(Due("job_A", "extract"))
    redis_server.start()
    client = make_redis(settings)

    def arrived() -> bool:
        hints.hint(Due("job_B", "extract"))
        return bool(client.llen(EXTRACT_QUEUE))

    wait_until(arrived, what="a hint after Redis came back")
