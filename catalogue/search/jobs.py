"""Scheduled verbs of the search."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalogue.search.sources import services
from kernel.jobs.registry import job


@job("search.catch-up", every=timedelta(seconds=30))
def catch_up(session: Session, _at: datetime) -> None:
    """Make findable what was imported in bulk."""
    services.catch_up(session)
