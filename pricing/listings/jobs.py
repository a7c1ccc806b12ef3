"""Scheduled verbs of listings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.jobs.registry import job
from pricing.listings.marks import services as marks


@job("listings.mark", every=timedelta(hours=1))
def mark(session: Session, at: datetime) -> None:
    """Follow in the search what begins and ends by the calendar."""
    marks.mark_turned(session, day=today(at))
