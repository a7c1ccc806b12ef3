"""Scheduled verb of statements: write down that a deadline has passed; it has passed with or without this."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.rounds.statements import services


@job("statements.settle", every=timedelta(minutes=1))
def settle(session: Session, at: datetime) -> None:
    """Mark statements that were not submitted in time."""
    services.settle(session, at=at)
