"""What waits for whom: orders to answer and to ship, shipments to receive, disputes and returns to settle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from procurement.orders.flow import OrderState, ShipmentState, Standing
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Return, ReturnLine, Shipment
from procurement.orders.queries.lists import UNDER_WAY, stands
from procurement.orders.queries.orders import visible

SHOWN = 3
COUNTED = 1_000
STATES = {
    Standing.TO_CONFIRM: (OrderState.PLACED,), Standing.TO_SHIP: UNDER_WAY, Standing.LATE: UNDER_WAY,
}  # fmt: skip
"""The states of a pile’s orders, where they say it: an index leads past all that is over."""


@dataclass(frozen=True, slots=True)
class Few:
    """The first rows of what waits, and how many there are."""

    orders: Sequence[Order]
    total: int


def own(actor: Actor, *piles: Standing, at: datetime) -> Select[Order]:
    """Return the orders in those piles that the actor's organisation itself delivers or buys."""
    query = scopes.own(
        actor, select(Order), buyer=Order.hospital_id, maker=Order.deliverer_id, deliverer=Order.deliverer_id
    )
    states = {state for one in piles for state in STATES.get(one, OrderState)}
    return query.where(Order.state.in_(states), or_(*[stands(one, at) for one in piles]))


def few(session: Session, actor: Actor, *piles: Standing, at: datetime, by_age: bool = False) -> Few:
    """Return the first orders of those piles: what is due first, or the oldest."""
    query = own(actor, *piles, at=at)
    order = Order.placed_at if by_age else Order.due_at
    shown = query.options(joinedload(Order.hospital), joinedload(Order.company), joinedload(Order.deliverer))
    return Few(session.scalars(shown.order_by(order.asc(), Order.id).limit(SHOWN)).all(), count(session, query))


def count(session: Session, query: Select[Order]) -> int:
    """Count orders, as far as anybody reads."""
    some = query.order_by(None).with_only_columns(Order.id).limit(COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def arriving(session: Session, actor: Actor, at: datetime) -> tuple[Sequence[Shipment], int]:
    """Return the shipments that the actor's hospital has to receive, what counts as received first first."""
    here: ColumnElement[bool] = Order.hospital_id == actor.organisation_id
    query = select(Shipment).join(Order, Order.id == Shipment.order_id)
    query = query.where(here, Shipment.state == ShipmentState.SHIPPED, Shipment.due_at > at)
    shown = query.options(joinedload(Shipment.order).joinedload(Order.deliverer))
    some = query.with_only_columns(Shipment.id).limit(COUNTED).subquery()
    total = session.scalar(select(func.count()).select_from(some)) or 0
    return session.scalars(shown.order_by(Shipment.due_at, Shipment.id).limit(SHOWN)).all(), total


def returns_of(session: Session, order: Order) -> Sequence[Return]:
    """Return what was asked to go back of an order, with its batches, in the order it was asked."""
    query = select(Return).join(Shipment, Shipment.id == Return.shipment_id).where(Shipment.order_id == order.id)
    query = query.options(joinedload(Return.shipment), joinedload(Return.lines).joinedload(ReturnLine.shipment_line))
    return session.scalars(query.order_by(Return.id)).unique().all()


def refused(session: Session, actor: Actor, since: datetime) -> Few:
    """Return the hospital's orders that were refused or left unanswered since then, the newest first."""
    gone = Order.state.in_((OrderState.REFUSED, OrderState.EXPIRED))
    query = visible(actor).where(gone, Order.closed_at >= since)
    shown = query.options(joinedload(Order.company), joinedload(Order.deliverer))
    rows = session.scalars(shown.order_by(Order.closed_at.desc(), Order.id).limit(SHOWN)).all()
    return Few(rows, count(session, query))
