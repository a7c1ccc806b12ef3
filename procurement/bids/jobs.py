"""Scheduled verbs of boxes: write down that a deadline has passed, and remind whoever has not bid."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.bids.boxes import services as boxes
from procurement.bids.reminders import services as reminders


@job("bids.settle", every=timedelta(seconds=30))
def settle(session: Session, at: datetime) -> None:
    """Close boxes whose deadline has passed; their time is over with or without this."""
    boxes.settle(session, at=at)


@job("bids.remind", every=timedelta(minutes=5))
def remind(session: Session, at: datetime) -> None:
    """Remind companies 72, 24 and 2 hours before a deadline."""
    reminders.remind(session, at=at)
