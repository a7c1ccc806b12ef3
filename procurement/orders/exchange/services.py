"""Take a plan as a hospital's system hands it in: all of it, or nothing and every mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Issue
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from procurement.orders.flow import OrderKind
from procurement.orders.models.plans import Plan
from procurement.orders.planning import queries
from procurement.orders.planning.naming import queries as naming
from procurement.orders.planning.naming.rules import Named, spelt
from procurement.orders.services import plans
from procurement.orders.services.plans import PlanRefused, Wanted
from procurement.tags import Tag

Row = Mapping[str, str]


def take_plan(
    session: Session, *, kind: OrderKind, title: str, department: str, reason: str, rows: Sequence[Row], submit: bool,
    actor: Actor, at: datetime,
) -> Plan:  # fmt: skip
    """Write a plan and hand it in where that is asked. Raises PlanRefused with every row that can't be taken."""
    made = plans.create(session, kind=kind, title=title, department=department, reason=reason, actor=actor, at=at)
    lines, wrong = _lines(session, made, rows, at)
    kept = plans.keep(
        session, plan_id=made.id, version=made.version, lines=list(lines.values()), actor=actor, at=at
    )  # fmt: skip
    places = {product: place for place, product in enumerate(lines, 1)}
    wrong += [_at(issue, places[product]) for product, issue in kept.refused.items()]
    if wrong:
        raise PlanRefused(sorted(wrong, key=lambda issue: issue.row or 0))
    if submit:
        plans.submit(session, plan_id=made.id, version=made.version, actor=actor, at=at)
    record(session, Tag.PLAN_RECEIVED, made, actor, at, {"lines": len(lines)})
    return made


def _lines(session: Session, plan: Plan, rows: Sequence[Row], at: datetime) -> tuple[dict[int, Wanted], list[Issue]]:
    """Read the rows; places count from 1, as a file's rows below its headings."""
    found = naming.found(session, [_named(row) for row in rows])
    known = {one.id: one for held in found for one in held}
    several = any(len(held) > 1 for held in found)
    bought = {one.product.id for one in queries.offered(session, plan, known, at) if one.source} if several else set()
    lines: dict[int, Wanted] = {}
    wrong: list[Issue] = []
    for place, (row, held) in enumerate(zip(rows, found, strict=True), 1):
        one = _line(row, [each for each in held if each.id in bought] or held if len(held) > 1 else held)
        if isinstance(one, Issue):
            wrong.append(_at(one, place))
        elif one.product_id in lines:
            wrong.append(_at(Issue("product-twice", value=_code(row)), place))
        else:
            lines[one.product_id] = one
    return lines, wrong


def _named(row: Row) -> Named:
    pack = record_id(row.get("pack", "").strip())
    codes = (row.get(name, "") for name in ("product", "standard_code", "approval_number"))
    return Named(tuple(spelt(code) for code in codes if code.strip()), (pack,) if pack else ())


def _code(row: Row) -> str:
    return next((row[name] for name in ("product", "standard_code", "approval_number") if row.get(name)), "")[:60]


def _line(row: Row, held: Sequence[Product]) -> Wanted | Issue:
    if not held:
        return Issue("product-unknown", value=_code(row))
    if len(held) > 1:
        packs = [f"{one.specification.text}×{one.pack}" for one in held]
        return Issue("product-in-several-packs", value=_code(row), facts={"packs": packs})
    try:
        quantity = parse_decimal(row.get("quantity", ""))
    except NotANumber:
        return Issue("quantity-not-positive", value=row.get("quantity", "")[:40])
    try:
        price = parse_decimal(row["price"]) if row.get("price", "").strip() else None
    except NotANumber:
        return Issue("price-not-positive", value=row["price"][:40])
    return Wanted(held[0].id, quantity, price, row.get("remark", ""))


def _at(issue: Issue, place: int) -> Issue:
    return Issue(issue.code, row=place, value=issue.value, facts=issue.facts)
