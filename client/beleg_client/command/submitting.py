"""`beleg submit` and `beleg watch`: articles in."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from beleg_client.errors import BelegError, ConnectionFailed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_SHOWN = ("status", "id", "article_id", "attributions")
_ARTICLES = (".txt", ".json", ".ndjson", ".jsonl")


@click.command()
@click.argument("articles", nargs=-1, required=True)
@click.option("--wait", is_flag=True, help="Wait until they are extracted.")
@click.option("--timeout", default=300.0, show_default=True, help="Seconds to wait for each.")
@click.pass_obj
def submit(
    obj: tuple[Beleg, Output], /, articles: tuple[str, ...], wait: bool, timeout: float
) -> None:
    """Submit ARTICLES: files, URLs, or - for standard input.

    A .txt file is an article's text; a .json file is one article as the API takes it; .ndjson
    and .jsonl files, and standard input, hold one article a line.
    """
    beleg, output = obj
    results = []
    with output.progress() as progress:
        bodies = list(_bodies(articles))
        bar = progress.add_task("submitting", total=len(bodies))
        for name, body in bodies:
            results.append(_submit_one(beleg, name, body))
            progress.advance(bar)
        if wait:
            bar = progress.add_task("extracting", total=len(results))
            for job in results:
                _wait_for(beleg, job, timeout)
                progress.advance(bar)
    output.items(results, ("file", *_SHOWN, "error.detail"))
    if any(job["status"] in ("refused", "failed", "canceled", "unfinished") for job in results):
        sys.exit(1)


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--every", default=2.0, show_default=True, help="Seconds between two looks.")
@click.option("--once", is_flag=True, help="Submit what is there, and end.")
@click.pass_obj
def watch(obj: tuple[Beleg, Output], /, folder: Path, every: float, once: bool) -> None:
    """Submit every article that appears in FOLDER, until Ctrl-C.

    A file is taken when it has stopped growing; one that changes is submitted again. What is
    already known to the service is recognised there.
    """
    beleg, output = obj
    known: dict[Path, tuple[int, int]] = {}
    before: dict[Path, tuple[int, int]] = _states(folder) if once else {}
    while True:
        states = _states(folder)
        for path, state in states.items():
            if known.get(path) != state and before.get(path) == state:
                _submit_file(beleg, output, path)
                known[path] = state
        if once:
            return
        before = states
        time.sleep(every)


def _states(folder: Path) -> dict[Path, tuple[int, int]]:
    found = (path for path in sorted(folder.iterdir()) if path.suffix in _ARTICLES)
    return {path: (stat.st_size, stat.st_mtime_ns) for path in found for stat in [path.stat()]}


def _submit_file(beleg: Beleg, output: Output, path: Path) -> None:
    for name, body in _bodies([str(path)]):
        job = _submit_one(beleg, name, body)
        output.one(job, f"{job['status']:10} {name} {job.get('id', '')}".rstrip())


def _submit_one(beleg: Beleg, name: str, body: dict[str, Any] | BelegError) -> dict[str, Any]:
    try:
        if isinstance(body, BelegError):
            raise body
        return {"file": name, **beleg.submit(**body)}
    except ConnectionFailed:
        raise
    except BelegError as error:
        return {"file": name, "status": "refused", "error": {"detail": str(error)}}


def _wait_for(beleg: Beleg, job: dict[str, Any], timeout: float) -> None:
    if job["status"] == "refused":
        return
    try:
        job.update(beleg.wait(job["id"], timeout_s=timeout))
        job["attributions"] = sum(1 for _ in beleg.attributions(article_id=job["article_id"]))
    except ConnectionFailed:
        raise
    except BelegError:
        latest = beleg.job(job["id"])
        unfinished = latest["status"] in ("queued", "processing")
        job.update(latest, **({"status": "unfinished"} if unfinished else {}))


def _bodies(names: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | BelegError]]:
    for name in names:
        if name.startswith(("http://", "https://")):
            yield name, {"url": name}
        elif name == "-":
            yield from _lines("-", sys.stdin.buffer)
        elif name.endswith((".ndjson", ".jsonl")):
            with Path(name).open("rb") as file:
                yield from _lines(name, file)
        else:
            yield name, _file(Path(name))


def _lines(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, Any] | BelegError]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"{name}:{number}", _parsed(line)


def _file(path: Path) -> dict[str, Any] | BelegError:
    try:
        content = path.read_bytes()
        return _parsed(content) if path.suffix == ".json" else {"text": content.decode("utf-8")}
    except OSError as error:
        return BelegError(f"{path} cannot be read: {error.strerror}.")
    except UnicodeDecodeError:
        return BelegError(f"{path} is not UTF-8.")


def _parsed(content: bytes) -> dict[str, Any] | BelegError:
    try:
        body = json.loads(content)
    except ValueError:
        return BelegError("Not valid JSON encoded as UTF-8.")
    return body if isinstance(body, dict) else BelegError("Not a JSON object.")
