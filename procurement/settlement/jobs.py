"""Scheduled verbs: what the clock has decided about claims is told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.settlement.claims import services as claims
from procurement.settlement.reconciliation import queries as reconciliation

assert reconciliation  # importing it adds settlement to what `ledger.check` looks at


@job("settlement.tell", every=timedelta(minutes=5))
def tell(session: Session, at: datetime) -> None:
    """Name claims that hospitals did not review in time."""
    claims.tell_late(session, at=at)
