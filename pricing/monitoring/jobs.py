"""Scheduled verbs of monitoring."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.jobs.registry import job
from pricing.monitoring import services


@job("monitoring.sum-up", every=timedelta(minutes=1))
def sum_up(session: Session, at: datetime) -> None:
    """Add what was bought since the last time to the sums of its months."""
    services.sum_up(session, day=today(at))


@job("monitoring.classify", every=timedelta(days=1))
def classify(session: Session, at: datetime) -> None:
    """Follow the drug list's edition and what products were matched with."""
    services.classify(session, day=today(at))
