"""Scheduled verb of revivals: it writes down sooner what the clock has made true anyway."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.jobs.registry import job
from procurement.rounds.revivals.services import settle_due


@job("revivals.settle", every=timedelta(seconds=30))
def settle(session: Session, at: datetime) -> None:
    """Write down which offers lapsed."""
    settle_due(session, actor=SYSTEM, at=at)
