"""Processes are kept alive, stopped in order, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from services.run.processes import Service
from services.run.supervisor import Supervisor, guarding
from tests.support.processes import wait_until

# Says its process id and that of a child of its own, then both live on.
PARENT = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(600)
"""
STUBBORN = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("pids", os.getpid(), flush=True)
time.sleep(600)
"""


class Lines:
    """A journal that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []

    def write(self, name: str, line: str) -> None:
        self.lines.append((name, line))

    async def until(self, name: str, words: str, times: int = 1) -> list[str]:
        """Wait until `name` has said `words` so many times, and give those lines."""
        async with asyncio.timeout(60):
            while True:
                found = [text for who, text in self.lines if who == name and words in text]
                if len(found) >= times:
                    return found
                await asyncio.sleep(0.02)


def python(name: str, program: str, grace_s: float = 60) -> Service:
    return Service(name, (sys.executable, "-c", program), grace_s=grace_s)


def pids(line: str) -> list[int]:
    return [int(word) for word in line.split()[1:]]


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def supervised(story: Callable[[Supervisor, Lines], Awaitable[None]]) -> Lines:
    """Play `story` with a supervisor of its own."""
    lines = Lines()

    async def play() -> None:
        async with guarding([]) as guard:
            await story(Supervisor(lines, guard), lines)

    asyncio.run(play())
    return lines


def test_a_killed_process_is_started_again_and_says_so() -> None:
    """Killing a process brings a new one, a line that says so, and no leftover child."""

    async def story(supervisor: Supervisor, lines: Lines) -> None:
        supervisor.start(python("web", PARENT))
        first, child = pids((await lines.until("web", "pids"))[0])
        os.kill(first, signal.SIGKILL)
        second, _ = pids((await lines.until("web", "pids", times=2))[1])
        assert second != first
        wait_until(lambda: gone(child), what="the killed process's child to end")
        await supervisor.stop("web")
        wait_until(lambda: gone(second), what="the process to end")

    lines = supervised(story)
    assert ("beleg", "web was killed by SIGKILL; starting it again in 0.5 s") in lines.lines


def test_pauses_grow_while_a_process_keeps_failing() -> None:
    """A process that cannot run is not started in a tight loop."""

    async def story(supervisor: Supervisor, lines: Lines) -> None:
        supervisor.start(python("web", "raise SystemExit(3)"))
        await lines.until("beleg", "again in 1 s")
        await supervisor.stop("web")

    lines = supervised(story)
    assert [text for who, text in lines.lines if who == "beleg"] == [
        "web ended with status 3; starting it again in 0.5 s",
        "web ended with status 3; starting it again in 1 s",
    ]


def test_a_process_gets_its_input_and_environment() -> None:
    """What a service is given arrives, and each line it prints carries its name."""
    service = Service(
        "web",
        (sys.executable, "-c", "import os; print(input() + os.environ['NAME']); input()"),
        environment={"NAME": "Welt"},
        input="Hallo \n",
    )

    async def story(supervisor: Supervisor, lines: Lines) -> None:
        supervisor.start(service)
        await lines.until("web", "Hallo Welt")
        await supervisor.stop("web")

    supervised(story)


def test_an_endless_line_does_not_stop_the_others() -> None:
    """A line of megabytes comes in pieces, what follows is printed, also without a line's end."""
    program = "print('x' * 5_000_000); print('after', end='')"

    async def story(supervisor: Supervisor, lines: Lines) -> None:
        supervisor.start(python("web", program))
        await lines.until("web", "after")
        await supervisor.stop("web")

    lines = supervised(story)
    printed = [text for who, text in lines.lines if who == "web"]
    assert "".join(printed[: printed.index("after")]) == "x" * 5_000_000


@pytest.mark.parametrize("hurried", [True, False])
def test_a_stubborn_process_is_killed(hurried: bool) -> None:
    """One that ignores SIGTERM is killed after its grace, or at once when there is hurry."""

    async def story(supervisor: Supervisor, lines: Lines) -> None:
        supervisor.start(python("web", STUBBORN, grace_s=600 if hurried else 0.1))
        (pid,) = pids((await lines.until("web", "pids"))[0])
        if hurried:
            supervisor.hurry()
        await supervisor.stop("web")
        assert gone(pid)

    lines = supervised(story)
    assert ("beleg", "web does not stop; killing it") in lines.lines


def test_stopping_what_never_ran_does_nothing() -> None:
    """The order of stopping may name services that were never started."""

    async def story(supervisor: Supervisor, _: Lines) -> None:
        await supervisor.stop("web")

    assert supervised(story).lines == []


DOOMED = """
import asyncio, sys
from services.run.journal import Console
from services.run.processes import Service
from services.run.supervisor import Supervisor, guarding

async def main():
    async with guarding([]) as guard:
        supervisor = Supervisor(Console(sys.stdout), guard)
        for name, program in zip(("polite", "stubborn"), sys.argv[1:]):
            supervisor.start(Service(name, (sys.executable, "-c", program)))
        await asyncio.Event().wait()

asyncio.run(main())
"""


def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    """Even after kill -9 of the supervisor everything it started is gone."""
    with (tmp_path / "out").open("wb") as out:
        supervisor = subprocess.Popen(
            [sys.executable, "-c", DOOMED, PARENT, STUBBORN], stdout=out, stderr=out
        )

    def started() -> list[int] | None:
        lines = [
            line.split("pids ")[1]
            for line in (tmp_path / "out").read_text().splitlines()
            if "pids " in line
        ]
        return [int(pid) for line in lines for pid in line.split()] if len(lines) == 2 else None

    left = wait_until(started, what="both services to start")
    watchdogs = [child.pid for child in psutil.Process(supervisor.pid).children()]
    supervisor.kill()
    supervisor.wait()
    assert len(left) == 3
    for pid in {*left, *watchdogs}:
        wait_until(lambda pid=pid: gone(pid), what=f"process {pid} to end")
