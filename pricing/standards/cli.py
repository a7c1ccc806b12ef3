"""`jicai price standard`: payment standards on the command line, without database, settings or web."""

from __future__ import annotations

from typing import Any

import click

from kernel.console import Console
from pricing.standards.rules import standard
from pricing.standards.schemas import as_json, read

CONSOLE = Console("jicai price standard")
_REASONS = {
    "standard-field-missing": "is missing",
    "standard-unreadable": "{text!r} can't be read",
    "standard-bad-price": "{price} is not a price above 0 and below 1000000000 yuan with at most 4 decimals",
    "standard-bad-year": "{year} is not a year of the schedule, 1 to {years}",
    "standard-missing": "{fields} missing: the price {price} is above twice the winning price ({limit})",
}


@click.command("standard")
@click.option("--winning", metavar="YUAN", help="Winning price.")
@click.option("--price", metavar="YUAN", help="Price of the product.")
@click.option("--start", metavar="YUAN", help="Price when the agreement starts; where the price is above 2 × winning.")
@click.option("--year", metavar="N", help="Year of the schedule, 1 to 3; where the start price is above 2 × winning.")
@click.option(
    "--passed/--not-passed", default=True, help="Consistency evaluation passed (or reference); by default so."
)
def standard_command(**given: Any) -> None:
    """Derive the payment standard against the winning price, with every step, as JSON."""
    with CONSOLE.question(_REASONS):
        CONSOLE.answer(as_json(standard(read(given))))
