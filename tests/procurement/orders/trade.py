"""Who may do what to a plan, an order, a shipment or a return, told apart from the code: from facts in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Plan
from procurement.orders.models.shipments import Return, Shipment

from .market import Market

PEOPLE = ("h1", "h1-second", "h2", "h2-second", "company1", "company2", "distributor", "agency")
BUYERS = ("h1", "h1-second", "h2", "h2-second")
KINDS = tuple(OrderKind)
PARTS = (Decimal(0), Decimal("0.5"), Decimal(1), Decimal(2))
"""Shares of what is there: none of it, some, all, and more than that."""


@dataclass(frozen=True)
class Try:
    """Somebody tries an act on something; `part` says how much of it."""

    act: str
    who: str
    target: int = 0
    part: Decimal = Decimal(1)
    kind: OrderKind = OrderKind.AGREEMENT
    legal: bool = False


def tries(session: Session, market: Market, now: datetime) -> Iterator[Try]:
    """Name everything that anybody could try at that moment, and whether the rules allow it."""
    for who in PEOPLE:
        for kind in KINDS:
            bought = kind in (OrderKind.AGREEMENT, OrderKind.EMERGENCY)
            yield Try("submit", who, kind=kind, legal=who in BUYERS and bought)
    for plan in session.scalars(select(Plan).order_by(Plan.id)).all():
        yield from _plan(market, plan)
    for order in session.scalars(select(Order).order_by(Order.id)).all():
        yield from _order(market, order, now)
    for shipment in session.scalars(select(Shipment).order_by(Shipment.id)).all():
        yield from _shipment(session, market, shipment, now)
    for back in session.scalars(select(Return).order_by(Return.id)).all():
        for who in PEOPLE:
            mine = organisation(market, who) == back.shipment.order.deliverer_id
            for act in ("take back", "keep out"):
                yield Try(act, who, back.id, legal=mine and back.state.value == "asked")


def share(quantity: Decimal, part: Decimal) -> Decimal:
    """Return that part of a quantity, in thousandths of a unit."""
    return (quantity * part).quantize(Decimal("0.001"))


def organisation(market: Market, who: str) -> int:
    """Return whose person that is."""
    return market.organisations[who.removesuffix("-second")]


def _plan(market: Market, plan: Plan) -> Iterator[Try]:
    for who in PEOPLE:
        mine = organisation(market, who) == plan.hospital_id
        another = market.actors[who].user_id != plan.submitted_by_id
        legal = mine and another and plan.state.value == "submitted"
        yield Try("approve", who, plan.id, legal=legal)
        yield Try("give back", who, plan.id, legal=legal)


def _order(market: Market, order: Order, now: datetime) -> Iterator[Try]:
    state, over = order.state.value, order.due_at is not None and order.due_at <= now
    left = sum(line.quantity - line.cancelled - line.shipped + line.rejected for line in order.lines)
    waiting, under_way = state == "placed" and not over, state in ("confirmed", "shipped")
    for who in PEOPLE:
        sells, buys = (organisation(market, who) == one for one in (order.deliverer_id, order.hospital_id))
        yield Try("confirm", who, order.id, legal=sells and waiting)
        yield Try("refuse", who, order.id, legal=sells and waiting)
        yield Try("cancel", who, order.id, legal=buys and (waiting or (under_way and over and left > 0)))
        for part in PARTS:
            yield Try("ship", who, order.id, part, legal=sells and under_way and left > 0 and 0 < part <= 1)


def _shipment(session: Session, market: Market, shipment: Shipment, now: datetime) -> Iterator[Try]:
    order, state = shipment.order, shipment.state.value
    arriving = state == "shipped" and shipment.due_at > now
    there = {row.id: (row.quantity if state == "shipped" else row.received) - row.returned for row in shipment.lines}
    free = dict(there)
    for one in session.scalars(select(Return).where(Return.shipment_id == shipment.id)):
        for line in one.lines if one.state.value == "asked" else ():
            free[line.shipment_line_id] -= line.quantity
    for who in PEOPLE:
        sells, buys = (organisation(market, who) == one for one in (order.deliverer_id, order.hospital_id))
        for part in PARTS:
            yield Try("receive", who, shipment.id, part, legal=buys and arriving and part <= 1)
        yield Try("grant", who, shipment.id, legal=sells and state == "disputed")
        yield Try("drop", who, shipment.id, legal=buys and state == "disputed")
        for part in PARTS:
            back = {key: share(held, part) for key, held in there.items()}
            some = any(back.values()) and all(quantity <= free[key] for key, quantity in back.items() if quantity)
            yield Try("send back", who, shipment.id, part, legal=buys and not arriving and some)
