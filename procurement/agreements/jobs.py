"""Scheduled verbs of agreements: reminders, the board's sums."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.agreements.alerts import services as alerts
from procurement.agreements.boards import services as boards
from procurement.agreements.reminders import services as reminders


@job("reassignments.remind", every=timedelta(minutes=5))
def remind(session: Session, at: datetime) -> None:
    """Remind hospitals 72, 24 and 2 hours before the deadline of a reassignment."""
    reminders.remind(session, at=at)


@job("boards.refresh", every=timedelta(minutes=5))
def refresh(session: Session, at: datetime) -> None:
    """Make the sums of the progress board anew."""
    boards.refresh(session, at=at)


@job("volumes.look", every=timedelta(days=1))
def look(session: Session, at: datetime) -> None:
    """Warn of agreed volumes that fall behind."""
    alerts.look(session, at=at)
