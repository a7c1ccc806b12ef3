"""Scheduled verbs of labelling."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.clock import today
from kernel.jobs.registry import job
from pricing.governance.labelling.services import running


@job("labels.give", every=timedelta(minutes=5))
def give(session: Session, at: datetime) -> None:
    """Label what changed; the first time of a day, everything."""
    running.run(session, day=today(at), actor=SYSTEM, at=at)
