"""Buying online with 5 000 000 order lines present: placing, opening, boards, orders a second, and what history costs.

Every line is measured over HTTP at a tenth of the history first and then at all of it: the last column is what ten
times the history costs a request. What is asked of a year grows with the months of it that there are.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

import wsgi
from kernel import clock, money
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.config import Settings
from kernel.db import Database
from kernel.memory import settle
from kernel.periods import month_of
from procurement.agreements.boards import services as boards
from procurement.orders.flow import OrderKind, OrderState
from procurement.orders.models.orders import Order
from procurement.orders.services import plans
from procurement.orders.services.plans import Wanted
from tests.bench import history, market
from tests.bench.province import PASSWORD
from tests.bench.stores import KINDS, Fresh, opened

ORDERS = 250_000
TIMES, WORKERS, SMALL = 25, 2, 40
HEADS = ("what", "ms", "p95 ms", "wanted p95", "of wanted", "× for tenfold history", "processor ms")
PAGES = {
    "figures of the year, agency": ("bench", "/procurement/figures?period={year}"),
    "figures of a region by producer, agency": ("bench", "/procurement/figures?period={year}&region=320500&by=company"),
    "figures of last month of a region by producer, agency": (
        "bench",
        "/procurement/figures?period={month}&region=320500&by=company",
    ),
    "figures by hospital, worst first, agency": ("bench", "/procurement/figures?period={year}&sort=timeliness"),
    "figures of the year, hospital": ("pharmacist", "/procurement/figures?period={year}"),
    "figures of the year, company": ("company", "/procurement/figures?period={year}"),
    "targets of the year, agency": ("bench", "/procurement/figures/targets?year={year}"),
    "orders, agency": ("bench", "/procurement/orders"),
    "orders, hospital": ("pharmacist", "/procurement/orders"),
    "orders, company": ("company", "/procurement/orders"),
    "home, hospital": ("pharmacist", "/"),
    "progress by variety, agency": ("bench", "/procurement/progress?year={year}"),
    "progress by hospital, agency": ("bench", "/procurement/progress?year={year}&by=hospital"),
    "progress by variety, hospital": ("pharmacist", "/procurement/progress?year={year}"),
    "progress by hospital, company": ("company", "/procurement/progress?year={year}&by=hospital"),
    "agreements, agency": ("bench", "/procurement/agreements"),
    "agreements, hospital": ("pharmacist", "/procurement/agreements"),
    "agreement with its ledger, hospital": ("pharmacist", "/procurement/agreements/{agreement}"),
    "supply board, agency": ("bench", "/procurement/supply"),
    "shortages, agency": ("bench", "/procurement/shortages"),
    "invoices, agency": ("bench", "/procurement/settlement/invoices"),
    "invoices, hospital finance": ("finance", "/procurement/settlement/invoices"),
    "invoices, company": ("company", "/procurement/settlement/invoices"),
    "what is to be paid, hospital finance": ("finance", "/procurement/settlement/due"),
    "what is to be invoiced, company": ("company", "/procurement/settlement/to-invoice"),
    "payments, agency": ("bench", "/procurement/settlement/payments"),
    "home, agency": ("bench", "/"),
    "home, hospital finance": ("finance", "/"),
    "home, company": ("company", "/"),
}


class Span(NamedTuple):
    """Milliseconds on the clock, and of this process's processor: they say more where the machine has other work.

    PostgreSQL's own are not among the latter.
    """

    wall: float
    own: float


def run(fresh: Fresh, orders: int = ORDERS) -> None:
    """Print what buying takes on both databases."""
    for name in KINDS:
        title = f"buying online, {orders * market.LINES:,} order lines, {name}"
        table = Table(*HEADS, title=title)
        url = fresh(name)
        with opened(url) as database, tempfile.TemporaryDirectory() as folder:
            _rows(table, database, folder, orders)
        table.add_row(f"orders of {market.LINES} lines placed a second on {WORKERS} cores", f"{rate(url):.1f} /s")
        Console(width=160).print(table)


def _rows(table: Table, database: Database, folder: str, orders: int) -> None:
    at = clock.now()
    with database.transaction() as session:
        market.build(session, at)
    _write(database, at, 1, orders // 10, orders)
    browsers = _signed_in(database, folder)
    before = measured(database, browsers, at)
    _write(database, at, orders // 10 + 1, orders, orders)
    for what, (spans, wanted) in measured(database, browsers, at).items():
        times, used = [one.wall for one in spans], median(one.own for one in spans)
        worst, more = p95(times), median(times) / median(one.wall for one in before[what][0])
        shown = (
            f"{median(times):.0f}",
            f"{worst:.0f}",
            f"{wanted}",
            f"{worst / wanted:.2f}",
            f"{more:.2f}",
            f"{used:.0f}",
        )
        table.add_row(what, *shown)


def p95(times: list[float]) -> float:
    """Return what nineteen of twenty stay below."""
    return quantiles(times, n=20, method="inclusive")[-1]  # what came, not what might have


def _write(database: Database, at: datetime, first: int, last: int, total: int) -> None:
    """Write the past in parts, and let the database learn how much it holds."""
    for start in range(first, last + 1, 25_000):
        with database.transaction() as session:
            history.past(session, at, start, min(last, start + 24_999), total)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze")
        if first == 1 and connection.dialect.name == "postgresql":
            for name, held in (("purchase_order", total), ("order_line", total * market.LINES)):
                connection.exec_driver_sql(f"select setval('{name}_id_seq', {2 * held})")


def _signed_in(database: Database, folder: str) -> dict[str, FlaskClient]:
    """Open the platform as it is served, and sign everybody in."""
    app = wsgi.create_app(Settings(var=Path(folder), database_url="", secret_key="b" * 64, demo=True), database)
    app.config["WTF_CSRF_ENABLED"] = False
    settle()
    browsers = {login: app.test_client() for login in market.PEOPLE}
    for login, client in browsers.items():
        client.post("/sign-in", data={"login": login, "password": PASSWORD})
    return browsers


def measured(database: Database, browsers: dict[str, FlaskClient], at: datetime) -> dict[str, tuple[list[Span], int]]:
    """Return the milliseconds of each act, and how many it may take."""
    found: dict[str, tuple[list[Span], int]] = {}
    large = range(1, market.LARGE + 1)
    placed = [timed(lambda plan=plan: _approve(browsers["second"], plan)) for plan in _plans(database, 3, large)]
    found[f"{market.LARGE} lines approved and placed"] = (placed, 2000)
    with database.transaction(write=False) as session:
        order = session.scalar(select(func.max(Order.id)).where(Order.lines_count == market.LARGE))
    page = f"/procurement/orders/{order}"
    times = [timed(lambda: asked(browsers["company"], page)) for _ in range(5)]
    found[f"order of {market.LARGE} lines opened"] = (times, 1000)
    twenty = range(market.LARGE + 1, market.LARGE + market.EACH + 1)
    small = [timed(lambda plan=plan: _approve(browsers["second"], plan)) for plan in _plans(database, TIMES, twenty)]
    found[f"{market.EACH} lines approved and placed"] = (small, 150)
    found["progress added up anew, by the job"] = ([timed(lambda: _added_up(database)) for _ in range(3)], 5000)
    for what, (who, url) in PAGES.items():
        page = url.format(year=at.year, month=f"{month_of(clock.today(at), -1):%Y-%m}", agreement=1)
        asked(browsers[who], page)
        found[what] = ([timed(lambda page=page, who=who: asked(browsers[who], page)) for _ in range(TIMES)], 150)
    return found


def timed(act: Callable[[], object]) -> Span:
    """Return what an act takes."""
    start, used = time.perf_counter(), time.process_time()
    act()
    return Span((time.perf_counter() - start) * 1000, (time.process_time() - used) * 1000)


def _added_up(database: Database) -> None:
    with database.transaction() as session:
        boards.refresh(session, at=clock.now())


def asked(client: FlaskClient, url: str) -> None:
    """Ask for a page, which must be there."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)


