"""Pages of invoices: the list, one with its match, what its parties do with it."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Invalid, Issue
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.paging import windowed
from kernel.web import flash_done, page_number, redirect_to, render
from procurement.settlement.flow import InvoiceState
from procurement.settlement.queries import invoices as queries
from procurement.settlement.schemas import Reader
from procurement.settlement.services import crediting, invoicing, matching


def index(call: Call) -> str:
    """List invoices by state, the latest first."""
    found = queries.listing(call.actor, **queries.asked(call.args))
    return render(
        "procurement/settlement_invoices.html", list=windowed(call.session, found, number=page_number()),
        counts=queries.counts(call.session, call.actor), states=list(InvoiceState), errors=mistakes(call.error),
    )  # fmt: skip


def show(call: Call, invoice_id: int) -> str:
    """Show an invoice beside its orders and receipts."""
    found = queries.one(call.session, invoice_id, call.actor)
    own = call.actor.organisation_id
    return render(
        "procurement/settlement_invoice.html", invoice=found, match=queries.match(found),
        credits=queries.credits_of(call.session, found), sells=own == found.seller_id, buys=own == found.hospital_id,
        errors=mistakes(call.error), values=call.form, creditable=any(map(crediting.creditable, found.lines)),
    )  # fmt: skip


def match(call: Call, invoice_id: int) -> Response:
    """Accept an invoice."""
    matching.match(call.session, invoice_ids=[invoice_id], actor=call.actor, at=call.at)
    flash_done(_("The invoice is matched and stands to be paid."))
    return redirect_to("procurement.settlement_invoice", invoice_id=invoice_id)


def match_many(call: Call) -> Response:
    """Accept the ticked invoices."""
    ids = Reader(call.form).ids("invoice")
    if not ids:
        raise Invalid({"": Issue("nothing-ticked")})
    matching.match(call.session, invoice_ids=ids, actor=call.actor, at=call.at)
    flash_done(_("%(count)s invoices are matched and stand to be paid.", count=len(ids)))
    return redirect_to("procurement.settlement_invoices", state=InvoiceState.REGISTERED.value)


def return_(call: Call, invoice_id: int) -> Response:
    """Give an invoice back to its seller."""
    reason = Reader(call.form).text("reason")
    matching.return_(call.session, invoice_id=invoice_id, reason=reason, actor=call.actor, at=call.at)
    flash_done(_("The invoice was returned to its seller."))
    return redirect_to("procurement.settlement_invoice", invoice_id=invoice_id)


def withdraw(call: Call, invoice_id: int) -> Response:
    """Take one's own invoice back."""
    invoicing.withdraw(call.session, invoice_id=invoice_id, actor=call.actor, at=call.at)
    flash_done(_("The invoice is withdrawn; what it asked for can be invoiced again."))
    return redirect_to("procurement.settlement_invoice", invoice_id=invoice_id)
