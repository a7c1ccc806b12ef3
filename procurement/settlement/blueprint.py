"""The map of settlement."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import NotFound
from kernel.i18n import _, _l
from kernel.identity import record_id
from kernel.routes import Api, Pages
from kernel.web import NavItem, Queue, QueueRow, home_queue, nav_item, number, subject_link
from procurement.settlement import api as calls
from procurement.settlement import exports, jobs, labels, schemas
from procurement.settlement.claims import blueprint as claims
from procurement.settlement.fund import blueprint as fund
from procurement.settlement.queries import invoices, payments
from procurement.settlement.rules import ZERO
from procurement.settlement.runs import blueprint as runs
from procurement.settlement.statements import blueprint as statements
from procurement.settlement.views import invoices as views
from procurement.settlement.views import paying, registering

READ, WRITE, PAY, POST = P.INVOICE_READ, P.INVOICE_WRITE, P.INVOICE_PAY, ("POST",)
ONE = "/settlement/invoices/<int:invoice_id>"
SECTION = _l("Settlement")
assert labels and exports and jobs  # importing them registers sentences, workbooks and jobs


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, its lines to the side bar and its queues to the first page."""
    _pages(pages)
    _calls(api)
    statements.mount(pages, api)
    claims.mount(pages, api)
    runs.mount(pages, api)
    fund.mount(pages, api)
    nav_item(NavItem(SECTION, _l("Invoices"), "procurement.settlement_invoices", "receipt", READ, order=52))
    nav_item(NavItem(SECTION, _l("To be invoiced"), "procurement.settlement_to_invoice", "inbox", WRITE, order=51))
    nav_item(NavItem(SECTION, _l("Payments by age"), "procurement.settlement_due", "cash-coin", PAY, _to_pay, order=51))
    nav_item(NavItem(SECTION, _l("Owed to us"), "procurement.settlement_owed", "cash-coin", WRITE, order=53))
    nav_item(NavItem(SECTION, _l("Payments"), "procurement.settlement_payments", "bank", READ, order=53))
    home_queue(PAY, _to_match, order=13)
    home_queue(PAY, _queue, order=14)
    home_queue(WRITE, _owed, order=24)
    subject_link("settlement_invoice", _invoice)
    subject_link("settlement_payment", _payment)


def _pages(pages: Pages) -> None:
    pages.add("settlement_invoices", "/settlement/invoices", views.index, READ)
    pages.add(
        "settlement_match_many", "/settlement/match", views.match_many, PAY, methods=POST, again=views.index
    )  # fmt: skip
    pages.add("settlement_invoice", ONE, views.show, READ)
    pages.add("settlement_match", f"{ONE}/match", views.match, PAY, methods=POST, again=views.show)
    pages.add("settlement_return", f"{ONE}/return", views.return_, PAY, methods=POST, again=views.show)
    pages.add("settlement_withdraw", f"{ONE}/withdraw", views.withdraw, WRITE, methods=POST, again=views.show)
    pages.add("settlement_credit_form", f"{ONE}/credit", registering.credit_form, WRITE)
    pages.add(
        "settlement_credit", f"{ONE}/credit", registering.credit, WRITE, methods=POST, again=registering.credit_form
    )  # fmt: skip
    pages.add("settlement_to_invoice", "/settlement/to-invoice", registering.to_invoice, WRITE)
    shipment = "/settlement/shipments/<int:shipment_id>"
    pages.add("settlement_invoice_form", shipment, registering.form, WRITE)
    pages.add("settlement_register", shipment, registering.register, WRITE, methods=POST, again=registering.form)
    pages.add("settlement_due", "/settlement/due", paying.due, PAY)
    pages.add("settlement_pay", "/settlement/due", paying.pay, PAY, methods=POST, again=paying.due)
    pages.add("settlement_owed", "/settlement/owed", paying.owed, WRITE)
    pages.add("settlement_payments", "/settlement/payments", paying.index, READ)
    pages.add("settlement_payment", "/settlement/payments/<int:payment_id>", paying.show, READ)


