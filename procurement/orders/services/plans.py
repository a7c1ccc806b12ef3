"""Write a purchase plan, hand it in, and let a second person of the hospital place or return it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import delete
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.auth.second import must_be_another
from kernel.clock import today
from kernel.errors import Conflict, FileRefused, Forbidden, Invalid, Issue
from kernel.money import places
from kernel.notices.services import notify
from procurement.orders.flow import PLAN_FLOW, OrderKind, PlanAction, PlanState
from procurement.orders.models.orders import Order
from procurement.orders.models.plans import Plan, PlanLine
from procurement.orders.queries import plans as queries
from procurement.orders.services import channel, placing, sources
from procurement.tags import Tag

LARGEST = Decimal("1e12")
TOLD = timedelta(minutes=10)


class PlanRefused(FileRefused):
    """Some lines of a plan can't be bought as asked; `issues` say which and why, all at once."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues)
        self.code = "plan-refused"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as it is typed: a product and how many units of it; a price in yuan per unit only in emergencies."""

    product_id: int
    quantity: Decimal
    price: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A plan as it stands after saving, and the products whose lines could not be taken."""

    plan: Plan
    refused: dict[int, Issue] = field(default_factory=dict)


def own_hospital(actor: Actor) -> int:
    """Return the buyer's organisation, or refuse who buys nothing."""
    if actor.organisation_id is None or not actor.buys:
        raise Forbidden
    return actor.organisation_id


