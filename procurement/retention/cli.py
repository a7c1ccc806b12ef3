"""`jicai retention compute`: recompute retained balances from a flat table, without a database or a server."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from kernel.console import UNSET, Console
from kernel.errors import UnsetParameter
from kernel.flat import Column, Row
from kernel.flat import ColumnKind as Kind
from kernel.working import plain
from procurement.retention.rules import RULE_SETS, Line, Retained, retained, rules, totals

CONSOLE = Console("jicai retention compute")
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
    Column("won", Kind.NUMBER, needed=False, filled=False),
    Column("early", Kind.NUMBER, needed=False, filled=False, high=_ONE),
)  # fmt: skip


@click.group()
def retention() -> None:
    """Retained balance of hospitals (医保资金结余留用)."""


@retention.command("rules")
def list_rules() -> None:
    """List the built-in rule sets, with the parameters that are still unset."""
    for name in RULE_SETS.ids():
        unset = ", ".join(rules(name).unset())
        click.echo(name + (f"\tunset: {unset}" if unset else ""))


@retention.command("compute")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rules", "name", required=True, metavar="ID-or-FILE", help="A built-in rule set or a .toml file.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the JSON here instead.")
def compute(table: Path, name: str, out: Path | None) -> None:
    """Compute what each hospital retains of each variety in TABLE (.csv or .xlsx), with every step, as JSON."""
    parameters = CONSOLE.rules(rules, name)
    rows = CONSOLE.table(table, COLUMNS, key=("hospital", "variety"))
    try:
        found = [retained(_line(row), parameters) for row in rows]
    except UnsetParameter as error:
        CONSOLE.stop(f"rule set {name}: the parameter {error.parameter} is unset", code=UNSET)
    CONSOLE.answer(as_json(found), out=out, indent=2)


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
