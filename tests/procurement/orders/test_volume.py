"""An order takes what is left of an agreement, the rest stands beyond it; what comes back is free again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.second import SamePerson
from kernel.errors import Conflict
from procurement.agreements.ledger.models import VolumeAccount
from procurement.agreements.ledger.rules import used
from procurement.agreements.models import Agreement
from procurement.orders.flow import Dispute, OrderState, ShipmentState
from procurement.orders.services import answers, plans, receiving, returns, shipping
from procurement.orders.services.plans import Wanted
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

from .market import NOW, Market

EXPIRES = date(2028, 1, 1)


def counter(session: Session, market: Market, hospital: str = "h1", name: str = "a") -> Decimal:
    session.expire_all()
    return session.get_one(Agreement, market.agreements[hospital, name]).used


def account(session: Session, agreement: int, book: str) -> VolumeAccount:
    return session.scalars(select(VolumeAccount).where(VolumeAccount.key == f"{agreement}:{book}")).one()


def test_the_rest_of_an_order_stands_beyond_the_agreement(session: Session, market: Market) -> None:
    market.order(session, a=19_000)
    order = market.order(session, a=3_000)[0]
    assert [(line.quantity, line.beyond) for line in order.lines] == [(1_000, False), (2_000, True)]
    assert counter(session, market) == 20_000
    agreement = market.agreements["h1", "a"]
    assert account(session, agreement, "agreed").ordered == 20_000
    assert account(session, agreement, "beyond").ordered == 2_000


def test_nobody_approves_what_he_handed_in(session: Session, market: Market) -> None:
    plan = plans.create(session, kind="agreement", title="采购", actor=market.actors["h1"], at=NOW)  # type: ignore[arg-type]  # its value does
    lines = [Wanted(market.products["a"], Decimal(5))]
    plans.keep(session, plan_id=plan.id, version=plan.version, lines=lines, actor=market.actors["h1"], at=NOW)
    plans.submit(session, plan_id=plan.id, version=plan.version, actor=market.actors["h1"], at=NOW)
    with pytest.raises(SamePerson):
        plans.approve(session, plan_id=plan.id, actor=market.actors["h1"], at=NOW)


def test_an_order_goes_to_the_hospital_in_parts_and_back(session: Session, market: Market) -> None:
    order = market.order(session, a=100)[0]
    line = order.lines[0].id
    company, hospital = market.actors["company1"], market.actors["h1"]
    with clock.travel(to=NOW):
        answers.confirm(session, order_id=order.id, actor=company, at=NOW)
        first = shipping.ship(
            session, order_id=order.id, batches=[Batch(line, "B1", EXPIRES, Decimal(60))], actor=company, at=NOW
        )
        second = shipping.ship(
            session, order_id=order.id, batches=[Batch(line, "B2", EXPIRES, Decimal(40))], actor=company, at=NOW
        )
        row = first.lines[0].id
        receiving.receive(session, shipment_id=first.id, arrived={row: Arrived(Decimal(60))}, actor=hospital, at=NOW)
        other = second.lines[0].id
        said = {other: Arrived(Decimal(30), Dispute.DAMAGED)}
        receiving.receive(session, shipment_id=second.id, arrived=said, actor=hospital, at=NOW)
        assert second.state is ShipmentState.DISPUTED
        receiving.concede(session, shipment_id=second.id, actor=company, at=NOW)
        assert order.lines[0].left == 10
        answers.cancel(session, order_id=order.id, actor=hospital, at=NOW)
        assert order.state is OrderState.DONE
        back = returns.ask(
            session, shipment_id=first.id, quantities={row: Decimal(20)}, reason="近效期", actor=hospital, at=NOW
        )
        returns.answer(session, return_id=back.id, accepted=True, actor=company, at=NOW)
    assert counter(session, market) == 70
    sums = account(session, market.agreements["h1", "a"], "agreed").sums()
    assert used(sums) == 70


def test_an_unanswered_order_is_void_at_its_hour(session: Session, market: Market) -> None:
    order = market.order(session, a=100)[0]
    assert order.due_at is not None
    with clock.travel(to=order.due_at - timedelta(seconds=1)):
        assert answers.settle_due(session, at=clock.now()) == 0
    with clock.travel(to=order.due_at), pytest.raises(Conflict):
        answers.confirm(session, order_id=order.id, actor=market.actors["company1"], at=clock.now())
    assert order.state is OrderState.EXPIRED
    assert counter(session, market) == 0
