"""`python -m services.run.check store redis worker`: the health check of a container without HTTP.

The checks are those of `/readyz` and `fetcher`. `worker` and `fetcher` are heartbeat tasks that a
worker has lately taken from its queue and written to the store, since a worker that hangs may still
answer a ping.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from services.records.readiness import fetcher_check, readiness_checks
from services.records.store import open_store
from services.runtime.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from services.runtime.web import Check


def complaints(checks: Iterable[Check], names: Sequence[str]) -> list[str]:
    """Run the checks of these names, and give a line for each that fails or does not exist."""
    known = {check.name: check for check in checks}
    found = [f"{name}: no such check" for name in names if name not in known]
    for name in names:
        if name not in known:
            continue
        try:
            known[name].ping()
        except Exception as error:
            found.append(f"{name}: {type(error).__name__}: {error}")
    return found


def main() -> None:
    """Check what the arguments name; the exit status is 0 when all answer, else 1."""
    settings = load_settings()
    store = open_store(settings)
    checks = [*readiness_checks(store, settings), fetcher_check(store, settings)]
    found = complaints(checks, sys.argv[1:])
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
