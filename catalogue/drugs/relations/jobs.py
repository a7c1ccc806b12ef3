"""Scheduled verb: look for relations once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from catalogue.drugs.relations.services import look
from kernel.auth.actor import SYSTEM
from kernel.jobs.registry import job


@job("relations.look", every=timedelta(hours=24))
def look_for_relations(session: Session, at: datetime) -> None:
    """Propose what is found; a person decides."""
    look(session, actor=SYSTEM, at=at)
