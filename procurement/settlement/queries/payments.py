"""Payments, and what a hospital is still to pay by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from kernel.auth.actor import Actor
from kernel.columns import Amount
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.orders.queries.orders import SUPPLIERS
from procurement.orders.queries.plans import BUYERS
from procurement.settlement.flow import InvoiceKind, InvoiceState
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.queries import invoices
from procurement.settlement.rules import ZERO

MOST = 500
"""So many invoices can be ticked on one page."""


def visible(actor: Actor) -> Select[Payment]:
    """Return the payments the actor made or got, or all for those who run the platform."""
    query = select(Payment)
    if actor.runs_platform:
        return query
    if actor.organisation_kind in BUYERS:
        return query.where(Payment.hospital_id == actor.organisation_id)
    if actor.organisation_kind in SUPPLIERS:
        return query.where(Payment.seller_id == actor.organisation_id)
    return query.where(false())


def one(session: Session, payment_id: int, actor: Actor) -> Payment:
    """Return a payment, or NotFound."""
    query = visible(actor).where(Payment.id == payment_id)
    found = session.scalars(query.options(joinedload(Payment.hospital), joinedload(Payment.seller))).one_or_none()
    if found is None:
        raise NotFound(payment=payment_id)
    return found


def paid(session: Session, payment: Payment) -> Sequence[Invoice]:
    """Return what a payment was for: its invoices, then the credit notes netted."""
    query = select(Invoice).where(Invoice.payment_id == payment.id)
    return session.scalars(query.order_by(Invoice.kind.desc(), Invoice.issued_on, Invoice.id)).all()


def listing(actor: Actor, text: str = "") -> Select[Payment]:
    """Return the query of the list page, the latest first."""
    seller, hospital = aliased(Organisation), aliased(Organisation)
    query = (
        visible(actor)
        .join(seller, seller.id == Payment.seller_id)
        .join(hospital, hospital.id == Payment.hospital_id)
        .options(joinedload(Payment.seller), joinedload(Payment.hospital))
    )
    if text:
        held = [each.contains(text, autoescape=True) for each in (seller.name, hospital.name)]
        query = query.where(or_(*held, Payment.reference == text))
    return query.order_by(Payment.paid_on.desc(), Payment.id.desc())


def payable(actor: Actor) -> Select[Invoice]:
    """Return the matched invoices the actor's hospital is to pay itself, the first due first."""
    query = invoices.visible(actor).where(Invoice.hospital_id == actor.organisation_id)
    return query.where(
        Invoice.kind == InvoiceKind.INVOICE, Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None)
    ).order_by(Invoice.due_at, Invoice.id)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a hospital owes one seller for matched invoices."""

    seller: Organisation
    count: int
    amount: Decimal
    first_due: datetime
    late: Decimal
    credited: Decimal

    @property
    def net(self) -> Decimal:
        """Return what would be paid now, open credit notes netted as far as they go."""
        return self.amount - min(self.amount, self.credited)


def owed(session: Session, actor: Actor, at: datetime) -> list[Owed]:
    """Return what is to be paid by seller, the one waiting longest first."""
    late = case((Invoice.due_at <= at, Invoice.amount), else_=ZERO)
    sums = payable(actor).with_only_columns(
        Invoice.seller_id, func.count(), func.sum(Invoice.amount, type_=Amount()), func.min(Invoice.due_at),
        func.sum(late, type_=Amount()),
    )  # fmt: skip
    rows = session.execute(sums.group_by(Invoice.seller_id).order_by(None)).all()
    sellers = _sellers(session, [row[0] for row in rows])
    notes = _open(session, actor)
    made = [
        Owed(sellers[seller], count, amount, first, late or ZERO, notes.get(seller, ZERO))
        for seller, count, amount, first, late in rows
    ]
    return sorted(made, key=lambda each: (each.first_due, each.seller.id))


def _sellers(session: Session, ids: Sequence[int]) -> dict[int, Organisation]:
    return {one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_(ids)))}


def _open(session: Session, actor: Actor) -> dict[int, Decimal]:
    """Return open credit notes by seller."""
    query = (
        select(Invoice.seller_id, func.sum(Invoice.amount, type_=Amount()))
        .where(
            Invoice.hospital_id == actor.organisation_id, Invoice.kind == InvoiceKind.CREDIT,
            Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None),
        )
        .group_by(Invoice.seller_id)
    )  # fmt: skip
    return dict(session.execute(query).all())


def of_seller(session: Session, seller_id: int, actor: Actor) -> Sequence[Invoice]:
    """Return the first invoices to be paid to a seller."""
    query = payable(actor).where(Invoice.seller_id == seller_id).options(joinedload(Invoice.seller))
    return session.scalars(query.limit(MOST)).all()


def notes_of(session: Session, seller_id: int, actor: Actor) -> Sequence[Invoice]:
    """Return the open credit notes of a seller for the actor's hospital."""
    query = select(Invoice).where(
        Invoice.hospital_id == actor.organisation_id, Invoice.seller_id == seller_id,
        Invoice.kind == InvoiceKind.CREDIT, Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None),
    )  # fmt: skip
    return session.scalars(query.order_by(Invoice.id)).all()


def waiting(session: Session, actor: Actor, at: datetime) -> tuple[int, int, int]:
    """Count what waits for a hospital's finance: invoices to match, invoices to pay, and how many of these are late."""
    mine = invoices.visible(actor).where(Invoice.hospital_id == actor.organisation_id)
    to_pay = and_(Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None))
    columns: list[Any] = [
        func.count(case((Invoice.state == InvoiceState.REGISTERED, 1))),
        func.count(case((to_pay, 1))), func.count(case((and_(to_pay, Invoice.due_at <= at), 1))),
    ]  # fmt: skip
    open_ = mine.where(
        Invoice.state.in_((InvoiceState.REGISTERED, InvoiceState.MATCHED)), Invoice.kind == InvoiceKind.INVOICE
    )
    row = session.execute(open_.with_only_columns(*columns)).one()
    return row[0], row[1], row[2]
