"""Scheduled verb: tell companies that documents end."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.dossiers.services import remind


@job("dossiers.remind", every=timedelta(hours=24))
def remind_of_last_days(session: Session, at: datetime) -> None:
    """Tell companies once per step of the policy before a document's last day."""
    remind(session, at=at)
