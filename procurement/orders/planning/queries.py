"""Plans as their pages show them: lists, lines with price and right to buy, what a department orders again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Issue, NotFound
from kernel.periods import midnight, month_of
from procurement.agreements.models import Agreement
from procurement.orders.flow import OrderKind, OrderState, PlanState
from procurement.orders.models.orders import Order, OrderLine
from procurement.orders.models.plans import Plan, PlanLine, Template, TemplateLine
from procurement.orders.queries import plans
from procurement.orders.rules import ZERO
from procurement.orders.services.sources import Share, Source, priced, shares

DEAD = (OrderState.REFUSED, OrderState.EXPIRED, OrderState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A line as it would be placed now: what it is bought by, in which parts; or why it can't be."""

    product: Product
    quantity: Decimal | None
    typed: Decimal | None
    remark: str
    source: Source | None
    issue: Issue | None
    parts: tuple[Share, ...]

    @property
    def amount(self) -> Decimal:
        """Return what the line costs, in yuan."""
        return sum((one.amount for one in self.parts), ZERO)

    @property
    def beyond(self) -> Decimal:
        """Return how many units stand beyond the agreed volume."""
        return sum((one.quantity for one in self.parts if one.beyond), ZERO)

    @property
    def beyond_amount(self) -> Decimal:
        """Return what these cost, in yuan."""
        return sum((one.amount for one in self.parts if one.beyond), ZERO)


def listing(actor: Actor, state: PlanState | None = None, text: str = "") -> Select[Plan]:
    """Return the plans the actor may see, the latest first."""
    query = plans.visible(actor).options(joinedload(Plan.hospital))
    if state is not None:
        query = query.where(Plan.state == state)
    if text:
        query = query.where(or_(Plan.title.contains(text), Plan.department.contains(text)))
    return query.order_by(Plan.id.desc())


def counts(session: Session, actor: Actor) -> dict[PlanState, int]:
    """Count the plans the actor may see by state."""
    inner = plans.visible(actor).with_only_columns(Plan.state).subquery()
    return dict(session.execute(select(inner.c.state, func.count()).group_by(inner.c.state)).all())


def sizes(session: Session, found: Sequence[Plan]) -> dict[int, int]:
    """Count the lines of plans."""
    query = select(PlanLine.plan_id, func.count()).where(PlanLine.plan_id.in_([one.id for one in found]))
    return dict(session.execute(query.group_by(PlanLine.plan_id)).all())


def waiting(session: Session, actor: Actor) -> list[Plan]:
    """Return the plans that this person may approve, the oldest first."""
    if not actor.may(P.ORDER_APPROVE):
        return []
    query = plans.visible(actor).where(Plan.state == PlanState.SUBMITTED, Plan.submitted_by_id != actor.user_id)
    return list(session.scalars(query.order_by(Plan.submitted_at)))


def orders(session: Session, plan: Plan) -> Sequence[Order]:
    """Return the orders a plan became."""
    query = select(Order).where(Order.plan_id == plan.id)
    return session.scalars(
        query.options(joinedload(Order.company), joinedload(Order.deliverer)).order_by(Order.id)
    ).all()


def quoted(session: Session, plan: Plan, lines: Sequence[PlanLine], at: datetime) -> list[Quoted]:
    """Return a plan's lines as they would be placed now."""
    wanted = {line.product_id: (line.quantity, line.price, line.note) for line in lines}
    return offered(session, plan, {line.product_id: line.product for line in lines}, at, wanted)


Asked = Mapping[int, tuple[Decimal | None, Decimal | None, str]]


def offered(
    session: Session, plan: Plan, products: Mapping[int, Product], at: datetime, wanted: Asked | None = None
) -> list[Quoted]:
    """Return products as lines of a plan, with what is asked of them: quantity, typed price, remark."""
    asked = wanted or {}
    typed = {key: one[1] for key, one in asked.items()}
    found, missing = priced(
        session, kind=plan.kind, hospital_id=plan.hospital_id, region_code=plan.hospital.region_code or "",
        products=products, typed=typed, day=today(at),
    )  # fmt: skip
    taken: dict[int, Decimal] = {}
    made = []
    for key, product in products.items():
        quantity, price, remark = asked.get(key, (None, None, ""))
        source = found.get(key)
        parts = tuple(shares(source, quantity, taken)) if source and quantity else ()
        issue = missing.get(key)
        if issue:
            issue = Issue(issue.code, value=product.registered_name, facts=issue.facts)
        made.append(Quoted(product, quantity, price, remark, source, issue, parts))
    return made


def agreed_products(session: Session, plan: Plan, at: datetime) -> dict[int, Product]:
    """Return what a hospital has agreements on today: the named products, or all their company makes of it."""
    day = today(at)
    query = (
        select(Product)
        .join(
            Agreement,
            and_(
                Agreement.company_id == Product.company_id, Agreement.specification_id == Product.specification_id,
                or_(Agreement.product_id.is_(None), Agreement.product_id == Product.id),
            ),
        )
        .where(Agreement.hospital_id == plan.hospital_id, Agreement.starts <= day, Agreement.ends > day, Product.active)
        .order_by(Product.registered_name, Product.id)
    )  # fmt: skip
    return {one.id: one for one in session.scalars(query).unique()}


def last_month(session: Session, *, hospital_id: int, kind: OrderKind, at: datetime) -> dict[int, Decimal]:
    """Return what a hospital bought by that right in the last calendar month: units by product."""
    since, until = (midnight(month_of(today(at), later)) for later in (-1, 0))
    kept = func.sum(OrderLine.quantity - OrderLine.cancelled)
    query = (
        select(OrderLine.product_id, kept)
        .join(Order, Order.id == OrderLine.order_id)
        .where(
            Order.hospital_id == hospital_id, Order.kind == kind, Order.state.not_in(DEAD),
            Order.placed_at >= since, Order.placed_at < until,
        )
        .group_by(OrderLine.product_id)
        .order_by(func.min(OrderLine.id))
    )  # fmt: skip
    return {product: quantity for product, quantity in session.execute(query).all() if quantity}


def templates(session: Session, actor: Actor, kind: OrderKind | None = None) -> Sequence[Template]:
    """Return the templates of the actor's hospital, by department."""
    query = select(Template).where(Template.hospital_id == (actor.organisation_id or 0))
    if kind is not None:
        query = query.where(Template.kind == kind)
    return session.scalars(query.order_by(Template.department, Template.title)).all()


def template(session: Session, template_id: int, actor: Actor) -> Template:
    """Return a template of the actor's hospital, or NotFound."""
    found = session.get(Template, template_id)
    if found is None or found.hospital_id != actor.organisation_id:
        raise NotFound(template=template_id)
    return found


def template_sizes(session: Session, found: Collection[Template]) -> dict[int, int]:
    """Count the lines of templates."""
    query = select(TemplateLine.template_id, func.count())
    query = query.where(TemplateLine.template_id.in_([one.id for one in found]))
    return dict(session.execute(query.group_by(TemplateLine.template_id)).all())


def of_template(session: Session, found: Template) -> dict[int, Decimal]:
    """Return what a template holds: units by product."""
    query = select(TemplateLine.product_id, TemplateLine.quantity).where(TemplateLine.template_id == found.id)
    return dict(session.execute(query.order_by(TemplateLine.id)).all())
