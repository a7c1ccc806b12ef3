"""What arrives and goes back reaches the sums of monitoring once, whatever happens in between."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.clock import today
from pricing.monitoring import services as monitoring
from pricing.monitoring.models import MonitoredItem, PurchaseFact, PurchaseMonth
from procurement.orders.figures import services as figures
from procurement.orders.flow import Dispute
from procurement.orders.monitored import queries, services
from procurement.orders.services import answers, receiving, returns, shipping
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from tests.procurement.orders.market import NOW, REGION, Market, populate

D = Decimal
MARCH = date(2026, 3, 1)


def bought(session: Session, market: Market, back: int = 0) -> None:
    """Let a hospital buy 100, of which 10 are in dispute until the dispute is dropped, and send some back."""
    order = market.order(session, a=100)[0]
    company, hospital, line = market.actors["company1"], market.actors["h1"], order.lines[0].id
    with clock.travel(to=NOW):
        answers.confirm(session, order_id=order.id, actor=company, at=NOW)
        batch = Batch(line, "B", date(2028, 1, 1), D(100))
        sent = shipping.ship(session, order_id=order.id, batches=[batch], actor=company, at=NOW)
    row = sent.lines[0].id
    with clock.travel(to=NOW + timedelta(days=1)):
        arrived = {row: Arrived(D(90), Dispute.SHORT)}
        receiving.receive(session, shipment_id=sent.id, arrived=arrived, actor=hospital, at=NOW)
        receiving.drop(session, shipment_id=sent.id, actor=hospital, at=NOW)
    done(session)
    if back:
        asked = {"quantities": {row: D(back)}, "reason": "近效期", "actor": hospital, "at": NOW}
        with clock.travel(to=NOW + timedelta(days=40)):
            made = returns.ask(session, shipment_id=sent.id, **asked)
            returns.answer(session, return_id=made.id, accepted=True, actor=company, at=NOW)
        done(session)


def done(session: Session) -> None:
    """End a transaction as commits do."""
    session.flush()
    services.push_moved(session)
    figures.count_pending(session)


def held(session: Session) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
    rows = session.scalars(select(PurchaseMonth).execution_options(populate_existing=True))
    return {(one.region_code, one.grade): (one.quantity, one.amount) for one in rows}


def test_purchases_and_returns_are_summed_up_once(session: Session) -> None:
    market = populate(session)
    bought(session, market, back=20)
    assert session.scalar(select(func.count(PurchaseFact.id))) == 2, "one a transaction: what arrived, what went back"
    assert [monitoring.sum_up(session, day=today(NOW), most=1) for _ in range(3)] == [1, 1, 0]
    sums = (D(80), D("9.87"))  # 80 × 0.1234, less the half fen that 100 of them were rounded by
    assert held(session) == dict.fromkeys([("", ""), (REGION, ""), ("", "-"), (REGION, "-")], sums)
    one = session.scalars(select(PurchaseMonth)).first()
    item = session.scalars(select(MonitoredItem)).one()
    assert one is not None and (one.month, one.source, item.class_code) == (MARCH, "round/LM-1", "")
    assert queries.held(session, [MARCH]) == queries.bought(session) == {MARCH: sums[1]}


def test_sums_that_differ_are_made_anew(session: Session) -> None:
    market = populate(session)
    bought(session, market, back=20)
    session.execute(PurchaseFact.__table__.delete())
    assert services.check(session, at=NOW)
    before = held(session)
    assert before["", ""][0] == 80
    assert not services.check(session, at=NOW) and held(session) == before
