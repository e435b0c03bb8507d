"""What the garbage collector does in a process that does little else than extract."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """Let the garbage collector leave alone what is there by now, and look less often.

    Engine and word lists are as old as the process, and extracting makes many small things that
    hold no cycles; looking through all of them for garbage took a fifth of the time. It holds for
    the whole process, so only the start of a program may call it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
