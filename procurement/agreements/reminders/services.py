"""Remind hospitals of the deadline of a reassignment: those that have a pool and have not submitted its division."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.permissions import Role
from kernel.notices.services import notify
from procurement.agreements.reassignment import queries
from procurement.agreements.reassignment.flow import ReassignmentState
from procurement.agreements.reassignment.models import Reassignment
from procurement.demand.rules import reminder
from procurement.rounds.rules.volumes import Reassign


def remind(session: Session, *, at: datetime) -> int:
    """Tell each silent hospital once per step, as the demand's policy has them; return how many were told."""
    near = (
        select(Reassignment)
        .where(
            Reassignment.state == ReassignmentState.OPEN, Reassignment.how == Reassign.BY_HOSPITAL,
            Reassignment.deadline > at,
        )
        .order_by(Reassignment.id)
        .options(joinedload(Reassignment.round_))
        .with_for_update(of=Reassignment, skip_locked=True)
    )  # fmt: skip
    return sum(_remind(session, one, at) for one in session.scalars(near).all())


def _remind(session: Session, found: Reassignment, at: datetime) -> int:
    hours = reminder(found.deadline, found.reminded_hours, at) if found.deadline else None
    if hours is None:
        return 0
    found.reminded_hours = hours
    silent = queries.waiting(queries.volumes(session, found), queries.choices(session, found))
    if silent:
        facts = {"round": found.round_.code, "title": found.round_.title, "hours": hours, "deadline": found.deadline}
        notify(
            session, code="reassignment-due", facts=facts, at=at, organisations=sorted(silent),
            url=f"/procurement/rounds/{found.round_id}/reassignment", roles=(Role.PHARMACIST, Role.PHARMACY),
        )  # fmt: skip
    return len(silent)
