"""`make bench`: what things take, beside a floor (the least work that could do it) measured in the same run.

Ratios are what to look at: machines differ, and nothing here is asserted.
"""

from __future__ import annotations

import itertools
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import select

import wsgi
from kernel import clock, money
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.config import Settings
from kernel.db import Database, insert_rows
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.queries import rulesets
from procurement.rounds.queries.rounds import one
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules.award import evaluate as evaluate_rules
from procurement.rounds.services import evaluation
from tests.bench import (
    award,
    exports,
    imports,
    labels,
    monitoring,
    province,
    retention,
    rounds,
    search,
    services,
    trade,
)
from tests.bench.stores import KINDS, Fresh, opened, stores


def timed(action: Callable[[], object], times: int = 5) -> float:
    """Return the median milliseconds of several runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        found.append((time.perf_counter() - start) * 1000)
    return median(found)


def stored_round(table: Table, name: str, database: Database) -> None:
    """Evaluate and store the large round; the floor is the bare rules plus a bare insert of as many rows."""
    at = clock.now()
    with database.transaction() as session:
        round_id = province.build(session, at)
    with database.transaction(write=False) as session:
        actor = actor_of(session.scalars(select(User)).unique().one())
        round_ = one(session, round_id, actor)
        rows, rule_set = bid_table(session, round_), rulesets.in_force(round_)

    def run() -> None:
        with database.transaction() as session:
            evaluation.evaluate(session, round_id=round_id, actor=actor, at=clock.now())

    def floor() -> None:
        evaluate_rules(rows.rows, rule_set, draws=rows.draws, regions=rows.regions or None)
        with database.transaction() as session:
            found = session.execute(select(Decision.__table__).limit(province.BIDS)).mappings().all()
            again = Evaluation(round_id=round_id, number=next(numbers), rules_digest="", inputs_digest="", at=at)
            session.add(again)
            session.flush()
            columns = {key: [row[key] for row in found] for key in found[0] if key != "id"}
            insert_rows(session, Decision.__table__, columns={**columns, "evaluation_id": [again.id] * len(found)})

    numbers = itertools.count(1000)
    took = timed(run, 3)
    line(
        table,
        f"round of {province.LOTS} lots, {province.BIDS} bids evaluated and stored, {name}",
        took,
        timed(floor, 3),
        2000,
    )


def first_page(table: Table, name: str, database: Database) -> None:
    """Sign in and ask for the first page; the floor is the health page on the same server."""
    with tempfile.TemporaryDirectory() as var:
        app = wsgi.create_app(Settings(var=Path(var), database_url="", secret_key="b" * 64, demo=True), database)
        app.config["WTF_CSRF_ENABLED"] = False
        app.testing = True
        client = app.test_client()
        client.post("/sign-in", data={"login": "bench", "password": province.PASSWORD})
        assert client.get("/").status_code == 200
        line(
            table,
            f"first page after sign-in, {name}",
            timed(lambda: client.get("/"), 20),
            timed(lambda: client.get("/health"), 20),
            200,
        )


def line(table: Table, what: str, took: float, floor: float, wanted: float) -> None:
    """Add a row."""
    table.add_row(what, f"{took:.1f}", f"{floor:.1f}", f"{took / floor:.1f}", f"{wanted:.0f}", f"{took / wanted:.2f}")


def platform(fresh: Fresh) -> None:
    """Time a round and the first page on both databases."""
    table = Table("what", "ms", "floor ms", "× floor", "wanted ms", "of wanted", title="platform")
    for name in KINDS:
        with opened(fresh(name)) as database:
            stored_round(table, name, database)
            first_page(table, name, database)
    Console().print(table)


SECTIONS = (
    "award", "platform", "rounds", "search", "imports", "exports", "trade", "services", "labels", "monitoring",
    "retention",
)  # fmt: skip


@click.command()
@click.option("--only", type=click.Choice(SECTIONS), multiple=True, help="Sections to run; all by default.")
def main(only: tuple[str, ...]) -> None:
    """Run and print."""
    warnings.simplefilter("ignore")
    money.trap_floats()
    wsgi.load_models()
    chosen = only or SECTIONS
    if "award" in chosen:
        award.run()
    with stores() as fresh, tempfile.TemporaryDirectory() as folder:
        if "platform" in chosen:
            platform(fresh)
        if "rounds" in chosen:
            rounds.run(fresh)
        if "search" in chosen:
            with opened(fresh(KINDS[0])) as first, opened(fresh(KINDS[1])) as second:
                search.run(list(zip(KINDS, (first, second), strict=True)))
        if "imports" in chosen:
            imports.run(fresh, Path(folder))
        if "exports" in chosen:
            exports.run(fresh, Path(folder))
        if "trade" in chosen:
            trade.run(fresh)
        if "labels" in chosen:
            labels.run(fresh)
        if "monitoring" in chosen:
            monitoring.run(fresh)
        if "services" in chosen:
            services.run(fresh)
        if "retention" in chosen:
            retention.run(fresh)


if __name__ == "__main__":
    main()
