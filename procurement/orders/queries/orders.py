"""Orders as their parties may see them: the hospital, the company, the deliverer, and those who run the platform."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Return, Shipment


def visible(actor: Actor) -> Select[Order]:
    """Return the orders the actor may see."""
    return scopes.own(
        actor, select(Order), buyer=Order.hospital_id, maker=Order.company_id, deliverer=Order.deliverer_id
    )


def one(session: Session, order_id: int, actor: Actor) -> Order:
    """Return an order with its lines and their products, or NotFound."""
    query = visible(actor).where(Order.id == order_id)
    query = query.options(
        selectinload(Order.lines).joinedload(OrderLine.product), joinedload(Order.hospital),
        joinedload(Order.company), joinedload(Order.deliverer), joinedload(Order.plan),
    )  # fmt: skip
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(order=order_id)
    return found


def held(session: Session, order_id: int, actor: Actor) -> Order:
    """Return an order with its row locked, read anew with its lines, or NotFound."""
    query = visible(actor).where(Order.id == order_id).with_for_update(of=Order)
    query = query.options(selectinload(Order.lines).joinedload(OrderLine.product))
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(order=order_id)
    return found


def shipment(session: Session, shipment_id: int, actor: Actor) -> Shipment:
    """Return a shipment of an order the actor may see, with its lines, or NotFound."""
    found = session.scalars(_shipments(actor).where(Shipment.id == shipment_id)).one_or_none()
    if found is None:
        raise NotFound(shipment=shipment_id)
    return found


def _shipments(actor: Actor) -> Select[Shipment]:
    orders = visible(actor).with_only_columns(Order.id)
    query = select(Shipment).where(Shipment.order_id.in_(orders))
    return query.options(selectinload(Shipment.lines)).execution_options(populate_existing=True)


def held_shipment(session: Session, shipment_id: int, actor: Actor) -> tuple[Order, Shipment]:
    """Return a shipment and its order, the order's row locked and both read anew, or NotFound."""
    order = held(session, shipment(session, shipment_id, actor).order_id, actor)
    return order, shipment(session, shipment_id, actor)


def return_(session: Session, return_id: int, actor: Actor) -> Return:
    """Return a return of a shipment the actor may see, with its lines, or NotFound."""
    shipments = _shipments(actor).with_only_columns(Shipment.id)
    query = select(Return).where(Return.id == return_id, Return.shipment_id.in_(shipments))
    query = query.options(selectinload(Return.lines)).execution_options(populate_existing=True)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound(return_id=return_id)
    return found


def shipments_of(session: Session, order: Order) -> list[Shipment]:
    """Return an order's shipments with their lines, in the order they were sent."""
    query = select(Shipment).where(Shipment.order_id == order.id).options(selectinload(Shipment.lines))
    return list(session.scalars(query.order_by(Shipment.id).execution_options(populate_existing=True)))