def create(
    session: Session, *, kind: OrderKind, title: str, department: str = "", reason: str = "", actor: Actor, at: datetime
) -> Plan:
    """Begin a plan."""
    if not title.strip():
        raise Invalid({"title": Issue("needed")})
    made = Plan(
        hospital_id=own_hospital(actor), kind=kind, title=title.strip(), department=department.strip(),
        reason=reason.strip(), state=PlanState.DRAFT, created_by_id=actor.user_id, created_at=at, saved_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    record(session, Tag.PLAN_SAVED, made, actor, at, {"kind": kind, "title": made.title})
    return made


def keep(
    session: Session, *, plan_id: int, version: int, lines: Sequence[Wanted], cleared: Collection[int] = (),
    source: Mapping[str, object] | None = None, actor: Actor, at: datetime,
) -> Kept:  # fmt: skip
    """Keep the lines that can be taken and drop the cleared ones; events say at most every ten minutes what it holds.

    A product stands once in a plan; `source` names a workbook. Raises Conflict where somebody else saved first.
    """
    plan = queries.held(session, plan_id, actor)
    own_hospital(actor)
    if plan.version != version:
        raise Conflict("changed-meanwhile")
    PLAN_FLOW.after(plan.state, PlanAction.SAVE)
    known = queries.products(session, [one.product_id for one in lines])
    wrong = {one.product_id: _fault(one, known.get(one.product_id), plan.kind) for one in lines}
    refused = {product: issue for product, issue in wrong.items() if issue}
    held = {one.product_id: one for one in queries.lines(session, plan)}
    for one in lines:
        if one.product_id in refused:
            continue
        line = held.get(one.product_id)
        if line is None:
            line = held[one.product_id] = PlanLine(plan_id=plan.id, product_id=one.product_id)
            session.add(line)
        line.quantity, line.price, line.note = one.quantity, one.price, one.note.strip()[:200]
    gone = [held[product].id for product in cleared if product in held and held[product].id is not None]
    if gone:
        session.execute(delete(PlanLine).where(PlanLine.id.in_(gone)))
    plan.saved_at = at
    if source or plan.told_at is None or at - plan.told_at >= TOLD:
        plan.told_at = at
        record(session, Tag.PLAN_SAVED, plan, actor, at, {"lines": len(held) - len(gone), **(source or {})})
    session.flush()  # the answer needs the version that this change gives it
    return Kept(plan, refused)


def describe(
    session: Session,
    *,
    plan_id: int,
    version: int,
    title: str,
    department: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Plan:
    """Change what a draft is called, for whom it is, and why an emergency is one."""
    plan = queries.held(session, plan_id, actor)
    own_hospital(actor)
    if plan.version != version:
        raise Conflict("changed-meanwhile")
    PLAN_FLOW.after(plan.state, PlanAction.SAVE)
    if not title.strip():
        raise Invalid({"title": Issue("needed")})
    plan.title, plan.department, plan.reason, plan.saved_at = title.strip(), department.strip(), reason.strip(), at
    record(session, Tag.PLAN_SAVED, plan, actor, at, {"title": plan.title, "reason": plan.reason})
    return plan


def _fault(wanted: Wanted, product: Product | None, kind: OrderKind) -> Issue | None:
    if product is None:
        return Issue("product-unknown", value=str(wanted.product_id))
    if not 0 < wanted.quantity < LARGEST or places(wanted.quantity) > 3:
        return Issue("quantity-not-positive", value=str(wanted.quantity))
    if wanted.price is not None:
        if kind is not OrderKind.EMERGENCY:
            return Issue("price-not-typed", value=str(wanted.price))
        if not 0 < wanted.price < LARGEST or places(wanted.price) > 4:
            return Issue("price-not-positive", value=str(wanted.price))
    return None


def submit(session: Session, *, plan_id: int, version: int, actor: Actor, at: datetime) -> Plan:
    """Hand a plan to the second person. Raises PlanRefused with every line that can't be bought as asked."""
    plan = queries.held(session, plan_id, actor)
    own_hospital(actor)
    if plan.version != version:
        raise Conflict("changed-meanwhile")
    state = PLAN_FLOW.after(plan.state, PlanAction.SUBMIT)
    lines = queries.lines(session, plan)
    if plan.kind is OrderKind.EMERGENCY and not plan.reason:
        raise Invalid({"reason": Issue("needed")})
    priced = _priced(session, plan, lines, at, lock=False)
    channel.must_be_within(session, plan, lines, priced, at, lock=False)
    plan.state, plan.submitted_by_id, plan.submitted_at, plan.return_reason = state, actor.user_id, at, ""
    record(session, Tag.PLAN_SUBMITTED, plan, actor, at, {"lines": len(lines)})
    _tell(session, plan, "plan-submitted", queries.second_persons(session, plan, actor.user_id), at)
    return plan


def _priced(
    session: Session, plan: Plan, lines: Sequence[PlanLine], at: datetime, *, lock: bool
) -> Mapping[int, sources.Source]:
    if not lines:
        raise Conflict("plan-empty")
    products = {line.product_id: line.product for line in lines}
    found, missing = sources.priced(
        session, kind=plan.kind, hospital_id=plan.hospital_id, region_code=plan.hospital.region_code or "",
        products=products, typed={line.product_id: line.price for line in lines}, day=today(at), lock=lock,
    )  # fmt: skip
    if missing:
        names = {key: product.registered_name for key, product in products.items()}
        raise PlanRefused([Issue(one.code, value=names[key], facts=one.facts) for key, one in missing.items()])
    return found


def return_(session: Session, *, plan_id: int, reason: str, actor: Actor, at: datetime) -> Plan:
    """Give a plan back to who wrote it, with the reason."""
    plan = queries.held(session, plan_id, actor)
    own_hospital(actor)
    state = PLAN_FLOW.after(plan.state, PlanAction.RETURN)
    must_be_another(actor, plan.submitted_by_id)
    if not reason.strip():
        raise Invalid({"reason": Issue("needed")})
    plan.state, plan.return_reason, plan.decided_by_id, plan.decided_at = state, reason.strip(), actor.user_id, at
    record(session, Tag.PLAN_RETURNED, plan, actor, at, {"reason": plan.return_reason})
    _tell(session, plan, "plan-returned", [one for one in (plan.submitted_by_id,) if one], at)
    return plan


def _tell(session: Session, plan: Plan, code: str, users: Collection[int], at: datetime) -> None:
    facts = {"title": plan.title, "reason": plan.return_reason}
    notify(session, code=code, facts=facts, users=users, url=f"/procurement/plans/{plan.id}", at=at)


def withdraw(session: Session, *, plan_id: int, actor: Actor, at: datetime) -> Plan:
    """Drop a plan that was not placed."""
    plan = queries.held(session, plan_id, actor)
    own_hospital(actor)
    plan.state = PLAN_FLOW.after(plan.state, PlanAction.WITHDRAW)
    record(session, Tag.PLAN_WITHDRAWN, plan, actor, at, {})
    return plan


def approve(session: Session, *, plan_id: int, actor: Actor, at: datetime) -> list[Order]:
    """Place a plan: its orders reach their suppliers, and what is left of the agreements is taken.

    Only somebody else than who handed it in; no kind of order goes another way. Asked again, a placed plan is refused.
    """
    plan = queries.held(session, plan_id, actor)
    own_hospital(actor)
    state = PLAN_FLOW.after(plan.state, PlanAction.APPROVE)
    must_be_another(actor, plan.submitted_by_id)
    lines = queries.lines(session, plan)
    priced = _priced(session, plan, lines, at, lock=True)
    channel.must_be_within(session, plan, lines, priced, at, lock=True)
    plan.state, plan.decided_by_id, plan.decided_at = state, actor.user_id, at
    made = placing.place(session, plan, lines, priced, at)
    amount = sum((one.amount for one in made), Decimal(0))
    record(session, Tag.PLAN_PLACED, plan, actor, at, {"orders": len(made), "amount": amount})
    return made
