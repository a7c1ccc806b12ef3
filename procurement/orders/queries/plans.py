"""Plans of the actor's own hospital or pharmacy; those who run the platform see them once they are placed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import GRANTS, P
from kernel.errors import NotFound
from kernel.sets import among
from procurement.orders.flow import PlanState
from procurement.orders.models.plans import Plan, PlanLine


def visible(actor: Actor) -> Select[Plan]:
    """Return the plans the actor may see."""
    query = select(Plan)
    if actor.runs_platform:
        return query.where(Plan.state == PlanState.PLACED)
    if actor.buys:
        return query.where(Plan.hospital_id == actor.organisation_id)
    return query.where(false())


def one(session: Session, plan_id: int, actor: Actor) -> Plan:
    """Return a plan, or NotFound."""
    found = session.scalars(visible(actor).where(Plan.id == plan_id)).one_or_none()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


def held(session: Session, plan_id: int, actor: Actor) -> Plan:
    """Return a plan with its row locked, read anew, or NotFound."""
    query = visible(actor).where(Plan.id == plan_id).with_for_update(of=Plan)
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(plan=plan_id)
    return found


def second_persons(session: Session, plan: Plan, but: int | None) -> list[int]:
    """Return who may approve a hospital's plan, without the one who hands it in."""
    roles = [role for role, granted in GRANTS.items() if P.ORDER_APPROVE in granted]
    query = select(User.id).join(UserRole, UserRole.user_id == User.id).distinct()
    own = User.organisation_id == plan.hospital_id
    return list(session.scalars(query.where(own, User.active, UserRole.role.in_(roles), User.id != but)))


def lines(session: Session, plan: Plan) -> Sequence[PlanLine]:
    """Return a plan's lines with their products, as they were added."""
    query = select(PlanLine).where(PlanLine.plan_id == plan.id).options(joinedload(PlanLine.product))
    return session.scalars(query.order_by(PlanLine.id).execution_options(populate_existing=True)).unique().all()


def products(session: Session, ids: Sequence[int]) -> dict[int, Product]:
    """Return the products of those ids that may still be bought."""
    query = select(Product).where(among(Product.id, ids), Product.active)
    return {one.id: one for one in session.scalars(query).unique()}
