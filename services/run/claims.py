"""What only one instance may hold at a time: the data folder and the port."""

from __future__ import annotations

import fcntl
import os
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A killed instance is cleaned up within the watchdog's grace.
PATIENCE_S = 10.0


class TakenError(Exception):
    """Another process holds what we need; the message says which and what to do."""


@contextmanager
def claim_folder(folder: Path) -> Iterator[int]:
    """Hold `folder` for this instance; gives the descriptor of the lock.

    A process that inherits the descriptor holds the folder as well, until it ends. Raises
    TakenError when another instance holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "beleg.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(lock, folder)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def _lock(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 20, 0).decode() or "unknown"
            if _alive(holder) or time.monotonic() > deadline:
                raise TakenError(
                    f"Beleg already runs on the data folder {folder} (process {holder}). "
                    "Stop it first, or name another folder with BELEG_DATA_DIR."
                ) from None
            time.sleep(0.1)
        else:
            return


def _alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def claim_port(host: str, port: int) -> socket.socket:
    """Listen on `host` and `port`, 0 for any free one.

    The HTTP server gets this socket handed down, so that callers wait rather than being refused
    while it starts or starts again. Raises TakenError when the port is not to be had.
    """
    try:
        return socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise TakenError(
            f"Port {port} on {host} is not to be had ({error.strerror}). Stop what uses it, or "
            "choose another: make run PORT=8001."
        ) from None


def free_port() -> int:
    """Ask the operating system for a port of the loopback address that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
