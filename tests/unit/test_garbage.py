"""How the programs that extract treat the garbage collector."""

import subprocess
import sys

PROGRAM = (
    "import gc; from services.extract.garbage import collect_seldom; collect_seldom(); "
    "print(gc.get_freeze_count() > 0, gc.get_threshold()[0])"
)


def test_what_is_loaded_is_left_alone() -> None:
    """What is there is frozen and new things are looked through seldom, in that process alone."""
    answer = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)
    assert answer.stdout.split() == [b"True", b"50000"]
