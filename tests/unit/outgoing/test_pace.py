"""Not asking one host too often."""

import pytest

from services.runtime.outgoing.deadline import Deadline
from services.runtime.outgoing.errors import HostBusy, RobotsRefused
from services.runtime.outgoing.guard import Target
from services.runtime.outgoing.pace import TurnsInMemory, in_turn, pace_admission

A = Target("https", "a.example", 443, "/1")
B = Target("https", "b.example", 443, "/1")


class Now:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.time = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def test_requests_to_one_host_keep_their_distance() -> None:
    """The second request waits for its turn, another host's does not."""
    now = Now()
    admit = pace_admission(
        TurnsInMemory(clock=lambda: now.time), interval_s=2, patience_s=5, sleep=now.sleep
    )
    for target in (A, B, A):
        admit(target, Deadline(20))
    assert now.slept == [2.0]
    now.time += 10
    admit(A, Deadline(20))
    assert now.slept == [2.0]


def test_a_host_that_is_asked_too_much_is_busy() -> None:
    """Who would have to wait too long is told when to come back, and takes no turn."""
    now = Now()
    turns = TurnsInMemory(clock=lambda: now.time)
    admit = pace_admission(turns, interval_s=4, patience_s=5, sleep=lambda _: None)
    admit(A, Deadline(20))
    admit(A, Deadline(20))
    for _ in range(3):
        with pytest.raises(HostBusy) as caught:
            admit(A, Deadline(20))
        assert (caught.value.retry_after, caught.value.retryable) == (8.0, True)
    now.time += 8
    admit(A, Deadline(20))


def test_nobody_waits_longer_than_the_deadline() -> None:
    """A turn after the end of the request is as good as none."""
    turns = TurnsInMemory(clock=lambda: 100.0)
    admit = pace_admission(turns, interval_s=4, patience_s=5, sleep=lambda _: None)
    admit(A, Deadline(20))
    with pytest.raises(HostBusy):
        admit(A, Deadline(3))


def test_past_turns_are_forgotten() -> None:
    """Memory does not grow with the number of hosts that were ever asked."""
    now = Now()
    turns = TurnsInMemory(10, clock=lambda: now.time)
    for number in range(100):
        turns.reserve(f"{number}.example", interval_s=1, at_most_s=5)
        now.time += 1
    assert len(turns._next) <= 10


def test_admissions_are_asked_in_turn() -> None:
    """The first one to say no is the last one asked."""
    asked = []

    def refuse(target: Target, _: Deadline) -> None:
        asked.append(target)
        raise RobotsRefused("No.")

    with pytest.raises(RobotsRefused):
        in_turn(lambda target, _: asked.append(target), refuse, refuse)(A, Deadline(20))
    assert asked == [A, A]
