"""Scheduled verbs of new items."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.jobs.registry import job
from pricing.items.applications.services import reminding


@job("new-items.remind", every=timedelta(hours=1))
def remind(session: Session, at: datetime) -> None:
    """Remind hospitals of what their trials ask for, and end the trials whose days are over."""
    reminding.remind(session, actor=SYSTEM, at=at)
