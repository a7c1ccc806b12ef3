"""Complex items of a plan and what hospitals proposed for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from kernel.sets import among
from pricing.adjustments import rules
from pricing.adjustments.models import AdjustmentPlan, PlanComplex, PlanProposal
from pricing.adjustments.queries import effects
from pricing.adjustments.rules import Comparison
from pricing.items.models import ItemVolume


def marked(session: Session, plan: AdjustmentPlan) -> Sequence[PlanComplex]:
    """Return a plan's complex items."""
    query = select(PlanComplex).where(PlanComplex.plan_id == plan.id).options(joinedload(PlanComplex.item))
    return session.scalars(query.order_by(PlanComplex.item_id)).all()


def proposals(
    session: Session, plan: AdjustmentPlan, number: int, hospital_id: int | None = None
) -> Sequence[PlanProposal]:  # fmt: skip
    """Return what was proposed in a round, by one hospital or by all."""
    query = select(PlanProposal).where(PlanProposal.plan_id == plan.id, PlanProposal.round == number)
    if hospital_id is not None:
        query = query.where(PlanProposal.hospital_id == hospital_id)
    return session.scalars(query.options(joinedload(PlanProposal.hospital)).order_by(PlanProposal.id)).all()


def proposing(session: Session, plan: AdjustmentPlan) -> int:
    """Count the hospitals that have proposed in the round opened last."""
    query = select(func.count(PlanProposal.hospital_id.distinct())).where(PlanProposal.plan_id == plan.id)
    return session.scalar(query.where(PlanProposal.round == plan.proposal_round)) or 0


def compared(session: Session, plan: AdjustmentPlan, number: int) -> dict[int, Comparison]:
    """Return a round's proposals beside each other, by item; nobody is named."""
    found: dict[int, list[Decimal]] = defaultdict(list)
    for one in proposals(session, plan, number):
        found[one.item_id].append(one.price)
    return {item_id: rules.compare(prices) for item_id, prices in found.items()}


def volumes(session: Session, plan: AdjustmentPlan, item_ids: set[int]) -> dict[int, Decimal]:
    """Return the region's volumes of items in the base year; nothing charged is 0."""
    query = select(ItemVolume.item_id, func.sum(ItemVolume.quantity)).where(
        ItemVolume.year == plan.volume_year, among(ItemVolume.item_id, item_ids),
        among(ItemVolume.hospital_id, effects.places(session, plan.region_code)),
    )  # fmt: skip
    found = {row[0]: row[1] for row in session.execute(query.group_by(ItemVolume.item_id))}
    return {item_id: found.get(item_id, rules.ZERO) for item_id in item_ids}
