"""Statements of account: what is owed follows from what was registered and paid; months that are over stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFound
from procurement.orders.figures import services as figures
from procurement.orders.figures.flow import Level
from procurement.orders.figures.models import TradeMonth
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.services import crediting, invoicing, matching, paying
from procurement.settlement.statements import queries, services
from procurement.settlement.statements.models import SettlementEntry, SettlementMonth
from procurement.settlement.statements.queries import Line, Statement
from procurement.settlement.statements.rules import COLUMNS
from tests.procurement.orders.market import NOW, Market

from .goods import invoiced, number, received, sent_back

APRIL = NOW + timedelta(days=35)
ALL = Decimal("123.40")
"""What a thousand units are worth."""


def pay(session: Session, market: Market, invoice: Invoice, reference: str, at: datetime = NOW) -> None:
    actor, day = market.actors["h1-finance"], at.date()
    matching.match(session, invoice_ids=[invoice.id], actor=actor, at=at)
    paying.pay(session, invoice_ids=[invoice.id], reference=reference, paid_on=day, actor=actor, at=at)


def credit(session: Session, market: Market, invoice: Invoice, count: int, quantity: int) -> Invoice:
    return crediting.credit(
        session, invoice_id=invoice.id, code="", number=number(count), issued_on=date(2026, 3, 3),
        quantities={invoice.lines[0].id: Decimal(quantity)}, actor=market.actors["company1"], at=NOW,
    )  # fmt: skip


def shown(session: Session, market: Market, who: str, at: datetime = NOW, **parts: str) -> dict[str, Line]:
    session.flush()
    figures.count_pending(session)
    services.count_months(session)
    asked = queries.asked(session, parts, market.actors[who], at)
    return {one.party.name: one for one in queries.lines(session, asked)}


def account(session: Session, market: Market, who: str = "h1", **parts: str) -> Statement:
    services.count_months(session)
    ids = market.organisations["h1"], market.organisations["company1"]
    return queries.statement(session, *ids, parts, market.actors[who], NOW)


def told(line: Line) -> Mapping[str, Decimal]:
    return {name: value for name, value in line.sums.items() if value}


def test_a_statement_adds_up_on_both_sides(session: Session, market: Market) -> None:
    first, second = received(session, market), received(session, market)
    paid = invoiced(session, market, first, 1)
    invoiced(session, market, second, 2)
    pay(session, market, paid, "Y1")
    for who, party in (("h1-finance", "明川制药"), ("company1", "江州一院")):
        line = shown(session, market, who)[party]
        assert line.opening == 0 and line.closing == ALL
        assert told(line) == {"ordered": 2 * ALL, "received": 2 * ALL, "invoiced": 2 * ALL, "paid": ALL}


def test_the_opening_is_the_closing_before(session: Session, market: Market) -> None:
    paid = invoiced(session, market, received(session, market), 1)
    march = shown(session, market, "company1", period="2026-03")["江州一院"]
    pay(session, market, paid, "Y1", at=APRIL)
    after = shown(session, market, "company1", period="2026-03")["江州一院"]
    april = shown(session, market, "company1", period="2026-04")["江州一院"]
    assert march.closing == after.closing == april.opening == ALL
    assert april.closing == 0 and told(april) == {"paid": ALL}
    assert shown(session, market, "agency", period="2026Q1", side="seller")["明川制药"].closing == ALL
    assert shown(session, market, "agency", period="2026")["江州一院"].closing == 0


def test_what_is_withdrawn_and_credited_lowers_what_is_owed(session: Session, market: Market) -> None:
    shipment = received(session, market)
    wrong = invoiced(session, market, shipment, 1)
    invoicing.withdraw(session, invoice_id=wrong.id, actor=market.actors["company1"], at=NOW)
    right = invoiced(session, market, shipment, 2)
    sent_back(session, market, shipment, 200)
    note = credit(session, market, right, 3, 200)
    pay(session, market, right, "Y1")
    found = account(session, market)
    assert [one.balance for one in found.movements] == [ALL, 0, ALL, ALL - note.amount, 0]
    assert [one.id for one in found.paid[right.payment_id or 0]] == [right.id, note.id]
    assert found.line.closing == found.movements[-1].balance == 0


def test_months_are_the_sums_of_entries(session: Session, market: Market) -> None:
    for count in (1, 2):
        pay(session, market, invoiced(session, market, received(session, market), count), f"Y{count}")
    invoiced(session, market, received(session, market, product="b"), 3, "company2")
    services.count_months(session)
    entered = dict(
        session.execute(
            select(SettlementEntry.kind, func.sum(SettlementEntry.amount, type_=SettlementEntry.amount.type)).group_by(
                SettlementEntry.kind
            )
        ).all()
    )
    for side in ("hospital", "seller", "pair"):
        rows = session.scalars(select(SettlementMonth).where(SettlementMonth.side == side)).all()
        sums = {name: sum((getattr(one, name) for one in rows), Decimal(0)) for name in COLUMNS}
        assert sums == {"invoiced": entered["invoiced"], "credited": 0, "paid": entered["paid"], "fund": 0}


def test_nobody_else_sees_an_account(session: Session, market: Market) -> None:
    invoiced(session, market, received(session, market), 1)
    for stranger in ("h2-finance", "company2", "distributor"):
        with pytest.raises(NotFound):
            account(session, market, stranger)
        assert shown(session, market, stranger, of=str(market.organisations["h1"])) == {}
    ids = market.organisations["h1"], market.organisations["company2"]
    with pytest.raises(NotFound):  # they never dealt with each other
        queries.statement(session, *ids, {}, market.actors["h1"], NOW)


def month(session: Session) -> TradeMonth:
    session.flush()
    figures.count_pending(session)
    session.expire_all()
    return session.scalars(select(TradeMonth).where(TradeMonth.level == Level.HOSPITAL)).one()


def test_what_goes_back_after_payment_leaves_the_paid_share(session: Session, market: Market) -> None:
    shipment = received(session, market)
    pay(session, market, invoiced(session, market, shipment, 1), "Y1")
    assert month(session).paid == month(session).paid_in_time == ALL
    sent_back(session, market, shipment, 333)
    kept = month(session)
    assert kept.bought == kept.paid == kept.paid_in_time == Decimal("82.31")
    sent_back(session, market, shipment, 667)
    assert (month(session).paid, month(session).paid_in_time) == (0, 0)


def test_what_was_paid_last_goes_back_first(session: Session, market: Market) -> None:
    shipment = received(session, market)
    parts = [
        invoicing.register(session, draft=one, actor=market.actors["company1"], at=NOW)
        for one in (_part(shipment.lines[0].id, 1), _part(shipment.lines[0].id, 2))
    ]
    pay(session, market, parts[0], "Y1")
    pay(session, market, parts[1], "Y2", at=APRIL)
    assert (month(session).paid, month(session).paid_in_time) == (ALL, ALL / 2)
    sent_back(session, market, shipment, 400)
    assert (month(session).paid, month(session).paid_in_time) == (Decimal("74.04"), ALL / 2)
    sent_back(session, market, shipment, 200)
    assert month(session).paid == month(session).paid_in_time == Decimal("49.36")


def _part(row: int, count: int) -> invoicing.Draft:
    line = invoicing.Asked(row, Decimal(500), Decimal("0.1234"))
    return invoicing.Draft("", number(count), date(2026, 3, 3), Decimal("61.70"), (line,))
