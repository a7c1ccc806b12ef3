"""Rows of plans for the grid and for workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import of_query
from kernel.errors import Issue
from kernel.i18n import _, _l, label
from kernel.identity import record_id
from kernel.problems import sentence
from kernel.sheets import Sheet, Value
from procurement.orders.flow import OrderKind, PlanState
from procurement.orders.models.plans import Plan
from procurement.orders.planning import queries
from procurement.orders.planning.queries import Quoted
from procurement.orders.planning.schemas import plain
from procurement.orders.queries import plans


def grid_columns(plan: Plan) -> list[dict[str, Any]]:
    """Describe the columns of the entry grid; a price is typed in emergencies only."""
    own = {"field": "own", "title": _("Own price"), "unit": _("yuan/unit"), "kind": "number", "decimals": 4,
           "width": 84, "rank": 4}  # fmt: skip
    right = {"field": "source", "title": _("Bought by"), "kind": "text", "readonly": True, "width": 76, "rank": 7}
    left = {"field": "left", "title": _("Agreed volume left"), "unit": _("units"), "kind": "number", "readonly": True,
            "decimals": 3, "width": 92, "rank": 3}  # fmt: skip
    urgent, agreed = plan.kind is OrderKind.EMERGENCY, plan.kind in (OrderKind.AGREEMENT, OrderKind.EMERGENCY)
    return [
        {"field": "variety", "title": _("Product"), "kind": "text", "readonly": True, "frozen": True,
         "second": ["text", "maker"], "rank": 0, "width": 160, "narrow": 138},
        {"field": "text", "title": _("Specification"), "kind": "text", "readonly": True, "width": 80},
        {"field": "pack", "title": _("Pack"), "kind": "number", "readonly": True, "width": 72, "rank": 6},
        {"field": "maker", "title": _("Maker"), "kind": "text", "readonly": True, "width": 84},
        *([right] if urgent else []),
        {"field": "price", "title": _("Price"), "unit": _("yuan/unit"), "kind": "number", "readonly": True,
         "decimals": 4, "width": 76, "rank": 2},
        *([left] if agreed else []),
        {"field": "quantity", "title": _("Quantity"), "unit": _("units"), "kind": "number", "decimals": 3,
         "width": 96, "rank": 1, "narrow": 100},
        *([own] if urgent else []),
        {"field": "amount", "title": _("Amount"), "unit": _("yuan"), "kind": "number", "readonly": True, "decimals": 2,
         "total": True, "width": 96, "rank": 5},
        {"field": "note", "title": _("To look at"), "kind": "note", "readonly": True, "rank": 8},
        {"field": "remark", "title": _("Remark"), "kind": "text", "width": 84, "rank": 9},
    ]  # fmt: skip


def grid_row(one: Quoted, typed: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give the grid a row as text; what was typed and refused stands as it was typed."""
    specification = one.product.specification
    kept = {"quantity": plain(one.quantity), "own": plain(one.typed), "remark": one.remark}
    return {
        "id": str(one.product.id), "variety": one.product.registered_name, "text": specification.text,
        "unit": specification.unit, "pack": one.product.pack,
        "maker": one.product.company.shown_name, "approval": one.product.approval_number,
        "source": right(one), "price": plain(one.source.price) if one.source else "",
        "left": plain(one.source.left) if one.source and one.source.agreements else "",
        "agreed": bool(one.source and one.source.agreements), "amount": plain(one.amount) if one.parts else "",
        "issue": in_row(one.issue) if one.issue else "", **(typed or kept), **({"server": kept} if typed else {}),
    }  # fmt: skip


def in_row(issue: Issue) -> str:
    """Say why a product can't be bought, beside its name."""
    return sentence(Issue(f"{issue.code}-here", facts=issue.facts))


def right(one: Quoted) -> str:
    """Say by what right a product is bought."""
    if one.source is None:
        return ""
    if one.source.agreements:
        return str(_("agreement"))
    return str(label(one.source.listed) if one.source.listed else _("own price"))


def grid_facts() -> dict[str, Any]:
    """Give the page the words it says while somebody types."""
    return {
        "words": {
            "beyond": _("{n} units stand beyond the agreed volume"), "packs": _("No whole packs of {n}"),
            "odd": _("Rows to look at: {n}."), "none": _("Nothing to look at."), "lines": _("Lines: {n}."),
            "added": _("Rows filled in: {n}."), "wrong": _("Lines that could not be used: {n}."),
        }
    }  # fmt: skip


def listed(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the plans that the list page shows."""
    state = asked.get("state", "")
    query = queries.listing(actor, PlanState(state) if state in set(PlanState) else None, asked.get("q", "").strip())
    columns: dict[str, Any] = {
        _("Number"): lambda one: one.id, _("Plan"): lambda one: one.title, _("Department"): lambda one: one.department,
        _("Kind of purchase"): lambda one: label(one.kind), _("Hospital"): lambda one: one.hospital.name,
        _("State"): lambda one: label(one.state), _("Handed in"): lambda one: one.submitted_at,
        _("Decided"): lambda one: one.decided_at,
    }  # fmt: skip
    return of_query(session, _("Purchase plans"), query, columns)


HEADERS = (
    "产品编号", "批准文号", "产品名称", "规格", "包装", "生产企业", "采购依据", "单价（元/最小单位）",
    "数量（最小单位）", "其中超出协议量", "金额（元）", "备注", "问题",
)  # fmt: skip


def lines(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the lines of one plan with price and amount."""
    plan = plans.one(session, record_id(asked.get("plan", "")) or 0, actor)
    found = queries.quoted(session, plan, plans.lines(session, plan), at)
    return Sheet("采购计划", HEADERS, map(_line, found), total=len(found))


def _line(one: Quoted) -> Sequence[Value]:
    product = one.product
    return (
        str(product.id), product.approval_number, product.registered_name, product.specification.text, product.pack,
        product.company.name, right(one), one.source.price if one.source else one.typed, one.quantity, one.beyond,
        one.amount, one.remark, sentence(one.issue) if one.issue else "",
    )  # fmt: skip


export("procurement.plans", _l("Purchase plans"), P.ORDER_READ, listed)
export("procurement.plan", _l("Lines of a purchase plan"), P.ORDER_READ, lines)
