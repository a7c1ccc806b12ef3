"""A hospital's finance matches invoices with orders and receipts, or returns them with a reason."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from kernel.notices.services import notify
from procurement.settlement.flow import INVOICE_FLOW, InvoiceAction, InvoiceKind
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.queries import invoices as queries
from procurement.settlement.services.invoicing import must_be_free
from procurement.tags import Tag


def must_pay(actor: Actor) -> int:
    """Return the paying organisation, or refuse who buys nothing."""
    if actor.organisation_id is None or not actor.buys:
        raise Forbidden
    return actor.organisation_id


def match(session: Session, *, invoice_ids: Collection[int], actor: Actor, at: datetime) -> list[Invoice]:
    """Accept invoices that agree with their orders and receipts; one that differs refuses them all by name."""
    must_pay(actor)
    found = queries.held(session, invoice_ids, actor)
    for held in found:
        must_be_free(held)
        accept(session, queries.one(session, held.id, actor), actor, at)
    return found


def accept(session: Session, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Mark a locked invoice (read by `one`) as matched, or refuse it with its differences."""
    state = INVOICE_FLOW.after(invoice.state, InvoiceAction.MATCH)
    said = queries.match(invoice)
    if not said.holds:
        raise Conflict("invoice-differs", number=invoice.title, differences=list(said.differences))
    invoice.state, invoice.matched_at, invoice.matched_by_id = state, at, actor.user_id
    facts = {"number": invoice.title, "differences": list(said.differences)}
    record(session, Tag.INVOICE_MATCHED, invoice, actor, at, facts)


def return_(session: Session, *, invoice_id: int, reason: str, actor: Actor, at: datetime) -> Invoice:
    """Give an invoice back to its seller, who withdraws it and registers a right one."""
    must_pay(actor)
    invoice = queries.held(session, [invoice_id], actor)[0]
    must_be_free(invoice)
    refuse(session, invoice, reason, actor, at)
    return invoice


def refuse(session: Session, invoice: Invoice, reason: str, actor: Actor, at: datetime) -> None:
    """Mark a locked invoice as returned, and tell its seller."""
    if invoice.kind is InvoiceKind.CREDIT:
        raise Conflict("credit-not-returned", number=invoice.title)
    state = INVOICE_FLOW.after(invoice.state, InvoiceAction.RETURN)
    if any(line.credited for line in invoice.lines):
        raise Conflict("invoice-credited", number=invoice.title)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    invoice.state, invoice.reason = state, reason.strip()
    record(session, Tag.INVOICE_RETURNED, invoice, actor, at, {"number": invoice.title, "reason": invoice.reason})
    facts = {"number": invoice.title, "hospital": actor.organisation_name, "reason": invoice.reason}
    url = f"/procurement/settlement/invoices/{invoice.id}"
    notify(session, code="invoice-returned", facts=facts, organisations=[invoice.seller_id], url=url, at=at)
