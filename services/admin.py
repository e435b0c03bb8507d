"""`python -m services.admin`: what must work without a running service."""

from __future__ import annotations

import click

from services.records.migrations import migrate as bring_up_to_date
from services.records.store import open_store
from services.runtime.settings import load_settings


@click.group()
def main() -> None:
    """Look after an installation of Beleg."""


@main.command()
def migrate() -> None:
    """Bring the store's schema up to date; does nothing where it is."""
    store = open_store(load_settings())
    bring_up_to_date(store)
    click.echo("The store's schema is up to date.")


if __name__ == "__main__":
    main()
