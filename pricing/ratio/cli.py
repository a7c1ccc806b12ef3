"""`jicai price`: the price-ratio rules on the command line, without database, settings or web."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from kernel.console import Console
from pricing.ratio.schemas import as_json, read

CONSOLE = Console("jicai price convert")
_REASONS = {
    "missing": "is missing",
    "unreadable-value": "{text!r} can't be read",
    "unknown-form": "no dosage form is called {form!r}",
    "unreadable-measure": "{text!r} is not a positive amount such as 100, 0.25g or 5万IU",
    "incomparable-strength": "{reference} and {target} can't be compared",
    "unknown-form-ratio": "the rules give no ratio from {reference} to {target}; --form-factor or --form-add state one",
    "one-sided": "is missing: --from-{aspect} and --to-{aspect} go together",
    "price-out-of-range": "{price} is not between 0 and 1000000000",
    "pack-out-of-range": "{pack!r} is not a pack count between 1 and 1000000",
    "ratio-out-of-range": "the ratio {ratio} is not between 0.000001 and 1000000",
    "container-not-large-volume": "containers count for large-volume injections only",
    "not-oral": "packs of this form go by number",
    "price-vanishes": "nothing is left of {price} yuan",
}


@click.group()
def price() -> None:
    """Prices from prices by the ratio rules (药品差比价规则)."""


def _sides(name: str, help_text: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def add(command: Callable[..., None]) -> Callable[..., None]:
        for side in ("to", "from"):
            command = click.option(f"--{side}-{name}", metavar="TEXT", help=f"{help_text} ({side})")(command)
        return command

    return add


@price.command("convert")
@click.option("--price", metavar="YUAN", help="Pack price of the reference specification.")
@_sides("content", "Content of one tablet or vial: 100, 0.25g, 5万IU")
@_sides("fill", "Fill of one unit, where content is not the basis: 10ml")
@_sides("pack", "Tablets or vials in a pack")
@_sides("form", "Dosage form, as a code or in Chinese: enteric-tablet, 肠溶片")
@_sides("container", "Container of a large-volume injection: glass-bottle, plastic-bottle, soft-bag")
@click.option("--from-sugar-free", is_flag=True, help="The reference is sugar-free.")
@click.option("--to-sugar-free", is_flag=True, help="The target is sugar-free.")
@click.option(
    "--oral/--other", default=None, help="How pack counts go; by default the form decides, without one: oral."
)
@click.option("--form-factor", metavar="NUMBER", help="A form ratio of your own, where the rules give none.")
@click.option("--form-add", metavar="YUAN", help="Yuan a unit that your own form ratio adds.")
def convert_command(**given: Any) -> None:
    """Convert a pack price from one specification to another, with every step, as JSON."""
    with CONSOLE.question(_REASONS):
        CONSOLE.answer(as_json(read(given).answer()))
