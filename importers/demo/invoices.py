"""Invoices of the demo in every state, payments in time and late, some still owed, a credit note."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.demo import purchases
from importers.demo.stage import SEED, Stage
from kernel.auth.actor import Actor
from kernel.clock import today
from procurement.orders.flow import ShipmentState
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.rules import worth
from procurement.orders.services import returns
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.services import crediting, invoicing, matching, paying
from procurement.settlement.services.invoicing import Asked, Draft

LONG_AGO, BILLED = -80, -70
PAID_IN_TIME, PAID_LATE = -55, -35
FINANCE = "finance"
CLAIMED = 6
"""So many of last month's first deliveries are left to the claims against the fund (claims.COUNT)."""


def build(stage: Stage) -> None:
    """Bill what arrived long ago (paid in time, paid late, overdue) and the last of what arrived last month."""
    chance = random.Random(SEED + 62)  # noqa: S311 - invented quantities, the same at every build
    latest = _received(stage)
    old = purchases.place(stage, LONG_AGO, "季度备货", "药库", chance, 8)
    purchases.deliver(stage, old, LONG_AGO + 1)
    billed = [_bill(stage, one, BILLED) for one in _received(stage) if one not in latest]
    _match(stage, billed, BILLED + 3)
    for place, invoice in enumerate(billed[:3]):
        _pay(stage, invoice, PAID_LATE if place == 2 else PAID_IN_TIME + place)
    recent = [_bill(stage, one, -3) for one in latest[CLAIMED:]]
    with stage.at(stage.day(-2)) as session:
        for invoice in recent[:1]:
            invoicing.withdraw(session, invoice_id=invoice, actor=_seller(session, stage, invoice), at=stage.day(-2))
        for invoice in recent[1:2]:
            reason = "购买方名称填写不全，请重开"
            matching.return_(session, invoice_id=invoice, reason=reason, actor=stage.actor(FINANCE), at=stage.day(-2))
    _match(stage, recent[2:3], -2)
    for invoice in recent[2:3]:
        _credit(stage, invoice)


def _received(stage: Stage) -> list[int]:
    """Return what the first hospital has received, by shipment."""
    with stage.at(stage.now) as session:
        query = select(Shipment.id).join(Order, Order.id == Shipment.order_id)
        query = query.where(Order.hospital_id == stage.hospital(0).organisation_id)
        return list(session.scalars(query.where(Shipment.state == ShipmentState.RECEIVED).order_by(Shipment.id)))


def _bill(stage: Stage, shipment_id: int, day: int) -> int:
    """Let the deliverer register an invoice over a whole shipment."""
    at = stage.day(day)
    with stage.at(at) as session:
        shipment = session.get_one(Shipment, shipment_id)
        lines = tuple(Asked(row.id, row.received, row.line.price) for row in shipment.lines)
        amount = sum((worth(line.price, line.quantity) for line in lines), Decimal(0))
        made = Draft("", f"2632{shipment_id:016}", today(at), amount, lines)
        seller = stage.company(shipment.order.deliverer_id)
        return invoicing.register(session, draft=made, actor=seller, at=at).id


def _match(stage: Stage, invoices: list[int], day: int) -> None:
    with stage.at(stage.day(day)) as session:
        matching.match(session, invoice_ids=invoices, actor=stage.actor(FINANCE), at=stage.day(day))


def _pay(stage: Stage, invoice: int, day: int) -> None:
    at = stage.day(day)
    with stage.at(at) as session:
        reference = f"YH{today(at):%Y%m%d}{invoice:04d}"
        paying.pay(
            session, invoice_ids=[invoice], reference=reference, paid_on=today(at), actor=stage.actor(FINANCE), at=at
        )


def _credit(stage: Stage, invoice_id: int) -> None:
    """Let a tenth of a batch go back, and its seller credit it."""
    at = stage.day(-1)
    with stage.at(at) as session:
        invoice = session.get_one(Invoice, invoice_id)
        line, seller = invoice.lines[0], _seller(session, stage, invoice_id)
        back = max(Decimal(1), line.quantity // 10)
        asked = returns.ask(
            session, shipment_id=line.shipment_line.shipment_id, quantities={line.shipment_line_id: back},
            reason="外包装破损", actor=stage.hospital(0), at=at,
        )  # fmt: skip
        returns.answer(session, return_id=asked.id, accepted=True, actor=seller, at=at)
        crediting.credit(
            session, invoice_id=invoice_id, code="", number=f"2632{invoice_id + 10**9:016}", issued_on=today(at),
            quantities={line.id: back}, actor=seller, at=at + timedelta(minutes=5),
        )  # fmt: skip


def _seller(session: Session, stage: Stage, invoice_id: int) -> Actor:
    return stage.company(session.get_one(Invoice, invoice_id).seller_id)
