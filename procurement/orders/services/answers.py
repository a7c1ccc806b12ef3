"""A supplier confirms or refuses an order, a hospital cancels it, the clock makes it void."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session, selectinload

from kernel.audit.models import AuditEntry
from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.clock import after_lock
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.notices.services import notify
from procurement.agreements.ledger import services as ledger
from procurement.orders.flow import ORDER_FLOW, OrderAction, OrderState, Refusal, settled_order
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.queries import orders as queries
from procurement.orders.rules import due, policy
from procurement.orders.services import volumes
from procurement.tags import Tag

BATCH = 200
REMEMBERED = timedelta(days=7)
"""How long after its hour an order is still looked at: jobs that stood still for longer warn of nothing old."""


def must_supply(order: Order, actor: Actor) -> None:
    """Refuse everybody but the deliverer, who answers for the order."""
    if actor.organisation_id != order.deliverer_id:
        raise Forbidden


def must_buy(order: Order, actor: Actor) -> None:
    """Refuse everybody but the hospital."""
    if actor.organisation_id != order.hospital_id:
        raise Forbidden


def locked(session: Session, order_id: int, actor: Actor, at: datetime) -> Order:
    """Return an order with its row locked and its state settled by the clock."""
    order = queries.held(session, order_id, actor)
    settle(session, order, at)
    return order


def settle(session: Session, order: Order, at: datetime) -> None:
    """Write down that the hour of an unanswered order has passed: it is void and its volume is free again."""
    state = settled_order(order.state, order.due_at, at)
    if state is order.state:
        return
    order.state, order.closed_at = ORDER_FLOW.after(order.state, OrderAction.EXPIRE), order.due_at
    ledger.post(session, volumes.cancel(session, order, order.lines, at), at=at)
    record(session, Tag.ORDER_EXPIRED, order, SYSTEM, at, {"due": order.due_at})
    _tell(session, order, "order-expired", order.hospital_id, at)


def settle_due(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Settle orders whose hour has passed, at most so many; return how many. The job's verb: it only speeds up."""
    query = (
        select(Order)
        .where(Order.state == OrderState.PLACED, Order.due_at <= at)
        .options(selectinload(Order.lines).joinedload(OrderLine.product))
        .order_by(Order.id)
        .limit(most)
        .with_for_update(of=Order, skip_locked=True)
    )
    found = session.scalars(query).all()
    volumes.hold(session, [line.agreement_id for order in found for line in order.lines])
    for order in found:
        settle(session, order, at)
    return len(found)


def warn_late(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Tell both sides, once, of orders whose time to ship has passed; return how many. What is late, the clock says."""
    under_way = Order.state.in_((OrderState.CONFIRMED, OrderState.SHIPPED))
    said = select(AuditEntry.id).where(
        AuditEntry.subject_kind == Order.__tablename__, AuditEntry.subject_id == cast(Order.id, String),
        AuditEntry.tag == Tag.ORDER_LATE,
    )  # fmt: skip
    query = select(Order).where(under_way, Order.due_at <= at, Order.due_at > at - REMEMBERED, ~said.exists())
    found = session.scalars(query.order_by(Order.due_at, Order.id).limit(most)).all()
    for order in found:
        record(session, Tag.ORDER_LATE, order, SYSTEM, at, {"due": order.due_at})
        for organisation_id in (order.hospital_id, order.deliverer_id):
            _tell(session, order, "order-late", organisation_id, at)
    return len(found)


def confirm(session: Session, *, order_id: int, actor: Actor, at: datetime) -> Order:
    """The supplier takes the order; the period to ship begins."""
    order = queries.held(session, order_id, actor)
    must_supply(order, actor)
    now = after_lock(session)
    settle(session, order, now)
    order.state = ORDER_FLOW.after(order.state, OrderAction.CONFIRM)
    order.answered_at, order.answered_by_id = now, actor.user_id
    order.due_at = due(now, policy(order.region_code).value("ship.within"))
    record(session, Tag.ORDER_CONFIRMED, order, actor, at, {"due": order.due_at})
    return order


def confirm_many(
    session: Session, *, order_ids: Collection[int], actor: Actor, at: datetime
) -> tuple[list[Order], list[Conflict]]:
    """Confirm orders at once, in the order of their ids; return those taken and why the others were not."""
    done: list[Order] = []
    left: list[Conflict] = []
    for order_id in sorted(set(order_ids)):
        try:
            done.append(confirm(session, order_id=order_id, actor=actor, at=at))
        except Conflict as refused:  # it is void, or somebody answered it: what the clock decided stays written
            left.append(refused)
    return done, left


def refuse(session: Session, *, order_id: int, refusal: Refusal, note: str, actor: Actor, at: datetime) -> Order:
    """The supplier refuses the whole order for a coded reason; its volume is free again."""
    order = queries.held(session, order_id, actor)
    must_supply(order, actor)
    now = after_lock(session)
    settle(session, order, now)
    state = ORDER_FLOW.after(order.state, OrderAction.REFUSE)
    if refusal is Refusal.OTHER and not note.strip():
        raise Invalid({"note": Issue("needed")})
    order.state, order.refusal, order.note = state, refusal, note.strip()
    order.answered_at, order.answered_by_id, order.closed_at, order.due_at = now, actor.user_id, now, None
    ledger.post(session, volumes.cancel(session, order, order.lines, at), at=at)
    record(session, Tag.ORDER_REFUSED, order, actor, at, {"refusal": refusal, "note": order.note})
    _tell(session, order, "order-refused", order.hospital_id, at)
    return order


def cancel(session: Session, *, order_id: int, actor: Actor, at: datetime) -> Order:
    """The hospital cancels: before the confirmation, or what is still to come once the supplier is late."""
    order = queries.held(session, order_id, actor)
    must_buy(order, actor)
    now = after_lock(session)
    settle(session, order, now)
    state = ORDER_FLOW.after(order.state, OrderAction.CANCEL)
    if order.state is not OrderState.PLACED and (order.due_at is None or now < order.due_at):
        raise Conflict("order-not-late", number=order.number, due=order.due_at)
    posted = volumes.cancel(session, order, order.lines, at)
    if not posted:
        raise Conflict("order-nothing-left", number=order.number)
    order.state, order.due_at = state, None
    if state is OrderState.CANCELLED:
        order.closed_at = now
    else:
        finish(session, order, now)
    ledger.post(session, posted, at=at)
    record(session, Tag.ORDER_CANCELLED, order, actor, at, {"lines": len(posted)})
    _tell(session, order, "order-cancelled", order.deliverer_id, at)
    return order


def finish(session: Session, order: Order, at: datetime) -> None:
    """Close an order of which nothing is to be shipped, on its way, or in dispute."""
    on_its_way = any(line.shipped - line.received - line.rejected for line in order.lines)
    if order.state is OrderState.SHIPPED and not on_its_way and not any(line.left for line in order.lines):
        order.state, order.closed_at, order.due_at = ORDER_FLOW.after(order.state, OrderAction.FINISH), at, None
    session.flush()


def _tell(session: Session, order: Order, code: str, organisation_id: int, at: datetime) -> None:
    facts = {"number": order.number}
    url = f"/procurement/orders/{order.id}"
    notify(session, code=code, facts=facts, organisations=[organisation_id], url=url, at=at)
