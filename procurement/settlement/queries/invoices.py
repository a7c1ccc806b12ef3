"""Invoices as the parties see them, what is still to be invoiced, and what a match compares."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CompoundSelect, Select, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload

from catalogue.drugs.models import Product
from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.errors import Forbidden, NotFound
from kernel.parties.models import Organisation
from kernel.sets import among
from procurement.orders.flow import ShipmentState
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.shipments import Shipment, ShipmentLine
from procurement.settlement.flow import Difference, InvoiceKind, InvoiceState
from procurement.settlement.models.invoices import Invoice, InvoiceLine
from procurement.settlement.rules import ZERO, Matched, key, line_differences, may_match, total_differs

OPEN = ShipmentLine.invoiced < ShipmentLine.received - ShipmentLine.returned
"""Something of a batch is still to be invoiced; an index holds these alone."""
WAITING = (InvoiceState.REGISTERED, InvoiceState.MATCHED, InvoiceState.RETURNED)
SORTS = {"issued": Invoice.issued_on, "due": Invoice.due_at, "amount": Invoice.amount, "state": Invoice.state}


def visible(actor: Actor) -> Select[Invoice]:
    """Return the invoices the actor may see: the seller's, the hospital's, or all for those who run the platform."""
    return scopes.own(
        actor, select(Invoice), buyer=Invoice.hospital_id, maker=Invoice.seller_id, deliverer=Invoice.seller_id
    )


def one(session: Session, invoice_id: int, actor: Actor) -> Invoice:
    """Return an invoice with its lines and what they rest on, or NotFound."""
    batch = selectinload(Invoice.lines).joinedload(InvoiceLine.shipment_line)
    query = (
        visible(actor)
        .where(Invoice.id == invoice_id)
        .options(
            batch.joinedload(ShipmentLine.line).joinedload(OrderLine.product), batch.joinedload(ShipmentLine.shipment),
            batch.joinedload(ShipmentLine.line).joinedload(OrderLine.order), joinedload(Invoice.seller),
            joinedload(Invoice.hospital), joinedload(Invoice.corrects), joinedload(Invoice.payment),
            joinedload(Invoice.claim),
        )
    )  # fmt: skip
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(invoice=invoice_id)
    return found


def held(session: Session, ids: Collection[int], actor: Actor) -> list[Invoice]:
    """Return invoices with their rows locked in the order of their ids, read anew with lines, or NotFound."""
    wanted = sorted(set(ids))
    found = locked(session, visible(actor).where(among(Invoice.id, wanted)).order_by(Invoice.id))
    if len(found) != len(wanted):
        raise NotFound(invoices=wanted[:20])
    return found


def own(session: Session, invoice_id: int, actor: Actor) -> Invoice:
    """Return one of the actor's own invoices with its row locked; who only sees it is refused."""
    invoice = held(session, [invoice_id], actor)[0]
    if invoice.seller_id != actor.organisation_id:
        raise Forbidden
    return invoice


def locked(session: Session, query: Select[Invoice]) -> list[Invoice]:
    """Return what the query finds with lines, its rows locked and read anew."""
    query = query.with_for_update(of=Invoice).options(selectinload(Invoice.lines))
    return list(session.scalars(query.execution_options(populate_existing=True)).unique())


def open_credits(seller_id: int, hospital_id: int, paying: Collection[int]) -> Select[Invoice]:
    """Return the credit notes still to be netted: those of the invoices about to be paid first, then of paid ones."""
    original = aliased(Invoice)
    now = Invoice.corrects_id.in_(paying)
    return (
        select(Invoice)
        .join(original, original.id == Invoice.corrects_id)
        .where(
            Invoice.seller_id == seller_id, Invoice.hospital_id == hospital_id, Invoice.kind == InvoiceKind.CREDIT,
            Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None), Invoice.payment_id.is_(None),
            or_(now, original.payment_id.is_not(None)),
        )
        .order_by(now.desc(), Invoice.id)
    )  # fmt: skip


