"""Pages on which a seller registers invoices and credit notes."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.orders.rules import worth
from procurement.settlement.queries import invoices as queries
from procurement.settlement.rules import ZERO
from procurement.settlement.schemas import Reader, draft, quantities
from procurement.settlement.services import crediting, invoicing


def to_invoice(call: Call) -> str:
    """List the shipments of which something is still to be invoiced."""
    invoicing.must_sell(call.actor)
    found = queries.to_invoice(call.actor, call.at, call.args.get("q", "").strip()[:80])
    return render("procurement/settlement_to_invoice.html", list=paginate(call.session, found))


def form(call: Call, shipment_id: int) -> str:
    """Show the form of an invoice over a shipment, filled with what was received."""
    found = queries.of_shipment(call.session, shipment_id, call.actor)
    total = sum((worth(one.line.price, one.left) for one in found), ZERO)
    return render(
        "procurement/settlement_invoice_form.html", batches=found, total=total, values=call.form,
        errors=mistakes(call.error), day=today(call.at),
    )  # fmt: skip


def register(call: Call, shipment_id: int) -> Response:
    """Register an invoice over a shipment."""
    found = queries.of_shipment(call.session, shipment_id, call.actor)
    typed = draft(call.form, [one.row.id for one in found])
    made = invoicing.register(call.session, draft=typed, actor=call.actor, at=call.at)
    flash_done(_("Invoice %(number)s is registered.", number=made.title))
    return redirect_to("procurement.settlement_invoice", invoice_id=made.id)


def credit_form(call: Call, invoice_id: int) -> str:
    """Show the form of a credit note over what went back."""
    found = queries.one(call.session, invoice_id, call.actor)
    lines: list[Any] = [(line, crediting.creditable(line)) for line in found.lines]
    return render(
        "procurement/settlement_credit_form.html", invoice=found, lines=lines, values=call.form,
        errors=mistakes(call.error), day=today(call.at),
    )  # fmt: skip


def credit(call: Call, invoice_id: int) -> Response:
    """Register a credit note."""
    read = Reader(call.form)
    found = queries.one(call.session, invoice_id, call.actor)
    wanted = quantities(call.form, [line.id for line in found.lines], read)
    values: dict[str, Any] = {
        "code": read.text("code"),
        "number": read.text("number"),
        "issued_on": read.needed_day("issued_on"),
    }
    read.done()
    made = crediting.credit(
        call.session, invoice_id=invoice_id, **values, quantities=wanted, actor=call.actor, at=call.at
    )
    flash_done(_("Credit note %(number)s is registered.", number=made.title))
    return redirect_to("procurement.settlement_invoice", invoice_id=made.id)
