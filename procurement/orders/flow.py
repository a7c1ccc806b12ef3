"""States of plans, orders, shipments and returns."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from kernel.flow import Flow


class OrderKind(StrEnum):
    """By what right something is bought; each has a listing check of its own, and all need the hospital's approval."""

    AGREEMENT = "agreement"
    NEGOTIATED = "negotiated"
    LISTED = "listed"
    SHORTAGE = "shortage"
    FILED = "filed"
    EMERGENCY = "emergency"


class PlanState(StrEnum):
    """Where a hospital's purchase plan (采购计划) stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PLACED = "placed"
    WITHDRAWN = "withdrawn"


class PlanAction(StrEnum):
    """What can happen to a plan."""

    SAVE = "save"
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    WITHDRAW = "withdraw"


PLAN_FLOW = Flow(
    {
        (PlanState.DRAFT, PlanAction.SAVE): PlanState.DRAFT,
        (PlanState.DRAFT, PlanAction.SUBMIT): PlanState.SUBMITTED,
        (PlanState.DRAFT, PlanAction.WITHDRAW): PlanState.WITHDRAWN,
        (PlanState.SUBMITTED, PlanAction.RETURN): PlanState.DRAFT,
        (PlanState.SUBMITTED, PlanAction.APPROVE): PlanState.PLACED,
        (PlanState.SUBMITTED, PlanAction.WITHDRAW): PlanState.WITHDRAWN,
    }
)


class OrderState(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    DONE = "done"


class OrderAction(StrEnum):
    """What can happen to an order."""

    CONFIRM = "confirm"
    REFUSE = "refuse"
    EXPIRE = "expire"
    CANCEL = "cancel"
    SHIP = "ship"
    FINISH = "finish"


ORDER_FLOW = Flow(
    {
        (OrderState.PLACED, OrderAction.CONFIRM): OrderState.CONFIRMED,
        (OrderState.PLACED, OrderAction.REFUSE): OrderState.REFUSED,
        (OrderState.PLACED, OrderAction.EXPIRE): OrderState.EXPIRED,
        (OrderState.PLACED, OrderAction.CANCEL): OrderState.CANCELLED,
        (OrderState.CONFIRMED, OrderAction.SHIP): OrderState.SHIPPED,
        (OrderState.CONFIRMED, OrderAction.CANCEL): OrderState.CANCELLED,
        (OrderState.SHIPPED, OrderAction.SHIP): OrderState.SHIPPED,
        (OrderState.SHIPPED, OrderAction.CANCEL): OrderState.SHIPPED,
        (OrderState.SHIPPED, OrderAction.FINISH): OrderState.DONE,
    }
)
"""A confirmed order is cancelled only once it is late; of one that was shipped in part, what is still to come."""


class Standing(StrEnum):
    """What waits in an order, or how it ended: the piles of the order list."""

    TO_CONFIRM = "to-confirm"
    TO_SHIP = "to-ship"
    LATE = "late"
    TO_RECEIVE = "to-receive"
    TO_SETTLE = "to-settle"
    DONE = "done"
    VOID = "void"


OPEN = (Standing.TO_CONFIRM, Standing.TO_SHIP, Standing.LATE, Standing.TO_RECEIVE, Standing.TO_SETTLE)


class Refusal(StrEnum):
    """Why a supplier refuses an order."""

    OUT_OF_STOCK = "out-of-stock"
    PRODUCER_SHORT = "producer-short"
    NO_DELIVERY = "no-delivery"
    UNPAID = "unpaid"
    PRICE = "price"
    OTHER = "other"


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    SHIPPED = "shipped"
    DISPUTED = "disputed"
    RECEIVED = "received"


class ShipmentAction(StrEnum):
    """What can happen to a shipment."""

    RECEIVE = "receive"
    DISPUTE = "dispute"
    SETTLE = "settle"
    LAPSE = "lapse"


SHIPMENT_FLOW = Flow(
    {
        (ShipmentState.SHIPPED, ShipmentAction.RECEIVE): ShipmentState.RECEIVED,
        (ShipmentState.SHIPPED, ShipmentAction.LAPSE): ShipmentState.RECEIVED,
        (ShipmentState.SHIPPED, ShipmentAction.DISPUTE): ShipmentState.DISPUTED,
        (ShipmentState.DISPUTED, ShipmentAction.SETTLE): ShipmentState.RECEIVED,
    }
)


class Dispute(StrEnum):
    """What is wrong with what arrived."""

    SHORT = "short"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong-item"
    EXPIRING = "expiring"
    COLD_CHAIN = "cold-chain"
    NOT_ARRIVED = "not-arrived"


class ReturnState(StrEnum):
    """Where a return stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ReturnAction(StrEnum):
    """What the supplier says to a return."""

    ACCEPT = "accept"
    REFUSE = "refuse"


RETURN_FLOW = Flow(
    {
        (ReturnState.ASKED, ReturnAction.ACCEPT): ReturnState.ACCEPTED,
        (ReturnState.ASKED, ReturnAction.REFUSE): ReturnState.REFUSED,
    }
)


def settled_order(state: OrderState, due_at: datetime | None, at: datetime) -> OrderState:
    """Return an order's state as the clock has made it: unanswered orders are void at their hour."""
    if state is OrderState.PLACED and due_at is not None and due_at <= at:
        return OrderState.EXPIRED
    return state


def settled_shipment(state: ShipmentState, due_at: datetime, at: datetime) -> ShipmentState:
    """Return a shipment's state as the clock has made it: what nobody disputed in time counts as received."""
    if state is ShipmentState.SHIPPED and due_at <= at:
        return ShipmentState.RECEIVED
    return state
