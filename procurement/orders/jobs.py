"""Scheduled verbs: what the clock has decided is written down."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.orders.services import answers, receiving


@job("orders.settle", every=timedelta(seconds=30))
def settle(session: Session, at: datetime) -> None:
    """Void orders that nobody answered, receive shipments that nobody disputed."""
    answers.settle_due(session, at=at)
    receiving.settle_due(session, at=at)
