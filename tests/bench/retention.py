"""The retained balance of a province, 3 000 hospitals × 400 varieties from 5 000 000 order lines, on both databases.

A whole run stored with its inputs stands beside the bare aggregation of the order lines in the same engine; every line
is then held against the rule with its steps, and a correction against a whole run of the same inputs.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import wsgi
from kernel import clock, money
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.config import Settings
from kernel.db import Database, batches
from kernel.rulebooks import queries as sets
from kernel.sets import among
from procurement.retention.flow import Indicator, Scored
from procurement.retention.models.inputs import OtherUse, RuleVersion
from procurement.retention.models.runs import RetentionRun, RunLine, RunShare
from procurement.retention.queries import lines
from procurement.retention.queries.changes import changes
from procurement.retention.queries.earlier import INPUTS
from procurement.retention.rules import Line, retained
from procurement.retention.services import assessing, computing, paying
from procurement.retention.sets.services import BOOK
from procurement.rounds.models.rounds import Round
from tests.bench import balances
from tests.bench.apart import Watch, apart
from tests.bench.balances import AREA, BARE, Size
from tests.bench.province import PASSWORD
from tests.bench.stores import KINDS, Fresh, opened
from tests.bench.trade import asked, p95, timed

HEADS = ("what", "s", "× bare aggregation", "wanted s", "of wanted", "processor s", "peak MB")
TIMES, WORKERS, CORRECTED = 25, 2, 3
GIVEN = {Indicator.WINNING: 18, Indicator.ONLINE: 14, Indicator.PAYMENT: 13, Indicator.GROWTH: 10,
         Indicator.PRICE_POLICY: 9}  # fmt: skip
FIGURES = ("budget", "spend", "base", "k", "retained")


def run(fresh: Fresh, size: Size | None = None) -> None:
    """Print what the retained balance takes on both databases."""
    size = size or Size()
    for name in KINDS:
        title = f"retained balance, {size.hospitals:,} hospitals × {size.lots} varieties, {name}"
        table = Table(*HEADS, title=title)
        url = fresh(name)
        with opened(url) as database:
            balances.write(database, clock.now(), size)
            said = _measured(table, url, database)
        Console(width=160).print(table)
        Console().print(said)


def _measured(table: Table, url: str, database: Database) -> str:
    """Compute, score, correct and look; return what the checks found."""
    bare = _seconds(lambda: _aggregated(database))
    table.add_row("bare aggregation of the order lines", f"{bare:.1f}")
    _row(table, bare, "whole run, stored with its inputs", 60, apart(_computed, url, ""))
    _row(table, bare, "points of an indicator for every hospital", 60, apart(_scored, url, Indicator.PRICE_POLICY))
    for indicator in list(GIVEN)[:-1]:
        apart(_scored, url, indicator)
    _row(table, bare, f"correction of {CORRECTED} hospitals' use", 60, apart(_corrected, url))
    differ = _against_the_rule(url)
    whole = _against_a_whole_run(database)
    for who, spans in _pages(database).items():
        took = [span.wall for span in spans]
        goal = ("", "") if who.startswith("reported") else ("0.150", f"{p95(took) / 150:.2f}")
        table.add_row(f"{who}, p95", f"{p95(took) / 1000:.3f}", "", *goal,
                      f"{median(span.own for span in spans) / 1000:.3f}")  # fmt: skip
    return f"lines that differ from the rule: {differ}; of the correction from a whole run: {whole}"


def _row(table: Table, bare: float, what: str, wanted: int, took: Any) -> None:
    seconds = took.seconds
    table.add_row(what, f"{seconds:.1f}", f"{seconds / bare:.1f}", f"{wanted}", f"{seconds / wanted:.2f}",
                  f"{took.cpu:.1f}", f"{took.own}")  # fmt: skip


def _seconds(act: Any) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _aggregated(database: Database) -> None:
    with database.transaction(write=False) as session:
        session.connection().exec_driver_sql(f"select count(*), sum(amount) from ({BARE}) as bare").all()


def _ready(url: str) -> Any:
    money.trap_floats()
    wsgi.load_models()
    return opened(url)


def _bench(session: Session, login: str = "bench") -> Actor:
    return actor_of(session.scalars(select(User).where(User.login == login)).unique().one())


def _compute(session: Session, reason: str) -> RetentionRun:
    actor, at = _bench(session), clock.now()
    if not sets.usable(session, RuleVersion):
        BOOK.take_over(session, actor=actor, at=at)
    sample = next(one for one in sets.usable(session, RuleVersion) if one.code == "national-sample")
    round_id = session.scalars(select(Round.id)).one()
    return computing.compute(
        session, round_id=round_id, year=1, area_code=AREA, rules_id=sample.id, reason=reason, actor=actor, at=at
    )


def _computed(watch: Watch, url: str, reason: str) -> None:
    with _ready(url) as database:
        watch.start()
        with database.transaction() as session:
            _compute(session, reason)
        watch.stop()


def _last(session: Session) -> RetentionRun:
    return session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1)).one()


def _scored(watch: Watch, url: str, indicator: Indicator) -> None:
    with _ready(url) as database, database.transaction() as session:
        hospitals = session.scalars(select(RunShare.hospital_id).where(RunShare.run_id == _last(session).id)).all()
        watch.start()
        assessing.score(
            session, run_id=_last(session).id, hospitals=hospitals, indicator=indicator,
            points=Decimal(GIVEN[indicator]), source=Scored.DESK, reason="年度考核", actor=_bench(session),
            at=clock.now(),
        )  # fmt: skip
        session.flush()
        watch.stop()


def _corrected(watch: Watch, url: str) -> None:
    with _ready(url) as database:
        with database.transaction() as session:
            some = session.scalars(select(OtherUse.hospital_id).distinct().limit(CORRECTED)).all()
            more = update(OtherUse).where(among(OtherUse.hospital_id, some)).values(amount=Decimal("123456.78"))
            session.execute(more)
        watch.start()
        with database.transaction() as session:
            _compute(session, "更正")
        watch.stop()


def _against_the_rule(url: str) -> int:
    """Return how many lines of all runs differ from the rule with its steps, on two cores."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:
        return sum(pool.starmap(_differ, [(url, number) for number in range(WORKERS)]))


