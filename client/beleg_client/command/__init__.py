"""The `beleg` command. It talks HTTP only.

Exit codes: 0 all went well; 1 something failed or was refused; 2 the command line is wrong;
3 the service cannot be reached.
"""

from __future__ import annotations

import sys

import click

from beleg_client.client import DEFAULT_URL, Beleg
from beleg_client.command.doctoring import doctor
from beleg_client.command.feeding import feeds
from beleg_client.command.keeping import jobs, keys
from beleg_client.command.notifying import webhooks
from beleg_client.command.output import Output
from beleg_client.command.reading import attributions, export
from beleg_client.command.sourcing import sources
from beleg_client.command.submitting import submit, watch
from beleg_client.errors import BelegError, ConnectionFailed, ProblemError

REFUSED, UNREACHABLE = 1, 3


class JsonAnywhere(click.Group):
    """A group whose `--json` may stand behind the command as well."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take `--json` for itself wherever it stands."""
        rest = [arg for arg in args if arg != "--json"]
        return super().parse_args(ctx, rest if rest == args else ["--json", *rest])


@click.group(cls=JsonAnywhere, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--url", envvar="BELEG_URL", default=DEFAULT_URL, show_default=True)
@click.option("--api-key", envvar="BELEG_API_KEY", help="A key of the installation.")
@click.option("--json", "as_json", is_flag=True, help="JSON on standard output, for pipes.")
@click.version_option(package_name="beleg-client", prog_name="beleg")
@click.pass_context
def cli(context: click.Context, url: str, api_key: str | None, as_json: bool) -> None:
    """Submit articles and read who said what according to whom.

    Exit codes: 0 all went well, 1 something failed or was refused, 2 the command line is wrong,
    3 the service cannot be reached.
    """
    try:
        beleg = Beleg(url, api_key)
    except BelegError as error:
        raise click.BadParameter(str(error), param_hint="--url") from error
    context.obj = (context.with_resource(beleg), Output(as_json))


for command in (
    *(submit, watch, feeds, jobs, attributions, sources, export),
    *(keys, webhooks, doctor),
):
    cli.add_command(command)


def main() -> None:
    """Run the command; an error is a sentence, not a traceback."""
    try:
        cli(prog_name="beleg")
    except ProblemError as error:
        _complain(f"{error}{_advice(error)}")
        for wrong in error.errors:
            _complain(f"  {wrong.get('field') or wrong.get('location')}: {wrong.get('message')}")
        sys.exit(REFUSED)
    except ConnectionFailed as error:
        _complain(f"{error}. Is it running? `beleg doctor` looks closer.")
        sys.exit(UNREACHABLE)
    except BelegError as error:
        _complain(str(error))
        sys.exit(REFUSED)


def _advice(error: ProblemError) -> str:
    if error.code == "unauthorized":
        return " The command takes it from BELEG_API_KEY; `beleg doctor` says who makes keys."
    return "" if error.code else " Is it Beleg that answers there? `beleg doctor` looks closer."


def _complain(line: str) -> None:
    click.echo(f"beleg: {line}" if not line.startswith(" ") else line, err=True)
