"""Scheduled verbs: what the clock has decided about shortages and filings is written down, and people are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.supply.channel import services as channel
from procurement.supply.shortages import services as shortages


@job("supply.settle", every=timedelta(minutes=1))
def settle(session: Session, at: datetime) -> None:
    """Name producers who did not answer in time, and hospitals that did not file in time."""
    shortages.settle_due(session, at=at)
    channel.remind_due(session, at=at)
