"""Settlement as calls: the same verbs as the pages."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from kernel.paging import turned
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.queries import invoices
from procurement.settlement.schemas import draft_of
from procurement.settlement.services import invoicing, matching, paying

SIZE = 200


def index(call: Call) -> list[Any]:
    """Return the reader's invoices, the latest first, 200 a page."""
    query = invoices.listing(call.actor, state=call.query["state"])
    return turned(call.session, query, number=call.query["page"], size=SIZE).rows


def show(call: Call, invoice_id: int) -> Invoice:
    """Return an invoice with its lines."""
    return invoices.one(call.session, invoice_id, call.actor)


def register(call: Call) -> Invoice:
    """Register an invoice; the same Idempotency-Key gives the same answer."""
    made = invoicing.register(call.session, draft=draft_of(call.body), actor=call.actor, at=call.at)
    return invoices.one(call.session, made.id, call.actor)


def match(call: Call, invoice_id: int) -> Invoice:
    """Accept an invoice that agrees with its orders and receipts."""
    return matching.match(call.session, invoice_ids=[invoice_id], actor=call.actor, at=call.at)[0]


def return_(call: Call, invoice_id: int) -> Invoice:
    """Give an invoice back to its seller."""
    reason = call.body["reason"]
    return matching.return_(call.session, invoice_id=invoice_id, reason=reason, actor=call.actor, at=call.at)


def withdraw(call: Call, invoice_id: int) -> Invoice:
    """Take one's own invoice back."""
    return invoicing.withdraw(call.session, invoice_id=invoice_id, actor=call.actor, at=call.at)


def pay(call: Call) -> Payment:
    """Record that matched invoices of one seller were paid."""
    return paying.pay(
        call.session, invoice_ids=call.body["invoices"], reference=call.body["reference"],
        paid_on=call.body["paid_on"], actor=call.actor, at=call.at,
    )  # fmt: skip
