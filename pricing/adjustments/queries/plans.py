"""Plans as far as the reader may see them, their lines and what was said on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from kernel.auth.actor import Actor
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import P, Role
from kernel.clock import today
from kernel.errors import Forbidden, NotFound
from kernel.parties.codes import OrganisationKind
from kernel.policy import levels
from pricing.adjustments.flow import PLAN_FLOW, PUBLIC, SAID, SETTLED, PlanAction, PlanState, settled
from pricing.adjustments.models import AdjustmentPlan, PlanAuthor, PlanLine, PlanNote, PlanStatement, PlanVote
from pricing.items.models import ItemVersion, ServiceItem
from pricing.items.queries.items import valid_on


def visible(actor: Actor) -> Select[AdjustmentPlan]:
    """Return the plans the actor may see: the bureau all, hospitals theirs from the opinions on."""
    query = select(AdjustmentPlan).options(joinedload(AdjustmentPlan.region))
    if actor.runs_platform and actor.may(P.ADJUSTMENT_READ):
        return query
    seen: Any = AdjustmentPlan.state.in_(PUBLIC)
    if actor.organisation_kind is OrganisationKind.HOSPITAL and actor.may(P.ADJUSTMENT_SAY):
        open_ = or_(AdjustmentPlan.state.in_(SAID), AdjustmentPlan.proposal_round > 0)
        mine = and_(AdjustmentPlan.region_code.in_(levels(actor.region)), open_)
        seen = or_(seen, and_(mine, AdjustmentPlan.state != PlanState.WITHDRAWN))
    return query.where(seen)


def asked(parts: Mapping[str, str]) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    state = parts.get("state", "")
    return {
        "text": parts.get("q", "").strip()[:80], "region": parts.get("region", "")[:6],
        "state": PlanState(state) if state in set(PlanState) else None,
    }  # fmt: skip


def listing(
    actor: Actor, *, text: str = "", region: str = "", state: PlanState | None = None
) -> Select[AdjustmentPlan]:  # fmt: skip
    """Return the query of the list, the newest first."""
    query = visible(actor)
    if text:
        held = (column.contains(text, autoescape=True) for column in (AdjustmentPlan.code, AdjustmentPlan.title))
        query = query.where(or_(*held))
    if region:
        query = query.where(AdjustmentPlan.region_code == region)
    if state is not None:
        query = query.where(AdjustmentPlan.state == state)
    return query.order_by(AdjustmentPlan.made_at.desc(), AdjustmentPlan.id.desc())


def one(session: Session, plan_id: int, actor: Actor) -> AdjustmentPlan:
    """Return a plan, or NotFound."""
    query = visible(actor).where(AdjustmentPlan.id == plan_id)
    whole = query.options(joinedload(AdjustmentPlan.made_by), joinedload(AdjustmentPlan.trigger))
    found = session.scalars(whole).one_or_none()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


def locked(session: Session, plan_id: int, actor: Actor) -> AdjustmentPlan:
    """Return a plan as it is once nobody else changes it, or NotFound."""
    query = visible(actor).where(AdjustmentPlan.id == plan_id).with_for_update(of=AdjustmentPlan)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


def able(session: Session, plan_id: int, action: PlanAction, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Return a plan with its row locked, if its state, as the clock makes it, allows the act."""
    plan = locked(session, plan_id, actor)
    PLAN_FLOW.after(state_of(plan, at), action)
    return plan


