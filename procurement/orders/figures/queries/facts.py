"""What the figures of orders follow from, read for many orders at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.rules.codes import VarietyKind
from procurement.orders.figures.models import TradeShare
from procurement.orders.figures.rules import AMOUNTS, COUNTS, Arrival, Facts, Line
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.orders.rules import ZERO, due, policy

Parties = tuple[int, int, int, OrderKind, str]
"""Hospital, company and deliverer of an order, its kind and its region."""


def facts(session: Session, order_ids: Collection[int]) -> tuple[dict[int, Parties], dict[int, Facts]]:
    """Return the parties and the facts of orders; those that are gone are missing."""
    query = select(
        Order.id, Order.hospital_id, Order.company_id, Order.deliverer_id, Order.kind, Order.region_code, Order.state,
        Order.placed_at, Order.answered_at, Order.refusal,
    ).where(Order.id.in_(order_ids))  # fmt: skip
    rows = session.execute(query).all()
    due_by = {
        row.id: due(row.answered_at, policy(row.region_code).value("ship.within")) for row in rows if row.answered_at
    }
    arrivals, in_time = _shipped(session, order_ids, due_by)
    lines = _lines(session, order_ids, in_time)
    parties = {row.id: (row.hospital_id, row.company_id, row.deliverer_id, row.kind, row.region_code) for row in rows}
    found = {
        row.id: Facts(
            row.state, row.placed_at, row.answered_at, row.refusal, tuple(lines[row.id]), tuple(arrivals[row.id])
        )
        for row in rows
    }
    return parties, found


def _lines(
    session: Session, order_ids: Collection[int], in_time: defaultdict[int, Decimal]
) -> defaultdict[int, list[Line]]:
    query = select(
        OrderLine.id, OrderLine.order_id, OrderLine.product_id, OrderLine.quantity, OrderLine.price, OrderLine.received
    ).where(OrderLine.order_id.in_(order_ids))  # fmt: skip
    found = defaultdict(list)
    for key, order, product, quantity, price, received in session.execute(query.order_by(OrderLine.id)):
        found[order].append(Line(product, quantity, price, received, in_time[key]))
    return found


def _shipped(
    session: Session, order_ids: Collection[int], due_by: dict[int, datetime]
) -> tuple[defaultdict[int, list[Arrival]], defaultdict[int, Decimal]]:
    """Return what arrived of each order, and what of each line was shipped in time."""
    arrivals: defaultdict[int, list[Arrival]] = defaultdict(list)
    in_time: defaultdict[int, Decimal] = defaultdict(Decimal)
    query = (
        select(
            Shipment.order_id, Shipment.shipped_at, Shipment.received_at, ShipmentLine.line_id, ShipmentLine.quantity,
            ShipmentLine.received, ShipmentLine.returned, OrderLine.price, Variety.kind,
        )
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .join(OrderLine, OrderLine.id == ShipmentLine.line_id)
        .join(Product, Product.id == OrderLine.product_id)
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .where(Shipment.order_id.in_(order_ids))
        .order_by(ShipmentLine.id)
    )  # fmt: skip
    for order, shipped, received, line, quantity, arrived, returned, price, kind in session.execute(query):
        if order in due_by and shipped < due_by[order]:
            in_time[line] += quantity
        if received is not None and arrived:
            arrivals[order].append(Arrival(received, arrived - returned, price, kind is VarietyKind.CONSUMABLE))
    return arrivals, in_time


def shares(session: Session, order_ids: Collection[int]) -> dict[tuple[int, date], dict[str, Decimal]]:
    """Return what orders are counted with, by order and month."""
    names = (*COUNTS, *AMOUNTS)
    columns: Sequence[str] = ("order_id", "month", *names)
    query = select(*(getattr(TradeShare, name) for name in columns)).where(TradeShare.order_id.in_(order_ids))
    return {
        (row.order_id, row.month): {name: Decimal(getattr(row, name) or ZERO) for name in names}
        for row in session.execute(query)
    }
