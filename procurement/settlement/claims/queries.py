"""Claims as their parties see them, what a company can still claim, and what stands in a claim's way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.columns import Amount
from kernel.errors import Forbidden, NotFound
from kernel.parties.models import Organisation
from kernel.periods import month_of
from kernel.sets import among
from procurement.orders.models.shipments import ShipmentLine
from procurement.settlement.flow import ClaimState, InvoiceKind, InvoiceState
from procurement.settlement.models.claims import Claim
from procurement.settlement.models.invoices import Invoice, InvoiceLine

MOST = 1_000
"""So many invoices are shown to be ticked at once; a claim over more is filed in parts."""
SORTS = {"month": Claim.month, "due": Claim.due_at, "amount": Claim.amount, "state": Claim.state}


def visible(actor: Actor) -> Select[Claim]:
    """Return the claims the actor may see: the seller's, the hospital's, or all for those who run the platform."""
    return scopes.own(actor, select(Claim), buyer=Claim.hospital_id, maker=Claim.seller_id, deliverer=Claim.seller_id)


def one(session: Session, claim_id: int, actor: Actor) -> Claim:
    """Return a claim with its parties and run, or NotFound."""
    parties = (joinedload(Claim.seller), joinedload(Claim.hospital), joinedload(Claim.run))
    found = session.scalars(visible(actor).where(Claim.id == claim_id).options(*parties)).one_or_none()
    if found is None:
        raise NotFound(claim=claim_id)
    return found


def held(session: Session, ids: Collection[int], actor: Actor) -> list[Claim]:
    """Return claims with their rows locked in the order of their ids and read anew, or NotFound."""
    wanted = sorted(set(ids))
    query = visible(actor).where(among(Claim.id, wanted)).order_by(Claim.id).with_for_update(of=Claim)
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    if len(found) != len(wanted):
        raise NotFound(claims=wanted[:20])
    return found


def own(session: Session, claim_id: int, actor: Actor, *, side: str) -> Claim:
    """Return a claim of which the actor's organisation is the `seller_id` or `hospital_id`, its row locked."""
    claim = held(session, [claim_id], actor)[0]
    if getattr(claim, side) != actor.organisation_id:
        raise Forbidden
    return claim


def invoices_of(session: Session, claim: Claim) -> Sequence[Invoice]:
    """Return what stands in a claim: its invoices, then the credit notes netted."""
    query = select(Invoice).where(Invoice.claim_id == claim.id)
    return session.scalars(query.order_by(Invoice.kind.desc(), Invoice.issued_on, Invoice.id)).all()


def listing(
    actor: Actor, *, state: ClaimState | None = None, late_at: datetime | None = None, text: str = "", sort: str = ""
) -> Select[Claim]:
    """Return the query of the list page, the latest first; with `late_at` those not reviewed by then."""
    seller, hospital = aliased(Organisation), aliased(Organisation)
    query = (
        visible(actor)
        .join(seller, seller.id == Claim.seller_id)
        .join(hospital, hospital.id == Claim.hospital_id)
        .options(joinedload(Claim.seller), joinedload(Claim.hospital))
    )
    if state is not None:
        query = query.where(Claim.state == state)
    if late_at is not None:
        query = query.where(Claim.state == ClaimState.FILED, Claim.due_at <= late_at)
    if text:
        named = [each.contains(text, autoescape=True) for each in (seller.name, hospital.name)]
        query = query.where(or_(*named, Claim.number == text))
    column = SORTS.get(sort.lstrip("-"))
    order = [] if column is None else [column.desc() if sort.startswith("-") else column.asc()]
    return query.order_by(*order, Claim.month.desc(), Claim.id.desc())


