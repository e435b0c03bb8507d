"""Reading foreign pages and feeds within bounds of time and memory.

Some pages keep a parser busy for minutes, and code in C cannot be interrupted from Python. So
they are read by a process of their own, which is killed when it takes too long, has a limited
memory, knows none of our settings, and answers in JSON.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from services.ingest.feeds import Entry, Feed, FeedError, parse_feed
from services.ingest.page import Page, PageError, PageTooComplex, PageWithoutArticle, read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS: Final = 10
"""Processor time for one page; an ordinary one takes less than one second."""
_PATIENCE: Final = 3
"""How many times as long a process may take on the clock, since the machine may be busy."""
LONGEST_S: Final = _PATIENCE * SECONDS
"""How long a reading may take on the clock."""
MEMORY_BYTES: Final = 1_000_000_000
_READERS: Final[dict[str, Callable[..., Page | Feed]]] = {"page": read_page, "feed": parse_feed}


def read_page_within(
    html: bytes,
    *,
    url: str,
    charset: str | None = None,
    seconds: int = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Page:
    """Do what `read_page` does, in at most `seconds` of processor time.

    Raises PageWithoutArticle, and PageTooComplex when time or memory do not suffice.
    """
    answer = _read("page", html, {"url": url, "charset": charset}, seconds, memory_bytes)
    if answer is None:
        raise PageTooComplex(f"The page cannot be read within {seconds} seconds.")
    if "error" in answer:
        raise PageWithoutArticle(answer["error"])
    return Page(**answer | {"published_on": _date(answer["published_on"])})


def read_feed_within(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    seconds: int = SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> Feed:
    """Do what `parse_feed` does, in at most `seconds` of processor time.

    Raises FeedError, also when time or memory do not suffice.
    """
    arguments = {"url": url, "content_type": content_type}
    answer = _read("feed", body, arguments, seconds, memory_bytes)
    if answer is None:
        raise FeedError(f"The feed cannot be read within {seconds} seconds.")
    if "error" in answer:
        raise FeedError(answer["error"])
    entries = (Entry(**e | {"published_on": _date(e["published_on"])}) for e in answer["entries"])
    return Feed(answer["title"], tuple(entries))


def _date(stated: str | None) -> date | None:
    return date.fromisoformat(stated) if stated else None


def _read(
    what: str,
    body: bytes,
    arguments: Mapping[str, str | None],
    seconds: int,
    memory_bytes: int,
) -> dict[str, Any] | None:
    """Let a process of its own read `body`; give its answer, or None when it did not make it."""
    task = {
        "what": what,
        "arguments": arguments,
        "seconds": seconds,
        "memory_bytes": memory_bytes,
        "body": base64.b64encode(body).decode(),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "services.ingest.reading"],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=_PATIENCE * seconds,
            check=True,
            env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "LC_ALL": "C.UTF-8"},
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def answer_to(task: Mapping[str, Any]) -> dict[str, Any]:
    """Read what `task` holds; give the page or feed as a dictionary, or `{"error": sentence}`."""
    try:
        read = _READERS[task["what"]]
        return asdict(read(base64.b64decode(task["body"]), **task["arguments"]))
    except (PageError, FeedError) as error:
        return {"error": str(error)}


def main() -> None:
    """Answer one task from standard input on standard output, within its limits."""
    task = json.load(sys.stdin)
    for limit, value in (
        (resource.RLIMIT_AS, task["memory_bytes"]),
        (resource.RLIMIT_CPU, task["seconds"]),
    ):
        resource.setrlimit(limit, (value, value))
    json.dump(answer_to(task), sys.stdout, default=date.isoformat)


if __name__ == "__main__":
    main()
