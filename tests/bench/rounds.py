"""What people wait for in a round: the grid saves itself, the board, consumables evaluated, regions drafted.

Floor: the least work that could do it. Baseline: what one would write first (a statement a row, a query a record).
All three are measured in the same run; ratios are what to look at.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from flask.testing import FlaskClient
from rich.console import Console
from rich.table import Table as Printed
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

import wsgi
from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.config import Settings
from kernel.db import Database, insert_rows
from kernel.waits import waiting
from procurement.bids.models import OpenedLine
from procurement.demand.models import ReportLine
from procurement.rounds.draft import queries as drafts
from procurement.rounds.draft import rules as turns
from procurement.rounds.draft.models import DraftLot, DraftTurn, RegionDraft
from procurement.rounds.draft.rules import LotState, Terms
from procurement.rounds.draft.services import sessions
from procurement.rounds.flow import RoundState
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rulesets, supply
from procurement.rounds.queries.rounds import lots, one
from procurement.rounds.queries.table import bid_table
from procurement.rounds.rules.award import evaluate as evaluate_rules
from procurement.rounds.services import evaluation
from tests.bench import province, scenes
from tests.bench.stores import KINDS, Fresh, opened

TIMES = 3


def run(fresh: Fresh) -> None:
    """Print how long each act takes on both databases."""
    table = Printed("what", "ms", "floor ms", "× floor", "baseline ms", "of baseline", title="rounds")
    for name in KINDS:
        for act in (grid, board, consumables, draft):
            with opened(fresh(name)) as database:
                what, took, floor, base = act(database)
            shown = (f"{took:.1f}", f"{floor:.1f}", f"{took / floor:.1f}", f"{base:.1f}", f"{took / base:.2f}")
            table.add_row(f"{what}, {name}", *shown)
    Console(width=140).print(table)


def timed(act: Callable[[], object], before: Callable[[], object] = lambda: None, times: int = TIMES) -> float:
    """Return the median milliseconds of several runs, each prepared by what does not count."""
    found = []
    for _ in range(times):
        before()
        start = time.perf_counter()
        act()
        found.append((time.perf_counter() - start) * 1000)
    return median(found)


def asking(database: Database, folder: str) -> FlaskClient:
    """Return a client that is signed in."""
    app = wsgi.create_app(Settings(var=Path(folder), database_url="", secret_key="b" * 64, demo=True), database)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.post("/sign-in", data={"login": "bench", "password": province.PASSWORD})
    return client


def grid(database: Database) -> tuple[str, float, float, float]:
    """Paste 2 000 rows into an empty report: the call by which the grid saves itself, over HTTP."""
    with database.transaction() as session:
        call_id, report_id, places = scenes.collection(session, clock.now())
    rows = [{"id": f"{spec}-0", "quantity": str(1000 + spec)} for _lot, spec in places]
    with tempfile.TemporaryDirectory() as folder:
        client, version = asking(database, folder), [1]

        def send(sent: Sequence[dict[str, str]]) -> None:
            body = {"version": version[0], "rows": list(sent)}
            answer = client.post(f"/api/v1/procurement/demand/calls/{call_id}/draft", json=body)
            assert answer.status_code == 200 and answer.json["refused"] == [], answer.json
            version[0] = answer.json["version"]

        took = timed(lambda: send(rows), lambda: send([{**row, "quantity": ""} for row in rows]))

    def clear() -> None:
        with database.transaction() as session:
            session.execute(delete(ReportLine))

    values = [
        {"report_id": report_id, "lot_id": lot, "specification_id": spec, "quantity": 1000 + spec}
        for lot, spec in places
    ]
    floor = timed(lambda: at_once(database, ReportLine, values), clear)
    base = timed(lambda: row_by_row(database, ReportLine, values), clear)
    return f"demand grid: {len(rows)} rows saved", took, floor, base


def at_once(database: Database, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows by the bulk path, and nothing else."""
    with database.transaction() as session:
        insert_rows(session, model.__table__, columns={name: [row[name] for row in rows] for name in rows[0]})


