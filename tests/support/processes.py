"""Starting programs that end with the tests, however the tests end."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")

# Becomes the program after taking another account, where one is given, and asking the kernel to
# kill it when its parent dies, so that not even a killed test run leaves a server behind. The
# account is taken here and not by Popen because it may not be able to enter Python's own folder.
_LAUNCH = """
import ctypes, os, signal, sys
parent, user, group = map(int, sys.argv[1:4])
if user:
    os.setgroups([])
    os.setgid(group)
    os.setuid(user)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() == parent:
    os.execvp(sys.argv[4], sys.argv[4:])
"""


@dataclass(frozen=True)
class Account:
    """Whom a program runs as; user 0 is whoever runs the tests."""

    user: int = 0
    group: int = 0


def launch(
    command: list[str], account: Account = Account(), **options: Any
) -> subprocess.Popen[bytes]:
    """Start `command`; the kernel kills it when this process dies (on Linux).

    Takes the keyword arguments of `subprocess.Popen`.
    """
    who = (str(os.getpid()), str(account.user), str(account.group))
    return subprocess.Popen([sys.executable, "-I", "-S", "-c", _LAUNCH, *who, *command], **options)


def free_port() -> int:
    """Ask the operating system for a port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    condition: Callable[[], T | None], *, within: float = 60, what: str = "the condition"
) -> T:
    """Poll `condition` until it gives something true, and return that.

    Raises AssertionError after `within` seconds, naming `what` was waited for.
    """
    deadline = time.monotonic() + within
    while True:
        if found := condition():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {within} s in vain for {what}")
        time.sleep(0.05)
