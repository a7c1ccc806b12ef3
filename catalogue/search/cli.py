"""`jicai catalogue reindex`: build the search anew."""

from __future__ import annotations

import json

import click

from catalogue.search.sources.services import rebuild
from kernel.command import open_database


@click.command()
@click.option("--database", help="Database URL; the installation's own by default.")
def reindex(database: str | None) -> None:
    """Build the search anew and print, as JSON, how many entries of each kind changed."""
    import wsgi

    wsgi.load_models()
    with open_database(database).transaction() as session:
        click.echo(json.dumps(rebuild(session), ensure_ascii=False))
