"""Scheduled verbs: experts are told when bidding is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from procurement.rounds.experts.services import handing


@job("experts.tell", every=timedelta(minutes=1))
def tell(session: Session, at: datetime) -> None:
    """Tell the experts whose work can begin."""
    handing.tell_due(session, at=at)
