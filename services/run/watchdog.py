"""Ends what a killed supervisor would leave behind.

The supervisor holds the other end of this program's standard input and writes a line `+PID` for
each process group it starts and `-PID` for each that has ended. However the supervisor dies, the
kernel closes that pipe, and then this program ends the groups that remain. It stands alone on the
standard library so that it starts in a few milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

GRACE_S = 5.0


def remaining(lines: Iterable[str]) -> set[int]:
    """Read the supervisor's lines to their end and give the groups that are then still running."""
    groups: set[int] = set()
    for line in lines:
        pid = int(line[1:])
        (groups.add if line.startswith("+") else groups.discard)(pid)
    return groups


def end(groups: set[int], *, grace_s: float) -> None:
    """Ask the process groups to end, and kill those that have not after `grace_s` seconds."""
    deadline = time.monotonic() + grace_s
    running = {group for group in groups if _signal(group, signal.SIGTERM)}
    while running and time.monotonic() < deadline:
        time.sleep(0.05)
        running = {group for group in running if _signal(group, 0)}
    for group in running:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def main() -> None:
    """Wait for the supervisor to end, then end what it left."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    end(remaining(sys.stdin), grace_s=GRACE_S)


if __name__ == "__main__":
    main()