def _differ(url: str, number: int) -> int:
    with _ready(url) as database, database.transaction(write=False) as session:
        last = _last(session)
        held, count = lines.parameters(last), 0
        for line, figures in _lines(session, last.id, number):
            one = retained(line, held)
            count += tuple(getattr(one, name) for name in FIGURES) != figures
        return count


def _lines(session: Session, run_id: int, number: int) -> Iterator[tuple[Line, tuple[Any, ...]]]:
    names = ("hospital_id", "lot_id", "score", *(name for name in INPUTS if name not in ("used", "won")))
    columns = [getattr(RunLine, name) for name in (*names, *FIGURES)]
    hospitals = session.scalars(select(RunShare.hospital_id).where(RunShare.run_id == run_id)).all()[number::WORKERS]
    for some in batches(hospitals, 50):
        query = select(*columns).where(RunLine.run_id == run_id, among(RunLine.hospital_id, some))
        for row in session.execute(query):
            held = dict(zip(names, row[: len(names)], strict=True))
            hospital, lot = str(held.pop("hospital_id")), str(held.pop("lot_id"))
            yield Line(hospital=hospital, variety=lot, **held), tuple(row[len(names) :])


def _against_a_whole_run(database: Database) -> int:
    """Compute all of it again, nothing taken over, and return how many lines differ from those of the correction."""
    with database.transaction() as session:
        last = _last(session)
        session.execute(update(RunShare).where(RunShare.run_id == last.id).values(digest=""))
        again = _compute(session, "复算")
        assert again.digest == last.digest
        return len(changes(session, again))


def _pages(database: Database) -> dict[str, Any]:
    """Ask for a hospital's page as the hospital and as the agency, each time of another hospital where it may."""
    with database.transaction() as session:
        run_id = paying.send(session, run_id=_last(session).id, actor=_bench(session), at=clock.now()).id
        line = session.scalar(select(func.min(RunLine.id)).where(RunLine.run_id == run_id, RunLine.hospital_id == 1))
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(var=Path(folder), database_url="", secret_key="b" * 64, demo=True)
        app = wsgi.create_app(settings, database)
        app.config["WTF_CSRF_ENABLED"] = False
        for login in ("finance", "bench"):
            client = app.test_client()
            client.post("/sign-in", data={"login": login, "password": PASSWORD})
            pages = {"a hospital's page": f"runs/{run_id}/hospitals/1", "its line": f"lines/{line}",
                     "the run's page": f"runs/{run_id}"}  # fmt: skip
            if login == "bench":
                pages["reported and used"] = f"runs/{run_id}/reporting"
            for what, page in pages.items():
                url = f"/procurement/retention/{page}"
                asked(client, url)
                who = "hospital" if login == "finance" else "agency"
                found[f"{what}, {who}"] = [timed(lambda url=url, client=client: asked(client, url))
                                           for _ in range(TIMES)]  # fmt: skip
    return found