def _calls(api: Api) -> None:
    out = schemas.InvoiceOut
    api.add("invoices", "/invoices", calls.index, READ, query=schemas.InvoiceQuery, returns=out(many=True))
    whole = schemas.InvoiceWholeOut
    api.add(
        "invoices_register", "/invoices", calls.register, WRITE, methods=POST, body=schemas.InvoiceIn, returns=whole,
        status=201,
    )  # fmt: skip
    one = "/invoices/<int:invoice_id>"
    api.add("invoice", one, calls.show, READ, returns=whole)
    api.add("invoice_match", f"{one}/match", calls.match, PAY, methods=POST, returns=out)
    body = schemas.InvoiceReturnIn
    api.add("invoice_return", f"{one}/return", calls.return_, PAY, methods=POST, body=body, returns=out)
    api.add("invoice_withdraw", f"{one}/withdraw", calls.withdraw, WRITE, methods=POST, returns=out)
    api.add(
        "payments_make", "/payments", calls.pay, PAY, methods=POST, body=schemas.PaymentIn,
        returns=schemas.PaymentOut, status=201,
    )  # fmt: skip


def _to_pay(session: Session, actor: Actor, at: datetime) -> tuple[int, bool]:
    """Count what a hospital is to pay, and say whether some of it is late."""
    _match, pay, late = payments.waiting(session, actor, at)
    return pay, late > 0


def _to_match(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Invoices that wait for a hospital's finance; hidden where there is none."""
    count, _pay, _late = payments.waiting(session, actor, at)
    if not count:
        return None
    found = invoices.oldest_registered(session, actor)
    rows = [
        QueueRow(one.seller.shown_name, url_for("procurement.settlement_invoice", invoice_id=one.id),
                 one.issued_on.isoformat(), "", one.title, number(one.amount, 2))
        for one in found
    ]  # fmt: skip
    address = url_for("procurement.settlement_invoices", state="registered")
    return Queue(_("Invoices to match"), "", rows, count, address, _("No invoice waits for you"))


def _queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """What a hospital is to pay, the one waiting longest first."""
    found = payments.owed(session, actor, at)
    rows = [
        QueueRow(one.party.shown_name, url_for("procurement.settlement_due", seller=one.party.id),
                 one.first_due.date().isoformat(), "bad" if one.late else "",
                 _("%(count)s invoices", count=one.count), number(one.net, 2))
        for one in found[:3]
    ]  # fmt: skip
    address = url_for("procurement.settlement_due")
    late = sum((one.late for one in found), ZERO)
    note = _("%(amount)s yuan overdue", amount=number(late, 2)) if late else _("Counted from receipt, late ones first")
    return Queue(_("Payments by age"), note, rows, len(found), address, _("Nothing is to be paid"))


def _owed(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """What hospitals owe a seller, the one waiting longest first; hidden from who sells nothing."""
    if not actor.supplies:
        return None
    found = payments.owed_to(session, actor, at)
    address = url_for("procurement.settlement_owed")
    rows = [
        QueueRow(one.party.shown_name, address, one.first_due.date().isoformat(), "bad" if one.late else "",
                 _("%(count)s invoices", count=one.count), number(one.net, 2))
        for one in found[:3]
    ]  # fmt: skip
    late = sum((one.late for one in found), ZERO)
    note = _("%(amount)s yuan overdue", amount=number(late, 2)) if late else ""
    return Queue(_("What is owed to us"), note, rows, len(found), address, _("Nobody owes you anything"))


def _invoice(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name an invoice for the audit pages."""
    try:
        found = invoices.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return found.title, url_for("procurement.settlement_invoice", invoice_id=found.id)


def _payment(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Name a payment for the audit pages."""
    try:
        found = payments.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    return found.reference, url_for("procurement.settlement_payment", payment_id=found.id)
