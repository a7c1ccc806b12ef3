"""What must add up at every moment: entries with accounts, accounts with orders, orders with agreements."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.clock import today
from pricing.monitoring.models import PurchaseFact
from pricing.monitoring.services import Fact
from procurement.agreements.ledger.flow import Book, Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.ledger.rules import overdrawn, used
from procurement.agreements.models import Agreement
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.plans import Plan
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.orders.monitored import queries as monitored
from procurement.orders.monitored.services import push_moved
from procurement.settlement.flow import InvoiceKind, InvoiceState
from procurement.settlement.models.invoices import Invoice, InvoiceLine, Payment
from procurement.settlement.statements.flow import Side
from procurement.settlement.statements.models import SettlementMonth

COUNTED = {
    Move.ORDER: "quantity", Move.CANCEL: "cancelled", Move.SHIP: "shipped", Move.REJECT: "rejected",
    Move.RECEIVE: "received", Move.RETURN: "returned",
}  # fmt: skip


def must_balance(session: Session) -> None:
    """Assert that every book agrees with every other one."""
    session.expire_all()
    accounts = {one.id: one for one in session.scalars(select(VolumeAccount))}
    entries: dict[tuple[int, Move], Decimal] = defaultdict(Decimal)
    for entry in session.scalars(select(VolumeEntry)):
        assert entry.quantity > 0
        entries[entry.account_id, entry.move] += entry.quantity
    lines: dict[tuple[str, Move], Decimal] = defaultdict(Decimal)
    for line in session.scalars(select(OrderLine).options(joinedload(OrderLine.order), joinedload(OrderLine.product))):
        assert line.left >= 0
        for move, column in COUNTED.items():
            lines[_key(line), move] += getattr(line, column)
    for one in accounts.values():
        for move, quantity in one.sums().items():
            assert entries[one.id, move] == quantity, (one.key, move)
            if move in COUNTED:
                assert lines[one.key, move] == quantity, (one.key, move)
        assert overdrawn(one.book, one.sums()) == [], one.key
    assert {key for (key, _move), quantity in lines.items() if quantity} <= {one.key for one in accounts.values()}
    _agreements(session, {one.key: one for one in accounts.values()})
    _approved(session)
    _shipments(session)
    _invoices(session, {one.key: one for one in accounts.values()})
    _monitored(session)


def _key(line: OrderLine) -> str:
    order = line.order
    if line.agreement_id is None:
        year = today(order.placed_at).year
        return f"{order.hospital_id}-{order.company_id}-{line.product.specification_id}-{year}"
    return f"{line.agreement_id}:{Book.BEYOND if line.beyond else Book.AGREED}"


def _agreements(session: Session, accounts: dict[str, VolumeAccount]) -> None:
    for one in session.scalars(select(Agreement)):
        account = accounts.get(f"{one.id}:{Book.AGREED}")
        assert 0 <= one.used <= one.agreed
        assert one.used == (used(account.sums()) if account else 0)


def _approved(session: Session) -> None:
    """No order is there that two people of the hospital did not want."""
    for order in session.scalars(select(Order)):
        plan = session.get_one(Plan, order.plan_id)
        assert plan.state.value == "placed"
        assert None not in (plan.submitted_by_id, plan.decided_by_id) and plan.submitted_by_id != plan.decided_by_id


def _shipments(session: Session) -> None:
    states = dict(session.execute(select(Shipment.id, Shipment.state)).all())
    by_line: dict[int, Decimal] = defaultdict(Decimal)
    for row in session.scalars(select(ShipmentLine)):
        by_line[row.line_id] += row.quantity
        if states[row.shipment_id].value != "shipped":
            assert row.received + row.rejected + row.disputed == row.quantity
        assert row.disputed == 0 or states[row.shipment_id].value == "disputed"
    for line in session.scalars(select(OrderLine)):
        assert by_line[line.id] == line.shipped


def _invoices(session: Session, accounts: dict[str, VolumeAccount]) -> None:
    """Batches say what invoices ask for and what was paid; payments what their invoices and notes add up to."""
    asked, settled, money = (defaultdict[int, Decimal](Decimal) for _ in range(3))
    for line in session.scalars(select(InvoiceLine).options(joinedload(InvoiceLine.invoice))):
        one = line.invoice
        if one.kind is InvoiceKind.INVOICE and one.state is not InvoiceState.WITHDRAWN:
            asked[line.shipment_line_id] += line.quantity - line.credited
            settled[line.shipment_line_id] += (line.quantity - line.credited) * (one.state is InvoiceState.PAID)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    owed: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for row in session.scalars(select(ShipmentLine).options(joinedload(ShipmentLine.line))):
        assert row.invoiced == asked[row.id]
        assert 0 <= row.paid <= min(row.received - row.returned, settled[row.id])
        paid[_key(row.line)] += row.paid
    for key, account in accounts.items():
        sums = account.sums()
        assert sums[Move.PAY] - sums[Move.REFUND] == paid[key], key
    for one in session.scalars(select(Invoice)):
        assert (one.state is InvoiceState.PAID) == (one.payment_id is not None)
        money[one.payment_id or 0] += one.signed
        if one.state is not InvoiceState.WITHDRAWN:
            owed[one.hospital_id, one.seller_id] += one.signed
    for payment in session.scalars(select(Payment)):
        assert payment.amount == payment.gross - payment.credited == money[payment.id] >= 0
        owed[payment.hospital_id, payment.seller_id] -= payment.amount
    for month in session.scalars(select(SettlementMonth).where(SettlementMonth.side == Side.PAIR)):
        owed[month.hospital_id or 0, month.seller_id or 0] -= month.invoiced - month.credited - month.paid - month.fund
    assert not any(owed.values()), "statements of account differ from invoices and payments"


def _monitored(session: Session) -> None:
    """What was pushed step by step is what all that arrived comes to, read at once."""
    push_moved(session)  # a session that is not committed yet has pushed nothing
    key, figures = Fact._fields[:5], Fact._fields[5:]
    all_ = monitored.arrived(session).subquery()
    pushed, whole = (
        {tuple(row[:5]): tuple(row[5:]) for row in session.execute(
            select(*(of[name] for name in key), *(func.sum(of[name], type_=of[name].type) for name in figures))
            .group_by(*(of[name] for name in key))
        ) if any(row[5:])}
        for of in (PurchaseFact.__table__.c, all_.c)
    )  # fmt: skip
    assert pushed == whole
