"""`jicai award evaluate`: check an award from a flat table, without a database, settings or a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from kernel.errors import FileRefused, Issue, UnsetParameter
from kernel.sheets_read import read_plain_rows
from procurement.rounds.rules.award import evaluate
from procurement.rounds.rules.freezing import BadValue, typed_value
from procurement.rounds.rules.model import BidRow, Form
from procurement.rounds.rules.report import as_json
from procurement.rounds.rules.ruleset import BadRuleSet, NoSuchRuleSet, RuleSet, ids, load_rule_set
from procurement.rounds.rules.table import Table, read_table

BAD_INPUT, UNSET = 2, 3
REASONS = {
    "missing-column": "missing column",
    "column-twice": "the column stands twice in the header",
    "blank": "must not be blank",
    "not-a-number": "is not a readable number",
    "not-a-flag": "must be 0 or 1",
    "not-a-date": "must be a date such as 2020-01-31",
    "not-an-option": "must be one of {options}",
    "not-positive": "must be above 0",
    "repeated": "the same variety, company and specification as in line {first}",
    "other-group": "the company has another group in line {first}",
    "other-class": "the variety has another class in line {first}",
    "too-many-cells": "the line has more cells than the header",
    "no-bids": "the table has no bids",
    "empty": "the file is empty",
    "unknown-format": "the table must be .csv or .xlsx",
    "unreadable": "the file can't be read ({reason})",
    "unknown-encoding": "the text is neither UTF-8 nor GB18030",
    "not-text": "the text holds a NUL character",
    "bad-csv": "is not well-formed CSV ({reason})",
    "not-a-workbook": "is not a readable .xlsx workbook ({reason})",
    "too-large": "the workbook is too large",
}


@click.group()
def award() -> None:
    """Evaluate the bids of a round."""


@award.command("rules")
def rules() -> None:
    """List the built-in rule sets, with the parameters that are still unset."""
    for name in ids():
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
        _stop(UNSET, [f"rule set {rule_set.id}: the parameter {error.parameter} is unset{also}"])
    text = json.dumps(as_json(result), ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", "utf-8")
    except OSError as error:
        _stop(BAD_INPUT, [f"{out.name}: can't be written ({error.strerror})"])


def _stop(code: int, lines: Sequence[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    raise click.exceptions.Exit(code)


def _rule_set(name: str, fill_texts: Sequence[str]) -> RuleSet:
    try:
        return load_rule_set(name, fill=_filled(fill_texts))
    except NoSuchRuleSet:
        _stop(BAD_INPUT, [f"{name}: no such rule set or .toml file; built in: {', '.join(ids())}"])
    except BadRuleSet as error:
        _stop(BAD_INPUT, [f"{error.facts['file']}: {parameter}: {reason}" for parameter, reason in error.problems])


def _filled(texts: Sequence[str]) -> dict[str, Any]:
    """Read NAME=VALUE, the value as TOML writes it; plain words need no quotes."""
    values: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            _stop(BAD_INPUT, [f"--set {text}: must be NAME=VALUE"])
        try:
            values[name.strip()] = typed_value(name.strip(), value)
        except BadValue:
            _stop(BAD_INPUT, [f"--set {text}: has no value that can be read"])
    return values


def _table(path: Path, rule_set: RuleSet) -> Table:
    try:
        return read_table(read_plain_rows(path), rule_set)
    except FileRefused as error:
        _stop(BAD_INPUT, [_told(issue, path) for issue in error.issues])


def _told(issue: Issue, path: Path) -> str:
    """Say one mistake: line, column, value and reason."""
    place = [f"line {issue.row}"] if issue.row else [path.name]
    place += [f"column {issue.column}"] if issue.column else []
    reason = REASONS[issue.code].format_map(issue.facts)
    needed = f" (the rule set {issue.facts['by']} needs it)" if issue.facts.get("by") else ""
    return f"{', '.join(place)}: " + (f"{issue.value!r} " if issue.value else "") + reason + needed


def _warn(table: Table, rule_set: RuleSet) -> None:
    if table.ignored:
        click.echo(f"ignored columns: {', '.join(table.ignored)}", err=True)
    if table.rounded:
        lines = ", ".join(str(line) for line in table.rounded)
        click.echo(f"prices with a float's tail were rounded to 4 decimals first, lines {lines}", err=True)
    by_form = [name for name in rule_set.parameters if name in {f"low_price.{form.value}" for form in Form}]
    if by_form and not table.has_form:
        click.echo("no column form: every bid is taken as form other", err=True)


def _draws(texts: Sequence[str], path: Path | None, bids: Sequence[BidRow]) -> dict[str, list[str]]:
    """Read recorded draws, refusing names that the table does not have."""
    draws = {} if path is None else _draws_from(path)
    for text in texts:
        drawn, equals, names = text.rpartition("=")
        if not equals:
            _stop(BAD_INPUT, [f"--draw {text}: must be VARIETY=COMPANY>COMPANY"])
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
        _stop(BAD_INPUT, wrong)
    return draws


def _draws_from(path: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        _stop(BAD_INPUT, [f"{path.name}: not readable as JSON ({error})"])
    orders = found.values() if isinstance(found, dict) else [None]
    if not all(isinstance(order, list) and all(isinstance(name, str) for name in order) for order in orders):
        _stop(BAD_INPUT, [f'{path.name}: must be {{"variety": ["company", "company"]}}'])
    return dict(found)
