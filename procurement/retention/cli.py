"""`jicai retention compute`: recompute retained balances from a flat table, without a database or a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from kernel import flat
from kernel.errors import FileRefused, UnsetParameter
from kernel.flat import Column, Row
from kernel.flat import ColumnKind as Kind
from kernel.policy import BadPolicy, Parameters
from kernel.sheets_read import read_plain_rows
from kernel.working import plain
from procurement.retention import rules as retention_rules
from procurement.retention.rules import Line, NoSuchRules, Retained, retained, totals

BAD_INPUT, UNSET = 2, 3
_ONE = Decimal(1)
COLUMNS = (
    Column("hospital"), Column("variety"),
    Column("q0", Kind.NUMBER), Column("p0", Kind.NUMBER), Column("qc", Kind.NUMBER), Column("pw", Kind.NUMBER),
    Column("n", Kind.NUMBER), Column("r", Kind.NUMBER, high=_ONE), Column("s", Kind.NUMBER, high=_ONE),
    Column("score", Kind.NUMBER, high=Decimal(100)), Column("completed", Kind.FLAG), Column("exempt", Kind.FLAG),
    Column("n_passed", Kind.NUMBER, needed=False, filled=False),
    Column("n_drg", Kind.NUMBER, needed=False, filled=False),
    Column("r_last", Kind.NUMBER, needed=False, filled=False, high=_ONE),
    Column("s_last", Kind.NUMBER, needed=False, filled=False, high=_ONE),
)  # fmt: skip


@click.group()
def retention() -> None:
    """Retained balance of hospitals (医保资金结余留用)."""


@retention.command("rules")
def list_rules() -> None:
    """List the built-in rule sets, with the parameters that are still unset."""
    for name in retention_rules.ids():
        unset = ", ".join(retention_rules.rules(name).unset())
        click.echo(name + (f"\tunset: {unset}" if unset else ""))


@retention.command("compute")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rules", "name", required=True, metavar="ID-or-FILE", help="A built-in rule set or a .toml file.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON here instead.")
def compute(table: Path, name: str, out: Path | None) -> None:
    """Compute what each hospital retains of each variety in TABLE (.csv or .xlsx), with every step, as JSON."""
    parameters = _rules(name)
    try:
        rows = flat.read(read_plain_rows(table), COLUMNS, key=("hospital", "variety"))
    except FileRefused as error:
        _stop(BAD_INPUT, [flat.told(issue, table.name) for issue in error.issues])
    try:
        found = [retained(_line(row), parameters) for row in rows]
    except UnsetParameter as error:
        _stop(UNSET, [f"rule set {name}: the parameter {error.parameter} is unset"])
    text = json.dumps(as_json(found), ensure_ascii=False, indent=2)
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text + "\n", "utf-8")
    except OSError as error:
        _stop(BAD_INPUT, [f"{out.name}: can't be written ({error.strerror})"])


def _rules(name: str) -> Parameters:
    try:
        return retention_rules.rules(name)
    except NoSuchRules:
        known = ", ".join(retention_rules.ids())
        _stop(BAD_INPUT, [f"{name}: no such rule set or .toml file; built in: {known}"])
    except BadPolicy as error:
        _stop(BAD_INPUT, [f"{error.facts['file']}: {error.facts.get('parameter', '')}: {error.facts['reason']}"])
    except UnsetParameter as error:
        _stop(UNSET, [f"rule set {name}: the parameter {error.parameter} is unset"])


def _stop(code: int, lines: Sequence[str]) -> NoReturn:
    for line in lines:
        click.echo(f"jicai retention compute: {line}", err=True)
    raise click.exceptions.Exit(code)


def _line(row: Row) -> Line:
    filled = {name: value for name, value in row.values.items() if value is not None}
    return Line(**filled)


def as_json(found: Sequence[Retained]) -> dict[str, Any]:
    """Return lines and totals as plain data; amounts with two decimals, as text."""
    lines = [
        {
            "hospital": one.line.hospital, "variety": one.line.variety, "budget": _yuan(one.budget),
            "spend": _yuan(one.spend), "base": _yuan(one.base), "k": plain(one.k), "retained": _yuan(one.retained),
            "steps": [step.as_dict() for step in one.steps],
        }
        for one in found
    ]  # fmt: skip
    sums = totals(found)
    hospitals = {name: _yuan(amount) for name, amount in sums.pop("hospitals").items()}
    return {"lines": lines, "totals": {**{name: _yuan(sum_) for name, sum_ in sums.items()}, "hospitals": hospitals}}


def _yuan(amount: Decimal) -> str:
    return f"{amount:.2f}"
