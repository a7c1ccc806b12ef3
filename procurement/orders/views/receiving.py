"""What a hospital says to a shipment, and what becomes of a dispute or a return."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Forbidden
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.web import flash_done, redirect_to, render
from procurement.orders.flow import Dispute, ShipmentState, settled_shipment
from procurement.orders.models.orders import Order
from procurement.orders.models.shipments import Shipment
from procurement.orders.queries import orders
from procurement.orders.schemas import acts
from procurement.orders.services import receiving, returns


def _of(call: Call, shipment_id: int) -> tuple[Order, Shipment, ShipmentState]:
    shipment = orders.shipment(call.session, shipment_id, call.actor)
    order = orders.one(call.session, shipment.order_id, call.actor)
    if call.actor.organisation_id != order.hospital_id:
        raise Forbidden
    return order, shipment, settled_shipment(shipment.state, shipment.due_at, call.at)


def form(call: Call, shipment_id: int) -> str:
    """Show a shipment's batches, to say what arrived of each."""
    order, shipment, state = _of(call, shipment_id)
    return render(
        "procurement/order_receive.html", order=order, shipment=shipment, state=state, form=call.form,
        errors=mistakes(call.error), lines={line.id: line for line in order.lines},
        disputes=[(one.value, label(one)) for one in Dispute],
    )  # fmt: skip


def receive(call: Call, shipment_id: int) -> Response:
    """Receive a shipment; what did not arrive whole is in dispute."""
    shipment = orders.shipment(call.session, shipment_id, call.actor)
    done = receiving.receive(
        call.session, shipment_id=shipment_id, arrived=acts.arrived(call.form, shipment),
        note=call.form.get("note", "")[: acts.NOTE], actor=call.actor, at=call.at,
    )  # fmt: skip
    disputed = done.state is ShipmentState.DISPUTED
    text = _("What arrived is received; the rest is in dispute and the supplier was told.")
    flash_done(text if disputed else _("Shipment %(number)s is received.", number=done.number))
    return redirect_to("procurement.order", order_id=done.order_id)


def grant(call: Call, shipment_id: int) -> Response:
    """Grant a dispute."""
    note = call.form.get("note", "")[: acts.NOTE]
    done = receiving.concede(call.session, shipment_id=shipment_id, note=note, actor=call.actor, at=call.at)
    flash_done(_("The dispute is granted: what did not arrive whole is to be shipped again."))
    return redirect_to("procurement.order", order_id=done.order_id)


def drop(call: Call, shipment_id: int) -> Response:
    """Drop a dispute."""
    note = call.form.get("note", "")[: acts.NOTE]
    done = receiving.drop(call.session, shipment_id=shipment_id, note=note, actor=call.actor, at=call.at)
    flash_done(_("The dispute is dropped: everything counts as received."))
    return redirect_to("procurement.order", order_id=done.order_id)


def back_form(call: Call, shipment_id: int) -> str:
    """Show a shipment's batches, to say how much of each goes back."""
    order, shipment, state = _of(call, shipment_id)
    return render(
        "procurement/order_return.html", order=order, shipment=shipment, state=state, form=call.form,
        errors=mistakes(call.error), lines={line.id: line for line in order.lines},
    )  # fmt: skip


def send_back(call: Call, shipment_id: int) -> Response:
    """Ask to send batches back."""
    shipment = orders.shipment(call.session, shipment_id, call.actor)
    made = returns.ask(
        call.session, shipment_id=shipment_id, quantities=acts.sent_back(call.form, shipment),
        reason=call.form.get("reason", "")[: acts.NOTE], actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("Return %(number)s is asked for; the supplier was told.", number=made.number))
    return redirect_to("procurement.order", order_id=shipment.order_id)


def answer(call: Call, return_id: int) -> Response:
    """Take goods back, or refuse to."""
    accepted = call.form.get("answer") == "accept"
    note = call.form.get("note", "")[: acts.NOTE]
    done = returns.answer(
        call.session, return_id=return_id, accepted=accepted, note=note, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The goods are taken back.") if accepted else _("The return is refused."))
    return redirect_to("procurement.order", order_id=done.shipment.order_id)


def answer_again(call: Call, return_id: int) -> str:
    """Show the order again where the answer to a return was refused."""
    from procurement.orders.views.orders import show

    found = orders.return_(call.session, return_id, call.actor)
    return show(call, orders.shipment(call.session, found.shipment_id, call.actor).order_id)
