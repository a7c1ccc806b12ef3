"""Invoices on their way through the fund: matched, claimed, approved, in a run."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from procurement.orders.reconciliation.queries import reconcile
from procurement.settlement import jobs
from procurement.settlement.claims import services as claims
from procurement.settlement.models.claims import Claim, Run
from procurement.settlement.models.invoices import Invoice
from procurement.settlement.runs import services as runs
from procurement.settlement.services import invoicing, matching
from tests.procurement.orders.market import NOW, Market

from .goods import draft, received

FEBRUARY = date(2026, 2, 20)
PAID_ON = date(2026, 3, 3)
assert jobs  # as in the application, settlement is a part of the ledger's check
LAST = datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)
"""The last second of the fifth in Beijing."""


def matched(
    session: Session, market: Market, number: int, *, who: str = "h1", seller: str = "company1", count: int = 1000,
    issued_on: date = FEBRUARY,
) -> Invoice:  # fmt: skip
    """Let a hospital match an invoice over goods it received."""
    shipment = received(session, market, count, who=who, product="a" if seller == "company1" else "b")
    typed = draft(shipment, number, issued_on=issued_on)
    made = invoicing.register(session, draft=typed, actor=market.actors[seller], at=NOW)
    return matching.match(session, invoice_ids=[made.id], actor=market.actors[f"{who}-finance"], at=NOW)[0]


def filed(session: Session, market: Market, *invoices: Invoice, seller: str = "company1") -> Claim:
    """Let a seller claim invoices of one hospital."""
    ids = [one.id for one in invoices]
    return claims.file(
        session, hospital_id=invoices[0].hospital_id, invoice_ids=ids, actor=market.actors[seller], at=NOW
    )


def approved(session: Session, market: Market, *invoices: Invoice, seller: str = "company1", who: str = "h1") -> Claim:
    """Let a seller claim invoices, and the hospital approve the claim."""
    made = filed(session, market, *invoices, seller=seller)
    return claims.approve(session, claim_id=made.id, actor=market.actors[f"{who}-finance"], at=NOW)


def prepared(session: Session, market: Market, *found: Claim) -> Run:
    """Let the agency prepare a run."""
    return runs.prepare(session, claim_ids=[one.id for one in found], actor=market.actors["agency"], at=NOW)


def paid(session: Session, market: Market, run: Run, reference: str = "F1") -> Run:
    """Let the agency's second person pay a run."""
    who = market.actors["agency-second"]
    return runs.pay(session, fund_run_id=run.id, reference=reference, paid_on=PAID_ON, actor=who, at=NOW)


def agrees(session: Session) -> bool:
    """Say whether `jicai ledger check` finds nothing."""
    session.flush()
    session.expire_all()
    assert reconcile(session, day=PAID_ON).differences == []
    return True
