"""Payments against postings, invoices against batches, claims, runs and fund accounts against each other.

As the volume ledger's own checks: the database compares, and only what differs comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from kernel.columns import Amount, Quantity
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.models import VolumeEntry
from procurement.orders.models.shipments import ShipmentLine
from procurement.orders.reconciliation.queries import NO_YUAN, NOTHING, Difference, by_subject, further, told
from procurement.settlement.flow import Channel, ClaimState, FundEntryKind, InvoiceKind, InvoiceState, RunState
from procurement.settlement.fund.services import COLUMNS
from procurement.settlement.models.claims import Claim, FundAccount, FundEntry, Run
from procurement.settlement.models.invoices import Invoice, InvoiceLine, Payment

STANDING = (ClaimState.FILED, ClaimState.APPROVED, ClaimState.PAID)
TAKEN = (RunState.PREPARED, RunState.PAID)
IS_INVOICE = Invoice.kind == InvoiceKind.INVOICE


@further
def settlement(session: Session) -> Iterator[Difference]:
    """Find what differs between payments and postings, or within settlement."""
    yield from _paid_lines(session)
    yield from _batches(session)
    yield from _payments(session)
    yield from _claims(session)
    yield from _runs(session)
    yield from _accounts(session)


def _differ(session: Session, check: str, query: Any, pairs: dict[str, tuple[Any, Any]]) -> Iterator[Difference]:
    """Tell the rows of a query of ids in which one of the pairs of figures is not the same."""
    columns = [each for pair in pairs.values() for each in pair]
    differs = or_(*(own != other for own, other in pairs.values()))
    yield from told(session, check, query.add_columns(*columns).where(differs), list(pairs))


def _yuan(column: Any) -> ColumnElement[Any]:
    return func.coalesce(column, NO_YUAN)


def _units(column: Any) -> ColumnElement[Any]:
    return func.coalesce(column, NOTHING)


def _paid_lines(session: Session) -> Iterator[Difference]:
    """Hold what was posted as paid against the lines of paid invoices, less what was netted with the same payment."""
    note, bill = aliased(Invoice), aliased(Invoice)
    credit, line = aliased(InvoiceLine), aliased(InvoiceLine)
    netted = (
        select(credit.credits_id.label("line_id"), func.sum(credit.quantity, type_=Quantity()).label("quantity"))
        .join(note, note.id == credit.invoice_id)
        .join(line, line.id == credit.credits_id)
        .join(bill, bill.id == line.invoice_id)
        .where(note.payment_id == bill.payment_id)
        .group_by(credit.credits_id)
        .subquery()
    )
    posted = by_subject(Move.PAY)
    net = InvoiceLine.quantity - _units(netted.c.quantity)
    paid = case((IS_INVOICE & Invoice.payment_id.is_not(None), net), else_=NOTHING)
    query = (
        select(InvoiceLine.id)
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .outerjoin(netted, netted.c.line_id == InvoiceLine.id)
        .outerjoin(posted, posted.c.subject_id == InvoiceLine.id)
    )
    yield from _differ(session, "invoice-line-paid", query, {"paid": (paid, _units(posted.c[Move.PAY]))})


def _batches(session: Session) -> Iterator[Difference]:
    """Hold what stands as invoiced at a batch against its invoices, and all that stands as paid against the postings.

    What was taken back is posted about a return or a batch, so only its total can be compared.
    """
    live = IS_INVOICE & (Invoice.state != InvoiceState.WITHDRAWN)
    net = func.sum(InvoiceLine.quantity - InvoiceLine.credited, type_=Quantity())
    invoiced = (
        select(InvoiceLine.shipment_line_id.label("row"), net.label("sum"))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(live)
        .group_by(InvoiceLine.shipment_line_id)
        .subquery()
    )
    query = select(ShipmentLine.id).outerjoin(invoiced, invoiced.c.row == ShipmentLine.id)
    pairs = {"invoiced": (ShipmentLine.invoiced, _units(invoiced.c.sum))}
    yield from _differ(session, "batch-invoiced", query, pairs)
    signed = case((VolumeEntry.move == Move.REFUND, -VolumeEntry.quantity), else_=VolumeEntry.quantity)
    posted = select(func.sum(signed, type_=Quantity())).where(VolumeEntry.move.in_((Move.PAY, Move.REFUND)))
    stands, entered = (
        session.scalar(each) or Decimal(0) for each in (select(func.sum(ShipmentLine.paid, type_=Quantity())), posted)
    )
    if stands != entered:
        yield Difference("batches-paid", 0, {"paid": (stands, entered)})


def _sums_of_invoices(column: Any) -> Subquery:
    """Add invoices and credit notes up by their payment or claim."""
    parts = {"gross": IS_INVOICE, "credited": ~IS_INVOICE}
    sums = [
        func.sum(case((which, Invoice.amount), else_=NO_YUAN), type_=Amount()).label(name)
        for name, which in parts.items()
    ]
    return select(column.label("row"), *sums).where(column.is_not(None)).group_by(column).subquery()


def _against_invoices(model: Any, sums: Subquery) -> dict[str, tuple[Any, Any]]:
    gross, credited = _yuan(sums.c.gross), _yuan(sums.c.credited)
    return {"gross": (model.gross, gross), "credited": (model.credited, credited),
            "amount": (model.amount, gross - credited)}  # fmt: skip


def _payments(session: Session) -> Iterator[Difference]:
    sums = _sums_of_invoices(Invoice.payment_id)
    query = select(Payment.id).outerjoin(sums, sums.c.row == Payment.id)
    yield from _differ(session, "payment", query, _against_invoices(Payment, sums))


def _claims(session: Session) -> Iterator[Difference]:
    """Hold claims against their invoices, and paid ones against their payments."""
    sums = _sums_of_invoices(Invoice.claim_id)
    query = select(Claim.id).outerjoin(sums, sums.c.row == Claim.id).where(Claim.state.in_(STANDING))
    yield from _differ(session, "claim", query, _against_invoices(Claim, sums))
    paid = select(Claim.id).outerjoin(Payment, Payment.claim_id == Claim.id)
    due = case((Claim.state == ClaimState.PAID, Claim.amount), else_=NO_YUAN)
    yield from _differ(session, "claim-paid", paid, {"paid": (due, _yuan(Payment.amount))})


def _runs(session: Session) -> Iterator[Difference]:
    sums = (
        select(Claim.run_id.label("row"), func.sum(Claim.amount, type_=Amount()).label("amount"),
               func.count().label("count"))
        .group_by(Claim.run_id)
        .subquery()
    )  # fmt: skip
    query = select(Run.id).outerjoin(sums, sums.c.row == Run.id).where(Run.state.in_(TAKEN))
    pairs = {"amount": (Run.amount, _yuan(sums.c.amount)), "count": (Run.count, func.coalesce(sums.c["count"], 0))}
    yield from _differ(session, "fund-run", query, pairs)


def _accounts(session: Session) -> Iterator[Difference]:
    """Hold fund accounts against their entries, and what was paid directly against the payments."""
    entered = {
        kind: func.sum(case((FundEntry.kind == kind, FundEntry.amount), else_=NO_YUAN), type_=Amount())
        for kind in FundEntryKind
    }
    sums = select(FundEntry.hospital_id, *(each.label(COLUMNS[kind]) for kind, each in entered.items()))
    of_entries = sums.where(FundEntry.undone_at.is_(None)).group_by(FundEntry.hospital_id).subquery()
    paid = select(Payment.hospital_id, func.sum(Payment.amount, type_=Amount()).label("sum"))
    of_payments = paid.where(Payment.channel == Channel.FUND).group_by(Payment.hospital_id).subquery()
    query = (
        select(FundAccount.hospital_id)
        .outerjoin(of_entries, of_entries.c.hospital_id == FundAccount.hospital_id)
        .outerjoin(of_payments, of_payments.c.hospital_id == FundAccount.hospital_id)
    )
    table = FundAccount.__table__.c
    pairs = {name: (table[name], _yuan(of_entries.c[name])) for name in COLUMNS.values()}
    yield from _differ(session, "fund-account", query, pairs)
    yield from _differ(session, "fund-paid", query, {"direct": (FundAccount.direct, _yuan(of_payments.c.sum))})
