"""Remind the price bureau of data and decisions that are due."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.auth.permissions import Role
from kernel.notices.services import notify
from pricing.triggers import queries
from pricing.triggers.flow import YearState
from pricing.triggers.models import TriggerYear
from pricing.triggers.rules import reminder


def remind(session: Session, *, at: datetime) -> int:
    """Tell the price officers once per step before the data, then the decision, are due; return how many years."""
    query = (
        select(TriggerYear)
        .where(TriggerYear.state != YearState.DECIDED)
        .order_by(TriggerYear.id)
        .with_for_update(skip_locked=True)
    )
    return sum(_remind(session, one, at) for one in session.scalars(query).all())


def _remind(session: Session, found: TriggerYear, at: datetime) -> bool:
    due = queries.next_due(found)
    days = reminder(due, found.reminded_days, at)
    if days is None:
        return False
    found.reminded_days = days
    code = "trigger-data-due" if found.state is YearState.COLLECTING else "trigger-decision-due"
    facts = {"region": found.region.name, "year": found.year, "days": days, "due": due}
    notify(session, code=code, facts=facts, at=at, url=f"/pricing/triggers/{found.id}", roles=(Role.PRICE_OFFICER,))
    return True
