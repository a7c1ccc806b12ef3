"""`jicai price`: the price-ratio rules on the command line, without database, settings or web."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import click

from catalogue.drugs.rules.forms import Form, packs_as_oral, read_form
from catalogue.drugs.rules.ratios import read_measure
from kernel.errors import DomainError, UnsetParameter
from kernel.money import NotANumber, parse_decimal
from kernel.working import Working, plain
from pricing.ratio.rules import Container, FormRatio, Presentation, check_price, convert

T = TypeVar("T")
BAD_INPUT, UNSET = 2, 3
_REASONS = {
    "unknown-form": "no dosage form is called {form!r}",
    "unreadable-measure": "{text!r} is not a positive amount such as 100, 0.25g or 5万IU",
    "incomparable-strength": "{reference} and {target} can't be compared",
    "unknown-form-ratio": "the rules give no ratio from {reference} to {target}; --form-factor or --form-add state one",
    "one-sided": "--from-{aspect} and --to-{aspect} must be given together",
    "price-out-of-range": "{price} is not between 0 and 1000000000",
    "pack-out-of-range": "{pack} is not a pack count between 1 and 1000000",
    "ratio-out-of-range": "the ratio {ratio} is not between 0.000001 and 1000000",
    "container-not-large-volume": "containers count for large-volume injections only",
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
    reading = _Reading(given)
    start = reading.read("--price", _price, given["price"], required=True)
    sides = [reading.side("from"), reading.side("to")]
    own = reading.own_form_ratio()
    reading.check_pack_rule([side.form for side in sides])
    reading.check_pairs()
    if start is not None and not reading.errors:
        _answer(reading, start, sides, own)
    for error in reading.errors:
        click.echo(f"jicai price convert: {error}", err=True)
    if reading.errors:
        raise click.exceptions.Exit(BAD_INPUT)


def _answer(reading: _Reading, start: Decimal, sides: list[Presentation], own: FormRatio | None) -> None:
    reference, target = sides
    try:
        result = convert(start, reference=reference, target=target, oral=reading.given["oral"], form_ratio=own)
    except UnsetParameter as error:
        click.echo(f"jicai price convert: the parameter {error.parameter} is unset", err=True)
        raise click.exceptions.Exit(UNSET) from error
    except DomainError as error:
        reading.errors.append(_reason(error))
        return
    click.echo(json.dumps(as_json(result), ensure_ascii=False, indent=1))


def as_json(result: Working[Decimal]) -> dict[str, Any]:
    """Return the answer as plain data, as the calculator's API gives it too."""
    return {"price": plain(result.value), "steps": [step.as_dict() for step in result.steps]}


def _reason(error: DomainError) -> str:
    text = _REASONS.get(error.code, error.code)
    return text.format(**{name: plain(value) for name, value in error.facts.items()})


class _Reading:
    """The options as given, read one by one, with every mistake kept."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.errors: list[str] = []

    def read(self, option: str, reader: Callable[[str], T], text: str | None, *, required: bool = False) -> T | None:
        """Read one option, or keep why it can't be read."""
        if text is None:
            if required:
                self.errors.append(f"{option} is missing")
            return None
        try:
            return reader(text)
        except DomainError as error:
            self.errors.append(f"{option}: {_reason(error)}")
        except (NotANumber, ValueError):
            self.errors.append(f"{option}: {text!r} can't be read")
        return None

    def side(self, side: str) -> Presentation:
        """Read all options of one side."""

        def read(name: str, reader: Callable[[str], T]) -> T | None:
            return self.read(f"--{side}-{name}", reader, self.given[f"{side}_{name}"])

        return Presentation(
            content=read("content", read_measure),
            fill=read("fill", read_measure),
            pack=read("pack", _count),
            form=read("form", read_form),
            container=read("container", Container),
            sugar_free=self.given[f"{side}_sugar_free"],
        )

    def own_form_ratio(self) -> FormRatio | None:
        """Read the form ratio that stands in for the rules."""
        factor = self.read("--form-factor", _positive, self.given["form_factor"])
        addition = self.read("--form-add", parse_decimal, self.given["form_add"])
        if factor is None and addition is None:
            return None
        return FormRatio(
            factor=factor or Decimal(1), addition=addition or Decimal(0), source="--form-factor, --form-add"
        )

    def check_pack_rule(self, forms: list[Form | None]) -> None:
        """Refuse --oral with a form whose packs are linear."""
        if self.given["oral"] and any(form is not None and not packs_as_oral(form) for form in forms):
            self.errors.append("--oral: packs of this form go by number")

    def check_pairs(self) -> None:
        """Refuse what only one side names."""
        for name in ("content", "fill", "pack", "form", "container"):
            if (self.given[f"from_{name}"] is None) != (self.given[f"to_{name}"] is None):
                self.errors.append(_REASONS["one-sided"].format(aspect=name))


def _price(text: str) -> Decimal:
    return check_price(parse_decimal(text))


def _positive(text: str) -> Decimal:
    number = parse_decimal(text)
    if number <= 0:
        raise NotANumber(text)
    return number


def _count(text: str) -> int:
    number = parse_decimal(text)
    if number != number.to_integral() or not 0 < number <= 1_000_000:
        raise NotANumber(text)
    return int(number)
