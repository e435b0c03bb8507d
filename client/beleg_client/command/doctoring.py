"""`beleg doctor`: what is wrong with an installation, and how to mend it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from beleg_client.errors import BelegError, ConnectionFailed, ProblemError

if TYPE_CHECKING:
    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_MEND = {
    "store": "The database cannot be used: is it running, does BELEG_DATABASE_URL name it, "
    "and is there room on its disk?",
    "redis": "Redis does not answer: is it running, and does BELEG_REDIS_URL name it? Articles "
    "are still accepted and wait until it is back.",
    "worker": "No worker has done anything lately: is `celery -A services.extract.worker worker` "
    "running, and the sweeper? `make run` and docker-compose start both.",
}


@click.command()
@click.pass_obj
def doctor(obj: tuple[Beleg, Output], /) -> None:
    """Say what is wrong with the installation and how to mend it."""
    beleg, output = obj
    findings = list(_examine(beleg))
    if output.as_json:
        for finding in findings:
            output.one(finding)
    else:
        for finding in findings:
            mark = "ok " if finding["ok"] else "BAD"
            click.echo(f"{mark}  {finding['check']}: {finding['said']}")
    if not all(finding["ok"] for finding in findings):
        sys.exit(1)


def _examine(beleg: Beleg) -> list[dict[str, Any]]:
    try:
        beleg.health()
    except ConnectionFailed as error:
        said = f"{error}. Start it with `make run`, or name another address with --url."
        return [_finding("service", said, ok=False)]
    except BelegError as error:
        said = f"What answers at {beleg.url} is not Beleg: {error} Name its address with --url."
        return [_finding("service", said, ok=False)]
    findings = [_finding("service", f"answers at {beleg.url}")]
    for name, state in beleg.readiness().items():
        fine = state == "ok"
        said = "works" if fine else f"{state}. {_MEND.get(name, '')}"
        findings.append(_finding(name, said, ok=fine))
    return [*findings, _key_finding(beleg)]


def _key_finding(beleg: Beleg) -> dict[str, Any]:
    try:
        next(beleg.sources(limit=1), None)
    except ProblemError as error:
        said = (
            f"{error} Set BELEG_API_KEY; `python -m services.admin keys create --name …` makes one."
        )
        return _finding("key", said, ok=False)
    except BelegError as error:
        return _finding("key", str(error), ok=False)
    return _finding("key", "lets you read")


def _finding(check: str, said: str, *, ok: bool = True) -> dict[str, Any]:
    return {"check": check, "ok": ok, "said": said.strip()}
