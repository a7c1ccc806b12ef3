"""What the calendar brings: trials that are over, hospitals to remind of reports and applications."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from pricing.items.applications import rules
from pricing.items.applications.flow import ApplicationState
from pricing.items.applications.models import ItemTrial
from pricing.items.applications.queries import applications
from pricing.items.applications.services.acts import settle, tell_hospital
from pricing.tags import Tag

S = ApplicationState


def remind(session: Session, *, actor: Actor, at: datetime) -> int:
    """End trials whose days are over and remind hospitals, each once; return how many were told."""
    told = 0
    for trial in session.scalars(applications.trials().with_for_update(of=ItemTrial, skip_locked=True)):
        if settle(session, trial.application, at):
            told += 1
        elif code := _due(trial, at):
            setattr(trial, TOLD[code], at)
            day = trial.midterm_on if code == MIDTERM else trial.ends_on
            tell_hospital(session, trial.application, code, at, day=day.isoformat() if day else "")
            facts = {"item": trial.application.name, "reminder": code, "day": day}
            record(session, Tag.NEW_ITEM_REMINDED, trial.application, actor, at, facts)
            told += 1
    return told


MIDTERM, FORMAL = "new-item-midterm-due", "new-item-formal-due"
TOLD = {MIDTERM: "told_midterm_at", FORMAL: "told_formal_at"}


def _due(trial: ItemTrial, at: datetime) -> str:
    """Return what a hospital is to be reminded of today: three months before the end, or the mid-term report."""
    day, state = today(at), trial.application.state
    if state is S.TRIAL and trial.midterm_on and trial.midterm_on <= day and trial.told_midterm_at is None:
        return MIDTERM
    asks = state in (S.TRIAL, S.CONTINUED, S.EXTENDED)
    if asks and trial.ends_on and rules.formal_due(trial.ends_on) <= day and trial.told_formal_at is None:
        return FORMAL
    return ""
