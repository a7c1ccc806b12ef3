"""`jicai price index`: price indices of a flat table, without a database or a server."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import click

from kernel.console import Console
from kernel.flat import Column, ColumnKind
from kernel.working import plain
from pricing.monitoring.rules import Priced, indices

CONSOLE = Console("jicai price index")
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
    baskets: dict[str, dict[str, Priced]] = defaultdict(dict)
    for row in CONSOLE.table(table, COLUMNS, key=("item", "period")):
        baskets[row["period"]][row["item"]] = Priced(row["price"], row["quantity"])
    if base and base not in baskets:
        CONSOLE.stop(f"--base {base}: the table has no such period; it has {', '.join(sorted(baskets))}")
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
    CONSOLE.answer(answer)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)
