"""Waiting until everything answers, and saying what does not."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Four interpreters start at once, which on a small and busy machine takes its time.
PATIENCE_S = 180.0
POLL_S = 0.25
ANSWER_S = 5.0


class NotReadyError(Exception):
    """Beleg did not come up in time; the message says what was missing."""


async def wait_for(missing: Callable[[], str | None], *, patience_s: float = PATIENCE_S) -> None:
    """Ask `missing`, in a thread, until it names nothing; raises NotReadyError."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + patience_s
    while (what := await asyncio.to_thread(missing)) is not None:
        if clock() > deadline:
            raise NotReadyError(f"Beleg is not ready after {patience_s:g} s; missing: {what}")
        await asyncio.sleep(POLL_S)


def missing(url: str) -> str | None:
    """Ask `/readyz` below the base URL `url` what is missing; None when nothing is."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=ANSWER_S):  # noqa: S310 - our own URL
            return None
    except urllib.error.HTTPError as error:
        return _failing_checks(error)
    except OSError as error:
        return f"the HTTP server ({error})"


def _failing_checks(answer: urllib.error.HTTPError) -> str:
    try:
        checks = json.load(answer)["checks"]
        return ", ".join(f"{name} ({state})" for name, state in checks.items() if state != "ok")
    except (ValueError, KeyError, OSError):
        return f"/readyz answers {answer.code}"
