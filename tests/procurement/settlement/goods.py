"""Goods that a hospital ordered and received, ready to be invoiced."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.orders.models.shipments import Shipment
from procurement.orders.services import answers, receiving, returns, shipping
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.services import invoicing
from procurement.settlement.services.invoicing import Asked, Draft
from tests.procurement.orders.market import NOW, Market

EXPIRES = date(2028, 1, 1)
PRICE = Decimal("0.1234")


def received(
    session: Session, market: Market, count: int = 1000, *, who: str = "h1", at: datetime = NOW, product: str = "a"
) -> Shipment:
    """Let a hospital order and receive units of a product."""
    order = market.order(session, who, at=at, **{product: count})[0]
    seller = market.actors["company1" if product == "a" else "company2"]
    answers.confirm(session, order_id=order.id, actor=seller, at=at)
    batch = Batch(order.lines[0].id, f"B{order.id}", EXPIRES, Decimal(count))
    sent = shipping.ship(session, order_id=order.id, batches=[batch], actor=seller, at=at)
    arrived = {sent.lines[0].id: Arrived(Decimal(count))}
    return receiving.receive(session, shipment_id=sent.id, arrived=arrived, actor=market.actors[who], at=at)


def number(count: int) -> str:
    """Return the number of a fully digital invoice."""
    return f"2632{count:016}"


def draft(
    shipment: Shipment, count: int, *, quantity: Decimal | None = None, price: Decimal = PRICE,
    amount: Decimal | None = None, issued_on: date = date(2026, 3, 3),
) -> Draft:  # fmt: skip
    """Write an invoice over a shipment of one batch."""
    row = shipment.lines[0]
    asked = row.quantity if quantity is None else quantity
    total = round(price * asked, 2) if amount is None else amount
    return Draft("", number(count), issued_on, total, (Asked(row.id, asked, price),))


def invoiced(session: Session, market: Market, shipment: Shipment, count: int, seller: str = "company1") -> Invoice:
    """Let the seller register an invoice over all of a shipment."""
    return invoicing.register(session, draft=draft(shipment, count), actor=market.actors[seller], at=NOW)


def sent_back(session: Session, market: Market, shipment: Shipment, count: int, who: str = "h1") -> None:
    """Let the hospital send units back and the seller take them."""
    row = shipment.lines[0].id
    back = returns.ask(
        session, shipment_id=shipment.id, quantities={row: Decimal(count)}, reason="近效期",
        actor=market.actors[who], at=NOW,
    )  # fmt: skip
    returns.answer(session, return_id=back.id, accepted=True, actor=market.actors["company1"], at=NOW)
