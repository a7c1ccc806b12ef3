"""The sums of months follow the orders, whatever happens to them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel import clock
from procurement.orders.figures import services
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import TradeMonth, TradeShare
from procurement.orders.flow import Dispute, Refusal
from procurement.orders.services import answers, receiving, returns, shipping
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from tests.procurement.orders.market import NOW, populate

EXPIRES = date(2028, 1, 1)
MARCH = date(2026, 3, 1)


def month(session: Session, level: Level = Level.HOSPITAL, at: date = MARCH) -> TradeMonth:
    services.count_pending(session)
    session.expire_all()
    return session.scalars(select(TradeMonth).where(TradeMonth.level == level, TradeMonth.month == at)).one()


def test_an_order_counts_for_its_hospital_company_and_deliverer(session: Session) -> None:
    market = populate(session)
    market.order(session, a=100)
    for level in Level:
        held = month(session, level)
        assert (held.orders, held.specs, held.amount, held.answered) == (1, 1, Decimal("12.34"), 0)


def test_counting_twice_changes_nothing(session: Session) -> None:
    order = populate(session).order(session, a=100)[0]
    services.count_pending(session)
    services.count(session, [order.id])
    assert month(session).orders == 1


def test_what_happens_to_an_order_moves_its_sums(session: Session) -> None:
    market = populate(session)
    order = market.order(session, a=100)[0]
    services.count_pending(session)
    company, hospital, line = market.actors["company1"], market.actors["h1"], order.lines[0].id
    with clock.travel(to=NOW + timedelta(hours=23)):
        answers.confirm(session, order_id=order.id, actor=company, at=clock.now())
        sent = [
            shipping.ship(
                session, order_id=order.id, batches=[Batch(line, "B", EXPIRES, Decimal(count))], actor=company, at=NOW
            )
            for count in (60, 40)
        ]
    held = month(session)
    assert (held.answered, held.answered_24h, held.confirmed, held.timely, held.completed) == (1, 1, 1, 1, 0)
    rows = [shipment.lines[0].id for shipment in sent]
    with clock.travel(to=NOW + timedelta(days=2)):
        whole, part = Arrived(Decimal(60)), Arrived(Decimal(30), Dispute.DAMAGED)
        receiving.receive(session, shipment_id=sent[0].id, arrived={rows[0]: whole}, actor=hospital, at=NOW)
        receiving.receive(session, shipment_id=sent[1].id, arrived={rows[1]: part}, actor=hospital, at=NOW)
    held = month(session)
    assert (held.completed, held.specs_delivered, held.delivered, held.bought) == (0, 1, Decimal("11.11"),
                                                                                   Decimal("11.10"))  # fmt: skip
    with clock.travel(to=NOW + timedelta(days=3)):
        receiving.drop(session, shipment_id=sent[1].id, actor=hospital, at=NOW)
        back = returns.ask(
            session, shipment_id=sent[0].id, quantities={rows[0]: Decimal(20)}, reason="近效期", actor=hospital, at=NOW
        )
        returns.answer(session, return_id=back.id, accepted=True, actor=company, at=NOW)
    held = month(session)
    assert (held.completed, held.bought) == (1, Decimal("9.88"))


def test_what_was_cancelled_before_an_answer_counts_as_withdrawn(session: Session) -> None:
    market = populate(session)
    order = market.order(session, a=100)[0]
    services.count_pending(session)
    with clock.travel(to=NOW):
        answers.cancel(session, order_id=order.id, actor=market.actors["h1"], at=NOW)
    held = month(session)
    assert (held.orders, held.withdrawn, held.amount, held.specs) == (1, 1, 0, 0)


def test_a_producers_shortage_is_counted_apart(session: Session) -> None:
    market = populate(session)
    order = market.order(session, a=100)[0]
    with clock.travel(to=NOW):
        answers.refuse(
            session, order_id=order.id, refusal=Refusal.PRODUCER_SHORT, note="", actor=market.actors["company1"], at=NOW
        )
    held = month(session)
    assert (held.answered, held.confirmed, held.short, held.amount_short) == (1, 0, 1, Decimal("12.34"))


def test_payments_count_in_the_month_of_arrival(session: Session) -> None:
    order = populate(session).order(session, a=100)[0]
    services.count_pending(session)
    amount, none = Decimal("5.00"), Decimal(0)
    for paid, in_time in ((amount, amount), (amount, none), (-amount, -amount)):
        services.count_payments(session, [services.Paid(order.id, NOW, paid, in_time)])
    services.count_pending(session)
    held = month(session)
    assert (held.paid, held.paid_in_time, held.orders) == (amount, 0, 1)


def test_the_months_are_the_sums_of_what_orders_add(session: Session) -> None:
    market = populate(session)
    for who, count in (("h1", 5), ("h2", 7), ("h1", 20_000)):
        market.order(session, who=who, a=count, b=count)
    services.count_pending(session)
    shares = session.scalar(select(func.sum(TradeShare.amount, type_=TradeShare.amount.type)))
    for level in Level:
        held = select(func.sum(TradeMonth.amount, type_=TradeMonth.amount.type)).where(TradeMonth.level == level)
        assert session.scalar(held) == shares