def _approve(client: FlaskClient, plan_id: int) -> None:
    answer = client.post(f"/procurement/plans/{plan_id}/approve")
    assert answer.status_code == 303, answer.text[answer.text.index("<main") :][:3000]


def _plans(database: Database, count: int, products: range) -> list[int]:
    """Write plans of one line for each product, handed in by the one who may not approve them."""
    return [_plan(database, products) for _ in range(count)]


def _plan(database: Database, products: range) -> int:
    with database.transaction() as session:
        actor = actor_of(session.scalars(select(User).where(User.login == "pharmacist")).unique().one())
        at = clock.now()
        plan = plans.create(session, kind=OrderKind.AGREEMENT, title="月度采购", actor=actor, at=at)
        lines = [Wanted(product, Decimal(48)) for product in products]
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=at)
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=at)
        return plan.id


def rate(url: str) -> float:
    """Return how many orders a second two processes place, each from plan to order, on agreements of their own."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        spans = pool.starmap(_work, [(url, number) for number in range(WORKERS)])
    return WORKERS * SMALL / (max(end for _start, end in spans) - min(start for start, _end in spans))


def _work(url: str, number: int) -> tuple[float, float]:
    money.trap_floats()
    wsgi.load_models()
    first = market.LARGE + 1 + (number + 1) * market.EACH
    with opened(url) as database:
        with database.transaction(write=False) as session:
            second = actor_of(session.scalars(select(User).where(User.login == "second")).unique().one())
        start = time.time()
        for _ in range(SMALL):
            plan_id = _plan(database, range(first, first + market.EACH))
            with database.transaction() as session:
                made = plans.approve(session, plan_id=plan_id, actor=second, at=clock.now())
                assert [one.state for one in made] == [OrderState.PLACED]
        return start, time.time()