def registered(
    session: Session, numbers: Collection[tuple[str, str]], seller_id: int
) -> dict[tuple[str, str], Invoice]:
    """Return a seller's invoices with lines by code and number; withdrawn ones have let go of theirs."""
    keys = {key(seller_id, *one) for one in numbers}
    query = select(Invoice).where(among(Invoice.key, keys)).options(selectinload(Invoice.lines))
    return {(one.code, one.number): one for one in session.scalars(query)}


def credits_of(session: Session, invoice: Invoice) -> Sequence[Invoice]:
    """Return the credit notes of an invoice."""
    query = select(Invoice).where(Invoice.corrects_id == invoice.id, Invoice.state != InvoiceState.WITHDRAWN)
    return session.scalars(query.order_by(Invoice.id)).all()


def listing(actor: Actor, *, state: InvoiceState | None = None, text: str = "", sort: str = "") -> Select[Invoice]:
    """Return the query of the list page: of a state, whose number or other party holds the text."""
    query = visible(actor).options(joinedload(Invoice.seller), joinedload(Invoice.hospital))
    if state is not None:
        query = query.where(Invoice.state == state)
    if text:
        named = select(Organisation.id).where(Organisation.name.contains(text, autoescape=True))
        query = query.where(or_(Invoice.seller_id.in_(named), Invoice.hospital_id.in_(named), Invoice.number == text))
    column = SORTS.get(sort.lstrip("-"))
    order = [] if column is None else [column.desc() if sort.startswith("-") else column.asc()]
    return query.order_by(*order, Invoice.issued_on.desc(), Invoice.id.desc())


