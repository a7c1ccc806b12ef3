"""Payments, and what a hospital is still to pay by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from kernel.auth import scopes
from kernel.auth.actor import Actor
from kernel.columns import Amount
from kernel.errors import NotFound
from kernel.parties.models import Organisation
from procurement.settlement.flow import InvoiceKind, InvoiceState
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.queries import invoices
from procurement.settlement.rules import AGES, ZERO

MOST = 500
"""So many invoices can be ticked on one page."""


def visible(actor: Actor) -> Select[Payment]:
    """Return the payments the actor made or got, or all for those who run the platform."""
    return scopes.own(
        actor, select(Payment), buyer=Payment.hospital_id, maker=Payment.seller_id, deliverer=Payment.seller_id
    )


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


def owing(actor: Actor) -> Select[Invoice]:
    """Return the invoices that hospitals have still to pay to the actor, matched or not, claimed or not."""
    query = invoices.visible(actor).where(Invoice.seller_id == actor.organisation_id)
    states = (InvoiceState.REGISTERED, InvoiceState.MATCHED)
    return query.where(Invoice.kind == InvoiceKind.INVOICE, Invoice.state.in_(states))


@dataclass(frozen=True, slots=True)
class Owed:
    """What stands between a hospital and a seller: `ages` by how long it is overdue (rules.AGES), open credit notes."""

    party: Organisation
    count: int
    first_due: datetime
    ages: tuple[Decimal, ...]
    credited: Decimal

    @property
    def amount(self) -> Decimal:
        """Return what the invoices ask for."""
        return sum(self.ages, ZERO)

    @property
    def late(self) -> Decimal:
        """Return what should have been paid."""
        return sum(self.ages[1:], ZERO)

    @property
    def net(self) -> Decimal:
        """Return what would be paid now, open credit notes netted as far as they go."""
        return self.amount - min(self.amount, self.credited)


def owed(session: Session, actor: Actor, at: datetime) -> list[Owed]:
    """Return what the actor's hospital is to pay by seller, the one waiting longest first."""
    return _by_party(session, payable(actor), Invoice.seller_id, _open(session, actor, Invoice.seller_id), at)


def owed_to(session: Session, actor: Actor, at: datetime) -> list[Owed]:
    """Return what is owed to the actor by hospital, the one waiting longest first."""
    return _by_party(session, owing(actor), Invoice.hospital_id, _open(session, actor, Invoice.hospital_id), at)


def ages(rows: Sequence[Owed]) -> tuple[Decimal, ...]:
    """Add up what stands at each age."""
    return tuple(sum((row.ages[place] for row in rows), ZERO) for place in range(len(AGES) + 1))


def _by_party(
    session: Session, query: Select[Invoice], party: Any, notes: Mapping[int, Decimal], at: datetime
) -> list[Owed]:
    moments = [at - timedelta(days=days) for days in AGES]
    inside = [Invoice.due_at > moments[0]]
    inside += [and_(Invoice.due_at <= late, Invoice.due_at > later) for late, later in pairwise(moments)]
    inside.append(Invoice.due_at <= moments[-1])
    columns = [func.sum(case((each, Invoice.amount), else_=ZERO), type_=Amount()) for each in inside]
    sums = query.with_only_columns(party, func.count(), func.min(Invoice.due_at), *columns)
    rows = session.execute(sums.group_by(party).order_by(None)).all()
    known = {
        one.id: one for one in session.scalars(select(Organisation).where(Organisation.id.in_([r[0] for r in rows])))
    }
    made = [Owed(known[row[0]], row[1], row[2], tuple(row[3:]), notes.get(row[0], ZERO)) for row in rows]
    return sorted(made, key=lambda each: (each.first_due, each.party.id))


def _open(session: Session, actor: Actor, party: Any) -> dict[int, Decimal]:
    """Return open credit notes by party."""
    query = invoices.visible(actor).where(
        Invoice.kind == InvoiceKind.CREDIT, Invoice.state == InvoiceState.MATCHED, Invoice.claim_id.is_(None),
    )  # fmt: skip
    total = func.sum(Invoice.amount, type_=Amount())
    return dict(session.execute(query.with_only_columns(party, total).group_by(party)).all())


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
