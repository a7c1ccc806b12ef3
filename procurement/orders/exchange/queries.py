"""Lines of orders and shipments as flat rows, page by page in the order they came to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.auth.actor import Actor
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.orders.queries import orders


def orders_after(
    session: Session, actor: Actor, *, after: int, limit: int, since: datetime | None = None
) -> Sequence[Order]:
    """Return orders the actor may see behind a number, with their lines."""
    query = orders.visible(actor).where(Order.id > after).order_by(Order.id).limit(limit)
    if since is not None:
        query = query.where(Order.placed_at >= since)
    query = query.options(
        selectinload(Order.lines).joinedload(OrderLine.product), joinedload(Order.company),
        joinedload(Order.deliverer), joinedload(Order.hospital),
    )  # fmt: skip
    return session.scalars(query).unique().all()


def shipments_after(
    session: Session, actor: Actor, *, after: int, limit: int, since: datetime | None = None
) -> Sequence[Shipment]:
    """Return shipments of these orders behind a number, with their batches."""
    own = orders.visible(actor).with_only_columns(Order.id)
    query = select(Shipment).where(Shipment.id > after, Shipment.order_id.in_(own)).order_by(Shipment.id).limit(limit)
    if since is not None:
        query = query.where(Shipment.shipped_at >= since)
    query = query.options(
        joinedload(Shipment.order),
        selectinload(Shipment.lines).joinedload(ShipmentLine.line).joinedload(OrderLine.product),
    )
    return session.scalars(query).unique().all()
