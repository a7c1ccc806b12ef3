"""What a supplier or a hospital says to an order: confirm, refuse, cancel."""

from __future__ import annotations

from flask import flash, redirect
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Conflict
from kernel.i18n import _
from kernel.problems import sentence
from kernel.requests import back
from kernel.web import flash_done, redirect_to
from procurement.orders.schemas import acts
from procurement.orders.services import answers

SAID = 5


def confirm(call: Call, order_id: int) -> Response:
    """Confirm an order."""
    answers.confirm(call.session, order_id=order_id, actor=call.actor, at=call.at)
    flash_done(_("The order is confirmed; the time to ship it runs."))
    return redirect_to("procurement.order", order_id=order_id)


def confirm_many(call: Call) -> Response:
    """Confirm the orders that were ticked."""
    ids = acts.chosen(call.form.getlist("orders"))
    if not ids:
        raise Conflict("no-order-chosen")
    done, left = answers.confirm_many(call.session, order_ids=ids, actor=call.actor, at=call.at)
    if done:
        flash_done(_("%(count)s orders are confirmed; the time to ship them runs.", count=len(done)))
    for refused in left[:SAID]:
        flash(sentence(refused), "bad")
    return redirect(back(), 303)


def refuse(call: Call, order_id: int) -> Response:
    """Refuse an order."""
    why, note = acts.refusal(call.form)
    answers.refuse(call.session, order_id=order_id, refusal=why, note=note, actor=call.actor, at=call.at)
    flash_done(_("The order is refused; the hospital was told and its volume is free again."))
    return redirect_to("procurement.order", order_id=order_id)


def cancel(call: Call, order_id: int) -> Response:
    """Cancel an order, or what is still to come of it."""
    answers.cancel(call.session, order_id=order_id, actor=call.actor, at=call.at)
    flash_done(_("What was still to come is cancelled; the supplier was told and the volume is free again."))
    return redirect_to("procurement.order", order_id=order_id)
