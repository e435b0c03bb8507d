"""The watchdog knows which groups are left, and ends them."""

import subprocess
import sys

import pytest

from services.run.watchdog import end, remaining


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ([], set()),
        (["+1\n", "+2\n"], {1, 2}),
        (["+1\n", "+2\n", "-1\n"], {2}),
        (["-1\n"], set()),
        (["+1\n", "-1\n", "+1\n"], {1}),
    ],
)
def test_remembers_what_is_left(lines: list[str], left: set[int]) -> None:
    """Groups that were begun and have not ended are left."""
    assert remaining(lines) == left


@pytest.mark.parametrize("on_sigterm", ["SIG_DFL", "SIG_IGN"])
def test_ends_a_group_that_listens_and_one_that_does_not(on_sigterm: str) -> None:
    """A group ends by SIGTERM, or after the grace by SIGKILL; one that is gone does no harm."""
    program = f"""
import signal, time
signal.signal(signal.SIGTERM, signal.{on_sigterm})
print("there", flush=True)
time.sleep(600)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end({process.pid, 2**22 - 1}, grace_s=0.2)
        assert process.wait(timeout=60) == (-15 if on_sigterm == "SIG_DFL" else -9)
