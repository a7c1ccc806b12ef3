"""Many at once on one agreement, and writers killed in between: no volume twice, no order lost or doubled."""

from __future__ import annotations

import os
import pathlib
import random
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel import clock
from kernel.audit.services import verify
from kernel.db import Database, make_engine
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Plan
from procurement.orders.services import answers, plans, receiving, returns, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

from .books import must_balance
from .market import NOW, Market, populate
from .site import Site

ROOT = pathlib.Path(__file__).resolve().parents[3]
EXPIRES = date(2028, 1, 1)


def place(database: Database, market: Market, quantity: int) -> int:
    """Plan and approve an order of product a in two transactions, as two people do; return its id."""
    actor, second = market.actors["h1"], market.actors["h1-second"]
    with database.transaction() as session:
        plan = plans.create(session, kind=OrderKind.AGREEMENT, title="并发", actor=actor, at=NOW)
        lines = [Wanted(market.products["a"], Decimal(quantity))]
        plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=actor, at=NOW)
        plans.submit(session, plan_id=plan.id, version=plan.version, actor=actor, at=NOW)
        plan_id = plan.id
    with database.transaction() as session:
        return plans.approve(session, plan_id=plan_id, actor=second, at=NOW)[0].id


def give_back(database: Database, market: Market, order_id: int, chance: random.Random) -> None:
    """Cancel the order, or deliver it and send a part of it back; each act is a transaction of its own."""
    hospital, company = market.actors["h1"], market.actors["company1"]
    if chance.random() < 0.5:
        with database.transaction() as session:
            answers.cancel(session, order_id=order_id, actor=hospital, at=NOW)
        return
    with database.transaction() as session:
        order = answers.confirm(session, order_id=order_id, actor=company, at=NOW)
        batches = [Batch(line.id, "B1", EXPIRES, line.quantity) for line in order.lines]
        sent = shipping.ship(session, order_id=order_id, batches=batches, actor=company, at=NOW)
        shipment_id, rows = sent.id, {line.id: line.quantity for line in sent.lines}
    with database.transaction() as session:
        arrived = {key: Arrived(quantity) for key, quantity in rows.items()}
        receiving.receive(session, shipment_id=shipment_id, arrived=arrived, actor=hospital, at=NOW)
        back = dict.fromkeys(rows, Decimal(1))
        asked = returns.ask(session, shipment_id=shipment_id, quantities=back, reason="近效期", actor=hospital, at=NOW)
        return_id = asked.id
    with database.transaction() as session:
        returns.answer(session, return_id=return_id, accepted=True, actor=company, at=NOW)


def rush(database: Database, writers: int, each: int, agreed: int, *, back: bool) -> tuple[Market, list[int]]:
    """Let writers place orders of 1 to 9 units each at once; with `back` a third of them is cancelled or returned."""
    with database.transaction() as session:
        market = populate(session, agreed)

    servers = [database]
    if database.engine.dialect.name == "postgresql":  # a pool holds 30 connections: two servers share the writers
        servers.append(Database(make_engine(database.engine.url.render_as_string(hide_password=False))))

    def write(index: int) -> list[int]:
        chance, made, database = random.Random(index), [], servers[index % len(servers)]
        with clock.travel(to=NOW):
            for _ in range(each):
                made.append(place(database, market, chance.randint(1, 9)))
                if back and chance.random() < 0.33:
                    give_back(database, market, made[-1], chance)
        return made

    with ThreadPoolExecutor(writers) as pool:
        acknowledged = [one for made in pool.map(write, range(writers)) for one in made]
    for extra in servers[1:]:
        extra.engine.dispose()
    return market, acknowledged


@pytest.mark.parametrize(
    ("writers", "each", "agreed"), [(4, 5, 60), pytest.param(32, 150, 20_000, marks=pytest.mark.long)]
)
@pytest.mark.parametrize("back", [False, True], ids=["orders", "with-cancellations-and-returns"])
def test_writers_at_once_never_take_more_than_was_agreed(
    database: Database, writers: int, each: int, agreed: int, back: bool
) -> None:
    market, acknowledged = rush(database, writers, each, agreed, back=back)
    with database.transaction(write=False) as session:
        assert set(session.scalars(select(Order.id))) == set(acknowledged)
        assert len(set(acknowledged)) == writers * each
        must_balance(session)
        agreement = session.get_one(Agreement, market.agreements["h1", "a"])
        if not back:
            assert agreement.used == agreement.agreed  # more was asked than there was
        assert list(verify(session)) == []


NURSERY = textwrap.dedent(
    """
    import os, pathlib, sys
    from datetime import datetime
    import wsgi
    from kernel import clock
    from kernel.auth.guard import TOKEN
    from kernel.config import PasswordProfile, Settings
    from kernel.db import Database, make_engine
    url, var, token, start = sys.argv[1:]
    settings = Settings(var=pathlib.Path(var), database_url="", secret_key="t" * 64,
                        password_profile=PasswordProfile.ASVS, demo=True)
    app = wsgi.create_app(settings, Database(make_engine(url)))
    app.config.update(WTF_CSRF_ENABLED=False)
    print("ready", flush=True)
    for line in sys.stdin:
        plan, key = line.split()
        child = os.fork()
        if child:
            print(child, flush=True)
            os.waitpid(child, 0)
            print("gone", flush=True)
            continue
        with clock.travel(to=datetime.fromisoformat(start)):
            client = app.test_client()
            with client.session_transaction() as kept:
                kept[TOKEN] = token
            client.get("/health")
            client.post(f"/procurement/plans/{plan}/approve", data={"_key": key})
        os._exit(0)
    """
)


@pytest.mark.long
def test_a_killed_approval_answers_the_same_when_it_is_asked_again(
    site: Site, tmp_path: pathlib.Path, figure: Callable[[str], None]
) -> None:
    """Twenty approvals killed at random moments; each is repeated under its key, twice."""
    url = site.database.engine.url.render_as_string(hide_password=False)
    arguments = [url, str(tmp_path), site.tokens["h1-second"], NOW.isoformat()]
    nursery = subprocess.Popen(
        [sys.executable, "-c", NURSERY, *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert nursery.stdin is not None and nursery.stdout is not None
    assert nursery.stdout.readline() == "ready\n"
    rng, done = random.Random(5), 0
    for turn in range(20):
        plan_id = site.plan(a=10 + turn, b=3, submit=True)
        nursery.stdin.write(f"{plan_id} key-{turn}\n")
        nursery.stdin.flush()
        child = int(nursery.stdout.readline())
        time.sleep(rng.random() * 2)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        assert nursery.stdout.readline() == "gone\n"
        with site.database.transaction(write=False) as session:
            done += session.get_one(Plan, plan_id).state.value == "placed"
        told = [
            site.browser("h1-second").post(f"/procurement/plans/{plan_id}/approve", data={"_key": f"key-{turn}"})
            for _ in range(2)
        ]
        assert {(one.status_code, one.headers["Location"]) for one in told} == {(303, f"/procurement/plans/{plan_id}")}
        with site.database.transaction(write=False) as session:
            assert len(session.scalars(select(Order).where(Order.plan_id == plan_id)).all()) == 2
            must_balance(session)
    nursery.stdin.close()
    nursery.stdout.close()
    assert nursery.wait(30) == 0
    figure(f"approvals killed: {done} of 20 were placed before the kill, none twice")
