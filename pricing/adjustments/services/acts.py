"""What the verbs of a plan share: the recorded move, who wrote it, texts that are needed, notices to hospitals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.db import upsert
from kernel.errors import Conflict, Invalid, Issue
from kernel.notices.services import notify
from pricing.adjustments.flow import PLAN_FLOW, PlanAction
from pricing.adjustments.models import AdjustmentPlan, PlanAuthor
from pricing.adjustments.queries import effects, plans
from pricing.tags import Tag


def moved(
    session: Session, plan: AdjustmentPlan, action: PlanAction, actor: Actor, at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> AdjustmentPlan:  # fmt: skip
    """Take a plan to the state that follows and write it down."""
    plan.state = PLAN_FLOW.after(plans.state_of(plan, at), action)
    record(session, Tag.ADJUSTMENT_MOVED, plan, actor, at, {"action": action, "state": plan.state, **(facts or {})})
    return plan


def wrote(session: Session, plan: AdjustmentPlan, by: int | None, at: datetime) -> None:
    """Keep that a person changed what a plan says, behind its lock: he has no vote on it from now on."""
    if by is not None:
        columns: dict[str, Sequence[Any]] = {"plan_id": [plan.id], "user_id": [by], "at": [at]}
        upsert(session, PlanAuthor.__table__, key=("plan_id", "user_id"), columns=columns)


def needed(**texts: str) -> None:
    """Refuse where one of the texts is missing."""
    if wrong := {name: Issue("needed") for name, text in texts.items() if not text.strip()}:
        raise Invalid(wrong)


def must_be_over(session: Session, plan: AdjustmentPlan) -> None:
    """Refuse while hospitals may still propose prices in the round that was opened last."""
    if plan.proposals_due_at is not None and after_lock(session) <= plan.proposals_due_at:
        raise Conflict("plan-proposals-open")


def tell_hospitals(session: Session, plan: AdjustmentPlan, code: str, at: datetime, **facts: Any) -> None:
    """Put a notice into the boxes of the region's hospitals."""
    found = effects.places(session, plan.region_code)
    if found:
        notify(
            session, code=code, facts={"code": plan.code, "title": plan.title, **facts}, at=at, organisations=found,
            url=f"/pricing/adjustments/{plan.id}",
        )  # fmt: skip
