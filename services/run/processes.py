"""One process: starting it, reading its lines, learning of its end.

Not `asyncio.create_subprocess_exec`, whose `wait` returns only when the last pipe is closed: a
child that outlives the process holds its pipes, and we want to know at once.
"""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LONGEST_LINE = 2**16
_OUTPUT = 1


@dataclass(frozen=True)
class Service:
    """A process to keep alive.

    `grace_s` is how many seconds it may take to stop before it is killed; `input` is what it reads
    from its standard input; `descriptors` are the open files it inherits.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    input: str = ""
    descriptors: tuple[int, ...] = ()
    grace_s: float = 15.0


class Process(asyncio.SubprocessProtocol):
    """A started process; each line it prints goes to `on_line`, very long ones in pieces."""

    def __init__(self, on_line: Callable[[str], None]) -> None:
        loop = asyncio.get_running_loop()
        self._on_line = on_line
        self._begun = b""
        self._transport: asyncio.SubprocessTransport
        self._exited: asyncio.Future[None] = loop.create_future()
        self._silent: asyncio.Future[None] = loop.create_future()

    @property
    def pid(self) -> int:
        """The process's id, which is also that of its group and session."""
        pid = self._transport.get_pid()
        assert pid is not None  # noqa: S101 - it has been started
        return pid

    @property
    def input(self) -> asyncio.WriteTransport:
        """Where to write for its standard input."""
        pipe = self._transport.get_pipe_transport(0)
        assert isinstance(pipe, asyncio.WriteTransport)  # noqa: S101 - launch() asks for a pipe
        return pipe

    async def ended(self) -> int:
        """Wait for its end and give its exit status, negative for the signal that killed it."""
        await self._exited
        status = self._transport.get_returncode()
        assert status is not None  # noqa: S101 - it has ended
        return status

    async def last_words(self, *, within_s: float) -> None:
        """Wait until all that it printed has been read, then close what connects us."""
        try:
            await asyncio.wait({self._silent}, timeout=within_s)
        finally:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of the transport."""
        assert isinstance(transport, asyncio.SubprocessTransport)  # noqa: S101 - asyncio's promise
        self._transport = transport

    def pipe_data_received(self, fd: int, data: bytes) -> None:  # noqa: ARG002 - asyncio's signature
        """Pass on the lines that are complete."""
        *lines, self._begun = (self._begun + data).split(b"\n")
        if len(self._begun) > LONGEST_LINE:
            lines.append(self._begun)
            self._begun = b""
        for line in lines:
            self._on_line(line.decode(errors="replace").rstrip())

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002
        """Pass on a last line without an end."""
        if fd == _OUTPUT:
            if self._begun:
                self._on_line(self._begun.decode(errors="replace").rstrip())
            self._silent.set_result(None)

    def process_exited(self) -> None:
        """Wake whoever waits for the end."""
        self._exited.set_result(None)


async def launch(service: Service, on_line: Callable[[str], None]) -> Process:
    """Start the service's process in a session and process group of its own.

    So Ctrl-C in the terminal reaches the supervisor alone, which stops everything in order.
    """
    _, process = await asyncio.get_running_loop().subprocess_exec(
        lambda: Process(on_line),
        *service.command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **service.environment},
        pass_fds=service.descriptors,
        start_new_session=True,
    )
    return process


def ending(status: int) -> str:
    """Say in words how a process ended; a negative status is the signal that killed it."""
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"
