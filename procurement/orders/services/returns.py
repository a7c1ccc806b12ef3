"""Send goods back: the hospital asks, the supplier answers, the volume is free again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.money import places
from kernel.notices.services import notify
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.orders.figures.services import Paid, count_payments
from procurement.orders.flow import RETURN_FLOW, ReturnAction, ReturnState, ShipmentState
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Return, ReturnLine, Shipment, ShipmentLine
from procurement.orders.queries import orders as queries
from procurement.orders.rules import worth
from procurement.orders.services import receiving, volumes
from procurement.orders.services.answers import must_buy, must_supply
from procurement.tags import Tag


def ask(
    session: Session, *, shipment_id: int, quantities: Mapping[int, Decimal], reason: str, actor: Actor, at: datetime
) -> Return:
    """Ask to send batches back, by the shipment's lines, in units. Raises Invalid by `line-ID` and `reason`."""
    order, shipment = queries.held_shipment(session, shipment_id, actor)
    must_buy(order, actor)
    receiving.settle(session, order, shipment, after_lock(session))
    if shipment.state is ShipmentState.SHIPPED:
        raise Conflict("not-received-yet", number=shipment.number)
    rows = {row.id: row for row in shipment.lines}
    if set(quantities) - set(rows):
        raise NotFound(lines=sorted(set(quantities) - set(rows)))
    wanted = {key: quantity for key, quantity in quantities.items() if quantity}
    _must_be_whole(rows, wanted, _asked(session, shipment), reason)
    count = session.scalar(select(func.count(Return.id)).where(Return.shipment_id == shipment.id)) or 0
    made = Return(
        shipment_id=shipment.id, number=f"{shipment.number}-R{count + 1}", state=ReturnState.ASKED,
        reason=reason.strip(), asked_by_id=actor.user_id, asked_at=at,
        lines=[ReturnLine(shipment_line_id=key, quantity=quantity) for key, quantity in sorted(wanted.items())],
    )  # fmt: skip
    session.add(made)
    session.flush()
    record(session, Tag.RETURN_ASKED, order, actor, at, {"return": made.number, "reason": made.reason})
    _tell(session, order, made, "return-asked", order.deliverer_id, at)
    return made


def _asked(session: Session, shipment: Shipment) -> dict[int, Decimal]:
    """Return what is already asked back of each batch and not answered."""
    query = (
        select(ReturnLine.shipment_line_id, func.sum(ReturnLine.quantity, type_=ReturnLine.quantity.type))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.shipment_id == shipment.id, Return.state == ReturnState.ASKED)
        .group_by(ReturnLine.shipment_line_id)
    )
    return dict(session.execute(query).all())


def _must_be_whole(
    rows: Mapping[int, ShipmentLine], wanted: Mapping[int, Decimal], asked: Mapping[int, Decimal], reason: str
) -> None:
    wrong: dict[str, Issue] = {}
    for key, quantity in wanted.items():
        left = rows[key].received - rows[key].returned - asked.get(key, Decimal(0))
        if not 0 < quantity <= left or places(quantity) > 3:
            wrong[f"line-{key}"] = Issue("returned-out-of-range", facts={"left": left.normalize()})
    if not wanted:
        wrong[""] = Issue("return-empty")
    if not reason.strip():
        wrong["reason"] = Issue("needed")
    if wrong:
        raise Invalid(wrong)


def answer(session: Session, *, return_id: int, accepted: bool, note: str = "", actor: Actor, at: datetime) -> Return:
    """The supplier takes the goods back, or refuses with a reason. What was paid of them is to be paid back."""
    found = queries.return_(session, return_id, actor)
    order, shipment = queries.held_shipment(session, found.shipment_id, actor)
    must_supply(order, actor)
    found = queries.return_(session, return_id, actor)  # read anew behind the order's lock
    if not accepted and not note.strip():
        raise Invalid({"note": Issue("needed")})
    found.state = RETURN_FLOW.after(found.state, ReturnAction.ACCEPT if accepted else ReturnAction.REFUSE)
    found.answered_by_id, found.answered_at, found.answer = actor.user_id, at, note.strip()
    if accepted:
        _take_back(session, order, shipment, found, at)
    tag = Tag.RETURN_ACCEPTED if accepted else Tag.RETURN_REFUSED
    record(session, tag, order, actor, at, {"return": found.number, "note": found.answer})
    _tell(session, order, found, "return-answered", order.hospital_id, at)
    return found


def _take_back(session: Session, order: Order, shipment: Shipment, found: Return, at: datetime) -> None:
    rows = {row.id: row for row in shipment.lines}
    lines = {line.id: line for line in order.lines}
    freed, refunds, posted, counted = [], [], [], []
    for one in found.lines:
        row = rows[one.shipment_line_id]
        line = lines[row.line_id]
        row.returned += one.quantity
        line.returned += one.quantity
        if paid := max(Decimal(0), row.paid - (row.received - row.returned)):
            counted.append(unpaid(row, line, row.paid - paid, shipment))
            refunds.append(volumes.posting(order, line, Move.REFUND, paid, one.id))
        freed.append((line, one.quantity))
        posted.append(volumes.posting(order, line, Move.RETURN, one.quantity, one.id))
    session.flush()
    volumes.give_back(session, freed)
    ledger.post(session, refunds + posted, at=at)
    count_payments(session, counted)


def unpaid(row: ShipmentLine, line: OrderLine, paid: Decimal, shipment: Shipment) -> Paid:
    """Let a batch count as paid with so many units only; return what its month loses. What was paid last goes first."""
    in_time = min(row.paid_in_time, paid)
    amount = worth(line.price, paid) - worth(line.price, row.paid)
    quick = worth(line.price, in_time) - worth(line.price, row.paid_in_time)
    row.paid, row.paid_in_time = paid, in_time
    return Paid(line.order_id, shipment.received_at or shipment.due_at, amount, quick)


def _tell(session: Session, order: Order, found: Return, code: str, organisation_id: int, at: datetime) -> None:
    facts = {"number": order.number, "return": found.number}
    url = f"/procurement/orders/{order.id}"
    notify(session, code=code, facts=facts, organisations=[organisation_id], url=url, at=at)