def asked(parts: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return the filter of the list page from the parts of its address."""
    state = parts.get("state", "")
    return {
        "state": ClaimState(state) if state in set(ClaimState) else None,
        "late_at": at if state == "late" else None, "text": parts.get("q", "").strip()[:80],
        "sort": parts.get("sort", ""),
    }  # fmt: skip


def counts(session: Session, actor: Actor, at: datetime) -> tuple[dict[ClaimState, int], int]:
    """Count the actor's claims by state, and those whose review is overdue."""
    late = func.count(case((Claim.due_at <= at, 1)))
    rows = session.execute(visible(actor).with_only_columns(Claim.state, func.count(), late).group_by(Claim.state))
    found = {state: (count, over) for state, count, over in rows}
    return {state: count for state, (count, _over) in found.items()}, found.get(ClaimState.FILED, (0, 0))[1]


def claimable(actor: Actor, month: date) -> Select[Invoice]:
    """Return the matched invoices that the actor can claim with those of a month: issued by its last day, unpaid."""
    return select(Invoice).where(
        Invoice.seller_id == (actor.organisation_id or 0), Invoice.kind == InvoiceKind.INVOICE,
        Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None), Invoice.payment_id.is_(None),
        Invoice.issued_on < month_of(month, 1),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claimable:
    """What a company can claim of one hospital now, in yuan."""

    hospital: Organisation
    count: int
    amount: Decimal
    oldest: date


def by_hospital(session: Session, actor: Actor, month: date) -> list[Claimable]:
    """Return what the actor can claim by hospital, the largest sum first."""
    total = func.sum(Invoice.amount, type_=Amount())
    sums = claimable(actor, month).with_only_columns(
        Invoice.hospital_id, func.count(), total, func.min(Invoice.issued_on)
    )
    rows = session.execute(sums.group_by(Invoice.hospital_id)).all()
    query = select(Organisation).where(Organisation.id.in_([row[0] for row in rows]))
    hospitals = {each.id: each for each in session.scalars(query)}
    made = [Claimable(hospitals[row[0]], row[1], row[2], row[3]) for row in rows]
    return sorted(made, key=lambda each: (-each.amount, each.hospital.id))


def of_hospital(session: Session, actor: Actor, hospital_id: int, month: date) -> Sequence[Invoice]:
    """Return the invoices that can be claimed of a hospital, the oldest first."""
    query = claimable(actor, month).where(Invoice.hospital_id == hospital_id).options(joinedload(Invoice.hospital))
    return session.scalars(query.order_by(Invoice.issued_on, Invoice.id).limit(MOST)).all()


def notes_of(claim_ids: Collection[int] | Select[int]) -> Select[Invoice]:
    """Return the credit notes of claims: those they net already, and open ones that correct their invoices."""
    original = aliased(Invoice)
    open_ = (Invoice.claim_id.is_(None)) & original.claim_id.in_(claim_ids)
    return (
        select(Invoice)
        .join(original, original.id == Invoice.corrects_id)
        .where(
            Invoice.kind == InvoiceKind.CREDIT, Invoice.state == InvoiceState.MATCHED, Invoice.payment_id.is_(None),
            or_(Invoice.claim_id.in_(claim_ids), open_),
        )
        .options(contains_eager(Invoice.corrects.of_type(original)))
        .order_by(Invoice.id)
    )  # fmt: skip


def sent_back(session: Session, claim_ids: Collection[int]) -> list[int]:
    """Return the claims (of these) over goods that went back and are not credited yet: they can't be paid so."""
    net = func.sum(InvoiceLine.quantity - InvoiceLine.credited, type_=InvoiceLine.quantity.type)
    mine = Invoice.claim_id.in_(claim_ids) & (Invoice.kind == InvoiceKind.INVOICE)
    asked_of = (
        select(InvoiceLine.shipment_line_id.label("row"), net.label("net"))
        .join(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .where(mine)
        .group_by(InvoiceLine.shipment_line_id)
        .subquery()
    )
    over = ShipmentLine.paid + asked_of.c.net > ShipmentLine.received - ShipmentLine.returned
    query = (
        select(Invoice.claim_id)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(ShipmentLine, ShipmentLine.id == InvoiceLine.shipment_line_id)
        .join(asked_of, asked_of.c.row == ShipmentLine.id)
        .where(mine, over)
    )
    return sorted({each for each in session.scalars(query) if each is not None})


def waiting(session: Session, actor: Actor, most: int = 3) -> Sequence[Claim]:
    """Return the first claims that the actor's hospital has to review, the nearest hour first."""
    mine = visible(actor).where(Claim.hospital_id == actor.organisation_id, Claim.state == ClaimState.FILED)
    query = mine.options(joinedload(Claim.seller)).order_by(Claim.due_at, Claim.id)
    return session.scalars(query.limit(most)).all()
