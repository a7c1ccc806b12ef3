"""Emergency purchases and their filing, as the hospital and those who run the platform see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, false, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.columns import Amount
from kernel.errors import NotFound
from kernel.money import round_ratio
from kernel.parties.models import Organisation
from procurement.orders.flow import OrderKind
from procurement.orders.models.orders import Order
from procurement.orders.queries import orders
from procurement.orders.services.channel import DEAD, YEAR
from procurement.supply.channel.flow import FilingState
from procurement.supply.channel.models import EmergencyFiling


@dataclass(frozen=True, slots=True)
class Share:
    """Emergency purchases of the last 365 days against all purchases of the same days, in yuan."""

    emergency: Decimal
    total: Decimal

    @property
    def ratio(self) -> Decimal | None:
        """Return the share, None where nothing was bought."""
        return round_ratio(self.emergency / self.total) if self.total else None


def visible(actor: Actor) -> Select[Order]:
    """Return the emergency orders that are filed by the actor's hospital, or that the actor watches."""
    query = orders.visible(actor).where(Order.kind == OrderKind.EMERGENCY, Order.file_by.is_not(None))
    if scopes.sees_all(actor) or actor.buys:
        return query
    return query.where(false())


def one(session: Session, order_id: int, actor: Actor) -> Order:
    """Return an emergency order with its lines, or NotFound."""
    if session.scalar(visible(actor).where(Order.id == order_id).with_only_columns(Order.id)) is None:
        raise NotFound(order=order_id)
    return orders.one(session, order_id, actor)


def filing(session: Session, order_id: int) -> EmergencyFiling | None:
    """Return what was filed about an order, None before anything was."""
    query = select(EmergencyFiling).where(EmergencyFiling.order_id == order_id)
    return session.scalars(query.options(joinedload(EmergencyFiling.filed_by))).one_or_none()


def asked(parts: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    state = parts.get("state", "")
    chosen = FilingState(state) if state in set(FilingState) else None
    return {"text": parts.get("q", "").strip()[:80], "state": chosen, "at": at}


def listing(actor: Actor, *, at: datetime, text: str = "", state: FilingState | None = None) -> Select[Order]:
    """Return the query of the list: what is to be filed first, by its hour."""
    query = visible(actor).join(Organisation, Organisation.id == Order.hospital_id)
    query = query.options(joinedload(Order.hospital), joinedload(Order.company), joinedload(Order.plan))
    if text:
        columns = (Order.number, Organisation.name)
        query = query.where(or_(*(column.contains(text, autoescape=True) for column in columns)))
    alive = Order.state.not_in(DEAD)
    if state is FilingState.FILED:
        query = query.where(Order.filed_at.is_not(None))
    elif state is FilingState.OVERDUE:
        query = query.where(alive, Order.filed_at.is_(None), Order.file_by <= at)
    elif state is FilingState.DUE:
        query = query.where(alive, Order.filed_at.is_(None), Order.file_by > at)
    else:
        query = query.where(or_(alive, Order.filed_at.is_not(None)))
    return query.order_by(Order.filed_at.is_not(None), Order.file_by, Order.id)


def counts(session: Session, actor: Actor, at: datetime) -> dict[FilingState, int]:
    """Count the list by state."""
    found = {}
    for state in FilingState:
        rows = listing(actor, at=at, state=state).order_by(None).with_only_columns(Order.id).subquery()
        found[state] = session.scalar(select(func.count()).select_from(rows)) or 0
    return found


def due(session: Session, actor: Actor, at: datetime) -> Sequence[Order]:
    """Return the emergency orders that still have to be filed, the nearest hour first."""
    query = listing(actor, at=at).where(Order.state.not_in(DEAD), Order.filed_at.is_(None))
    return session.scalars(query).all()


def share(session: Session, actor: Actor, at: datetime) -> Share:
    """Return the share of emergency purchases among what the actor sees bought in the last 365 days."""
    amounts = orders.visible(actor).where(Order.placed_at > at - YEAR, Order.state.not_in(DEAD))
    rows = amounts.with_only_columns(Order.kind, func.sum(Order.amount, type_=Amount())).group_by(Order.kind)
    found: dict[OrderKind, Decimal] = {row[0]: row[1] for row in session.execute(rows)}
    return Share(found.get(OrderKind.EMERGENCY, Decimal(0)), sum(found.values(), Decimal(0)))
