"""`jicai price index`: price indices of a flat table, without a database or a server."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import click

from kernel import flat
from kernel.errors import FileRefused
from kernel.flat import Column, ColumnKind
from kernel.sheets_read import read_plain_rows
from kernel.working import plain
from pricing.monitoring.rules import Priced, indices

BAD_INPUT = 2
COLUMNS = (
    Column("item"), Column("period"), Column("price", ColumnKind.NUMBER, above=True),
    Column("quantity", ColumnKind.NUMBER),
)  # fmt: skip


@click.command("index")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("--base", default="", metavar="PERIOD", help="The period that counts as 1; the first by default.")
@click.option("--chained/--fixed", default=False, help="Multiply links from period to period; by default a fixed base.")
def index_command(table: Path, base: str, chained: bool) -> None:
    """Compute the indices of each period in TABLE (item, period, price, quantity), with every step, as JSON."""
    try:
        rows = flat.read(read_plain_rows(table), COLUMNS, key=("item", "period"))
    except FileRefused as error:
        _stop([flat.told(issue, table.name) for issue in error.issues])
    baskets: dict[str, dict[str, Priced]] = defaultdict(dict)
    for row in rows:
        baskets[row["period"]][row["item"]] = Priced(row["price"], row["quantity"])
    if base and base not in baskets:
        _stop([f"--base {base}: the table has no such period; it has {', '.join(sorted(baskets))}"])
    found = indices(baskets, base=base, chained=chained)
    periods = [
        {
            "period": one.period, "laspeyres": _text(one.laspeyres), "paasche": _text(one.paasche),
            "fisher": _text(one.fisher), "coverage": _text(one.coverage), "base_coverage": _text(one.base_coverage),
            "matched": one.matched, "steps": [step.as_dict() for step in one.steps],
        }
        for one in found
    ]  # fmt: skip
    answer = {"base": base or found[0].period, "chained": chained, "periods": periods}
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _stop(lines: Sequence[str]) -> NoReturn:
    for line in lines:
        click.echo(f"jicai price index: {line}", err=True)
    raise click.exceptions.Exit(BAD_INPUT)
