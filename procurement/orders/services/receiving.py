"""Receive a shipment, dispute parts of it, settle the dispute; undisputed shipments count as received in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.clock import after_lock
from kernel.errors import Invalid, Issue, NotFound
from kernel.money import places
from kernel.notices.services import notify
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.services import Posting
from procurement.orders.flow import SHIPMENT_FLOW, Dispute, ShipmentAction, ShipmentState, settled_shipment
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.orders.queries import orders as queries
from procurement.orders.rules import ZERO
from procurement.orders.services import volumes
from procurement.orders.services.answers import finish, must_buy, must_supply
from procurement.tags import Tag

BATCH = 200


@dataclass(frozen=True, slots=True)
class Arrived:
    """What arrived of a batch, in units; the rest of it is disputed for the coded reason."""

    received: Decimal
    dispute: Dispute | None = None
    note: str = ""


def settle(session: Session, order: Order, shipment: Shipment, at: datetime) -> None:
    """Write down that nobody disputed a shipment in time: all of it counts as received."""
    if settled_shipment(shipment.state, shipment.due_at, at) is shipment.state:
        return
    shipment.state = SHIPMENT_FLOW.after(shipment.state, ShipmentAction.LAPSE)
    shipment.received_at = shipment.due_at
    lines = {line.id: line for line in order.lines}
    posted = [_received(order, lines[row.line_id], row, row.quantity) for row in shipment.lines]
    record(session, Tag.SHIPMENT_LAPSED, order, SYSTEM, at, {"shipment": shipment.number, "due": shipment.due_at})
    _close(session, order, posted, at)


def settle_due(session: Session, *, at: datetime, most: int = BATCH) -> int:
    """Settle shipments whose hour has passed, at most so many; return how many. The job's verb: it only speeds up."""
    due = select(Shipment.id).where(Shipment.state == ShipmentState.SHIPPED, Shipment.due_at <= at)
    found = session.scalars(due.order_by(Shipment.order_id, Shipment.id).limit(most)).all()
    for shipment_id in found:
        order, shipment = queries.held_shipment(session, shipment_id, SYSTEM)
        settle(session, order, shipment, at)
    return len(found)


def receive(
    session: Session, *, shipment_id: int, arrived: Mapping[int, Arrived], note: str = "", actor: Actor, at: datetime
) -> Shipment:
    """The hospital says what arrived of each batch; the rest is in dispute. Raises Invalid by `line-ID`."""
    order, shipment = queries.held_shipment(session, shipment_id, actor)
    must_buy(order, actor)
    now = after_lock(session)
    settle(session, order, shipment, now)
    rows = {row.id: row for row in shipment.lines}
    if set(arrived) - set(rows):
        raise NotFound(lines=sorted(set(arrived) - set(rows)))
    _must_be_whole(rows, arrived)
    disputed = any(arrived[key].received < row.quantity for key, row in rows.items())
    action = ShipmentAction.DISPUTE if disputed else ShipmentAction.RECEIVE
    shipment.state = SHIPMENT_FLOW.after(shipment.state, action)
    shipment.received_at, shipment.received_by_id, shipment.note = now, actor.user_id, note.strip()
    posted, lines = [], {line.id: line for line in order.lines}
    for key, row in rows.items():
        said = arrived[key]
        row.disputed, row.note = row.quantity - said.received, said.note.strip()
        row.dispute = said.dispute if row.disputed else None
        posted.append(_received(order, lines[row.line_id], row, said.received))
    facts = {"shipment": shipment.number, "disputed": sum((row.disputed for row in rows.values()), ZERO)}
    record(session, Tag.SHIPMENT_DISPUTED if disputed else Tag.SHIPMENT_RECEIVED, order, actor, at, facts)
    if disputed:
        _tell(session, order, shipment, "shipment-disputed", order.deliverer_id, at)
    _close(session, order, posted, at)
    return shipment


def _must_be_whole(rows: Mapping[int, ShipmentLine], arrived: Mapping[int, Arrived]) -> None:
    wrong: dict[str, Issue] = {}
    for key, row in rows.items():
        said = arrived.get(key)
        if said is None or not 0 <= said.received <= row.quantity or places(said.received) > 3:
            wrong[f"line-{key}"] = Issue("received-out-of-range", facts={"quantity": row.quantity.normalize()})
        elif said.received < row.quantity and said.dispute is None:
            wrong[f"line-{key}"] = Issue("dispute-needs-reason")
    if wrong:
        raise Invalid(wrong)


def concede(session: Session, *, shipment_id: int, note: str = "", actor: Actor, at: datetime) -> Shipment:
    """The supplier grants the dispute: what did not arrive whole is to be shipped again, or may be cancelled."""
    order, shipment = queries.held_shipment(session, shipment_id, actor)
    must_supply(order, actor)
    shipment.state = SHIPMENT_FLOW.after(shipment.state, ShipmentAction.SETTLE)
    lines = {line.id: line for line in order.lines}
    posted = []
    for row in shipment.lines:
        if row.disputed:
            posted.append(volumes.posting(order, lines[row.line_id], Move.REJECT, row.disputed, row.id))
            lines[row.line_id].rejected += row.disputed
            row.rejected, row.disputed = row.rejected + row.disputed, ZERO
    if posted and order.due_at is None:
        order.due_at = after_lock(session)  # what is missing is late at once: the hospital may cancel it
    facts = {"shipment": shipment.number, "granted": True, "note": note.strip()}
    record(session, Tag.SHIPMENT_SETTLED, order, actor, at, facts)
    _tell(session, order, shipment, "dispute-granted", order.hospital_id, at)
    _close(session, order, posted, at)
    return shipment


def drop(session: Session, *, shipment_id: int, note: str = "", actor: Actor, at: datetime) -> Shipment:
    """The hospital drops its dispute: everything was received after all."""
    order, shipment = queries.held_shipment(session, shipment_id, actor)
    must_buy(order, actor)
    shipment.state = SHIPMENT_FLOW.after(shipment.state, ShipmentAction.SETTLE)
    posted, lines = [], {line.id: line for line in order.lines}
    for row in shipment.lines:
        if row.disputed:
            held, row.disputed = row.disputed, ZERO
            posted.append(_received(order, lines[row.line_id], row, held))
    facts = {"shipment": shipment.number, "granted": False, "note": note.strip()}
    record(session, Tag.SHIPMENT_SETTLED, order, actor, at, facts)
    _tell(session, order, shipment, "dispute-dropped", order.deliverer_id, at)
    _close(session, order, posted, at)
    return shipment


def _received(order: Order, line: OrderLine, row: ShipmentLine, quantity: Decimal) -> Posting:
    """Count what arrived of a batch of the line; return what to post."""
    line.received += quantity
    row.received += quantity
    return volumes.posting(order, line, Move.RECEIVE, quantity, row.id)


def _close(session: Session, order: Order, posted: Sequence[Posting], at: datetime) -> None:
    session.flush()
    ledger.post(session, posted, at=at)
    finish(session, order, at)


def _tell(session: Session, order: Order, shipment: Shipment, code: str, organisation_id: int, at: datetime) -> None:
    facts = {"number": order.number, "shipment": shipment.number}
    url = f"/procurement/orders/{order.id}"
    notify(session, code=code, facts=facts, organisations=[organisation_id], url=url, at=at)
