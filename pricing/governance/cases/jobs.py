"""Scheduled verbs of cases."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.jobs.registry import job
from pricing.governance.cases.services import reminding


@job("cases.remind", every=timedelta(minutes=15))
def remind(session: Session, at: datetime) -> None:
    """Remind of answers, interviews and commitments that are due, and tell of those that are over."""
    reminding.remind(session, actor=SYSTEM, at=at)
