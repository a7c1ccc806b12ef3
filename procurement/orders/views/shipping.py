"""The form by which a supplier ships an order, in parts if need be."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Forbidden
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.templating import amount
from kernel.web import flash_done, number, redirect_to, render
from procurement.orders.flow import settled_order
from procurement.orders.models.orders import Order
from procurement.orders.queries import orders
from procurement.orders.schemas import acts
from procurement.orders.services import shipping
from procurement.orders.views import shown


def form(call: Call, order_id: int) -> str:
    """Show what is left to be shipped, with a grid for its batches."""
    order = orders.one(call.session, order_id, call.actor)
    if call.actor.organisation_id != order.deliverer_id:
        raise Forbidden
    typed = acts.batches(call.form, order)
    state = settled_order(order.state, order.due_at, call.at)
    return render(
        "procurement/order_ship.html", order=order, state=state, form=call.form, errors=_said(call, typed, order),
        columns=_columns(), rows=_rows(call, order), open="ship" in shown.may_do(order, state, call),
        worth=amount(order.amount),
    )  # fmt: skip


def _said(call: Call, typed: acts.Typed, order: Order) -> dict[str, str]:
    """Say what is wrong with which batch: the grid's rows have no fields of their own to stand at."""
    found = {}
    for name, text in mistakes(call.error).items():
        place = name.removeprefix("batch-")
        if place == name or not place.isdecimal() or int(place) >= len(typed.places):
            found[name] = text
            continue
        line, batch = typed.places[int(place)]
        found[f"x{name}"] = _("Line %(line)s, batch “%(batch)s”: %(problem)s", line=line, batch=batch, problem=text)
    return found


def _columns() -> list[dict[str, Any]]:
    return [
        {"field": "name", "title": _("No. and product"), "kind": "text", "readonly": True, "frozen": True, "width": 300,
         "narrow": 140},
        {"field": "left", "title": _("To be shipped"), "unit": _("units"), "kind": "number", "readonly": True,
         "width": 120},
        {"field": "batch", "title": _("Batch number"), "kind": "text", "width": 160},
        {"field": "expires", "title": _("Expires"), "unit": "2027-12-31", "kind": "text", "width": 130},
        {"field": "quantity", "title": _("Shipped now"), "unit": _("units"), "kind": "number", "decimals": 3,
         "width": 120},
    ]  # fmt: skip


def _rows(call: Call, order: Order) -> list[dict[str, Any]]:
    """Return a row for each line that something is left of, as it was typed before."""
    typed = {str(row.get("id")): row for row in acts.rows(call.form.get("lines", ""))}
    found = []
    for place, line in enumerate(order.lines, start=1):
        if not line.left:
            continue
        was = typed.get(str(line.id), {})
        product = line.product
        found.append({
            "id": line.id, "name": f"{place}. {product.registered_name} {product.specification.text}",
            "left": number(line.left).replace(",", ""), "batch": was.get("batch", ""),
            "expires": was.get("expires", ""), "quantity": was.get("quantity", f"{line.left.normalize():f}"),
        })  # fmt: skip
    return found


def ship(call: Call, order_id: int) -> Response:
    """Send the batches off."""
    order = orders.one(call.session, order_id, call.actor)
    batches = acts.whole(acts.batches(call.form, order))
    waybill = call.form.get("waybill", "").strip()[:80]
    made = shipping.ship(
        call.session, order_id=order_id, batches=batches, waybill=waybill, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("Shipment %(number)s is on its way; the hospital was told.", number=made.number))
    return redirect_to("procurement.order", order_id=order_id)
