"""A seller registers invoices for what hospitals received, withdraws them, and credits what was sent back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.clock import today
from kernel.errors import Conflict, Forbidden, Invalid, Issue, NotFound
from kernel.money import places
from kernel.notices.services import notify
from kernel.sets import forget
from procurement.orders.flow import ShipmentState
from procurement.orders.models.shipments import ShipmentLine
from procurement.orders.queries import orders
from procurement.orders.rules import worth
from procurement.orders.services import receiving
from procurement.settlement.flow import INVOICE_FLOW, InvoiceAction, InvoiceKind, InvoiceState
from procurement.settlement.models.invoices import Invoice, InvoiceLine
from procurement.settlement.queries import invoices as queries
from procurement.settlement.queries.invoices import Batch
from procurement.settlement.rules import EARLIEST, LARGEST, ZERO, good_number, key, pay_by
from procurement.settlement.statements.flow import EntryKind
from procurement.settlement.statements.services import enter_invoices
from procurement.tags import Tag

PAYERS = (Role.HOSPITAL_FINANCE, Role.PHARMACY)


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as it is typed: how much of a batch, in units, at which price in yuan per unit."""

    shipment_line_id: int
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice as it is typed; `amount` is the total that stands on it, in yuan."""

    code: str
    number: str
    issued_on: date
    amount: Decimal
    lines: tuple[Asked, ...]


def must_sell(actor: Actor) -> int:
    """Return the seller's organisation, or refuse who sells nothing."""
    if actor.organisation_id is None or not actor.supplies:
        raise Forbidden
    return actor.organisation_id


def register(session: Session, *, draft: Draft, actor: Actor, at: datetime) -> Invoice:
    """Register an invoice. Raises Invalid by field and `line-ID`, Conflict where somebody was faster."""
    batches = arrived(session, [draft], actor, at)
    known = queries.registered(session, [(draft.code, draft.number)], must_sell(actor))
    wrong = faults(draft, batches, known=bool(known), day=today(at))
    if wrong:
        raise Invalid(wrong)
    return register_all(session, drafts=[draft], batches=batches, actor=actor, at=at)[0]


def arrived(session: Session, drafts: Sequence[Draft], actor: Actor, at: datetime) -> dict[int, Batch]:
    """Return the batches that drafts ask for, after the clock received what nobody disputed; or NotFound."""
    must_sell(actor)
    ids = {line.shipment_line_id for draft in drafts for line in draft.lines}
    found = queries.batches(session, ids, actor)
    if len(found) != len(ids):
        raise NotFound(lines=sorted(ids - set(found))[:20])
    lapsed = {
        (one.order.id, one.shipment.id)
        for one in found.values()
        if one.shipment.state is ShipmentState.SHIPPED and one.shipment.due_at <= at
    }
    for _order, shipment_id in sorted(lapsed):  # seldom any: the job does it every half minute
        receiving.settle(session, *orders.held_shipment(session, shipment_id, SYSTEM), at)
    return queries.batches(session, ids, actor) if lapsed else found


def faults(
    draft: Draft, batches: Mapping[int, Batch], *, known: bool, day: date, taken: Mapping[int, Decimal] | None = None
) -> dict[str, Issue]:
    """Name everything that stands against a draft, by field; lines as `line-ID`.

    `known` says that its number is registered already; `taken` is what other drafts ask of batches, in units.
    """
    wrong = number_faults(draft.code, draft.number, draft.issued_on, known=known, day=day)
    if not 0 < draft.amount < LARGEST or places(draft.amount) > 2:
        wrong["amount"] = Issue("amount-not-positive", value=str(draft.amount))
    asked: dict[int, Decimal] = defaultdict(Decimal, taken or {})
    for line in draft.lines:
        left = max(ZERO, batches[line.shipment_line_id].left - asked[line.shipment_line_id])
        asked[line.shipment_line_id] += line.quantity
        name = f"line-{line.shipment_line_id}"
        if not 0 < line.quantity <= left or places(line.quantity) > 3:
            wrong[name] = Issue("invoiced-out-of-range", facts={"left": left.normalize()})
        elif not 0 < line.price < LARGEST or places(line.price) > 4 or worth(line.price, line.quantity) >= LARGEST:
            wrong[name] = Issue("price-not-positive", value=str(line.price))
    if not draft.lines:
        wrong[""] = Issue("invoice-empty")
    elif len({batches[line.shipment_line_id].order.hospital_id for line in draft.lines}) > 1:
        wrong[""] = Issue("invoice-two-hospitals")
    return wrong


def number_faults(code: str, number: str, issued_on: date, *, known: bool, day: date) -> dict[str, Issue]:
    """Name what is wrong with the number and the day of an invoice."""
    wrong = {}
    if not good_number(code, number):
        wrong["number"] = Issue("invoice-number-bad", value=f"{code} {number}".strip())
    elif known:
        wrong["number"] = Issue("invoice-registered-already", value=f"{code} {number}".strip())
    if issued_on > day:
        wrong["issued_on"] = Issue("invoice-in-the-future", value=issued_on.isoformat())
    elif issued_on < EARLIEST:
        wrong["issued_on"] = Issue("day-bad", value=issued_on.isoformat())
    return wrong