def lines(actor: Actor, **filters: Any) -> Select[InvoiceLine]:
    """Return the lines of the list's invoices that stand; credit notes and withdrawn ones are left out."""
    found = listing(actor, **filters).with_only_columns(Invoice.id).order_by(None)
    kept = Invoice.id.in_(found), Invoice.kind == InvoiceKind.INVOICE, Invoice.state != InvoiceState.WITHDRAWN
    batch = joinedload(InvoiceLine.shipment_line)
    return (
        select(InvoiceLine)
        .join(InvoiceLine.invoice)
        .where(*kept)
        .options(
            contains_eager(InvoiceLine.invoice).joinedload(Invoice.hospital), batch.joinedload(ShipmentLine.shipment),
            batch.joinedload(ShipmentLine.line).joinedload(OrderLine.product).joinedload(Product.specification),
        )
        .order_by(Invoice.id, InvoiceLine.id)
    )  # fmt: skip


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address."""
    state = parts.get("state", "")
    return {
        "state": InvoiceState(state) if state in set(InvoiceState) else None,
        "text": parts.get("q", "").strip()[:80], "sort": parts.get("sort", ""),
    }  # fmt: skip


def counts(session: Session, actor: Actor) -> dict[InvoiceState, int]:
    """Count the actor's invoices by state, as far as they wait for somebody: what is over grows with every year."""
    mine = visible(actor).where(Invoice.payment_id.is_(None), Invoice.state.in_(WAITING))
    rows = session.execute(mine.with_only_columns(Invoice.state, func.count()).group_by(Invoice.state))
    return dict.fromkeys(WAITING, 0) | dict(rows.all())


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was received, with the order and shipment it belongs to."""

    row: ShipmentLine
    line: OrderLine
    order: Order
    shipment: Shipment

    @property
    def left(self) -> Decimal:
        """Return what may still be invoiced, in units."""
        return max(ZERO, self.row.received - self.row.returned - self.row.invoiced)


def _batches() -> Select[ShipmentLine, OrderLine, Order, Shipment]:
    return (
        select(ShipmentLine, OrderLine, Order, Shipment)
        .join(OrderLine, OrderLine.id == ShipmentLine.line_id)
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .join(Order, Order.id == OrderLine.order_id)
        .options(joinedload(OrderLine.product).joinedload(Product.specification), joinedload(Order.hospital))
        .execution_options(populate_existing=True)
    )


def batches(session: Session, ids: Collection[int], actor: Actor) -> dict[int, Batch]:
    """Return batches that the actor delivered, by id; those of others are left out."""
    query = _batches().where(among(ShipmentLine.id, set(ids)), Order.deliverer_id == actor.organisation_id)
    return {row[0].id: Batch(*row) for row in session.execute(query)}


def of_shipment(session: Session, shipment_id: int, actor: Actor) -> list[Batch]:
    """Return the batches of a shipment that the actor delivered, or NotFound."""
    query = _batches().where(Shipment.id == shipment_id, Order.deliverer_id == actor.organisation_id)
    found = [Batch(*row) for row in session.execute(query.order_by(ShipmentLine.id))]
    if not found:
        raise NotFound(shipment=shipment_id)
    return found


def uninvoiced(session: Session, actor: Actor, most: int) -> list[Batch]:
    """Return the first batches of which the actor has still to invoice something, the oldest first."""
    query = _batches().where(OPEN, ShipmentLine.deliverer_id == (actor.organisation_id or 0))
    return [Batch(*row) for row in session.execute(query.order_by(Shipment.id, ShipmentLine.id).limit(most))]


def _uninvoiced(deliverer: int, at: datetime) -> CompoundSelect[int]:
    """Return the shipments of which something is still to be invoiced: received by the hospital, or by the clock."""
    lapsed = select(Shipment.id).where(Shipment.state == ShipmentState.SHIPPED, Shipment.due_at <= at)
    received = select(ShipmentLine.shipment_id).where(ShipmentLine.deliverer_id == deliverer, OPEN)
    return lapsed.where(Shipment.deliverer_id == deliverer).union(received)


def to_invoice(actor: Actor, at: datetime, text: str = "") -> Select[Shipment]:
    """Return the shipments of which the actor has still to invoice something, the oldest first."""
    hospital = aliased(Organisation)
    query = (
        select(Shipment)
        .join(Order, Order.id == Shipment.order_id)
        .join(hospital, hospital.id == Order.hospital_id)
        .where(Shipment.id.in_(_uninvoiced(actor.organisation_id or 0, at)))
        .options(joinedload(Shipment.order).joinedload(Order.hospital), selectinload(Shipment.lines))
    )
    if text:
        query = query.where(hospital.name.contains(text, autoescape=True) | Shipment.number.startswith(text))
    return query.order_by(Shipment.id)


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of an invoice beside its order and receipt, and what differs."""

    line: InvoiceLine
    matched: Matched
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The three-way match of an invoice."""

    lines: tuple[Compared, ...]
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Say whether nothing stands against the invoice."""
        return may_match(self.differences)


def match(invoice: Invoice) -> Match:
    """Compare an invoice (read by `one`) with its orders and receipts."""
    compared = []
    for line in invoice.lines:
        row = line.shipment_line
        over = max(ZERO, row.invoiced - (row.received - row.returned))
        net = line.quantity - line.credited
        found = Matched(net, line.price, row.line.price, max(ZERO, net - over))
        compared.append(Compared(line, found, line_differences(found)))
    named = {each for one in compared for each in one.differences}
    if total_differs(invoice.amount, [line.amount for line in invoice.lines]):
        named.add(Difference.TOTAL)
    return Match(tuple(compared), tuple(each for each in Difference if each in named))


def oldest_registered(session: Session, actor: Actor, most: int = 3) -> Sequence[Invoice]:
    """Return the first invoices that the actor's hospital has still to match."""
    mine = visible(actor).where(Invoice.hospital_id == actor.organisation_id)
    query = mine.where(Invoice.state == InvoiceState.REGISTERED).options(joinedload(Invoice.seller))
    return session.scalars(query.order_by(Invoice.due_at, Invoice.id).limit(most)).all()
