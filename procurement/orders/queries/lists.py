"""The list of orders: its piles, filters and sorts, all of them in the address of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.identity import record_id
from kernel.paging import Page, windowed
from kernel.parties.models import Organisation
from kernel.periods import midnight, read_day
from procurement.orders.flow import OPEN, OrderKind, OrderState, ReturnState, ShipmentState, Standing
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Return, Shipment
from procurement.orders.queries.orders import visible

SORTS = {"placed": Order.placed_at, "due": Order.due_at, "amount": Order.amount, "number": Order.number}
UNDER_WAY = (OrderState.CONFIRMED, OrderState.SHIPPED)
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed to; the days are Beijing's, both included."""

    standing: Standing | None = None
    kind: OrderKind | None = None
    hospital_id: int | None = None
    company_id: int | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""


def asked(parts: Mapping[str, str]) -> Asked:
    """Read the filter from the parts of an address; what can't be read narrows nothing."""
    return Asked(
        standing=next((one for one in Standing if one.value == parts.get("standing")), None),
        kind=next((one for one in OrderKind if one.value == parts.get("kind")), None),
        hospital_id=record_id(parts.get("hospital", "")), company_id=record_id(parts.get("company", "")),
        text=parts.get("q", "").strip()[:80], sort=parts.get("sort", ""),
        since=read_day(parts.get("since", "")), until=read_day(parts.get("until", "")),
    )  # fmt: skip


def stands(which: Standing, at: datetime) -> ColumnElement[bool]:
    """Say whether an order stands in a pile at that instant, whatever a job has written down yet."""
    void = (OrderState.REFUSED, OrderState.EXPIRED, OrderState.CANCELLED)
    waiting = Order.state == OrderState.PLACED
    arriving = select(Shipment.order_id).where(Shipment.state == ShipmentState.SHIPPED, Shipment.due_at > at)
    disputed = select(Shipment.order_id).where(Shipment.state == ShipmentState.DISPUTED)
    asked_back = select(Shipment.order_id).join(Return, Return.shipment_id == Shipment.id)
    to_settle = disputed.union(asked_back.where(Return.state == ReturnState.ASKED))
    return {
        Standing.TO_CONFIRM: and_(waiting, Order.due_at > at),
        Standing.TO_SHIP: and_(Order.state.in_(UNDER_WAY), Order.due_at > at),
        Standing.LATE: and_(Order.state.in_(UNDER_WAY), Order.due_at <= at),
        Standing.TO_RECEIVE: Order.id.in_(arriving),
        Standing.TO_SETTLE: Order.id.in_(to_settle),
        Standing.DONE: Order.state == OrderState.DONE,
        Standing.VOID: or_(Order.state.in_(void), and_(waiting, Order.due_at <= at)),
    }[which]


def listing(actor: Actor, wanted: Asked, at: datetime) -> Select[Order]:
    """Return the query of the list page: open piles by what is due first, else the newest first."""
    query = visible(actor)
    if wanted.standing is not None:
        query = query.where(stands(wanted.standing, at))
    if wanted.kind is not None:
        query = query.where(Order.kind == wanted.kind)
    if wanted.hospital_id is not None:
        query = query.where(Order.hospital_id == wanted.hospital_id)
    if wanted.company_id is not None:
        query = query.where(or_(Order.company_id == wanted.company_id, Order.deliverer_id == wanted.company_id))
    if wanted.since is not None:
        query = query.where(Order.placed_at >= midnight(wanted.since))
    if wanted.until is not None:
        query = query.where(Order.placed_at < midnight(wanted.until + timedelta(days=1)))
    if wanted.text:
        query = query.where(_holds(wanted.text))
    column = SORTS.get(wanted.sort.lstrip("-"))
    if column is not None:
        query = query.order_by(column.desc() if wanted.sort.startswith("-") else column.asc(), Order.id)
    elif wanted.standing in OPEN:
        query = query.order_by(Order.due_at.asc(), Order.id)
    else:
        query = query.order_by(Order.placed_at.desc(), Order.id.desc())
    return query.options(joinedload(Order.hospital), joinedload(Order.company), joinedload(Order.deliverer))


def _holds(text: str) -> ColumnElement[bool]:
    """Say whether an order's number begins with the text or one of its parties' names holds it."""
    names = [column.contains(text, autoescape=True) for column in (Organisation.name, Organisation.short_name)]
    found = select(Organisation.id).where(or_(*names))
    number = Order.number.startswith(text.upper(), autoescape=True)
    return or_(number, Order.hospital_id.in_(found), Order.company_id.in_(found), Order.deliverer_id.in_(found))


def page(session: Session, query: Select[Order], number: int) -> Page:
    """Return one page of the list."""
    return windowed(session, query, number=number)


def _count(session: Session, query: Select[Order], most: int) -> int:
    some = query.order_by(None).with_only_columns(Order.id).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def counts(session: Session, actor: Actor, at: datetime) -> dict[Standing, int]:
    """Count the piles that wait for somebody, each as far as anybody reads."""
    return {one: _count(session, visible(actor).where(stands(one, at)), COUNTED) for one in OPEN}


def companies(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Return the companies a hospital ordered of, for the filter of its list; others find them by name."""
    if not actor.buys:
        return []
    ids = visible(actor).with_only_columns(Order.company_id).distinct()
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.name))
    return [(one.id, one.shown_name) for one in rows]
