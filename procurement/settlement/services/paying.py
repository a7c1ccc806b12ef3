"""Pay invoices: net them against credit notes, count their volume as paid, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import compress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue
from kernel.notices.services import notify
from kernel.periods import midnight
from kernel.sets import among
from procurement.agreements.ledger import services as ledger
from procurement.agreements.ledger.flow import Move
from procurement.agreements.ledger.services import Posting
from procurement.orders.figures.rules import paid_in_time
from procurement.orders.figures.services import Paid, count_payments
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import ShipmentLine
from procurement.orders.rules import worth
from procurement.orders.services import volumes
from procurement.settlement.flow import INVOICE_FLOW, Channel, InvoiceAction, InvoiceKind
from procurement.settlement.models.claims import Claim
from procurement.settlement.models.invoices import Invoice, InvoiceLine, Payment
from procurement.settlement.queries import invoices as queries
from procurement.settlement.rules import EARLIEST, ZERO, fitting
from procurement.settlement.services.invoicing import must_be_free
from procurement.settlement.services.matching import must_pay
from procurement.settlement.statements.services import enter_payments
from procurement.tags import Tag


@dataclass(frozen=True, slots=True)
class Bundle:
    """What is paid at once: a seller's invoices to a hospital, and the credit notes netted against them."""

    invoices: tuple[Invoice, ...]
    notes: tuple[Invoice, ...]
    reference: str
    claim: Claim | None = None

    @property
    def gross(self) -> Decimal:
        """Return what the invoices ask for, in yuan."""
        return sum((one.amount for one in self.invoices), ZERO)

    @property
    def credited(self) -> Decimal:
        """Return what the notes take back, in yuan."""
        return sum((one.amount for one in self.notes), ZERO)

    @property
    def amount(self) -> Decimal:
        """Return what is to be paid, in yuan."""
        return self.gross - self.credited


def pay(
    session: Session, *, invoice_ids: Collection[int], reference: str, paid_on: date, actor: Actor, at: datetime
) -> Payment:
    """A hospital pays matched invoices of one seller. Open credit notes of the seller are netted at once."""
    must_pay(actor)
    wrong = transfer_faults(reference, paid_on, today(at))
    if not invoice_ids:
        wrong[""] = Issue("payment-empty")
    if wrong:
        raise Invalid(wrong)
    invoices = queries.held(session, invoice_ids, actor)
    if any(one.kind is InvoiceKind.CREDIT for one in invoices):
        raise Invalid({"": Issue("payment-of-credit")})
    if len({one.seller_id for one in invoices}) > 1:
        raise Invalid({"": Issue("payment-two-sellers")})
    for one in invoices:
        must_be_free(one)
    bundle = bundled(session, invoices, reference.strip())
    made = settle(session, [bundle], channel=Channel.HOSPITAL, paid_on=paid_on, actor=actor, at=at)[0]
    told = {"amount": made.amount, "count": len(invoices), "reference": made.reference}
    url = f"/procurement/settlement/payments/{made.id}"
    notify(session, code="invoices-paid", facts=told, organisations=[made.seller_id], url=url, at=at)
    return made


def transfer_faults(reference: str, paid_on: date, day: date) -> dict[str, Issue]:
    """Name what stands against a transfer as it is typed, by field."""
    wrong = {}
    if not reference.strip():
        wrong["reference"] = Issue("needed")
    if paid_on > day:
        wrong["paid_on"] = Issue("paid-in-the-future", value=paid_on.isoformat())
    elif paid_on < EARLIEST:
        wrong["paid_on"] = Issue("day-bad", value=paid_on.isoformat())
    return wrong


def bundled(session: Session, invoices: Sequence[Invoice], reference: str) -> Bundle:
    """Put a seller's locked invoices together with the credit notes that can be netted against them."""
    first, gross = invoices[0], sum((one.amount for one in invoices), ZERO)
    query = queries.open_credits(first.seller_id, first.hospital_id, [one.id for one in invoices])
    notes = queries.locked(session, query)
    taken = compress(notes, fitting(gross, [note.amount for note in notes]))
    return Bundle(tuple(invoices), tuple(taken), reference)