def row_by_row(database: Database, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows one statement each."""
    with database.transaction() as session:
        for row in rows:
            session.execute(insert(model.__table__).values(**row))


def board(database: Database) -> tuple[str, float, float, float]:
    """Show the board of many rounds; floor: the health page; baseline: what each round waits for, one by one."""
    with database.transaction() as session:
        ids = scenes.many_rounds(session, clock.now())
    with tempfile.TemporaryDirectory() as folder:
        client = asking(database, folder)
        app = client.application
        assert client.get("/procurement/board").status_code == 200
        took = timed(lambda: client.get("/procurement/board"), times=9)
        floor = timed(lambda: client.get("/health"), times=9)
        with app.test_request_context(), database.transaction(write=False) as session:
            actor = _actor(session)

            def each() -> None:
                for round_id in ids:
                    waiting(session, "round", [round_id], actor=actor, at=clock.now())

            base = timed(each)
    return f"board of {len(ids)} rounds", took, floor, base


def _actor(session: Session) -> Actor:
    return actor_of(session.scalars(select(User).where(User.login == "bench")).unique().one())


def consumables(database: Database) -> tuple[str, float, float, float]:
    """Evaluate and store a round of consumables; floor: bare rules and insert; baseline: a statement a decision."""
    with database.transaction() as session:
        round_id = province.build(session, clock.now(), rules="stents-2026", consumable=True)
    with database.transaction(write=False) as session:
        actor, round_ = _actor(session), one(session, round_id, _actor(session))
        read, rule_set = bid_table(session, round_), rulesets.in_force(round_)

    def act() -> None:
        with database.transaction() as session:
            evaluation.evaluate(session, round_id=round_id, actor=actor, at=clock.now())

    took = timed(act, lambda: scenes.touch(database, OpenedLine))
    with database.transaction(write=False) as session:
        latest = session.scalars(select(Evaluation.id).order_by(Evaluation.number.desc()).limit(1)).one()
        query = select(Decision.__table__).where(Decision.evaluation_id == latest)
        rows = [{key: row[key] for key in row if key != "id"} for row in session.execute(query).mappings()]
    numbers = itertools.count(1000)

    def bare(write: Callable[[Database, Any, Sequence[dict[str, Any]]], None]) -> None:
        evaluate_rules(read.rows, rule_set, draws=read.draws, regions=read.regions or None)
        with database.transaction() as session:
            made = Evaluation(
                round_id=round_id, number=next(numbers), rules_digest="", inputs_digest="", at=clock.now()
            )
            session.add(made)
            session.flush()
            again = [{**row, "evaluation_id": made.id} for row in rows]
        write(database, Decision, again)

    what = f"consumables: {province.LOTS} lots, {len(rows)} bids evaluated and stored"
    return what, took, timed(lambda: bare(at_once)), timed(lambda: bare(row_by_row))


def draft(database: Database) -> tuple[str, float, float, float]:
    """Draft 31 regions lot by lot by lists; floor: bare rules and insert; baseline: a statement a turn."""
    with database.transaction() as session:
        round_id = province.build(session, clock.now())
        actor = _actor(session)
        evaluation.evaluate(session, round_id=round_id, actor=actor, at=clock.now())
        numbers = _announce(session, round_id)

    def act() -> None:
        with database.transaction() as session:
            sessions.run(
                session, round_id=round_id, lots=numbers, reason="bench", actor=actor, at=clock.now()
            )  # fmt: skip

    took = timed(act)
    with database.transaction(write=False) as session:
        last = session.scalars(select(RegionDraft).order_by(RegionDraft.number.desc()).limit(1)).one()
        fresh = [_unbegun(row) for row in last.lots]
        wishes, pace, ended = drafts.wishes(session, last), drafts.pace(last), last.finished_at or clock.now()
        mine = DraftTurn.draft_lot_id.in_(select(DraftLot.id).where(DraftLot.draft_id == last.id))
        query = select(DraftTurn.__table__).where(mine)
        rows = [{key: row[key] for key in row if key != "id"} for row in session.execute(query).mappings()]

    def clear() -> None:
        with database.transaction() as session:
            session.execute(delete(DraftTurn).where(mine))

    def bare(write: Callable[[Database, Any, Sequence[dict[str, Any]]], None]) -> None:
        turns.settle(fresh, wishes, pace=pace, at=ended)
        write(database, DraftTurn, rows)

    what = f"draft of {province.REGIONS} regions, {len(numbers)} lots, {len(rows)} turns"
    return what, took, timed(lambda: bare(at_once), clear), timed(lambda: bare(row_by_row), clear)


def _announce(session: Session, round_id: int) -> list[int]:
    """Bring a round to where regions are drafted; return the lots whose winners share no rank."""
    round_ = session.get_one(Round, round_id)
    latest = results.latest(session, round_)
    assert latest is not None
    round_.state, round_.announced_at = RoundState.ANNOUNCED, clock.now()
    choosing = supply.choosing(session, latest)
    return [
        lot.number for lot in lots(session, round_) if lot.id in choosing and not supply.shared_ranks(choosing[lot.id])
    ]


def _unbegun(row: DraftLot) -> LotState:
    terms = Terms(tuple(row.company_ids), tuple(row.region_codes), row.first_picks, row.backup)
    return LotState(terms, (), None, None, None)
