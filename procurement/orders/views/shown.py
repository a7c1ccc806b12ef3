"""An order as its page shows it: settled by the clock, with its automatic steps, its story and what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.audit import queries as audit
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.i18n import _, _n, label
from procurement.orders.flow import (
    ORDER_FLOW,
    OrderAction,
    OrderState,
    ShipmentState,
    settled_order,
    settled_shipment,
)
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.queries import due, orders
from procurement.orders.rules import ZERO, policy

STORY = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """What the clock does next: at which hour, after which period, and what that means."""

    due_at: datetime
    parameter: str
    period: str
    says: str


def record(call: Call, order: Order) -> dict[str, Any]:
    """Return what the page of an order shows."""
    state = settled_order(order.state, order.due_at, call.at)
    shipments = orders.shipments_of(call.session, order)
    back = due.returns_of(call.session, order)
    return {
        "state": state, "shipments": shipments, "returns": back, "rules": _rules(order, state, shipments, call.at),
        "shipment_state": lambda one: settled_shipment(one.state, one.due_at, call.at),
        "may_do": may_do(order, state, call), "story": _story(call, order),
        "sells": _is(order.deliverer_id, call.actor, P.ORDER_SUPPLY),
        "buys": _is(order.hospital_id, call.actor, P.ORDER_PLAN),
        "left": {line.id: left(line.left, state) for line in order.lines},
        "lines_of": {line.id: (number, line) for number, line in enumerate(order.lines, start=1)},
    }  # fmt: skip


def left(quantity: Any, state: OrderState) -> Any:
    """Return what is still to be shipped; of a void order nothing, whether or not that is written down yet."""
    return ZERO if state in (OrderState.EXPIRED, OrderState.REFUSED, OrderState.CANCELLED) else quantity


def _is(organisation_id: int, actor: Actor, permission: P) -> bool:
    return actor.organisation_id == organisation_id and actor.may(permission)


def may_do(order: Order, state: OrderState, call: Call) -> set[str]:
    """Name what the reader may do to the order as it stands; the verbs ask again."""
    found: set[str] = set()
    if _is(order.deliverer_id, call.actor, P.ORDER_SUPPLY):
        found |= {one.value for one in (OrderAction.CONFIRM, OrderAction.REFUSE) if ORDER_FLOW.allows(state, one)}
        if ORDER_FLOW.allows(state, OrderAction.SHIP) and any(line.left for line in order.lines):
            found.add(OrderAction.SHIP.value)
    if _is(order.hospital_id, call.actor, P.ORDER_PLAN) and ORDER_FLOW.allows(state, OrderAction.CANCEL):
        late = order.due_at is not None and order.due_at <= call.at
        if state is OrderState.PLACED or (late and any(line.left for line in order.lines)):
            found.add(OrderAction.CANCEL.value)
    return found


def _rules(order: Order, state: OrderState, shipments: Sequence[Shipment], at: datetime) -> list[Rule]:
    """Say what happens of its own accord, and when."""
    found = []
    if state is OrderState.PLACED and order.due_at:
        void = _("Unless the supplier confirms, the order is void.")
        found.append(_rule(order, order.due_at, "confirm.within", str(void)))
    if state in (OrderState.CONFIRMED, OrderState.SHIPPED) and order.due_at:
        if any(line.rejected for line in order.lines) and order.due_at <= at:
            says = _("What is still to be shipped is late since then, and the hospital may cancel it.")
        else:
            says = _("What is not shipped by then is late, and the hospital may cancel it.")
        found.append(_rule(order, order.due_at, "ship.within", str(says)))
    for one in shipments:
        if settled_shipment(one.state, one.due_at, at) is ShipmentState.SHIPPED:
            says = _("Unless the hospital disputes it, shipment %(number)s counts as received.", number=one.number)
            found.append(_rule(order, one.due_at, "receive.within", str(says)))
    return found


def _rule(order: Order, due_at: datetime, parameter: str, says: str) -> Rule:
    return Rule(due_at, parameter, period(policy(order.region_code).value(parameter)), says)


def period(written: str) -> str:
    """Say a period of the policy in words."""
    count, _space, unit = written.partition(" ")
    number = int(count)
    words = {
        "hours": _n("%(num)s hour", "%(num)s hours", number),
        "days": _n("%(num)s day", "%(num)s days", number),
        "workdays": _n("%(num)s working day", "%(num)s working days", number),
    }
    return str(words.get(unit, written))


def _story(call: Call, order: Order) -> list[tuple[datetime, str, str, str]]:
    """Return what happened to the order, newest first: when, what, by whom, and the facts."""
    entries = call.session.scalars(audit.history("purchase_order", str(order.id)).limit(STORY)).all()
    told = [(one.at, label(one.tag), one.actor_name, _told(dict(one.facts))) for one in entries]
    return [*told, (order.placed_at, str(_("Order placed")), order.hospital.shown_name, "")]


def _told(facts: dict[str, Any]) -> str:
    names = ("shipment", "return", "reason", "note")
    return " ".join(str(facts[name]) for name in names if facts.get(name))
