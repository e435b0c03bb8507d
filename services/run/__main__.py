"""`python -m services.run`: Beleg on this machine, until Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from typing import NoReturn

import click

from services.run.claims import TakenError
from services.run.journal import OURS, Console, Journal, JsonLines
from services.run.machine import run
from services.run.readiness import NotReadyError
from services.run.redis_server import NoRedisError
from services.runtime.settings import Settings, SettingsError, load_settings

WELCOME = """\
Beleg is ready on {url}
  submit   curl {url}/v1/articles -H 'Content-Type: application/json' \
-d '{{"text": "„Wir fangen im Mai an“, sagte Bürgermeisterin Ina Roth."}}'
  read     curl '{url}/v1/attributions'
  docs     {url}/docs
  stop     Ctrl-C"""
NEEDS_KEY = """
  key      every request needs one, -H 'Authorization: Bearer beleg_…';
           python -m services.admin keys create --name … makes it"""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the HTTP server [8000].")
def main(port: int | None) -> None:
    """Run Redis, HTTP, workers and sweeper on this machine, until Ctrl-C.

    Settings come from BELEG_... in the environment or from a file named .env. Exit status: 0 when
    stopped as asked, 1 when something did not come up, 2 when it was started wrongly: wrong
    settings, another instance on the data folder, or a port that is taken.
    """
    try:
        settings = adapted(load_settings(), port)
        journal = journal_for(settings)
        run(settings, journal, lambda url: _serve(url, settings, journal))
    except (SettingsError, TakenError) as error:
        refuse(error, 2)
    except (NoRedisError, NotReadyError) as error:
        refuse(error, 1)


def adapted(settings: Settings, port: int | None) -> Settings:
    """Give the settings for a person at a terminal: log lines to read, and the port asked for."""
    wished: dict[str, object] = {} if port is None else {"port": port}
    if "log_format" not in settings.model_fields_set:
        wished["log_format"] = "console"
    return settings.model_copy(update=wished)


def journal_for(settings: Settings) -> Journal:
    """Give the journal that fits the settings' log format."""
    return Console(sys.stdout) if settings.log_format == "console" else JsonLines(sys.stdout)


async def _serve(url: str, settings: Settings, journal: Journal) -> int:
    welcome = WELCOME + (NEEDS_KEY if settings.keys_required else "")
    for line in welcome.format(url=url).splitlines():
        journal.write(OURS, line)
    await asyncio.Event().wait()
    return 0


def refuse(error: Exception, status: int) -> NoReturn:
    """Say why it does not run, and end with `status`."""
    click.echo(f"Beleg does not run: {error}", err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
