"""Ship an order, in parts if need be, each part with batch and expiry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock, today
from kernel.errors import Invalid, Issue, NotFound
from kernel.money import places
from kernel.notices.services import notify
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.orders.flow import ORDER_FLOW, OrderAction, ShipmentState
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.orders.queries import orders as queries
from procurement.orders.rules import ZERO, due, policy
from procurement.orders.services import volumes
from procurement.orders.services.answers import must_supply, settle
from procurement.tags import Tag


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of an order's line as it is typed; quantity in units."""

    line_id: int
    batch: str
    expires: date
    quantity: Decimal


def ship(
    session: Session, *, order_id: int, batches: Sequence[Batch], waybill: str = "",
    source: Mapping[str, object] | None = None, actor: Actor, at: datetime,
) -> Shipment:  # fmt: skip
    """Send a part of an order, or all of it; `source` names a workbook it came from.

    Raises Invalid with everything that is wrong, by `batch-N`.
    """
    order = queries.held(session, order_id, actor)
    must_supply(order, actor)
    now = after_lock(session)
    settle(session, order, now)
    state = ORDER_FLOW.after(order.state, OrderAction.SHIP)
    _must_be_whole(order, batches, today(now))
    count = session.scalar(select(func.count(Shipment.id)).where(Shipment.order_id == order.id)) or 0
    made = Shipment(
        order_id=order.id, deliverer_id=order.deliverer_id, number=f"{order.number}-S{count + 1:02d}",
        waybill=waybill.strip(), state=ShipmentState.SHIPPED, shipped_at=now, shipped_by_id=actor.user_id,
        due_at=due(now, policy(order.region_code).value("receive.within")),
        lines=[_line(one, order.deliverer_id) for one in batches],
    )  # fmt: skip
    session.add(made)
    lines = {line.id: line for line in order.lines}
    for one in batches:
        lines[one.line_id].shipped += one.quantity
    order.state = state
    if not any(line.left for line in order.lines):
        order.due_at = None
    session.flush()
    posted = [
        volumes.posting(order, lines[one.line_id], Move.SHIP, one.quantity, row.id)
        for one, row in zip(batches, made.lines, strict=True)
    ]
    ledger.post(session, posted, at=at)
    facts = {"shipment": made.number, "batches": len(batches), **(source or {})}
    record(session, Tag.ORDER_SHIPPED, order, actor, at, facts)
    _tell(session, order, made, at)
    return made


def _tell(session: Session, order: Order, made: Shipment, at: datetime) -> None:
    facts = {"number": order.number, "shipment": made.number}
    url = f"/procurement/orders/{order.id}"
    notify(session, code="order-shipped", facts=facts, organisations=[order.hospital_id], url=url, at=at)


def _line(one: Batch, deliverer: int) -> ShipmentLine:
    return ShipmentLine(
        line_id=one.line_id, deliverer_id=deliverer, batch=one.batch.strip(), expires=one.expires,
        quantity=one.quantity, received=ZERO, rejected=ZERO, disputed=ZERO, returned=ZERO, invoiced=ZERO, paid=ZERO,
    )  # fmt: skip


def _must_be_whole(order: Order, batches: Sequence[Batch], day: date) -> None:
    left = {line.id: line.left for line in order.lines}
    wrong: dict[str, Issue] = {}
    sums: dict[int, Decimal] = defaultdict(Decimal)
    for number, one in enumerate(batches):
        name = f"batch-{number}"
        if one.line_id not in left:
            raise NotFound(line=one.line_id)
        sums[one.line_id] += one.quantity
        if one.quantity <= 0 or places(one.quantity) > 3:
            wrong[name] = Issue("quantity-not-positive", value=str(one.quantity))
        elif sums[one.line_id] > left[one.line_id]:
            wrong[name] = Issue("shipped-beyond-order", facts={"left": left[one.line_id].normalize()})
        elif not one.batch.strip():
            wrong[name] = Issue("batch-needed")
        elif one.expires <= day:
            wrong[name] = Issue("batch-expired", value=one.expires.isoformat())
    if not batches:
        wrong[""] = Issue("shipment-empty")
    if wrong:
        raise Invalid(wrong)
