"""`python -m services.admin`: what must work without a running service."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from services.records.backup import BackupError, back_up, restore
from services.records.migrations import is_current, migrate
from services.records.store import Store, StoreUnavailable, open_store
from services.runtime.clock import utcnow
from services.runtime.keys import Scope
from services.runtime.settings import SettingsError, load_settings
from services.runtime.web import DEFAULT_TENANT


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Look after an installation of Beleg; settings come from the environment."""
    try:
        settings = load_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None
    context.obj = open_store(settings)


@main.command("migrate")
@click.pass_obj
def migrate_command(store: Store) -> None:
    """Bring the store's schema up to date."""
    before = is_current(store)
    migrate(store)
    click.echo("The schema was up to date." if before else "The schema is up to date now.")


@main.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup_command(store: Store, path: Path) -> None:
    """Write the whole store to PATH (gzipped JSON lines) while the services run."""
    counts = back_up(store, path)
    click.echo(f"Wrote {sum(counts.values())} rows, {counts['articles']} articles, to {path}.")


@main.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def restore_command(store: Store, path: Path) -> None:
    """Fill an empty store from the backup at PATH; either kind of store takes either's."""
    migrate(store)
    try:
        counts = restore(store, path)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Restored {sum(counts.values())} rows, {counts['articles']} articles.")


@main.group("keys")
def keys_group() -> None:
    """Make and end API keys."""


@keys_group.command("create")
@click.option("--name", required=True, help="What the key is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([str(scope) for scope in Scope]),
    help="What it allows; may be given several times. Default: write articles and read.",
)
@click.option("--tenant", default=DEFAULT_TENANT, show_default=True, help="Whose articles.")
@click.option("--expires-in-days", type=click.IntRange(1), help="Default: it does not expire.")
@click.pass_obj
def create_key(
    store: Store, name: str, scopes: tuple[str, ...], tenant: str, expires_in_days: int | None
) -> None:
    """Make a key and print it, this once."""
    now = utcnow()
    with store.transaction() as rows:
        key, _ = rows.keys.create(
            name,
            map(Scope, set(scopes) or {Scope.WRITE, Scope.READ}),
            tenant=tenant,
            at=now,
            expires_at=now + timedelta(days=expires_in_days) if expires_in_days else None,
        )
    click.echo(str(key))


@keys_group.command("list")
@click.pass_obj
def list_keys(store: Store) -> None:
    """List all keys, without their secrets."""
    with store.reading() as rows:
        for row in rows.keys.all():
            state = "revoked" if row.revoked_at else f"expires {row.expires_at or 'never'}"
            used = row.last_used_at or "never"
            scopes = ",".join(row.scopes)
            click.echo(f"{row.id}  {row.tenant}  {row.name}  {scopes}  {state}  last used {used}")


@keys_group.command("revoke")
@click.argument("key_id")
@click.pass_obj
def revoke_key(store: Store, key_id: str) -> None:
    """End the key KEY_ID at once."""
    with store.transaction() as rows:
        if rows.keys.revoke(key_id, at=utcnow()) is None:
            raise click.ClickException(f"There is no key {key_id}.")
    click.echo(f"The key {key_id} opens nothing any more.")


@keys_group.command("rotate")
@click.argument("key_id")
@click.option("--grace-hours", default=24, show_default=True, help="How long the old one works.")
@click.pass_obj
def rotate_key(store: Store, key_id: str, grace_hours: int) -> None:
    """Print a new key like KEY_ID, which works a while longer."""
    with store.transaction() as rows:
        made = rows.keys.rotate(key_id, at=utcnow(), grace=timedelta(hours=grace_hours))
    if made is None:
        raise click.ClickException(f"There is no key {key_id} that could be rotated.")
    click.echo(str(made[0]))


def run() -> None:
    """Run the command; a store that cannot be used is said in one line."""
    try:
        main(prog_name="python -m services.admin")
    except StoreUnavailable as error:
        raise SystemExit(f"Error: {error.detail}") from None


if __name__ == "__main__":
    run()
