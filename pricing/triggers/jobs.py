"""Scheduled verbs of trigger evaluations."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from pricing.triggers.services import reminding


@job("triggers.remind", every=timedelta(hours=1))
def remind(session: Session, at: datetime) -> None:
    """Remind of data and decisions that are due in 30, 7 and 1 days."""
    reminding.remind(session, at=at)
