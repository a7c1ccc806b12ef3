"""Indices over a year of purchases: the first fill, a minute's facts, a year by class; beside one bare aggregation."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from kernel import clock
from kernel.clock import today
from kernel.db import Database
from kernel.periods import month_of
from pricing.monitoring import services
from pricing.monitoring.flow import Split, Step
from pricing.monitoring.queries import sums
from pricing.monitoring.queries.asked import Asked
from pricing.monitoring.services import Fact
from procurement.orders.monitored import queries
from tests.bench import balances, history
from tests.bench.balances import Size
from tests.bench.stores import KINDS, Fresh, opened

WRITTEN = ((history.SHIPMENTS, history.ONCE), (history.BATCHES, history.ONCE))
BARE = """
select l.product_id, sum(l.received), sum(l.amount) from order_line l join purchase_order o on o.id = l.order_id
where l.received > 0 group by l.product_id
"""
"""The bare aggregation: what was bought of each product, from every order line."""
MINUTE = 2_000


def timed(act: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Return the seconds of the quickest run, and its processor's seconds of this process."""
    found = []
    for _ in range(times):
        start, used = time.perf_counter(), time.process_time()
        act()
        found.append((time.perf_counter() - start, time.process_time() - used))
    return min(found)


def measure(database: Database, table: Table, name: str, size: Size) -> None:
    """Time the bare aggregation, the fill of all sums, one turn of the job, and a year against the year before."""
    at = clock.now()
    balances.write(database, at, size)
    balances.in_parts(database, at, size, WRITTEN)
    day, lines = today(at), size.orders * balances.LINES
    last = month_of(day, -1)
    asked = Asked(month_of(last, -11), last, Step.QUARTER)

    def read(act: Callable[[Any], object]) -> Callable[[], object]:
        def run() -> object:
            with database.transaction(write=False) as session:
                return act(session)

        return run

    floor = timed(read(lambda session: session.connection().exec_driver_sql(BARE).fetchall()), 3)
    _line(table, f"all sums filled, {lines:,} order lines, {name}", timed(lambda: _fill(database, at)), floor)
    _line(table, f"{MINUTE:,} facts added, {name}", timed(lambda: _minute(database, at, size)), floor)
    _line(table, f"index of a year by quarter, {name}", timed(read(lambda one: _index(one, asked)), 3), floor)
    by_class = timed(read(lambda session: sums.rows(session, asked, Split.CLASS)), 3)
    _line(table, f"the same by class, {name}", by_class, floor)
    by_region = timed(read(lambda session: sums.rows(session, asked, Split.REGION)), 3)
    _line(table, f"the same by region, {name}", by_region, floor)


def _index(session: Any, asked: Asked) -> object:
    return sums.series(sums.amounts(session, asked)[""], asked)


def _fill(database: Database, at: datetime) -> None:
    with database.transaction() as session:
        months = [month_of(today(at), -back) for back in range(14)]
        services.refill(session, queries.arrived(session), months=months, day=today(at), at=at)


def _minute(database: Database, at: datetime, size: Size) -> None:
    with database.transaction() as session:
        facts = [
            Fact(month_of(today(at)), place % size.products + 1, f"32{place % 13 + 1:02}00", "三级", "agreement",
                 Decimal(100), Decimal("12.34"))
            for place in range(MINUTE)
        ]  # fmt: skip
        services.push(session, facts, at=at)
        services.sum_up(session, day=today(at))


def _line(table: Table, what: str, took: tuple[float, float], floor: tuple[float, float]) -> None:
    table.add_row(what, f"{took[0]:.2f}", f"{took[1]:.2f}", f"{floor[0]:.2f}", f"{took[0] / floor[0]:.2f}")


def run(fresh: Fresh, orders: int = Size().orders) -> None:
    """Measure both databases."""
    table = Table("what", "s", "processor s", "bare aggregation s", "× bare (index: 2 wanted)", title="monitoring")
    for name in KINDS:
        with opened(fresh(name)) as database:
            measure(database, table, name, Size(orders=orders))
    Console(width=160).print(table)
