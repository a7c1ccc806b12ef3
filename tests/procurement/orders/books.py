"""What must add up at every moment: entries with accounts, accounts with orders, orders with agreements."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.clock import today
from procurement.agreements.ledger.flow import Book, Move
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.ledger.rules import overdrawn, used
from procurement.agreements.models import Agreement
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.plans import Plan
from procurement.orders.models.shipments import Shipment, ShipmentLine

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
