"""Scheduled verb: prescriptions that a region keeps no longer are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalogue.dual_channel.services.prescriptions import forget
from kernel.auth.actor import SYSTEM
from kernel.jobs.registry import job


@job("dual-channel.forget", every=timedelta(hours=6))
def forget_prescriptions(session: Session, at: datetime) -> None:
    """Delete what is over its time."""
    forget(session, actor=SYSTEM, at=at)
