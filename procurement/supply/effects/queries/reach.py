"""Whether rows of other tables lie within the reach of a finding, said in SQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from catalogue.drugs.models import Product
from kernel.parties.models import Organisation
from kernel.sets import among
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderState
from procurement.orders.models.orders import Order, OrderLine
from procurement.supply.effects.queries.asked import Asked

RUNNING = (OrderState.PLACED, OrderState.CONFIRMED, OrderState.SHIPPED)
TO_COME = OrderLine.quantity - OrderLine.cancelled - OrderLine.received
"""What of an order's line has not arrived yet, in units."""


def covered(asked: Asked, product: Any, region: Any) -> ColumnElement[bool]:
    """Say whether a product in a region would be suspended."""
    parts: list[ColumnElement[bool]] = []
    if asked.reach.here and asked.regions:
        parts.append(and_(among(product, sorted(asked.reach.here)), among(region, list(asked.regions))))
    if asked.reach.everywhere:
        parts.append(among(product, sorted(asked.reach.everywhere)))
    return or_(false(), *parts)


def reaches(asked: Asked, region: Any) -> ColumnElement[bool]:
    """Say whether a region is one that the finding reaches: any, where products would be suspended everywhere."""
    return true() if asked.reach.everywhere else among(region, list(asked.regions))


def running(asked: Asked) -> Select[Any]:
    """Return the lines of orders that run and would be of what is suspended; to be narrowed to columns."""
    within = covered(asked, OrderLine.product_id, Order.region_code)
    if asked.deliverer_id is not None and asked.regions:
        delivered = Order.deliverer_id == asked.deliverer_id
        within = or_(within, and_(delivered, among(Order.region_code, list(asked.regions))))
    unanswered = and_(Order.state == OrderState.PLACED, Order.due_at <= asked.at)
    return (
        select(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.state.in_(RUNNING), ~unanswered, TO_COME > 0, within)
    )


def agreed(asked: Asked) -> Select[Any]:
    """Return the agreements that run with volume left and could not be drawn on; to be narrowed to columns.

    One that names no product is drawn on by any of the company's of its specification, as long as one is free.
    """
    place = Organisation.region_code
    other = aliased(Product)
    same = and_(other.company_id == Agreement.company_id, other.specification_id == Agreement.specification_id)
    held = exists().where(same, covered(asked, other.id, place))
    free = exists().where(same, other.active, ~covered(asked, other.id, place))
    open_ = and_(Agreement.product_id.is_(None), held, ~free)
    return (
        select(Agreement)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(
            Agreement.ends > asked.day, Agreement.successor_id.is_(None), Agreement.agreed > Agreement.used,
            among(Agreement.company_id, list(asked.makers)),
            or_(covered(asked, Agreement.product_id, place), open_),
        )
    )  # fmt: skip
