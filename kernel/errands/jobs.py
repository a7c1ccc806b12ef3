"""Scheduled verbs of the errands."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.errands import queue
from kernel.jobs.registry import job


@job("errands.forget", every=timedelta(hours=6))
def forget(session: Session, at: datetime) -> None:
    """Delete errands that ended long ago."""
    queue.forget(session, at=at)
