"""What `make run` prints: one line at a time, each with the name of the process it comes from."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

OURS = "beleg"
_COLOURS: Mapping[str, str] = {
    OURS: "1;32",
    "http": "36",
    "worker": "35",
    "sweeper": "34",
    "redis": "33",
}


class Journal(Protocol):
    """Where lines go."""

    def write(self, name: str, line: str) -> None:
        """Print a line that the process `name` wrote, or the supervisor itself (`OURS`)."""


class Console:
    """Lines for reading: a name in front of each, in colour on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colours = stream.isatty()

    def write(self, name: str, line: str) -> None:
        """Print `line` behind its name."""
        label = f"{name:>7}"
        if self._colours:
            label = f"\033[{_COLOURS.get(name, '0')}m{label}\033[0m"
        _print(self._stream, f"{label} | {line}")


class JsonLines:
    """Lines for machines: the services' own JSON as it is, everything else wrapped into JSON."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, name: str, line: str) -> None:
        """Print `line` as one JSON object."""
        _print(self._stream, line if line.startswith("{") else self._wrapped(name, line))

    def _wrapped(self, name: str, line: str) -> str:
        now = datetime.now(UTC).isoformat()
        return json.dumps(
            {"event": line, "service": name, "level": "info", "timestamp": now}, ensure_ascii=False
        )


class Split:
    """The supervisor's own lines to one journal, all others to another."""

    def __init__(self, *, ours: Journal, others: Journal) -> None:
        self._ours = ours
        self._others = others

    def write(self, name: str, line: str) -> None:
        """Pass the line on to where it belongs."""
        (self._ours if name == OURS else self._others).write(name, line)


def _print(stream: TextIO, line: str) -> None:
    try:
        stream.write(line + "\n")
        stream.flush()
    except BrokenPipeError:
        # Whoever read along has left; that is no reason to stop serving.
        return
