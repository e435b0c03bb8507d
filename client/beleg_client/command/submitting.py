"""`beleg submit` and `beleg watch`: articles in."""

from __future__ import annotations

import json
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from beleg_client.errors import BelegError, ConnectionFailed, ProblemError

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
        if not bodies:
            click.echo(f"beleg: {', '.join(articles)}: no articles in there.", err=True)
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
    if once:
        taken = [_submit_file(beleg, output, path) for path in _states(folder)]
        sys.exit(0 if all(taken) else 1)
    known: dict[Path, tuple[int, int]] = {}
    before: dict[Path, tuple[int, int]] = {}
    while True:
        states = _states(folder)
        for path, state in states.items():
            if known.get(path) != state and before.get(path) == state:
                try:
                    _submit_file(beleg, output, path)
                except ConnectionFailed as error:
                    click.echo(f"beleg: {error}; {path.name} is tried again.", err=True)
                    break
                known[path] = state
        before = states
        time.sleep(every)


def _states(folder: Path) -> dict[Path, tuple[int, int]]:
    """Give size and time of each article's file; one that goes away meanwhile is left out."""
    states = {}
    for path in sorted(folder.iterdir()):
        with suppress(FileNotFoundError):
            stat = path.stat()
            if path.suffix in _ARTICLES and path.is_file():
                states[path] = (stat.st_size, stat.st_mtime_ns)
    return states


def _submit_file(beleg: Beleg, output: Output, path: Path) -> bool:
    """Submit what a file holds; tells whether all of it was taken."""
    taken = True
    for name, body in _bodies([str(path)]):
        job = _submit_one(beleg, name, body)
        said = job.get("id") or job["error"]["detail"]
        output.one(job, f"{job['status']:10} {name} {said}")
        taken = taken and job["status"] != "refused"
    return taken


def _submit_one(beleg: Beleg, name: str, body: dict[str, Any] | BelegError) -> dict[str, Any]:
    try:
        if isinstance(body, BelegError):
            raise body
        return {"file": name, **beleg.submit(**body)}
    except ConnectionFailed:
        raise
    except BelegError as error:
        said = error.explained if isinstance(error, ProblemError) else str(error)
        return {"file": name, "status": "refused", "error": {"detail": said}}


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
            yield from _lines_of_file(name)
        else:
            yield name, _file(Path(name))


def _lines_of_file(name: str) -> Iterator[tuple[str, dict[str, Any] | BelegError]]:
    try:
        with Path(name).open("rb") as file:
            yield from _lines(name, file)
    except OSError as error:
        yield name, _unreadable(name, error)


def _lines(name: str, lines: Iterable[bytes]) -> Iterator[tuple[str, dict[str, Any] | BelegError]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield f"{name}:{number}", _parsed(line)


def _file(path: Path) -> dict[str, Any] | BelegError:
    if path.is_file() and path.suffix not in _ARTICLES:
        return BelegError(f"{path} is not one of {', '.join(_ARTICLES)}.")
    try:
        content = path.read_bytes()
        return _parsed(content) if path.suffix == ".json" else {"text": content.decode("utf-8")}
    except OSError as error:
        return _unreadable(str(path), error)
    except UnicodeDecodeError:
        return BelegError(f"{path} is not UTF-8.")


def _unreadable(name: str, error: OSError) -> BelegError:
    if Path(name).is_dir():
        return BelegError(f"{name} is a folder; `beleg watch --once {name}` submits what is in it.")
    return BelegError(f"{name} cannot be read: {error.strerror}.")


def _parsed(content: bytes) -> dict[str, Any] | BelegError:
    try:
        body = json.loads(content)
    except ValueError:
        return BelegError("Not valid JSON encoded as UTF-8.")
    return body if isinstance(body, dict) else BelegError("Not a JSON object.")
