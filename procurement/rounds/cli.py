"""`jicai award evaluate`: check an award from a flat table, without a database, settings or a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from kernel import flat
from kernel.console import UNSET, Console
from kernel.errors import UnsetParameter
from kernel.sheets_read import read_plain_rows
from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.freezing import BadValue, typed_value
from procurement.rounds.rules.model import BidRow, Form
from procurement.rounds.rules.report import as_json
from procurement.rounds.rules.ruleset import RULE_SETS, BadRuleSet, RuleSet, load_rule_set
from procurement.rounds.rules.table import Table, read_table

CONSOLE = Console()
REASONS = flat.REASONS | {
    "not-a-date": "must be a date such as 2020-01-31",
    "not-positive": "must be above 0",
    "repeated": "the same variety, company and specification as in line {first}",
    "other-group": "the company has another group in line {first}",
    "other-class": "the variety has another class in line {first}",
    "no-bids": "the table has no bids",
    "not-in-table": "missing column (the rule set {by} needs it)",
}
"""What is said of each mistake in a table of bids, beside those of any flat table."""


@click.group()
def award() -> None:
    """Evaluate the bids of a round."""


@award.command("rules")
def rules() -> None:
    """List the built-in rule sets, with the parameters that are still unset."""
    for name in RULE_SETS.ids():
        rule_set = load_rule_set(name)
        unset = ", ".join(rule_set.unset())
        click.echo(f"{name}\t{rule_set.title}" + (f"\tunset: {unset}" if unset else ""))


@award.command("evaluate")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rules", "rules_name", required=True, metavar="ID-or-FILE", help="A built-in rule set or a .toml file.")
@click.option("--regions", type=click.IntRange(min=1), help="Number of regions to count the draft for.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON here instead.")
@click.option("--draw", "draw_texts", multiple=True, metavar="VARIETY=A>B", help="A recorded draw; repeatable.")
@click.option("--draws", "draws_file", type=click.Path(path_type=Path), help='JSON: {"variety": ["A", "B"]}.')
@click.option("--set", "fill_texts", multiple=True, metavar="NAME=VALUE", help="Fill in a parameter; repeatable.")
def evaluate_command(
    table: Path,
    rules_name: str,
    regions: int | None,
    out: Path | None,
    draw_texts: Sequence[str],
    draws_file: Path | None,
    fill_texts: Sequence[str],
) -> None:
    """Decide who wins in TABLE (.csv or .xlsx) and say why, as JSON."""
    rule_set = _rule_set(rules_name, fill_texts)
    read = _table(table, rule_set)
    _warn(read, rule_set)
    draws = _draws(draw_texts, draws_file, read.bids)
    try:
        result = evaluate(read.bids, rule_set, draws=draws, regions=regions)
    except UnsetParameter as error:
        others = [name for name in rule_set.unset() if name != error.parameter]
        also = f"; also unset: {', '.join(others)}" if others else ""
        CONSOLE.stop(f"rule set {rule_set.id}: the parameter {error.parameter} is unset{also}", code=UNSET)
    CONSOLE.answer(as_json(result), out=out, indent=2)


def _rule_set(name: str, fill_texts: Sequence[str]) -> RuleSet:
    fill = _filled(fill_texts)
    try:
        return CONSOLE.rules(lambda name: load_rule_set(name, fill=fill), name)
    except BadRuleSet as error:
        CONSOLE.stop(*(f"{error.facts['file']}: {parameter}: {reason}" for parameter, reason in error.problems))


def _filled(texts: Sequence[str]) -> dict[str, Any]:
    """Read NAME=VALUE, the value as TOML writes it; plain words need no quotes."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            CONSOLE.stop(f"--set {text}: must be NAME=VALUE")
        try:
            values[name.strip()] = typed_value(name.strip(), value)
        except BadValue:
            CONSOLE.stop(f"--set {text}: has no value that can be read")
    return values


def _table(path: Path, rule_set: RuleSet) -> Table:
    with CONSOLE.file(path, REASONS):
        return read_table(read_plain_rows(path), rule_set)


def _warn(table: Table, rule_set: RuleSet) -> None:
    if table.ignored:
        CONSOLE.warn(f"ignored columns: {', '.join(table.ignored)}")
    if table.rounded:
        lines = ", ".join(str(line) for line in table.rounded)
        CONSOLE.warn(f"prices with a float's tail were rounded to 4 decimals first, lines {lines}")
    by_form = [name for name in rule_set.parameters if name in {f"low_price.{form.value}" for form in Form}]
    if by_form and not table.has_form:
        CONSOLE.warn("no column form: every bid is taken as form other")


def _draws(texts: Sequence[str], path: Path | None, bids: Sequence[BidRow]) -> dict[str, list[str]]:
    """Read recorded draws, refusing names that the table does not have."""
    draws = {} if path is None else _draws_from(path)
    for text in texts:
        drawn, equals, names = text.rpartition("=")
        if not equals:
            CONSOLE.stop(f"--draw {text}: must be VARIETY=COMPANY>COMPANY")
        draws[drawn.strip()] = [name.strip() for name in names.split(">")]
    wrong = []
    for variety, order in draws.items():
        known = {bid.company for bid in bids if bid.variety == variety}
        if not known:
            wrong.append(f"draw: the table has no variety {variety!r}")
            continue
        wrong += [f"draw {variety}: no bid of company {name!r}" for name in order if name not in known]
        wrong += [f"draw {variety}: company {name!r} stands twice" for name in set(order) if order.count(name) > 1]
    if wrong:
        CONSOLE.stop(*wrong)
    return draws


def _draws_from(path: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        CONSOLE.stop(f"{path.name}: not readable as JSON ({error})")
    orders = found.values() if isinstance(found, dict) else [None]
    if not all(isinstance(order, list) and all(isinstance(name, str) for name in order) for order in orders):
        CONSOLE.stop(f'{path.name}: must be {{"variety": ["company", "company"]}}')
    return dict(found)
