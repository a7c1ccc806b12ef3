"""Scheduled verbs of ratings."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.jobs.registry import job
from pricing.credit.ratings.services import correcting


@job("credit.prices", every=timedelta(hours=1))
def settle_prices(session: Session, at: datetime) -> None:
    """Count ⑤ as done where winning or negotiated prices apply."""
    correcting.settle_prices(session, at=at)
