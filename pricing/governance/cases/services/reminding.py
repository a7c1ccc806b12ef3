"""Tell of deadlines: near, over, and nobody acted since; each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from pricing.governance.cases.flow import COMPANY
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.queries import cases
from pricing.governance.cases.rules import ESCALATED, LATE, REMINDED, stage
from pricing.governance.cases.services.acts import OFFICERS, tell
from pricing.tags import Tag

NEAR, OVER, STUCK = "case-due-soon", "case-due-over", "case-stuck"


def remind(session: Session, *, actor: Actor, at: datetime) -> int:
    """Tell whom a deadline concerns, each step once; return how many cases were told of."""
    return sum(_remind(session, found, actor, at) for found in session.scalars(cases.due(at)).all())


def _remind(session: Session, found: PriceCase, actor: Actor, at: datetime) -> bool:
    assert found.due_at is not None  # the query asks for it
    reached = stage(found.due_at, at)
    if reached <= found.told:
        return False
    found.told = reached
    if reached >= LATE or found.state not in COMPANY or found.interview_at == found.due_at:
        code = {REMINDED: NEAR, LATE: OVER, ESCALATED: STUCK}[reached]
        tell(session, found, code, at, organisations=[found.organisation_id], roles=OFFICERS)
    if reached <= LATE and found.state in COMPANY:
        tell(session, found, NEAR if reached == REMINDED else OVER, at, organisations=[found.company_id])
    if reached == ESCALATED:
        tell(session, found, STUCK, at, roles=(Role.SUPERVISOR,))
    record(session, Tag.PRICE_CASE_REMINDED, found, actor, at, {"told": reached, "due": found.due_at})
    return True
