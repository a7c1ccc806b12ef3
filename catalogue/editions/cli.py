"""`jicai catalogue reconcile`: an edition as it is counted."""

from __future__ import annotations

import json
import sys

import click

from catalogue.editions.queries import editions
from kernel.command import the_database

UNKNOWN = 2


@click.command("reconcile")
@click.argument("edition")
@click.option("--database", "url", help="Database URL; without it the installation's own.")
def reconcile(edition: str, url: str | None) -> None:
    """Count EDITION by part and class A/B, as JSON; exit 2 where there is no such edition."""
    with the_database(url) as database, database.transaction(write=False) as session:
        found = editions.by_code(session, edition)
        counts = editions.counts(session, found.id) if found else None
    if counts is None:
        click.echo(f"jicai catalogue reconcile: there is no edition {edition!r}", err=True)
        sys.exit(UNKNOWN)
    click.echo(json.dumps(counts, ensure_ascii=False, indent=1))
