"""Scheduled verbs of drafts: they write down sooner what the clock has made true anyway."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.jobs.registry import job
from procurement.rounds.draft.services.turns import settle_due


@job("drafts.settle", every=timedelta(seconds=10))
def settle(session: Session, at: datetime) -> None:
    """Write down the turns whose time is up."""
    settle_due(session, actor=SYSTEM, at=at)
