"""`python -m services.admin`: what must work without a running service."""

from __future__ import annotations

from pathlib import Path

import click

from services.records.backup import BackupError, back_up, restore
from services.records.migrations import is_current, migrate
from services.records.store import Store, StoreUnavailable, open_store
from services.runtime.settings import SettingsError, load_settings


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


def run() -> None:
    """Run the command; a store that cannot be used is said in one line."""
    try:
        main(prog_name="python -m services.admin")
    except StoreUnavailable as error:
        raise SystemExit(f"Error: {error.detail}") from None


if __name__ == "__main__":
    run()
