"""`jicai price label`: labels of listed prices in a flat table, without a database or a server."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from kernel.console import Console
from kernel.errors import FileRefused, Issue
from kernel.flat import Column, ColumnKind, Row
from kernel.working import plain
from pricing.governance.rules import PRICES, Labelled, MissingPrice, ProductKind, label, rules

CONSOLE = Console("jicai price label")
COLUMNS = (
    Column("product"), Column("kind", options=tuple(ProductKind)), Column("price", ColumnKind.NUMBER, above=True),
    *(Column(name, ColumnKind.NUMBER, needed=False, filled=False, above=True) for name in PRICES),
    Column("in_supply_region", ColumnKind.FLAG, needed=False, filled=False),
)  # fmt: skip


@click.command("label")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--rules", "name", required=True, metavar="ID-or-FILE", help="A built-in rule set or a .toml file.")
def label_command(table: Path, name: str) -> None:
    """Label the listed prices in TABLE (.csv or .xlsx) by a region's rules, with every step, as JSON."""
    CONSOLE.rules(rules, name)
    issues: list[Issue] = []
    found: list[dict[str, Any]] = []
    for row in CONSOLE.table(table, COLUMNS, key=("product",)):
        try:
            found.append(_plain(row, _labelled(row, name)))
        except MissingPrice as error:
            issues.append(Issue("blank", row=row.line, column=str(error.facts["column"])))
    with CONSOLE.file(table):
        if issues:
            raise FileRefused(issues)
    CONSOLE.answer(found)


def _labelled(row: Row, name: str) -> Labelled:
    return label(
        rules(name), kind=ProductKind(row["kind"]), price=row["price"], prices={one: row[one] for one in PRICES},
        in_supply_region=row["in_supply_region"],
    )  # fmt: skip


def _plain(row: Row, found: Labelled) -> dict[str, Any]:
    return {
        "product": row["product"], "kind": row["kind"], "label": found.label, "anchor": _text(found.anchor),
        "ratio": _text(found.ratio), "steps": [step.as_dict() for step in found.steps],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
