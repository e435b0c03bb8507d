"""Keeping processes alive: one that dies is started again, with growing pauses, and says so."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from services.run import watchdog
from services.run.journal import OURS
from services.run.processes import Process, Service, ending, launch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from services.run.journal import Journal

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
# A process that ran this long was healthy, so its next pause is the first again.
HEALTHY_S = 30.0
LAST_WORDS_S = 5.0


class Supervisor:
    """Starts services, keeps them alive, prints what they say, and stops them."""

    def __init__(self, journal: Journal, guard: Guard) -> None:
        self._journal = journal
        self._guard = guard
        self._kept: dict[str, _Kept] = {}
        self._hurry = asyncio.Event()

    def start(self, service: Service) -> None:
        """Start `service` and keep it alive until it is stopped."""
        kept = self._kept[service.name] = _Kept(service)
        kept.task = asyncio.create_task(self._keep(kept))

    async def stop(self, name: str) -> None:
        """Stop a service and wait until it and everything it started are gone.

        Does nothing for one that was never started.
        """
        if (kept := self._kept.pop(name, None)) is None:
            return
        kept.wanted = False
        if kept.process is None:
            kept.task.cancel()
        else:
            await self._end(kept, kept.process)
        with suppress(asyncio.CancelledError):
            await kept.task

    def hurry(self) -> None:
        """From now on wait for nothing: what does not stop at once is killed."""
        self._hurry.set()

    async def _keep(self, kept: _Kept) -> None:
        clock = asyncio.get_running_loop().time
        pause = FIRST_PAUSE_S
        while True:
            began = clock()
            status = await self._run(kept)
            if not kept.wanted:
                return
            if clock() - began > HEALTHY_S:
                pause = FIRST_PAUSE_S
            self._say(f"{kept.service.name} {ending(status)}; starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _run(self, kept: _Kept) -> int:
        process = await launch(kept.service, partial(self._journal.write, kept.service.name))
        self._guard.watch(process.pid)
        kept.process = process
        process.input.write(kept.service.input.encode())
        process.input.close()
        status = await process.ended()
        kept.process = None
        # What it started itself must not outlive it: a successor would work beside it.
        self._guard.kill(process.pid)
        await process.last_words(within_s=LAST_WORDS_S)
        return status

    async def _end(self, kept: _Kept, process: Process) -> None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        if not await self._ended(kept):
            self._say(f"{kept.service.name} does not stop; killing it")
            self._guard.kill(process.pid)

    async def _ended(self, kept: _Kept) -> bool:
        """Wait for the process to end, as long as its grace and our patience last."""
        hurry = asyncio.create_task(self._hurry.wait())
        await asyncio.wait(
            {kept.task, hurry},
            timeout=kept.service.grace_s,
            return_when=asyncio.FIRST_COMPLETED,
        )
        hurry.cancel()
        return kept.task.done()

    def _say(self, line: str) -> None:
        self._journal.write(OURS, line)


@dataclass
class _Kept:
    """A service with its present process, None between two."""

    service: Service
    task: asyncio.Task[None] = field(init=False)
    process: Process | None = None
    wanted: bool = True


class Guard:
    """Ends process groups: now, or through the watchdog when this process is killed."""

    def __init__(self, pipe: asyncio.WriteTransport) -> None:
        self._pipe = pipe

    def watch(self, group: int) -> None:
        """Have the watchdog end `group` should this process die."""
        self._pipe.write(f"+{group}\n".encode())

    def kill(self, group: int) -> None:
        """Kill whatever is left of `group`."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
        self._pipe.write(f"-{group}\n".encode())


@asynccontextmanager
async def guarding(descriptors: Sequence[int]) -> AsyncIterator[Guard]:
    """Start the watchdog, which inherits `descriptors` and so holds them until all has ended."""
    process = await launch(
        Service(
            "watchdog",
            (sys.executable, "-I", "-S", str(Path(watchdog.__file__))),
            descriptors=tuple(descriptors),
        ),
        partial(print, file=sys.stderr),
    )
    try:
        yield Guard(process.input)
    finally:
        process.input.close()
        await process.ended()
        await process.last_words(within_s=LAST_WORDS_S)
