"""`jicai ledger check`: does the volume ledger agree with itself, with agreements and with orders?"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import TextIO

import click

from kernel import clock
from kernel.command import the_database
from procurement.orders.reconciliation.queries import Reconciled, reconcile


@click.group()
def ledger() -> None:
    """The volume ledger (量台账)."""


@ledger.command("check")
@click.option("--date", "evening", type=click.DateTime(["%Y-%m-%d"]), help="The evening of this day; today by default.")
@click.option("--database", help="Database URL; the installation's own by default.")
@click.option("--out", type=click.File("w", encoding="utf-8"), default="-", help="Write the JSON here instead.")
def check(evening: datetime | None, database: str | None, out: TextIO) -> None:
    """Hold accounts, entries, agreements and orders against each other, as JSON. Exit 1: something differs."""
    day = evening.date() if evening else clock.today(clock.now())
    with the_database(database) as opened, opened.transaction(write=False) as session:
        found = reconcile(session, day=day)
    out.write(json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n")
    if not found.agrees:
        sys.exit(1)


def as_json(found: Reconciled) -> dict[str, object]:
    """Return a reconciliation as plain data; quantities are units, decimals as text."""
    return {
        "day": found.day.isoformat(), "agrees": found.agrees, "entries": found.entries, "accounts": found.accounts,
        "balances": {book.value: {stage.value: f"{held:f}" for stage, held in by_stage.items()}
                     for book, by_stage in found.balances.items()},
        "differences": [
            {"check": one.check, "subject": one.subject,
             "figures": {name: {"stands": f"{own:f}", "entries": f"{other:f}"}
                         for name, (own, other) in one.figures.items()}}
            for one in found.differences
        ],
    }  # fmt: skip
