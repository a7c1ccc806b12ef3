"""Pages on which a hospital pays, and payments as both parties see them."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.paging import windowed
from kernel.web import flash_done, page_number, redirect_to, render
from procurement.settlement.queries import payments as queries
from procurement.settlement.schemas import Reader
from procurement.settlement.services import invoicing, matching, paying


def due(call: Call) -> str:
    """Show what is to be paid by seller and age; of one seller, its invoices to tick."""
    matching.must_pay(call.actor)
    seller = record_id(call.form.get("seller") or call.args.get("seller", ""))
    values: dict[str, Any] = {"errors": mistakes(call.error), "values": call.form, "day": today(call.at)}
    if seller is None:
        owed = queries.owed(call.session, call.actor, call.at)
        return render("procurement/settlement_due.html", owed=owed, ages=queries.ages(owed), at=call.at, **values)
    return render(
        "procurement/settlement_pay.html", seller=seller, at=call.at, **values,
        invoices=queries.of_seller(call.session, seller, call.actor),
        notes=queries.notes_of(call.session, seller, call.actor),
    )  # fmt: skip


def owed(call: Call) -> str:
    """Show what hospitals owe a seller, by age."""
    invoicing.must_sell(call.actor)
    found = queries.owed_to(call.session, call.actor, call.at)
    own = call.actor.organisation_id
    return render("procurement/settlement_owed.html", owed=found, ages=queries.ages(found), own=own, at=call.at)


def pay(call: Call) -> Response:
    """Record that the ticked invoices were paid."""
    read = Reader(call.form)
    paid_on = read.needed_day("paid_on")
    read.done()
    made = paying.pay(
        call.session, invoice_ids=read.ids("invoice"), reference=read.text("reference"), paid_on=paid_on,
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The payment of %(amount)s yuan is recorded.", amount=f"{made.amount:,.2f}"))
    return redirect_to("procurement.settlement_payment", payment_id=made.id)


def index(call: Call) -> str:
    """List payments, the latest first."""
    found = queries.listing(call.actor, call.args.get("q", "").strip()[:80])
    return render("procurement/settlement_payments.html", list=windowed(call.session, found, number=page_number()))


def show(call: Call, payment_id: int) -> str:
    """Show a payment with what it was for; it prints with room for a seal."""
    found = queries.one(call.session, payment_id, call.actor)
    return render("procurement/settlement_payment.html", payment=found, rows=queries.paid(call.session, found))
