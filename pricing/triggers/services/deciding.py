"""Propose and confirm whether prices are adjusted: two persons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.errors import Conflict, Forbidden, Invalid, Issue
from pricing.tags import Tag
from pricing.triggers import queries
from pricing.triggers.flow import YEAR_FLOW, Verdict, YearAction
from pricing.triggers.models import TriggerYear
from pricing.triggers.rules import may_decide


def propose(
    session: Session, *, year_id: int, verdict: Verdict, reason: str, actor: Actor, at: datetime
) -> TriggerYear:  # fmt: skip
    """Propose a decision on the last evaluation."""
    found = queries.own(session, year_id, actor)
    state = YEAR_FLOW.after(found.state, YearAction.PROPOSE)
    last = queries.evaluations(session, found.id)[0]
    if not may_decide(last.decision, verdict):
        raise Conflict("trigger-not-met", decision=last.decision)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    found.state, found.verdict, found.reason, found.return_reason = state, verdict, reason.strip(), ""
    found.proposed_by_id, found.proposed_at = actor.user_id, at
    record(session, Tag.TRIGGER_PROPOSED, found, actor, at, {"verdict": verdict, "reason": found.reason})
    return found


def send_back(session: Session, *, year_id: int, reason: str, actor: Actor, at: datetime) -> TriggerYear:
    """Send a proposal back, as a second person, with the reason."""
    found = queries.own(session, year_id, actor)
    state = YEAR_FLOW.after(found.state, YearAction.RETURN)
    _must_be_second(found, actor)
    if not reason.strip():
        raise Invalid({"return_reason": Issue("needed")})
    found.state, found.return_reason = state, reason.strip()
    record(session, Tag.TRIGGER_RETURNED, found, actor, at, {"reason": found.return_reason})
    return found


def confirm(session: Session, *, year_id: int, actor: Actor, at: datetime) -> TriggerYear:
    """Confirm a proposal as a second person of the same bureau, who entered none of its figures: it is decided."""
    found = queries.own(session, year_id, actor)
    state = YEAR_FLOW.after(found.state, YearAction.CONFIRM)
    _must_be_second(found, actor)
    must_be_another(actor, *queries.entered_by(session, found.id))
    found.state, found.decided_by_id, found.decided_at = state, actor.user_id, at
    record(session, Tag.TRIGGER_DECIDED, found, actor, at, {"verdict": found.verdict})
    return found


def _must_be_second(found: TriggerYear, actor: Actor) -> None:
    """Refuse whoever proposed it, and people of another bureau."""
    must_be_another(actor, found.proposed_by_id)
    if not queries.decides(found, actor):
        raise Forbidden
