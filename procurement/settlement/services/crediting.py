"""Credit notes for goods that went back after they were invoiced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue, NotFound
from kernel.money import places
from kernel.notices.services import notify
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.orders.figures.services import count_payments
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import ShipmentLine
from procurement.orders.services import volumes
from procurement.orders.services.returns import unpaid
from procurement.settlement.flow import BLOCKING, Difference, InvoiceKind, InvoiceState
from procurement.settlement.models.invoices import Invoice, InvoiceLine
from procurement.settlement.queries import invoices as queries
from procurement.settlement.rules import ZERO, key
from procurement.settlement.rules import credit as worth
from procurement.settlement.services.invoicing import PAYERS, count, number_faults, save
from procurement.settlement.statements.flow import EntryKind
from procurement.settlement.statements.services import enter_invoices
from procurement.tags import Tag

CREDITED = (InvoiceState.REGISTERED, InvoiceState.MATCHED, InvoiceState.PAID)
WRONG = BLOCKING - {Difference.SENT_BACK}
"""What no credit note mends: crediting such an invoice would leave it neither to be paid nor to be withdrawn."""


def credit(
    session: Session, *, invoice_id: int, code: str, number: str, issued_on: date, quantities: Mapping[int, Decimal],
    actor: Actor, at: datetime,
) -> Invoice:  # fmt: skip
    """Register a credit note over lines of an invoice (units by line): what went back of them and no more.

    Raises Invalid by field and `line-ID`.
    """
    invoice = queries.own(session, invoice_id, actor)
    if invoice.kind is not InvoiceKind.INVOICE or invoice.state not in CREDITED:
        raise Conflict("invoice-not-credited", number=invoice.title)
    invoice = queries.one(session, invoice_id, actor)
    if invoice.state is InvoiceState.REGISTERED and WRONG & set(queries.match(invoice).differences):
        raise Conflict("invoice-not-credited", number=invoice.title)  # it is to be withdrawn and registered anew
    lines = {line.id: line for line in invoice.lines}
    if set(quantities) - set(lines):
        raise NotFound(lines=sorted(set(quantities) - set(lines)))
    wanted = {lines[key]: quantity for key, quantity in quantities.items() if quantity}
    known = queries.registered(session, [(code, number)], invoice.seller_id)
    wrong = number_faults(code, number, issued_on, known=bool(known), day=today(at))
    wrong |= _line_faults(wanted)
    if wrong:
        raise Invalid(wrong)
    made = _note(invoice, code, number, issued_on, _rows(session, wanted), actor, at)
    for line, quantity in wanted.items():
        line.credited += quantity
    count(session, {line.shipment_line_id: quantity for line, quantity in wanted.items()}, back=True)
    save(session, [made])
    if invoice.state is InvoiceState.PAID:
        _let_go(session, [line.shipment_line_id for line in wanted], at)
    enter_invoices(session, [made], EntryKind.CREDITED, at=at)
    facts = {"number": made.title, "corrects": invoice.title, "amount": made.amount}
    record(session, Tag.INVOICE_CREDITED, made, actor, at, facts)
    notify(
        session, code="invoice-credited-notice", facts={"number": made.title, "seller": actor.organisation_name},
        organisations=[made.hospital_id], roles=PAYERS, url=f"/procurement/settlement/invoices/{made.id}", at=at,
    )  # fmt: skip
    return made


def _let_go(session: Session, ids: Sequence[int], at: datetime) -> None:
    """What was paid of batches beyond what paid invoices still ask for is to be paid by the other invoices of them."""
    line = joinedload(ShipmentLine.line)
    query = select(ShipmentLine).where(ShipmentLine.id.in_(ids)).order_by(ShipmentLine.id).options(
        line.joinedload(OrderLine.order), line.joinedload(OrderLine.product), joinedload(ShipmentLine.shipment)
    )  # fmt: skip
    orders = select(OrderLine.order_id).join(ShipmentLine).where(ShipmentLine.id.in_(ids))
    session.execute(select(Order.id).where(Order.id.in_(orders)).order_by(Order.id).with_for_update()).all()
    asked = _asked(session, ids)
    posted, counted = [], []
    for row in session.scalars(query.execution_options(populate_existing=True)):
        over = row.paid - asked.get(row.id, ZERO)
        if over > 0:
            counted.append(unpaid(row, row.line, row.paid - over, row.shipment))
            posted.append(volumes.posting(row.line.order, row.line, Move.REFUND, over, row.id))
    session.flush()
    ledger.post(session, posted, at=at)
    count_payments(session, counted)


def _asked(session: Session, ids: Sequence[int]) -> dict[int, Decimal]:
    """Return by batch what paid invoices ask for, less their credit notes, in units."""
    net = func.sum(InvoiceLine.quantity - InvoiceLine.credited, type_=InvoiceLine.quantity.type)
    query = select(InvoiceLine.shipment_line_id, net).join(Invoice, Invoice.id == InvoiceLine.invoice_id)
    query = query.where(
        InvoiceLine.shipment_line_id.in_(ids), Invoice.kind == InvoiceKind.INVOICE, Invoice.state == InvoiceState.PAID
    )
    return dict(session.execute(query.group_by(InvoiceLine.shipment_line_id)).all())


def creditable(line: InvoiceLine) -> Decimal:
    """Return how much of a line a credit note can take back now: what went back and is not credited yet."""
    row = line.shipment_line
    over = row.invoiced - (row.received - row.returned)
    return max(ZERO, min(over, line.quantity - line.credited))


def _line_faults(wanted: Mapping[InvoiceLine, Decimal]) -> dict[str, Issue]:
    wrong = {}
    for line, quantity in wanted.items():
        most = creditable(line)
        if not 0 < quantity <= most or places(quantity) > 3:
            wrong[f"line-{line.id}"] = Issue("credit-out-of-range", facts={"left": most.normalize()})
    if not wanted:
        wrong[""] = Issue("credit-empty")
    return wrong


def _rows(session: Session, wanted: Mapping[InvoiceLine, Decimal]) -> list[InvoiceLine]:
    """Return the note's lines; the last part of a line takes its last fen."""
    ids = [line.id for line in wanted]
    taken = dict(
        session.execute(
            select(InvoiceLine.credits_id, func.sum(InvoiceLine.amount, type_=InvoiceLine.amount.type))
            .where(InvoiceLine.credits_id.in_(ids))
            .group_by(InvoiceLine.credits_id)
        ).all()
    )
    made = []
    for line, quantity in wanted.items():
        left = line.amount - taken.get(line.id, ZERO)
        amount = worth(line.price, quantity, left_quantity=line.quantity - line.credited, left_amount=left)
        made.append(
            InvoiceLine(
                shipment_line_id=line.shipment_line_id, credits_id=line.id, price=line.price, quantity=quantity,
                amount=amount, credited=ZERO,
            )
        )  # fmt: skip
    return made


def _note(
    invoice: Invoice, code: str, number: str, issued_on: date, rows: Sequence[InvoiceLine], actor: Actor, at: datetime
) -> Invoice:
    return Invoice(
        kind=InvoiceKind.CREDIT, key=key(invoice.seller_id, code, number), seller_id=invoice.seller_id,
        hospital_id=invoice.hospital_id, region_code=invoice.region_code, code=code, number=number,
        issued_on=issued_on, amount=sum((row.amount for row in rows), ZERO), state=InvoiceState.MATCHED,
        received_at=invoice.received_at, due_at=invoice.due_at, corrects_id=invoice.id, registered_at=at,
        registered_by_id=actor.user_id, matched_at=at, lines=list(rows),
    )  # fmt: skip
