"""Orders as JSON: the same verbs as the pages, each answered with the order as it stands then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kernel.calls import Call
from kernel.problems import sentence
from procurement.orders.flow import settled_order, settled_shipment
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.queries import due, lists, orders
from procurement.orders.services import answers, receiving, returns, shipping
from procurement.orders.services.receiving import Arrived
from procurement.orders.services.shipping import Batch

PLAIN = ("id", "number", "kind", "hospital", "company", "deliverer", "amount", "lines_count", "placed_at", "due_at",
         "closed_at", "refusal", "note")  # fmt: skip
SHIPPED = ("id", "number", "waybill", "shipped_at", "due_at", "received_at", "lines")


def _plain(call: Call, one: Order) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in PLAIN}
    return facts | {"state": settled_order(one.state, one.due_at, call.at)}


def _shipment(call: Call, one: Shipment) -> dict[str, Any]:
    facts = {name: getattr(one, name) for name in SHIPPED}
    return facts | {"state": settled_shipment(one.state, one.due_at, call.at)}


def _whole(call: Call, order_id: int) -> dict[str, Any]:
    order = orders.one(call.session, order_id, call.actor)
    shipments = [_shipment(call, one) for one in orders.shipments_of(call.session, order)]
    back = due.returns_of(call.session, order)
    return _plain(call, order) | {"lines": order.lines, "shipments": shipments, "returns": back}


def index(call: Call) -> dict[str, Any]:
    """List the orders the actor is a party to."""
    query = call.query
    asked = replace(
        lists.Asked(), standing=query.get("standing"), kind=query.get("kind"), hospital_id=query.get("hospital"),
        company_id=query.get("company"), since=query.get("since"), until=query.get("until"),
    )  # fmt: skip
    found = lists.page(call.session, lists.listing(call.actor, asked, call.at), query["page"])
    rows = [_plain(call, one) for one in found.rows]
    return {"orders": rows, "page": found.number, "pages": found.last, "total": found.total}


def one(call: Call, order_id: int) -> dict[str, Any]:
    """Return an order with its lines, shipments and returns."""
    return _whole(call, order_id)


def confirm_many(call: Call) -> dict[str, Any]:
    """Confirm orders at once; those that can't be any more are named."""
    done, left = answers.confirm_many(call.session, order_ids=call.body["orders"], actor=call.actor, at=call.at)
    return {"confirmed": [one.id for one in done], "refused": [sentence(one) for one in left]}


def confirm(call: Call, order_id: int) -> dict[str, Any]:
    """Confirm an order."""
    answers.confirm(call.session, order_id=order_id, actor=call.actor, at=call.at)
    return _whole(call, order_id)


def refuse(call: Call, order_id: int) -> dict[str, Any]:
    """Refuse an order."""
    answers.refuse(call.session, order_id=order_id, **call.body, actor=call.actor, at=call.at)
    return _whole(call, order_id)


def cancel(call: Call, order_id: int) -> dict[str, Any]:
    """Cancel an order, or what is still to come of it."""
    answers.cancel(call.session, order_id=order_id, actor=call.actor, at=call.at)
    return _whole(call, order_id)


def ship(call: Call, order_id: int) -> dict[str, Any]:
    """Ship an order, or a part of it."""
    batches = [Batch(**row) for row in call.body["batches"]]
    waybill = call.body["waybill"]
    shipping.ship(call.session, order_id=order_id, batches=batches, waybill=waybill, actor=call.actor, at=call.at)
    return _whole(call, order_id)


def receive(call: Call, shipment_id: int) -> dict[str, Any]:
    """Receive a shipment; what did not arrive whole is in dispute."""
    shipment = orders.shipment(call.session, shipment_id, call.actor)
    said = {row["id"]: Arrived(row["received"], row["dispute"], row["note"]) for row in call.body["lines"]}
    done = receiving.receive(
        call.session, shipment_id=shipment_id,
        arrived=said or {row.id: Arrived(row.quantity) for row in shipment.lines}, note=call.body["note"],
        actor=call.actor, at=call.at,
    )  # fmt: skip
    return _whole(call, done.order_id)


def grant(call: Call, shipment_id: int) -> dict[str, Any]:
    """Grant a dispute."""
    done = receiving.concede(call.session, shipment_id=shipment_id, **call.body, actor=call.actor, at=call.at)
    return _whole(call, done.order_id)


def drop(call: Call, shipment_id: int) -> dict[str, Any]:
    """Drop a dispute."""
    done = receiving.drop(call.session, shipment_id=shipment_id, **call.body, actor=call.actor, at=call.at)
    return _whole(call, done.order_id)


def send_back(call: Call, shipment_id: int) -> dict[str, Any]:
    """Ask to send batches back."""
    back = {row["id"]: row["quantity"] for row in call.body["lines"]}
    reason = call.body["reason"]
    made = returns.ask(
        call.session, shipment_id=shipment_id, quantities=back, reason=reason, actor=call.actor, at=call.at
    )  # fmt: skip
    return _whole(call, orders.shipment(call.session, made.shipment_id, call.actor).order_id)


def answer(call: Call, return_id: int) -> dict[str, Any]:
    """Take goods back, or refuse to."""
    made = returns.answer(call.session, return_id=return_id, **call.body, actor=call.actor, at=call.at)
    return _whole(call, orders.shipment(call.session, made.shipment_id, call.actor).order_id)
