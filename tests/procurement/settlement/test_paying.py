"""Invoices are registered, matched and paid once; what goes back is credited and netted; the ledger follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.agreements.ledger.models import VolumeAccount
from procurement.orders.figures import services as figures
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import TradeMonth
from procurement.orders.models.shipments import Shipment
from procurement.orders.services import answers, shipping
from procurement.orders.services.shipping import Batch
from procurement.settlement.flow import Difference, InvoiceState
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.queries import invoices as queries
from procurement.settlement.queries import payments
from procurement.settlement.services import crediting, invoicing, matching, paying
from procurement.settlement.statements import services as statements
from tests.procurement.orders.books import must_balance
from tests.procurement.orders.market import NOW, Market

from .funded import agrees
from .goods import EXPIRES, draft, invoiced, number, received, sent_back

TODAY = date(2026, 3, 3)


def matched(session: Session, market: Market, ids: Sequence[int], who: str = "h1-finance") -> list[Invoice]:
    return matching.match(session, invoice_ids=ids, actor=market.actors[who], at=NOW)


def pay(session: Session, market: Market, ids: Sequence[int], reference: str = "Y1") -> Payment:
    actor = market.actors["h1-finance"]
    return paying.pay(session, invoice_ids=ids, reference=reference, paid_on=TODAY, actor=actor, at=NOW)


def credited(session: Session, market: Market, invoice: Invoice, count: int, quantity: int) -> Invoice:
    return crediting.credit(
        session, invoice_id=invoice.id, code="", number=number(count), issued_on=TODAY,
        quantities={invoice.lines[0].id: Decimal(quantity)}, actor=market.actors["company1"], at=NOW,
    )  # fmt: skip


def account(session: Session, market: Market, name: str = "a") -> VolumeAccount:
    session.expire_all()
    key = f"{market.agreements['h1', name]}:agreed"
    return session.scalars(select(VolumeAccount).where(VolumeAccount.key == key)).one()


def batch(session: Session, shipment: Shipment) -> tuple[Decimal, Decimal]:
    session.expire_all()
    return shipment.lines[0].invoiced, shipment.lines[0].paid


def test_an_invoice_goes_from_receipt_to_payment(session: Session, market: Market) -> None:
    made = invoiced(session, market, received(session, market), 1)
    assert made.amount == Decimal("123.40")
    assert clock.beijing(made.due_at).date() == date(2026, 4, 3)  # the end of the thirtieth day
    matched(session, market, [made.id])
    payment = pay(session, market, [made.id])
    assert (payment.amount, made.state, made.payment_id) == (Decimal("123.40"), InvoiceState.PAID, payment.id)
    assert account(session, market).paid == 1000
    figures.count_pending(session)
    month = session.scalars(select(TradeMonth).where(TradeMonth.level == Level.HOSPITAL)).one()
    assert (month.delivered, month.paid, month.paid_in_time) == (payment.amount, payment.amount, payment.amount)


def test_an_invoice_is_registered_once(session: Session, market: Market) -> None:
    first, second = received(session, market), received(session, market)
    made = invoiced(session, market, first, 1)
    with pytest.raises(Invalid) as refused:
        invoicing.register(session, draft=draft(second, 1), actor=market.actors["company1"], at=NOW)
    assert refused.value.fields["number"].code == "invoice-registered-already"
    invoicing.withdraw(session, invoice_id=made.id, actor=market.actors["company1"], at=NOW)
    assert batch(session, first) == (0, 0)
    assert invoiced(session, market, second, 1).state is InvoiceState.REGISTERED  # a withdrawn one lets go of it


def test_no_more_is_invoiced_than_was_received_and_kept(session: Session, market: Market) -> None:
    shipment = received(session, market)
    sent_back(session, market, shipment, 100)
    with pytest.raises(Invalid):
        invoiced(session, market, shipment, 1)
    part = draft(shipment, 1, quantity=Decimal(900))
    invoicing.register(session, draft=part, actor=market.actors["company1"], at=NOW)
    with pytest.raises(Conflict, match="invoiced-meanwhile"):  # who looked before the first was registered
        invoicing.count(session, {shipment.lines[0].id: Decimal("0.001")})


def test_what_the_clock_received_can_be_invoiced(session: Session, market: Market) -> None:
    order, seller = market.order(session, a=50)[0], market.actors["company1"]
    answers.confirm(session, order_id=order.id, actor=seller, at=NOW)
    batches = [Batch(order.lines[0].id, "B1", EXPIRES, Decimal(50))]
    sent = shipping.ship(session, order_id=order.id, batches=batches, actor=seller, at=NOW)
    with pytest.raises(Invalid):
        invoicing.register(session, draft=draft(sent, 1), actor=seller, at=NOW)
    later = sent.due_at + timedelta(seconds=1)
    made = invoicing.register(session, draft=draft(sent, 1), actor=seller, at=later)
    assert made.received_at == sent.due_at


def test_a_match_names_what_differs(session: Session, market: Market) -> None:
    shipment = received(session, market)
    dear = draft(shipment, 1, price=Decimal("0.1300"), amount=Decimal("131.00"))
    made = invoicing.register(session, draft=dear, actor=market.actors["company1"], at=NOW)
    found = queries.match(queries.one(session, made.id, market.actors["h1-finance"]))
    assert found.differences == (Difference.TOTAL, Difference.PRICE_ABOVE)
    with pytest.raises(Conflict, match="invoice-differs"):
        matched(session, market, [made.id])
    matching.return_(session, invoice_id=made.id, reason="单价高于中选价", actor=market.actors["h1-finance"], at=NOW)
    assert made.state is InvoiceState.RETURNED


def test_a_lower_price_is_named_and_may_be_matched(session: Session, market: Market) -> None:
    cheap = draft(received(session, market), 1, price=Decimal("0.1000"))
    made = invoicing.register(session, draft=cheap, actor=market.actors["company1"], at=NOW)
    assert queries.match(queries.one(session, made.id, market.actors["h1"])).differences == (Difference.PRICE_BELOW,)
    assert matched(session, market, [made.id])[0].state is InvoiceState.MATCHED


def test_goods_that_went_back_need_a_credit_note_before_payment(session: Session, market: Market) -> None:
    shipment = received(session, market)
    made = invoiced(session, market, shipment, 1)
    matched(session, market, [made.id])
    sent_back(session, market, shipment, 200)
    with pytest.raises(Conflict, match="invoice-sent-back"):
        pay(session, market, [made.id])
    session.expire_all()
    made = session.get_one(Invoice, made.id)
    made.state, made.payment_id = InvoiceState.MATCHED, None  # the refused transaction, undone by hand
    note = credited(session, market, made, 2, 200)
    with pytest.raises(Invalid):
        credited(session, market, made, 3, 1)
    payment = pay(session, market, [made.id], "Y2")
    assert (payment.gross, payment.credited, payment.amount) == (
        Decimal("123.40"), note.amount, Decimal("123.40") - Decimal("24.68"),
    )  # fmt: skip
    sums = account(session, market)
    assert (sums.received, sums.returned, sums.paid, sums.refunded) == (1000, 200, 800, 0)


def test_what_goes_back_after_payment_is_netted_next_time(session: Session, market: Market) -> None:
    first, second = received(session, market), received(session, market, 2000)
    paid, owed = invoiced(session, market, first, 1), invoiced(session, market, second, 2)
    matched(session, market, [paid.id, owed.id])
    pay(session, market, [paid.id])
    sent_back(session, market, first, 500)
    assert batch(session, first) == (1000, 500)
    note = credited(session, market, paid, 3, 500)
    payment = pay(session, market, [owed.id], "Y2")
    assert payment.amount == owed.amount - note.amount == Decimal("185.10")
    sums = account(session, market)
    assert (sums.received, sums.returned, sums.paid, sums.refunded) == (3000, 500, 3000, 500)
    assert agrees(session)


def test_a_return_of_paid_goods_is_refunded_though_others_are_unpaid(session: Session, market: Market) -> None:
    first, second = received(session, market, 100), received(session, market, 100)
    paid, owed = invoiced(session, market, first, 1), invoiced(session, market, second, 2)
    matched(session, market, [paid.id, owed.id])
    pay(session, market, [paid.id])
    sent_back(session, market, first, 20)
    pay(session, market, [owed.id], "Y2")
    sums = account(session, market)
    assert (sums.paid, sums.refunded, sums.returned) == (200, 20, 20)


def test_a_note_on_a_paid_invoice_lets_the_other_one_of_its_batch_be_paid(session: Session, market: Market) -> None:
    shipment = received(session, market)
    first, second = (
        invoicing.register(
            session, draft=draft(shipment, count, quantity=Decimal(500)), actor=market.actors["company1"], at=NOW
        )
        for count in (1, 2)
    )
    matched(session, market, [first.id, second.id])
    pay(session, market, [first.id])
    sent_back(session, market, shipment, 500)
    credited(session, market, first, 3, 500)
    assert batch(session, shipment) == (500, 0)
    payment = pay(session, market, [second.id], "Y2")
    assert (payment.amount, batch(session, shipment)) == (0, (500, 500))
    statements.count_months(session)
    must_balance(session)


def test_a_credited_invoice_is_not_returned_and_a_wrong_one_not_credited(session: Session, market: Market) -> None:
    shipment, dear = received(session, market), received(session, market)
    right = invoiced(session, market, shipment, 1)
    typed = draft(dear, 2, price=Decimal("0.2000"))
    wrong = invoicing.register(session, draft=typed, actor=market.actors["company1"], at=NOW)
    for one, count in ((shipment, 3), (dear, 4)):
        sent_back(session, market, one, 100)
        session.expire_all()
        if one is shipment:
            credited(session, market, right, count, 100)
            continue
        with pytest.raises(Conflict, match="invoice-not-credited"):
            credited(session, market, wrong, count, 100)
    with pytest.raises(Conflict, match="invoice-credited"):
        matching.return_(session, invoice_id=right.id, reason="单价有误", actor=market.actors["h1-finance"], at=NOW)
    invoicing.withdraw(session, invoice_id=wrong.id, actor=market.actors["company1"], at=NOW)
    statements.count_months(session)
    must_balance(session)


def test_days_and_amounts_that_nobody_means_are_refused(session: Session, market: Market) -> None:
    shipment = received(session, market)
    for typed in (draft(shipment, 1, issued_on=date(1, 1, 1)), draft(shipment, 1, amount=Decimal("1e30"))):
        with pytest.raises(Invalid):
            invoicing.register(session, draft=typed, actor=market.actors["company1"], at=NOW)
    made = invoiced(session, market, shipment, 1)
    matched(session, market, [made.id])
    with pytest.raises(Invalid):
        paying.pay(
            session, invoice_ids=[made.id], reference="Y1", paid_on=date(1, 1, 1), actor=market.actors["h1-finance"],
            at=NOW,
        )  # fmt: skip


def test_an_invoice_is_paid_once_and_a_reference_pays_once(session: Session, market: Market) -> None:
    a, b = (invoiced(session, market, received(session, market), count) for count in (1, 2))
    matched(session, market, [a.id, b.id])
    pay(session, market, [a.id])
    with pytest.raises(Conflict):
        pay(session, market, [a.id], "Y2")
    with pytest.raises(Conflict, match="payment-reference-used"), session.begin_nested():
        pay(session, market, [b.id])


def test_others_neither_see_nor_change_an_invoice(session: Session, market: Market) -> None:
    made = invoiced(session, market, received(session, market), 1)
    for stranger in ("h2-finance", "company2", "distributor"):
        with pytest.raises(NotFound):
            queries.one(session, made.id, market.actors[stranger])
    with pytest.raises(NotFound):
        matched(session, market, [made.id], "h2-finance")
    with pytest.raises(NotFound):
        invoicing.register(session, draft=draft(received(session, market), 2), actor=market.actors["company2"], at=NOW)
    with pytest.raises(Forbidden):
        matched(session, market, [made.id], "company1")
    with pytest.raises(Forbidden):
        invoicing.withdraw(session, invoice_id=made.id, actor=market.actors["agency"], at=NOW)


def test_what_is_owed_stands_by_seller_and_age(session: Session, market: Market) -> None:
    rows = [invoiced(session, market, received(session, market), count) for count in (1, 2)]
    rows.append(invoiced(session, market, received(session, market, product="b"), 1, "company2"))
    matched(session, market, [row.id for row in rows])
    found = payments.owed(session, market.actors["h1-finance"], NOW)
    assert [(one.count, one.amount, one.late) for one in found] == [
        (2, Decimal("246.80"), 0), (1, Decimal("123.40"), 0)
    ]  # fmt: skip
    due, late = rows[0].due_at, (Decimal("246.80"), Decimal("123.40"))
    for days, age in ((0, 1), (29, 1), (30, 2), (90, 3)):
        then = payments.owed(session, market.actors["h1-finance"], due + timedelta(days=days))
        assert [(one.late, one.ages[age]) for one in then] == [(each, each) for each in late]
    to_us = payments.owed_to(session, market.actors["company1"], due)
    assert [(one.party.name, one.count, one.late) for one in to_us] == [("江州一院", 2, Decimal("246.80"))]
    with pytest.raises(Invalid):
        pay(session, market, [row.id for row in rows])