def register_all(
    session: Session, *, drafts: Sequence[Draft], batches: Mapping[int, Batch], source: Mapping[str, Any] | None = None,
    actor: Actor, at: datetime,
) -> list[Invoice]:  # fmt: skip
    """Register invoices without faults at once; what they ask for is taken by conditional updates."""
    seller_id = must_sell(actor)
    wanted: dict[int, Decimal] = defaultdict(Decimal)
    for line in (line for draft in drafts for line in draft.lines):
        wanted[line.shipment_line_id] += line.quantity
    count(session, wanted)
    made = [_invoice(seller_id, draft, batches, actor, at) for draft in drafts]
    save(session, made)
    enter_invoices(session, made, EntryKind.INVOICED, at=at)
    for one in made:
        facts = {"number": one.title, "amount": one.amount, **(source or {})}
        record(session, Tag.INVOICE_REGISTERED, one, actor, at, facts)
    for hospital_id, number in sorted(Counter(one.hospital_id for one in made).items()):
        told = {"seller": actor.organisation_name, "count": number}
        url = "/procurement/settlement/invoices?state=registered"
        notify(
            session, code="invoices-registered", facts=told, organisations=[hospital_id], roles=PAYERS, url=url, at=at
        )
    return made


def save(session: Session, made: Sequence[Invoice]) -> None:
    """Write invoices; a number that somebody registered in the meantime is refused."""
    session.add_all(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("invoice-registered-meanwhile") from error


def _invoice(seller_id: int, draft: Draft, batches: Mapping[int, Batch], actor: Actor, at: datetime) -> Invoice:
    found = [batches[line.shipment_line_id] for line in draft.lines]
    order = found[0].order
    received = min(one.shipment.received_at or one.shipment.due_at for one in found)
    return Invoice(
        kind=InvoiceKind.INVOICE, key=key(seller_id, draft.code, draft.number), seller_id=seller_id,
        hospital_id=order.hospital_id, region_code=order.region_code, code=draft.code, number=draft.number,
        issued_on=draft.issued_on, amount=draft.amount, state=InvoiceState.REGISTERED, received_at=received,
        due_at=pay_by(received, order.region_code), registered_at=at, registered_by_id=actor.user_id,
        lines=[
            InvoiceLine(shipment_line_id=line.shipment_line_id, price=line.price, quantity=line.quantity,
                        amount=worth(line.price, line.quantity), credited=ZERO)
            for line in draft.lines
        ],
    )  # fmt: skip


def count(session: Session, more: Mapping[int, Decimal], *, back: bool = False) -> None:
    """Count quantities of batches (by id) as invoiced, or take them back; refused where that is not there (any more).

    Forward never beyond what was received and kept; back, for credit notes, never below it.
    """
    table = ShipmentLine.__table__
    quantity = bindparam("units", type_=table.c.invoiced.type)
    kept = table.c.received - table.c.returned
    after = table.c.invoiced - quantity if back else table.c.invoiced + quantity
    allowed = after >= kept if back else after <= kept
    _change(session, update(table).where(table.c.id == bindparam("row"), allowed).values(invoiced=after), more)


def release(session: Session, less: Mapping[int, Decimal]) -> None:
    """Let go of what a withdrawn invoice asked for."""
    table = ShipmentLine.__table__
    after = table.c.invoiced - bindparam("units", type_=table.c.invoiced.type)
    _change(session, update(table).where(table.c.id == bindparam("row"), after >= ZERO).values(invoiced=after), less)


def _change(session: Session, statement: object, quantities: Mapping[int, Decimal]) -> None:
    rows = [{"row": row, "units": quantity} for row, quantity in sorted(quantities.items()) if quantity]
    if not rows:
        return
    session.flush()
    done = session.connection().execute(statement, rows)  # type: ignore[call-overload]  # an update
    if done.rowcount != len(rows):
        raise Conflict("invoiced-meanwhile")
    forget(session, ShipmentLine, quantities, ["invoiced"])


def withdraw(session: Session, *, invoice_id: int, actor: Actor, at: datetime) -> Invoice:
    """The seller takes an invoice back before it is matched, or after the hospital returned it."""
    invoice = queries.own(session, invoice_id, actor)
    state = INVOICE_FLOW.after(invoice.state, InvoiceAction.WITHDRAW)
    must_be_free(invoice)
    if any(line.credited for line in invoice.lines):
        raise Conflict("invoice-credited", number=invoice.title)
    invoice.state, invoice.key = state, None
    release(session, {line.shipment_line_id: line.quantity for line in invoice.lines})
    enter_invoices(session, [invoice], EntryKind.WITHDRAWN, at=at)
    record(session, Tag.INVOICE_WITHDRAWN, invoice, actor, at, {"number": invoice.title})
    return invoice


def must_be_free(invoice: Invoice) -> None:
    """Refuse what a claim already asks the fund for."""
    if invoice.claim_id is not None:
        raise Conflict("invoice-claimed", number=invoice.title)
