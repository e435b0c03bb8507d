"""`beleg jobs` and `beleg keys`: looking after an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from beleg_client.client import Beleg
    from beleg_client.command.output import Output

_KEY_COLUMNS = ("id", "name", "scopes", "expires_at", "revoked_at", "last_used_at")


@click.group()
def jobs() -> None:
    """Look at jobs, cancel them, try them again."""


def _job_command(name: str, said: str) -> None:
    @jobs.command(name, help=said)
    @click.argument("job_id")
    @click.pass_obj
    def act(obj: tuple[Beleg, Output], /, job_id: str) -> None:
        beleg, output = obj
        method = {"show": beleg.job, "cancel": beleg.cancel, "retry": beleg.retry}[name]
        output.one(method(job_id))


_job_command("show", "Show how far the job JOB_ID is.")
_job_command("cancel", "Cancel the job JOB_ID if it is not done.")
_job_command("retry", "Queue the job JOB_ID anew if it failed or was canceled.")


@jobs.command("wait")
@click.argument("job_id")
@click.option("--timeout", default=300.0, show_default=True, help="Seconds to wait.")
@click.pass_obj
def wait(obj: tuple[Beleg, Output], /, job_id: str, timeout: float) -> None:
    """Wait until the job JOB_ID has succeeded."""
    beleg, output = obj
    output.one(beleg.wait(job_id, timeout_s=timeout))


@click.group()
def keys() -> None:
    """Make and end API keys; needs a key that may administer."""


@keys.command("list")
@click.pass_obj
def list_keys(obj: tuple[Beleg, Output], /) -> None:
    """List the keys, without their secrets."""
    beleg, output = obj
    output.items(beleg.keys(), _KEY_COLUMNS)


@keys.command("create")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--scope", "scopes", multiple=True, default=("articles:write", "read"))
@click.option("--expires-in-days", type=int)
@click.pass_obj
def create_key(
    obj: tuple[Beleg, Output], /, name: str, scopes: tuple[str, ...], expires_in_days: int | None
) -> None:
    """Make a key and print it, this once."""
    beleg, output = obj
    made = beleg.create_key(name, list(scopes), expires_in_days=expires_in_days)
    output.one(made, made["key"])


@keys.command("revoke")
@click.argument("key_id")
@click.pass_obj
def revoke_key(obj: tuple[Beleg, Output], /, key_id: str) -> None:
    """End the key KEY_ID at once."""
    beleg, output = obj
    output.one(beleg.revoke_key(key_id), f"The key {key_id} opens nothing any more.")


@keys.command("rotate")
@click.argument("key_id")
@click.pass_obj
def rotate_key(obj: tuple[Beleg, Output], /, key_id: str) -> None:
    """Print a new key like KEY_ID, which works for another day."""
    beleg, output = obj
    made = beleg.rotate_key(key_id)
    output.one(made, made["key"])
