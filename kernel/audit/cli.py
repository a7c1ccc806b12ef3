"""`jicai audit`: walk the chains, and keep their heads where the database's owner can't reach them."""

from __future__ import annotations

import json
import sys
from typing import TextIO

import click
from rich.console import Console
from rich.table import Table

from kernel.audit import queries, services
from kernel.command import the_database


@click.group()
def audit() -> None:
    """Verify the audit chains."""


@audit.command()
@click.option("--database", help="Database URL; the installation's own by default.")
@click.option("--heads", type=click.File("r"), help="Heads kept earlier; each must still stand in its chain.")
def verify(database: str | None, heads: TextIO | None) -> None:
    """Walk every chain. Exit 0: all links hold; exit 1: the broken ones are listed."""
    kept = {int(chain): (number, digest) for chain, (number, digest) in json.load(heads).items()} if heads else {}
    with the_database(database) as opened, opened.transaction(write=False) as session:
        broken = [*services.verify(session), *services.verify_heads(session, kept)]
        chains = queries.heads(session)
    if broken:
        table = Table("chain", "entry", "what is wrong", title="Links that do not hold")
        for link in broken:
            table.add_row(str(link.chain), str(link.number), WORDS[link.reason])
        Console().print(table)
        sys.exit(1)
    entries = sum(number for number, _digest in chains.values())
    Console().print(f"{entries} entries in {len(chains)} chains: every link holds.")


@audit.command("heads")
@click.option("--database", help="Database URL; the installation's own by default.")
def heads_command(database: str | None) -> None:
    """Print the heads of all chains as JSON. Keep it elsewhere: `verify --heads` then finds a chain rewritten whole."""
    with the_database(database) as opened, opened.transaction(write=False) as session:
        chains = queries.heads(session)
    click.echo(json.dumps({str(chain): list(head) for chain, head in sorted(chains.items())}, indent=1))


WORDS = {
    services.MISSING: "an entry before this one is missing",
    services.UNLINKED: "does not continue the entry before it",
    services.CHANGED: "was changed after it was written",
    services.HEAD: "the chain's end was cut off or its head changed",
    services.REWRITTEN: "the head kept earlier is not in the chain any more",
}
