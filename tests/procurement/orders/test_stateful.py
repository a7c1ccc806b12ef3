"""Roles × acts × clock, at random: what the rules forbid changes nothing, and every book agrees after every step.

What is legal is told by `trade.tries`, which was written apart from the code. `make test` runs a few lives,
`make test-long` two thousand; the same ones every time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.db import Database
from kernel.errors import DomainError
from procurement.orders.flow import Dispute, OrderKind, Refusal
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.services import answers, plans, receiving, returns, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from tests.ci import IN_CI
from tests.procurement.rounds.held import Held

from . import bills
from .books import must_balance
from .market import NOW, Market, populate
from .trade import Try, share, tries

TABLES = ("purchase_plan", "purchase_order", "order_line", "shipment", "shipment_line", "purchase_return",
          "purchase_return_line", "volume_account", "volume_entry", "agreement", *bills.TABLES)  # fmt: skip
AGREED = 100
EXPIRES = date(2031, 1, 1)
ACTS = ("submit", "approve", "give back", "confirm", "refuse", "cancel", "ship", "receive", "grant", "drop",
        "send back", "take back", "keep out", *bills.ACTS)  # fmt: skip
FORWARD = ("submit", "approve", "confirm", "ship", "receive", *bills.FORWARD, "send back", "take back", "credit")
"""The way of an order; lives begin at different places of it."""
# as in the lives of rounds: Hypothesis varies what it has just lived, and most lives were near copies of one another
AVAILABLE_PROVIDERS["unvaried"] = "hypothesis.internal.conjecture.providers.HypothesisProvider"


def do(session: Session, market: Market, one: Try) -> None:
    """Let somebody try an act, now."""
    actor, at = market.actors[one.who], clock.now()
    own: dict[str, Any] = {"actor": actor, "at": at}
    match one.act:
        case "submit":
            submit(session, market, one)
        case "approve":
            plans.approve(session, plan_id=one.target, **own)
        case "give back":
            plans.return_(session, plan_id=one.target, reason="核对数量", **own)
        case "confirm":
            answers.confirm(session, order_id=one.target, **own)
        case "refuse":
            answers.refuse(session, order_id=one.target, refusal=Refusal.OUT_OF_STOCK, note="", **own)
        case "cancel":
            answers.cancel(session, order_id=one.target, **own)
        case "ship":
            lines = session.get_one(Order, one.target).lines
            batches = [Batch(line.id, "B1", EXPIRES, share(line.left, one.part)) for line in lines if line.left]
            shipping.ship(session, order_id=one.target, batches=batches, **own)
        case "receive":
            rows = session.get_one(Shipment, one.target).lines
            arrived = {row.id: Arrived(share(row.quantity, one.part), Dispute.SHORT) for row in rows}
            receiving.receive(session, shipment_id=one.target, arrived=arrived, **own)
        case "grant":
            receiving.concede(session, shipment_id=one.target, **own)
        case "drop":
            receiving.drop(session, shipment_id=one.target, **own)
        case "send back":
            rows = session.get_one(Shipment, one.target).lines
            back = {row.id: share(takes_back(row), one.part) for row in rows}
            returns.ask(session, shipment_id=one.target, quantities=back, reason="近效期", **own)
        case "take back" | "keep out":
            returns.answer(session, return_id=one.target, accepted=one.act == "take back", note="已开封", **own)
        case _:
            bills.do(session, market, one)


def takes_back(row: Any) -> Decimal:
    """What is there to be sent back: of a shipment that counts as received by the clock, all of it."""
    held = row.quantity if row.shipment.state.value == "shipped" else row.received
    return Decimal(held - row.returned)


def submit(session: Session, market: Market, one: Try) -> None:
    own: dict[str, Any] = {"actor": market.actors[one.who], "at": clock.now()}
    plan = plans.create(session, kind=one.kind, title="采购", reason="急救", **own)
    price = Decimal("0.2") if one.kind is OrderKind.EMERGENCY else None
    wanted = [Wanted(market.products[name], Decimal(30), price) for name in ("a", "b")]
    plans.keep(session, plan_id=plan.id, version=plan.version, lines=wanted, **own)
    plans.submit(session, plan_id=plan.id, version=plan.version, **own)


def machine(held: Held, market: Market, tally: Counter[tuple[str, str]]) -> type[RuleBasedStateMachine]:
    """A machine over the market; every life starts from it. `tally` counts what was tried."""

    class Trade(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            held.again()
            self.now = NOW
            tally["a life", "begun"] += 1

        @initialize(begun=st.integers(0, len(FORWARD)), choice=st.integers(0, 10**6))
        def lives_begin_at_different_stages(self, begun: int, choice: int) -> None:
            """Random acts alone would hardly ever reach the later stages; each step on the way is tried like any."""
            for act in FORWARD[:begun]:
                self.tried([one for one in self.all() if one.legal and one.act == act], choice)

        @rule(by=st.sampled_from(["hour", "day", "due", "last second"]))
        def time_passes(self, by: str) -> None:
            steps = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
            if by in steps:
                self.now += steps[by]
                return
            with held.transaction(write=False) as session:
                dues = [*session.scalars(select(Order.due_at)), *session.scalars(select(Shipment.due_at))]
            later = [due for due in dues if due is not None and due > self.now]
            if later:
                self.now = max(self.now, min(later) - timedelta(seconds=2 * (by == "last second")))

        @rule()
        def jobs_write_down_what_the_clock_decided(self) -> None:
            with clock.travel(to=self.now), held.transaction() as session:
                answers.settle_due(session, at=self.now)
                receiving.settle_due(session, at=self.now)
            with held.transaction(write=False) as session:
                must_balance(session)

        @rule(act=st.sampled_from(ACTS), choice=st.integers(0, 10**6))
        def somebody_tries_something(self, act: str, choice: int) -> None:
            self.tried([one for one in self.all() if one.act == act], choice)

        @rule(choice=st.integers(0, 10**6))
        def somebody_does_what_he_may(self, choice: int) -> None:
            """Random acts alone would hardly ever bring an order to its end."""
            legal = [one for one in self.all() if one.legal]
            acts = sorted({one.act for one in legal})
            act = acts[choice % len(acts)]
            self.tried([one for one in legal if one.act == act], choice // len(acts))

        def all(self) -> list[Try]:
            with clock.travel(to=self.now), held.transaction(write=False) as session:
                return [*tries(session, market, self.now), *bills.tries(session, market, self.now)]

        def tried(self, possible: list[Try], choice: int) -> None:
            if not possible:
                return
            one, before, events = possible[choice % len(possible)], snapshot(held), entries(held)
            done = True
            with clock.travel(to=self.now):
                try:
                    with held.transaction() as session:
                        do(session, market, one)
                except DomainError:
                    done = False
            assert done == one.legal, (one, self.now)
            assert entries(held) > events if done else snapshot(held) == before, one
            tally[one.act, "legal" if done else "refused"] += 1
            if done:
                with held.transaction(write=False) as session:
                    must_balance(session)

    return Trade


def snapshot(held: Held) -> list[Any]:
    """Everything an act may have changed, read beside the sessions."""
    return [held.connection.exec_driver_sql(f'select * from "{name}" order by id').fetchall() for name in TABLES]


def entries(held: Held) -> int:
    with held.transaction(write=False) as session:
        return session.scalar(select(func.count(AuditEntry.id))) or 0


@dataclass
class Lives:
    """A machine and what was tried with it."""

    machine: type[RuleBasedStateMachine]
    tally: Counter[tuple[str, str]]


@pytest.fixture
def lives(database: Database) -> Iterator[Lives]:
    with database.transaction() as session, clock.travel(to=NOW):
        market = populate(session, agreed=AGREED)
    held, tally = Held(database.engine), Counter[tuple[str, str]]()
    yield Lives(machine(held, market, tally), tally)
    held.end()


def run(lives: Lives, number: int, figure: Callable[[str], None], *, part: int = 0) -> None:
    """Live that many lives, other ones in every part, and keep what was tried as a figure."""
    limits = settings(
        max_examples=number, stateful_step_count=20, deadline=None, database=None, backend="unvaried",
        suppress_health_check=list(HealthCheck), phases=[Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(seed(part)(lives.machine), settings=limits)  # type: ignore[no-untyped-call]  # its own
    figure("lives of orders: " + ", ".join(f"{act} {how} {n}" for (act, how), n in sorted(lives.tally.items())))


def test_books_agree_after_every_step(lives: Lives, figure: Callable[[str], None]) -> None:
    run(lives, 6, figure)


@pytest.mark.long
@pytest.mark.parametrize("part", range(1, 4 if IN_CI else 11))
def test_books_agree_in_many_lives(lives: Lives, database: Database, part: int, figure: Callable[[str], None]) -> None:
    """Of PostgreSQL fewer. Every act is seen accepted and refused in every part."""
    sqlite = database.engine.dialect.name == "sqlite"
    run(lives, 200 if sqlite else 25, figure, part=part)
    missing = {(act, how) for act in ACTS for how in ("legal", "refused")} - set(lives.tally)
    assert not sqlite or missing == set()
