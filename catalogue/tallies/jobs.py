"""Scheduled verbs of the counts."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalogue.tallies import services
from kernel.jobs.registry import job


@job("tallies.catch-up", every=timedelta(seconds=30))
def catch_up(session: Session, _at: datetime) -> None:
    """Count anew what has changed."""
    services.catch_up(session)
