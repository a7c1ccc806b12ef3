"""Real threads and processes against one box: late bids, double clicks, two openers, a crash in between."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel import clock
from kernel.audit.services import verify
from kernel.db import Database
from kernel.errors import Conflict
from procurement.bids import services
from procurement.bids.flow import BidState
from procurement.bids.models import Bid, Box, OpenedLine, Submission
from procurement.bids.rules import BidLine

from .conftest import CLOSED, DEADLINE, OPENS, World
from .pages import signed_in

ROOT = Path(__file__).resolve().parents[3]


def threads(count: int, act: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


def test_bids_that_race_the_deadline_are_in_the_opening_record_or_refused(database: Database, built: World) -> None:
    """Every thread's clock reaches the deadline while they write; an opener waits for it among them."""
    start = DEADLINE - timedelta(milliseconds=400)
    begun = time.monotonic()
    acknowledged: list[tuple[str, str]] = []

    def bid(index: int) -> None:
        who = "ab"[index % 2]
        for turn in range(12):
            with clock.travel(to=start + timedelta(seconds=time.monotonic() - begun)), suppress(Conflict):
                line = BidLine(
                    built.lots[index % 2], built.specifications[built.lots[index % 2]][0], f"0.{index}{turn:02d}1"
                )
                with database.transaction() as session:
                    made = services.submit(session, box_id=built.box_id, lines=[line], actor=built.actors[who])
                    name = made.receipt
                acknowledged.append((who, name))

    def opener(_index: int) -> int:
        while True:
            moment = start + timedelta(seconds=time.monotonic() - begun)
            with clock.travel(to=moment), suppress(Conflict), database.transaction() as session:
                agency = built.actors["agency"]
                return len(services.open_bids(session, box_id=built.box_id, actor=agency, at=clock.now()))
            time.sleep(0.01)

    results = threads(7, lambda index: opener(index) if index == 6 else bid(index))
    with database.transaction(write=False) as session:
        receipts = set(session.scalars(select(Submission.receipt)))
        late = session.scalar(select(func.count()).where(Submission.at >= DEADLINE))
        numbers = sorted(session.scalars(select(Submission.number)))
        states = set(session.scalars(select(Bid.state)))
        lines, bids = (session.scalar(select(func.count()).select_from(table)) for table in (OpenedLine, Bid))
        broken = list(verify(session))
    assert {name for _, name in acknowledged} == receipts
    assert late == 0
    assert numbers == list(range(1, len(numbers) + 1))
    assert states <= {BidState.OPENED}
    assert results[6] == lines == bids
    assert broken == []


def test_two_openers_open_once(database: Database, built: World) -> None:
    with clock.travel(to=OPENS), database.transaction() as session:
        services.submit(session, box_id=built.box_id, lines=built.lines("0.5", "0.4"), actor=built.actors["a"])

    def opened(_index: int) -> str:
        with clock.travel(to=CLOSED):
            try:
                with database.transaction() as session:
                    agency = built.actors["agency"]
                    services.open_bids(session, box_id=built.box_id, actor=agency, at=clock.now())
            except Conflict as refusal:
                return refusal.code
            return "opened"

    assert Counter(threads(4, opened)) == {"opened": 1, "box-already-opened": 3}
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(OpenedLine)) == 2


def test_a_double_click_hands_in_once(app: Flask, database: Database, built: World) -> None:
    """Two posts of one form at the same time: one submission, and both end on its receipt."""
    lot = built.lots[0]
    spec = built.specifications[lot][0]
    clients = [signed_in(app, database, built.actors["a"].user_id) for _ in range(2)]
    shift = DEADLINE - timedelta(days=1)

    def click(index: int) -> str:
        with clock.travel(to=shift):
            data = {f"price-{spec}": "0.6580", "revision": "0", "_key": "one-form"}
            answer = clients[index].post(f"/procurement/bids/{built.box_id}/lots/{lot}", data=data)
        return answer.headers.get("Location", str(answer.status_code))

    places = set(threads(2, click))
    with database.transaction(write=False) as session:
        receipt = session.scalars(select(Submission.receipt)).one()
    assert places == {f"/procurement/receipts/{receipt}"}


KILLED = textwrap.dedent(
    """
    import sys
    from datetime import datetime
    from kernel import clock
    from kernel.auth.actor import actor_for
    from kernel.auth.guard import actor_of
    from kernel.auth.models import User
    from kernel.db import Database, make_engine
    from procurement.bids import services
    from procurement.bids.rules import BidLine
    import wsgi
    wsgi.load_models()
    url, box, lot, spec, user, start = sys.argv[1:]
    database = Database(make_engine(url))
    turn = 0
    with clock.travel(to=datetime.fromisoformat(start)):
        while True:
            turn += 1
            with database.transaction() as session:
                actor = actor_of(session.get(User, int(user)))
                line = BidLine(int(lot), int(spec), f"0.{turn % 9000 + 1000}")
                made = services.submit(session, box_id=int(box), lines=[line], actor=actor)
                name = made.receipt
            sys.stdout.write(name + "\\n")
            sys.stdout.flush()
    """
)


@pytest.mark.long
def test_a_killed_writer_leaves_whole_submissions_only(database: Database, built: World) -> None:
    lot = built.lots[0]
    rng = random.Random(7)
    for _ in range(12):
        arguments = [built.box_id, lot, built.specifications[lot][0], built.actors["a"].user_id, OPENS.isoformat()]
        url = database.engine.url.render_as_string(hide_password=False)
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, url, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.random() * 0.3)
        os.kill(process.pid, signal.SIGKILL)
        told = process.stdout.read().splitlines()
        process.wait()
        process.stdout.close()
        with database.transaction(write=False) as session:
            kept = set(session.scalars(select(Submission.receipt)))
            whole = session.get_one(Box, built.box_id).entries
            bid = session.scalars(select(Bid)).one()
            newest = session.scalars(select(Submission).order_by(Submission.number.desc())).first()
            assert newest is not None
            assert {name for name in told if name.count("-") == 6} <= kept
            assert (len(kept), bid.submission_id, bid.revision) == (whole, newest.id, whole)
            assert list(verify(session)) == []
    with clock.travel(to=CLOSED), database.transaction() as session:
        assert len(services.open_bids(session, box_id=built.box_id, actor=built.actors["agency"], at=CLOSED)) == 1
