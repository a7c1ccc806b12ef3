"""Organisations say what they think of a plan and object in its publicity; the bureau answers one by one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock
from kernel.errors import Conflict, Forbidden, NotFound
from kernel.notices.services import notify
from pricing.adjustments.flow import PlanAction, PlanState, StatementKind
from pricing.adjustments.models import AdjustmentPlan, PlanStatement
from pricing.adjustments.queries import plans
from pricing.adjustments.services.acts import needed
from pricing.tags import Tag

ACTS = {StatementKind.OPINION: PlanAction.SAY, StatementKind.OBJECTION: PlanAction.OBJECT}
LONGEST = 4000


def say(
    session: Session, *, plan_id: int, kind: StatementKind, text: str, actor: Actor, at: datetime
) -> PlanStatement:  # fmt: skip
    """Say an opinion while opinions are asked, or object before the publicity ends, to the second.

    A second click adds nothing: what an organisation has said already in this turn, word for word, stands once.
    """
    plan = plans.able(session, plan_id, ACTS[kind], actor, at)
    if actor.organisation_id is None or actor.user_id is None or actor.runs_platform:
        raise Forbidden
    until = plan.opinions_due_at if kind is StatementKind.OPINION else plan.publicity_ends_at
    if until is None or after_lock(session) > until:
        raise Conflict("plan-too-late", until=until)
    needed(text=text)
    said = text.strip()[:LONGEST]
    if held := _said(session, plan, kind, actor.organisation_id, said):
        return held
    made = PlanStatement(
        plan_id=plan.id, turn=plan.turn, kind=kind, organisation_id=actor.organisation_id, text=said,
        by_id=actor.user_id, at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the event names its id
    record(session, Tag.ADJUSTMENT_SAID, plan, actor, at, {"kind": kind, "statement": made.id})
    return made


def _said(
    session: Session, plan: AdjustmentPlan, kind: StatementKind, organisation_id: int, text: str
) -> PlanStatement | None:  # fmt: skip
    """Return what an organisation has said in these words in this turn, behind the plan's lock."""
    query = select(PlanStatement).where(
        PlanStatement.plan_id == plan.id, PlanStatement.turn == plan.turn, PlanStatement.kind == kind,
        PlanStatement.organisation_id == organisation_id, PlanStatement.text == text,
    )  # fmt: skip
    return session.scalars(query.order_by(PlanStatement.id).limit(1)).first()


def reply(session: Session, *, statement_id: int, text: str, actor: Actor, at: datetime) -> PlanStatement:
    """Answer an opinion or objection; the answer goes to whoever said it."""
    query = select(PlanStatement).where(PlanStatement.id == statement_id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(statement=statement_id)
    plan = plans.locked(session, found.plan_id, actor)
    if not plans.works_on(plan, actor):
        raise Forbidden
    if plan.state not in (PlanState.OPINIONS, PlanState.PUBLICITY) or found.turn != plan.turn:
        raise Conflict("wrong-state", state=plan.state, action="reply")
    if found.reply:
        raise Conflict("plan-answered")
    needed(reply=text)
    found.reply, found.replied_by_id, found.replied_at = text.strip()[:LONGEST], actor.user_id, at
    record(session, Tag.ADJUSTMENT_REPLIED, plan, actor, at, {"statement": found.id})
    facts = {"code": plan.code, "title": plan.title}
    notify(session, code="plan-answered-you", facts=facts, at=at, url=f"/pricing/adjustments/{plan.id}",
           users=[found.by_id] if found.by_id else [])  # fmt: skip
    return found
