"""`jicai price label`: labels of listed prices in a flat table, without a database or a server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click

from kernel import flat
from kernel.errors import FileRefused, Issue
from kernel.flat import Column, ColumnKind, Row
from kernel.policy import BadPolicy
from kernel.sheets_read import read_plain_rows
from kernel.working import plain
from pricing.governance import rules as label_rules
from pricing.governance.rules import PRICES, Labelled, MissingPrice, NoSuchRules, ProductKind, label

BAD_INPUT = 2
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
    try:
        label_rules.rules(name)
    except NoSuchRules:
        _stop([f"{name}: no such rule set or .toml file; built in: {', '.join(label_rules.ids())}"])
    except BadPolicy as error:
        _stop([f"{error.facts['file']}: {error.facts.get('parameter', '')}: {error.facts['reason']}"])
    issues: list[Issue] = []
    found: list[dict[str, Any]] = []
    try:
        for row in flat.read(read_plain_rows(table), COLUMNS, key=("product",)):
            try:
                found.append(_plain(row, _labelled(row, name)))
            except MissingPrice as error:
                issues.append(Issue("blank", row=row.line, column=str(error.facts["column"])))
        if issues:
            raise FileRefused(issues)
    except FileRefused as error:
        _stop([flat.told(issue, table.name) for issue in error.issues])
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _labelled(row: Row, name: str) -> Labelled:
    return label(
        name, kind=ProductKind(row["kind"]), price=row["price"], prices={one: row[one] for one in PRICES},
        in_supply_region=row["in_supply_region"],
    )  # fmt: skip


def _plain(row: Row, found: Labelled) -> dict[str, Any]:
    return {
        "product": row["product"], "kind": row["kind"], "label": found.label, "anchor": _text(found.anchor),
        "ratio": _text(found.ratio), "steps": [step.as_dict() for step in found.steps],
    }  # fmt: skip


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _stop(lines: Sequence[str]) -> NoReturn:
    for line in lines:
        click.echo(f"jicai price label: {line}", err=True)
    raise click.exceptions.Exit(BAD_INPUT)
