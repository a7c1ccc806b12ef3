"""`jicai triggers evaluate`: a region's yearly trigger evaluation from a flat table, without a database or a server."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import click

from kernel.console import UNSET, Console
from kernel.errors import UnsetParameter
from kernel.flat import Column, ColumnKind
from kernel.money import NotANumber, parse_decimal
from pricing.triggers.rules import RULE_SETS, TriggerRules, evaluate, evaluation_as_plain, rules

CONSOLE = Console("jicai triggers evaluate")


@click.group()
def triggers() -> None:
    """Yearly evaluation of medical-service prices (医疗服务价格动态调整触发评估)."""


@triggers.command("rules")
def list_rules() -> None:
    """List the built-in rule sets with their inputs and the thresholds that are still unset."""
    for name in RULE_SETS.ids():
        own = rules(name)
        unset = f"\tunset: {', '.join(own.unset())}" if own.unset() else ""
        click.echo(f"{name}\tinputs: {', '.join(own.inputs())}{unset}")


@triggers.command("evaluate")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rules", "name", required=True, metavar="ID-or-FILE", help="A built-in rule set or a .toml file.")
@click.option("--set", "fill", multiple=True, metavar="INDICATOR=NUMBER", help="Fill in a threshold; repeatable.")
@click.option("--special", is_flag=True, help="A special (reform-linked) adjustment, which skips the triggers.")
def evaluate_command(table: Path, name: str, fill: Sequence[str], *, special: bool) -> None:
    """Decide from TABLE (input, value; a blank value is missing) whether prices are adjusted, as JSON with steps."""
    own = _rules(name, fill)
    columns = (
        Column("input", options=own.inputs()),
        Column("value", ColumnKind.NUMBER, filled=False, low=None),
        Column("source", needed=False, filled=False),
    )
    rows = CONSOLE.table(table, columns, key=("input",))
    try:
        found = evaluate(own, {row["input"]: row["value"] for row in rows}, special=special)
    except UnsetParameter as error:
        also = f"; unset: {', '.join(own.unset())}"
        told = f"rule set {own.id}: the threshold of {error.parameter} is unset; give it with --set{also}"
        CONSOLE.stop(told, code=UNSET)
    sources = {row["input"]: row["source"] for row in rows if row["source"]}
    CONSOLE.answer(evaluation_as_plain(own, found, sources))


def _rules(name: str, fill: Sequence[str]) -> TriggerRules:
    own = CONSOLE.rules(rules, name)
    codes = {one.code for one in own.indicators}
    thresholds: dict[str, Decimal] = {}
    wrong = []
    for text in fill:
        code, _equals, value = text.partition("=")
        try:
            thresholds[code] = parse_decimal(value)
        except NotANumber:
            wrong.append(f"--set {text}: must be INDICATOR=NUMBER")
        if code not in codes:
            wrong.append(f"--set {text}: no such indicator; there are {', '.join(sorted(codes))}")
    if wrong:
        CONSOLE.stop(*wrong)
    return own.filled(thresholds)
