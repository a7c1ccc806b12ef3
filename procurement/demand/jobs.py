"""Scheduled verbs: passed deadlines are written down, hospitals are reminded."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.demand.services import calls


@job("demand.settle", every=timedelta(seconds=30))
def settle(session: Session, at: datetime) -> None:
    """Close what is over and remind of what is near."""
    calls.settle_due(session, at=at)
    calls.remind_due(session, at=at)
