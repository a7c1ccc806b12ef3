"""Scheduled verbs of prices across regions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.clock import today
from kernel.jobs.registry import job
from pricing.governance.comparison.services import building, warning


@job("gaps.build", every=timedelta(minutes=5))
def build(session: Session, at: datetime) -> None:
    """Build gap tables of what changed; the first time of a day, of everything."""
    building.run(session, day=today(at), actor=SYSTEM, at=at)


@job("linkage.remind", every=timedelta(hours=1))
def remind(session: Session, at: datetime) -> None:
    """Tell once of warnings whose last day is over."""
    warning.remind(session, day=today(at), at=at)
