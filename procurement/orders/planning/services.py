"""Begin plans with what was ordered before, and keep what a department orders again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.errors import Conflict, Invalid, Issue
from procurement.orders.flow import OrderKind
from procurement.orders.models.plans import Plan, PlanLine, Template, TemplateLine
from procurement.orders.planning import queries
from procurement.orders.queries import plans as plan_queries
from procurement.orders.services import plans
from procurement.tags import Tag

LAST_MONTH = "last-month"


def begin(
    session: Session, *, kind: OrderKind, title: str, department: str = "", reason: str = "", source: str | int = "",
    actor: Actor, at: datetime,
) -> Plan:  # fmt: skip
    """Begin a plan: empty, with last month's purchases, or with a template's lines (`source` is its id)."""
    hospital = plans.own_hospital(actor)
    held: Mapping[int, Decimal] = {}
    if source == LAST_MONTH:
        held = queries.last_month(session, hospital_id=hospital, kind=kind, at=at)
    elif isinstance(source, int):
        held = queries.of_template(session, queries.template(session, source, actor))
    made = plans.create(session, kind=kind, title=title, department=department, reason=reason, actor=actor, at=at)
    sold = plan_queries.products(session, list(held))
    kept = {product: quantity for product, quantity in held.items() if product in sold}
    _insert(session, PlanLine.__table__, "plan_id", made.id, kept, note="")
    return made


def _insert(
    session: Session, table: Table, parent: str, parent_id: int, held: Mapping[int, Decimal], **more: str
) -> None:
    if not held:
        return
    columns: dict[str, Sequence[Any]] = {
        parent: [parent_id] * len(held),
        "product_id": list(held),
        "quantity": list(held.values()),
    }
    insert_rows(session, table, columns=columns | {name: [value] * len(held) for name, value in more.items()})


def save_template(session: Session, *, plan_id: int, title: str, actor: Actor, at: datetime) -> Template:
    """Keep a plan's lines as a template of the hospital; one of the same name is replaced."""
    plan = plan_queries.one(session, plan_id, actor)
    hospital = plans.own_hospital(actor)
    if not title.strip():
        raise Invalid({"template": Issue("needed")})
    lines = {line.product_id: line.quantity for line in plan_queries.lines(session, plan)}
    if not lines:
        raise Conflict("plan-empty")
    own = Template.hospital_id == hospital
    found = session.scalars(
        select(Template).where(own, Template.title == title.strip()).with_for_update()
    ).one_or_none()
    if found is None:
        found = Template(hospital_id=hospital, title=title.strip())
        session.add(found)
    found.kind, found.department, found.saved_at = plan.kind, plan.department, at
    session.flush()
    session.execute(delete(TemplateLine).where(TemplateLine.template_id == found.id))
    _insert(session, TemplateLine.__table__, "template_id", found.id, lines)
    record(session, Tag.TEMPLATE_SAVED, found, actor, at, {"title": found.title, "lines": len(lines)})
    return found


def remove_template(session: Session, *, template_id: int, actor: Actor, at: datetime) -> None:
    """Throw a template away."""
    found = queries.template(session, template_id, actor)
    record(session, Tag.TEMPLATE_REMOVED, found, actor, at, {"title": found.title})
    session.execute(delete(TemplateLine).where(TemplateLine.template_id == found.id))
    session.delete(found)
