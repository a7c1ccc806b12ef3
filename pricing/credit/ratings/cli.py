"""`jicai credit grade`: the level proposed for one finding, without a database or a server."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click

from kernel.console import Console
from kernel.money import NotANumber, parse_decimal, places
from pricing.credit.flow import Matter
from pricing.credit.ratings.rules import RULE_SETS, Finding, NotCovered, grade

CONSOLE = Console("jicai credit grade")


@click.group()
def credit() -> None:
    """Credit evaluation of companies (信用评价)."""


@credit.command("grade")
@click.option("--version", type=click.Choice(RULE_SETS.ids()), required=True, help="Which benchmark.")
@click.option("--matter", type=click.Choice([one.value for one in Matter]), required=True, help="What was found.")
@click.option("--amount", metavar="YUAN", help="Cumulative amount in the case.")
@click.option("--single", metavar="YUAN", help="The largest single amount.")
@click.option("--staff", is_flag=True, help="Insurance or procurement staff were bribed.")
@click.option("--shortage", is_flag=True, help="A shortage drug's price stayed raised after inquiry or interview.")
@click.option("--national-round", is_flag=True, help="Collusion in a national round.")
def grade_command(
    version: str,
    matter: str,
    amount: str | None,
    single: str | None,
    *,
    staff: bool,
    national_round: bool,
    shortage: bool,
) -> None:
    """Propose a level with its measures and corrections, and say why, as JSON."""
    sums = {name: _yuan(name, text) for name, text in (("amount", amount), ("single", single))}
    if sums["single"] is not None and sums["amount"] is not None and sums["single"] > sums["amount"]:
        CONSOLE.stop("--single: is more than --amount, of which it is a part")
    finding = Finding(Matter(matter), sums["amount"], sums["single"], staff, national_round, shortage)
    try:
        found = grade(version, finding)
    except NotCovered as error:
        if error.facts["field"] == "matter":
            CONSOLE.stop(f"--matter: version {version} has no matter {matter}")
        CONSOLE.stop("--amount: is missing")
    answer: dict[str, Any] = {
        "version": version, "level": found.level, "measures": _listed(found.measures),
        "corrections": _listed(found.corrections), "steps": [step.as_dict() for step in found.steps],
    }  # fmt: skip
    if found.level is None:
        answer["reason"] = found.steps[-1].source
        answer["options"] = list(found.options)
    CONSOLE.answer(answer)


def _listed(values: tuple[str, ...] | tuple[int, ...] | None) -> list[str | int] | None:
    return None if values is None else list(values)


def _yuan(name: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        amount = parse_decimal(text)
    except NotANumber:
        CONSOLE.stop(f"--{name}: {text!r} can't be read")
    if amount < 0 or places(amount) > 2 or amount.adjusted() >= 15:
        CONSOLE.stop(f"--{name}: {text!r} is no amount of at least 0 yuan with at most 2 decimals")
    return amount
