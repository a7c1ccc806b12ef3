"""Scheduled verbs of the imports."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from importers import services
from kernel.jobs.registry import job


@job("importers.expire", every=timedelta(minutes=30))
def expire(session: Session, at: datetime) -> None:
    """Drop staged imports that nobody confirmed."""
    services.expire(session, at=at)