def settle(
    session: Session, bundles: Sequence[Bundle], *, channel: Channel, paid_on: date, actor: Actor, at: datetime
) -> list[Payment]:
    """Pay bundles whose invoices are locked, and post their volume. Whoever calls it tells the sellers."""
    made = [_payment(bundle, channel, paid_on, actor, at) for bundle in bundles]
    session.add_all(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("payment-reference-used") from error
    for payment, bundle in zip(made, bundles, strict=True):
        for one in (*bundle.invoices, *bundle.notes):
            one.state = INVOICE_FLOW.after(one.state, InvoiceAction.PAY)
            one.payment_id = payment.id
    ledger.post(session, _paid(session, bundles, midnight(paid_on)), at=at)
    enter_payments(session, made, at=at)
    for payment, bundle in zip(made, bundles, strict=True):
        facts = {"reference": payment.reference, "amount": payment.amount, "invoices": len(bundle.invoices)}
        record(session, Tag.PAYMENT_MADE, payment, actor, at, facts)
    return made


def _payment(bundle: Bundle, channel: Channel, paid_on: date, actor: Actor, at: datetime) -> Payment:
    first = bundle.invoices[0]
    return Payment(
        channel=channel, hospital_id=first.hospital_id, seller_id=first.seller_id,
        claim_id=bundle.claim.id if bundle.claim else None, gross=bundle.gross, credited=bundle.credited,
        amount=bundle.amount, reference=bundle.reference, paid_on=paid_on, made_at=at, made_by_id=actor.user_id,
    )  # fmt: skip


def _paid(session: Session, bundles: Sequence[Bundle], paid_at: datetime) -> list[Posting]:
    """Count what is paid of each batch; return what to post. Goods that went back need their credit note first."""
    lines = [(one, line) for bundle in bundles for one in bundle.invoices for line in one.lines]
    rows = _rows(session, [line.shipment_line_id for _one, line in lines])
    posted, counted = [], []
    for invoice, line in lines:
        row, net = rows[line.shipment_line_id], line.quantity - line.credited
        if row.paid + net > row.received - row.returned:
            raise Conflict("invoice-sent-back", number=invoice.title)
        posted.append(_posting(row, line, net))
        counted.append(_counted(row, net, paid_at))
    session.flush()
    count_payments(session, counted)
    return posted


def _counted(row: ShipmentLine, net: Decimal, paid_at: datetime) -> Paid:
    """Count units of a batch as paid; return what its month gains. Parts add up to what the whole is worth."""
    received_at, price = row.shipment.received_at or row.shipment.due_at, row.line.price
    amount = worth(price, row.paid + net) - worth(price, row.paid)
    row.paid += net
    if not paid_in_time(received_at, paid_at):
        return Paid(row.line.order_id, received_at, amount, ZERO)
    quick = worth(price, row.paid_in_time + net) - worth(price, row.paid_in_time)
    row.paid_in_time += net
    return Paid(row.line.order_id, received_at, amount, quick)


def _posting(row: ShipmentLine, line: InvoiceLine, net: Decimal) -> Posting:
    return volumes.posting(row.line.order, row.line, Move.PAY, net, line.id)


def _rows(session: Session, ids: Sequence[int]) -> dict[int, ShipmentLine]:
    """Return batches by id, their orders' rows locked first, as receipts and returns do."""
    named = among(ShipmentLine.id, set(ids))
    orders = select(OrderLine.order_id).join(ShipmentLine, ShipmentLine.line_id == OrderLine.id).where(named)
    session.execute(select(Order.id).where(Order.id.in_(orders)).order_by(Order.id).with_for_update()).all()
    line = joinedload(ShipmentLine.line)
    query = select(ShipmentLine).where(named)
    query = query.options(
        line.joinedload(OrderLine.product), line.joinedload(OrderLine.order), joinedload(ShipmentLine.shipment)
    )
    return {one.id: one for one in session.scalars(query.execution_options(populate_existing=True))}
