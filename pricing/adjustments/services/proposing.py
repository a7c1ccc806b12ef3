"""Complex items: hospitals propose their prices within the total in two rounds, the drafter adopts one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import after_lock, today
from kernel.errors import Conflict, Forbidden, Invalid, Issue, UnsetParameter
from pricing.adjustments import rules
from pricing.adjustments.flow import PlanAction
from pricing.adjustments.models import AdjustmentPlan, PlanComplex, PlanLine, PlanProposal
from pricing.adjustments.queries import complexes, effects, judging, plans
from pricing.adjustments.services.acts import must_be_over, needed, tell_hospitals, wrote
from pricing.adjustments.services.drafting import NewLine, known, set_lines
from pricing.items.flow import PriceGrade
from pricing.tags import Tag


def mark(session: Session, *, plan_id: int, item_ids: set[int], actor: Actor, at: datetime) -> None:
    """Say which items of a plan are complex, before the first round."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    if plan.proposal_round:
        raise Conflict("plan-proposals-open")
    if item_ids - set(session.scalars(select(PlanLine.item_id).where(PlanLine.plan_id == plan.id))):
        raise Invalid({"items": Issue("plan-no-item")})
    if item_ids != {one.item_id for one in complexes.marked(session, plan)}:
        session.execute(delete(PlanComplex).where(PlanComplex.plan_id == plan.id))
        session.add_all(PlanComplex(plan_id=plan.id, item_id=item_id) for item_id in sorted(item_ids))
        wrote(session, plan, actor.user_id, at)
    record(session, Tag.ADJUSTMENT_LINES_SET, plan, actor, at, {"complex": len(item_ids)})


def open_round(session: Session, *, plan_id: int, due_at: datetime, actor: Actor, at: datetime) -> AdjustmentPlan:
    """Open the next of the two rounds; the second begins when the first is over."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    if plan.proposal_round >= rules.ROUNDS[-1]:
        raise Conflict("plan-no-more-rounds")
    if not complexes.marked(session, plan):
        raise Conflict("plan-no-complex")
    if judging.limit_of(plan) is None:
        raise UnsetParameter("growth")
    must_be_over(session, plan)
    if due_at <= at:
        raise Invalid({"proposals_due": Issue("plan-due")})
    plan.proposal_round, plan.proposals_due_at = plan.proposal_round + 1, due_at
    record(session, Tag.ADJUSTMENT_ROUND_OPENED, plan, actor, at, {"round": plan.proposal_round, "due": due_at})
    tell_hospitals(session, plan, "plan-proposals-asked", at, round=plan.proposal_round, due=due_at)
    return plan


def propose_prices(
    session: Session, *, plan_id: int, prices: Mapping[int, Decimal], reason: str, actor: Actor, at: datetime
) -> int:
    """Propose prices of complex items in the open round; what the hospital proposed in it before is replaced.

    Its prices, in all of the region's volumes, have to fit into the total.
    """
    plan = plans.able(session, plan_id, PlanAction.EDIT, actor, at)
    place = effects.places(session, plan.region_code).get(actor.organisation_id or 0)
    if place is None or actor.user_id is None:
        raise Forbidden
    if plan.proposals_due_at is None or after_lock(session) > plan.proposals_due_at:
        raise Conflict("plan-too-late", until=plan.proposals_due_at)
    needed(reason=reason)
    _must_be_sound(session, plan, prices, place.grade, at)
    mine = (
        PlanProposal.plan_id == plan.id,
        PlanProposal.round == plan.proposal_round,
        PlanProposal.hospital_id == place.id,
    )
    session.execute(delete(PlanProposal).where(*mine))
    session.add_all(
        PlanProposal(plan_id=plan.id, round=plan.proposal_round, hospital_id=place.id, item_id=item_id, price=price,
                     reason=reason.strip(), by_id=actor.user_id, at=at)
        for item_id, price in sorted(prices.items())
    )  # fmt: skip
    facts = {"round": plan.proposal_round, "items": len(prices), "reason": reason.strip()}
    record(session, Tag.ADJUSTMENT_PROPOSED, plan, actor, at, facts)
    return len(prices)


def _must_be_sound(
    session: Session, plan: AdjustmentPlan, prices: Mapping[int, Decimal], grade: PriceGrade, at: datetime
) -> None:
    """Refuse what is no complex item, no price, or beyond the total."""
    marked = {one.item_id for one in complexes.marked(session, plan)}
    wrong = {
        f"p-{item_id}": Issue("plan-no-item" if item_id not in marked else rules.price_fault(price), value=str(price))
        for item_id, price in prices.items() if item_id not in marked or rules.price_fault(price)
    }  # fmt: skip
    if wrong or not prices:
        raise Invalid(wrong or {"reason": Issue("plan-no-proposals")})
    old, _versions = known(session, plan, set(prices), today(at))
    volumes = complexes.volumes(session, plan, set(prices))
    asked = sum(
        ((price - old.get((item_id, grade), price)) * volumes[item_id] for item_id, price in prices.items()), rules.ZERO
    )
    limit = judging.limit_of(plan)
    if limit is not None and asked > limit:
        raise Invalid({"reason": Issue("plan-beyond", facts={"asked": f"{asked:,.2f}", "limit": f"{limit:,.2f}"})})


def adopt(session: Session, *, plan_id: int, actor: Actor, at: datetime) -> int:
    """Take the middle of the last round over into the lines, by item that is still complex and hospital grade."""
    plan = plans.own(session, plan_id, PlanAction.EDIT, actor, at)
    if not plan.proposal_round:
        raise Conflict("plan-proposals-open")
    must_be_over(session, plan)
    grades = {one.id: one.grade for one in effects.places(session, plan.region_code).values()}
    found: dict[tuple[int, PriceGrade], list[Decimal]] = defaultdict(list)
    marked = {one.item_id for one in complexes.marked(session, plan)}
    for one in complexes.proposals(session, plan, plan.proposal_round):
        if one.hospital_id in grades and one.item_id in marked:
            found[one.item_id, grades[one.hospital_id]].append(one.price)
    old, _versions = known(session, plan, {item for item, _grade in found}, today(at))
    rows = [NewLine(item, grade, rules.compare(prices).middle) for (item, grade), prices in found.items()
            if (item, grade) in old]  # fmt: skip
    set_lines(session, plan_id=plan_id, rows=rows, actor=actor, at=at, source={"round": plan.proposal_round})
    record(session, Tag.ADJUSTMENT_ADOPTED, plan, actor, at, {"round": plan.proposal_round, "lines": len(rows)})
    return len(rows)
