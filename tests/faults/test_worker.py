"""Workers that are killed, stopped, frozen, or given articles that break them."""

import os
import signal
from pathlib import Path

import psutil
import pytest

from tests.support.installation import Installation
from tests.support.processes import wait_until


def test_a_killed_pool_child_loses_nothing(beleg: Installation) -> None:
    """An article whose process is killed in mid-work is taken up again and done once."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=6)
    for pid in gate.wait_begun(2)[:2]:
        os.kill(pid, signal.SIGKILL)
    gate.wait_begun(4)
    gate.open()
    jobs = beleg.assert_succeeded(held)
    assert sorted(job["attempts"] for job in jobs) == [1, 1, 1, 1, 2, 2]


def test_a_killed_worker_loses_nothing(beleg: Installation) -> None:
    """What a worker had in hand when it was killed with all its children is done by the next."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=6)
    gate.wait_begun(2)
    beleg.services["worker"].kill()
    gate.open()
    beleg.start("worker")
    jobs = beleg.assert_succeeded(held)
    assert sorted(job["attempts"] for job in jobs) == [1, 1, 1, 1, 2, 2]


def test_children_of_a_killed_worker_do_not_double_their_work(beleg: Installation) -> None:
    """Children that outlive their killed worker may finish, but no record comes twice."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=6)
    gate.wait_begun(2)
    orphans = beleg.services["worker"].children()
    beleg.services["worker"].kill_alone()
    beleg.start("worker")
    gate.open()
    beleg.assert_succeeded(held)
    for pid in orphans:
        wait_until(lambda pid=pid: not psutil.pid_exists(pid), what=f"orphan {pid} to end")


def test_an_article_that_kills_its_worker_is_quarantined(
    beleg: Installation, tmp_path: Path
) -> None:
    """After three attempts it is failed with a reason, and a retry brings it back.

    Its neighbours succeed all the same.
    """
    poison = tmp_path / "poison"
    poison.touch()
    before = beleg.submit(times=3)
    (deadly,) = beleg.submit(f"[die {poison}]")
    after = beleg.submit(times=3)
    beleg.assert_succeeded([*before, *after])
    (failed,) = beleg.wait_done([deadly]).values()
    assert (failed["status"], failed["attempts"]) == ("failed", 3)
    assert failed["error"]["type"] == "/problems/extraction-failed"
    assert "3 attempts" in failed["error"]["detail"]
    assert beleg.records(deadly) == []
    poison.unlink()
    beleg.retry(deadly)
    (job,) = beleg.assert_succeeded([deadly])
    assert job["attempts"] == 1


def test_an_engine_that_raises_is_tried_again(
    beleg_on_sqlite: Installation, tmp_path: Path
) -> None:
    """An attempt that raised is made again after a pause, until it works."""
    beleg = beleg_on_sqlite
    trouble = tmp_path / "trouble"
    trouble.touch()
    (job,) = beleg.submit(f"[fail {trouble}]")
    wait_until(
        lambda: beleg.job(job)["attempts"] and beleg.job(job)["status"] == "queued",
        what="the first attempt to fail",
    )
    trouble.unlink()
    (done,) = beleg.assert_succeeded([job])
    assert done["attempts"] >= 2


def test_an_extraction_over_the_soft_limit_fails_with_a_reason(
    beleg_on_sqlite: Installation,
) -> None:
    """What takes too long is asked to stop, fails and says why; its neighbours succeed."""
    beleg = beleg_on_sqlite
    beleg.services["worker"].kill()
    beleg.start("worker", BELEG_JOB_SOFT_LIMIT_S="8")
    (endless,) = beleg.submit("[dawdle 600]")
    neighbours = beleg.submit(times=3)
    (failed,) = beleg.wait_done([endless]).values()
    assert (failed["status"], failed["attempts"]) == ("failed", 1)
    assert "longer than is allowed" in failed["error"]["detail"]
    beleg.assert_succeeded(neighbours)
    beleg.services["worker"].kill()


def test_an_extraction_over_the_hard_limit_fails_with_a_reason(
    beleg_on_sqlite: Installation,
) -> None:
    """What does not heed the soft limit is killed, and fails when its attempts are used up."""
    beleg = beleg_on_sqlite
    beleg.services["worker"].kill()
    beleg.start(
        "worker",
        BELEG_JOB_SOFT_LIMIT_S="2",
        BELEG_JOB_HARD_LIMIT_S="3",
        BELEG_JOB_MAX_ATTEMPTS="2",
    )
    (endless,) = beleg.submit("[hang]")
    neighbours = beleg.submit(times=3)
    (failed,) = beleg.wait_done([endless]).values()
    assert (failed["status"], failed["attempts"]) == ("failed", 2)
    assert failed["error"]["detail"]
    beleg.assert_succeeded(neighbours)
    beleg.services["worker"].kill()


def test_a_worker_told_to_stop_finishes_what_it_began(beleg: Installation) -> None:
    """A deployment under load: the old worker ends its work, a new one takes the rest."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=8)
    gate.wait_begun(2)
    old = beleg.services.pop("worker")
    old.terminate()
    beleg.start("worker")
    gate.open()
    assert old.ended() == 0
    jobs = beleg.assert_succeeded(held)
    assert {job["attempts"] for job in jobs} == {1}


def test_a_frozen_worker_does_not_hold_its_articles_for_ever(beleg: Installation) -> None:
    """A worker that hangs shows at `/readyz`; another does its work, and it cannot undo that."""
    gate = beleg.gate()
    held = beleg.submit(gate.order, times=4)
    gate.wait_begun(2)
    frozen = beleg.services.pop("worker")
    frozen.freeze()
    try:
        wait_until(
            lambda: beleg.readiness()["checks"]["worker"] == "WorkerSilent",
            within=60,
            what="/readyz to miss the worker",
        )
        beleg.start("worker")
        gate.open()
        beleg.assert_succeeded(held)
    finally:
        frozen.thaw()
    beleg.assert_succeeded([*beleg.submit(times=4), *held])
    frozen.kill()


@pytest.mark.parametrize("name", ["http", "worker", "sweeper"])
def test_limits_in_the_wrong_order_refuse_to_start(
    beleg_on_sqlite: Installation, name: str
) -> None:
    """A task that might outlive Redis's patience would run twice: nothing starts like that."""
    beleg = beleg_on_sqlite
    beleg.services[name].kill()
    refusing = beleg.start(name, BELEG_JOB_HARD_LIMIT_S="600")
    assert refusing.ended() != 0
    assert "BELEG_JOB_HARD_LIMIT_S < BELEG_VISIBILITY_TIMEOUT_S" in refusing.log.read_text()
