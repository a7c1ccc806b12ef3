"""`jicai price standard`: payment standards on the command line, without database, settings or web."""

from __future__ import annotations

import json
from typing import Any

import click

from kernel.errors import DomainError, UnsetParameter
from kernel.working import plain
from pricing.standards.rules import standard
from pricing.standards.schemas import UnreadableCase, as_json, read

BAD_INPUT, UNSET = 2, 3
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
    try:
        result = standard(read(given))
    except UnreadableCase as error:
        for name, refusal in error.fields:
            _say(f"--{name}: {_reason(refusal)}")
        raise click.exceptions.Exit(BAD_INPUT) from error
    except UnsetParameter as error:
        _say(f"the parameter {error.parameter} is unset")
        raise click.exceptions.Exit(UNSET) from error
    except DomainError as error:
        _say(_reason(error))
        raise click.exceptions.Exit(BAD_INPUT) from error
    click.echo(json.dumps(as_json(result), ensure_ascii=False, indent=1))


def _say(text: str) -> None:
    click.echo(f"jicai price standard: {text}", err=True)


def _reason(refusal: DomainError) -> str:
    facts = {name: plain(value) for name, value in refusal.facts.items()}
    if "fields" in facts:
        facts["fields"] = " and ".join(f"--{name}" for name in facts["fields"])
    return _REASONS.get(refusal.code, refusal.code).format(**facts)