def own(session: Session, plan_id: int, action: PlanAction, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Return a plan of the actor's own bureau that he may work on now; Forbidden for people of another."""
    plan = able(session, plan_id, action, actor, at)
    if not works_on(plan, actor):
        raise Forbidden
    return plan


def works_on(plan: AdjustmentPlan, actor: Actor) -> bool:
    """Say whether the actor works on a plan: an officer of the bureau that began it."""
    mine = actor.organisation_id == plan.organisation_id and actor.user_id is not None
    return mine and actor.may(P.ADJUSTMENT_WRITE)


def state_of(plan: AdjustmentPlan, at: datetime) -> PlanState:
    """Return a plan's state as the clock makes it."""
    return settled(plan.state, plan.starts_on, today(at))


def eve(plan: AdjustmentPlan, day: date) -> date:
    """Return the day whose prices a plan changes: the last before its own, or `day` where that is past and open."""
    before = day if plan.starts_on is None else plan.starts_on - timedelta(days=1)
    return before if plan.state in SETTLED else max(day, before)


def lines(session: Session, plan: AdjustmentPlan) -> Sequence[PlanLine]:
    """Return a plan's lines by code, the highest grade first."""
    query = select(PlanLine).where(PlanLine.plan_id == plan.id).join(PlanLine.item)
    query = query.options(joinedload(PlanLine.item)).order_by(ServiceItem.code, PlanLine.grade.desc(), PlanLine.id)
    return session.scalars(query).all()


def count(session: Session, plan: AdjustmentPlan) -> int:
    """Count a plan's lines."""
    return session.scalar(select(func.count(PlanLine.id)).where(PlanLine.plan_id == plan.id)) or 0


def versions(session: Session, item_ids: Sequence[int], day: date) -> dict[int, ItemVersion]:
    """Return what items are on a day, by their ids."""
    if not item_ids:
        return {}
    query = select(ItemVersion).where(ItemVersion.item_id.in_(set(item_ids)), valid_on(day))
    return {one.item_id: one for one in session.scalars(query)}


def notes(session: Session, plan: AdjustmentPlan) -> Sequence[PlanNote]:
    """Return what came out of a plan's steps, oldest first."""
    query = select(PlanNote).where(PlanNote.plan_id == plan.id).options(joinedload(PlanNote.by))
    return session.scalars(query.order_by(PlanNote.id)).all()


def statements(session: Session, plan: AdjustmentPlan, actor: Actor) -> Sequence[PlanStatement]:
    """Return what organisations said; each sees its own, the bureau all."""
    query = select(PlanStatement).where(PlanStatement.plan_id == plan.id)
    if not (actor.runs_platform and actor.may(P.ADJUSTMENT_READ)):
        query = query.where(PlanStatement.organisation_id == (actor.organisation_id or 0))
    return session.scalars(query.options(joinedload(PlanStatement.organisation)).order_by(PlanStatement.id)).all()


def unanswered(session: Session, plan: AdjustmentPlan) -> int:
    """Count the statements of this turn that wait for an answer."""
    query = select(func.count(PlanStatement.id)).where(PlanStatement.plan_id == plan.id, PlanStatement.reply == "")
    return session.scalar(query.where(PlanStatement.turn == plan.turn)) or 0


def votes(session: Session, plan: AdjustmentPlan) -> Sequence[PlanVote]:
    """Return the votes on a plan, the last turn's last."""
    query = select(PlanVote).where(PlanVote.plan_id == plan.id).options(joinedload(PlanVote.user))
    return session.scalars(query.order_by(PlanVote.id)).all()


def authors(session: Session, plan: AdjustmentPlan) -> Sequence[User]:
    """Return who drafted a plan or changed what it says, in the order in which they began."""
    query = select(User).join(PlanAuthor, PlanAuthor.user_id == User.id).where(PlanAuthor.plan_id == plan.id)
    return session.scalars(query.order_by(PlanAuthor.id)).all()


def voters(session: Session, plan: AdjustmentPlan) -> Sequence[int]:
    """Return the officers of a plan's bureau who did not write it, by their ids."""
    wrote = select(PlanAuthor.user_id).where(PlanAuthor.plan_id == plan.id)
    officers = select(UserRole.user_id).where(UserRole.role == Role.PRICE_OFFICER)
    query = select(User.id).where(User.active, User.organisation_id == plan.organisation_id, User.id.in_(officers))
    return session.scalars(query.where(User.id.not_in(wrote)).order_by(User.id)).all()


def to_vote(actor: Actor) -> Select[AdjustmentPlan]:
    """Return the plans that wait for the actor's vote, the newest first."""
    return listing(actor).where(_unvoted(actor))


def waiting(session: Session, actor: Actor) -> int:
    """Count the plans that wait for the actor's vote."""
    return session.scalar(select(func.count(AdjustmentPlan.id)).where(_unvoted(actor))) or 0


def _unvoted(actor: Actor) -> ColumnElement[bool]:
    """Say of plans that the actor's bureau decides on them, and that he neither wrote them nor voted yet."""
    voted = select(PlanVote.id).where(
        PlanVote.plan_id == AdjustmentPlan.id, PlanVote.turn == AdjustmentPlan.turn, PlanVote.user_id == actor.user_id
    )
    open_ = (AdjustmentPlan.state == PlanState.DECISION) & (AdjustmentPlan.organisation_id == actor.organisation_id)
    wrote = select(PlanAuthor.id).where(
        PlanAuthor.plan_id == AdjustmentPlan.id, PlanAuthor.user_id == actor.user_id
    )  # fmt: skip
    return and_(open_, ~voted.exists(), ~wrote.exists())
