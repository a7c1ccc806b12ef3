"""Calls of the exchange. Every call that writes is repeated safely under its Idempotency-Key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response, request

from kernel.calls import Call
from kernel.periods import midnight
from kernel.sheets import CSV
from procurement.orders.exchange import exports, queries, rules, services
from procurement.orders.exchange.exports import Flat
from procurement.orders.models.plans import Plan
from procurement.orders.planning import queries as planning
from procurement.orders.queries import plans


def take(call: Call) -> dict[str, Any]:
    """Take a plan with its lines: all of it, or nothing and every mistake."""
    head = {name: value for name, value in call.body.items() if name != "lines"}
    made = services.take_plan(call.session, **head, rows=call.body["lines"], actor=call.actor, at=call.at)
    return _plan(call, made)


def take_csv(call: Call) -> dict[str, Any]:
    """Take a plan whose lines come as comma-separated text; its head stands in the address."""
    rows = rules.rows(request.get_data(cache=True))
    made = services.take_plan(call.session, **call.query, rows=rows, actor=call.actor, at=call.at)
    return _plan(call, made)


def plan(call: Call, plan_id: int) -> dict[str, Any]:
    """Return where a plan stands."""
    return _plan(call, plans.one(call.session, plan_id, call.actor))


def _plan(call: Call, found: Plan) -> dict[str, Any]:
    placed = planning.orders(call.session, found)
    return {
        "id": found.id, "title": found.title, "state": found.state, "version": found.version,
        "return_reason": found.return_reason, "lines": planning.sizes(call.session, [found]).get(found.id, 0),
        "orders": [one.number for one in placed],
    }  # fmt: skip


def orders(call: Call) -> Any:
    """Return lines of orders behind a number."""
    found = queries.orders_after(call.session, call.actor, **_asked(call))
    return _answer(call, exports.order_rows(found), found)


def shipments(call: Call) -> Any:
    """Return batches of shipments behind a number."""
    found = queries.shipments_after(call.session, call.actor, **_asked(call))
    return _answer(call, exports.shipment_rows(found), found)


def _asked(call: Call) -> dict[str, Any]:
    day = call.query["since"]
    since = midnight(day) if day else None
    return {"after": call.query["after"], "limit": call.query["limit"], "since": since}


def _answer(call: Call, rows: Iterable[Flat], found: Sequence[Any]) -> Any:
    after = found[-1].id if len(found) == call.query["limit"] else 0
    if call.query["form"] == "json":
        return {"rows": list(rows), "after": after}
    return Response(exports.as_csv(rows), mimetype=CSV, headers={"Jicai-After": str(after)})
