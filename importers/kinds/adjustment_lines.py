"""Lines of an adjustment plan: the new price of an item in a hospital grade; the export comes back as it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.identity import record_id
from pricing.adjustments.flow import PLAN_FLOW, PlanAction
from pricing.adjustments.models import PlanLine
from pricing.adjustments.queries import plans
from pricing.adjustments.services.drafting import NewLine, known, line_fault, set_lines
from pricing.items.flow import PriceGrade
from pricing.items.queries.items import ids_near
from pricing.items.rules.prices import GRADE_WORDS

GRADES = tuple(Choice(grade.value, GRADE_WORDS[grade], grade.value) for grade in PriceGrade)


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Return the plan that the page named, or NotFound; Conflict where its lines stand."""
    found = plans.one(session, record_id(query.get("plan", "")) or 0, actor)
    PLAN_FLOW.after(plans.state_of(found, at), PlanAction.EDIT)
    return {"plan": found.id}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find the item of every row, its price before the plan, and the line that stands."""
    found, out = list(rows), Plan()
    own = plans.one(session, context["plan"], actor)
    items = ids_near(session, {row["item"] for row in found}, own.region_code)
    old, versions = known(session, own, set(items.values()), today(at))
    held = {(line.item_id, line.grade): line for line in plans.lines(session, own)}
    for row in found:
        new = NewLine(items.get(row["item"], 0), PriceGrade(row["grade"]), row["new_price"], row["technical"])
        if code := line_fault(new, old, versions):
            out.issues.append(row.issue(code, "new_price" if code == "plan-price" else "item"))
        else:
            _compare(out, row, new, held.get((new.item_id, new.grade)))
    return out


def _compare(out: Plan, row: Row, new: NewLine, line: PlanLine | None) -> None:
    title = f"{row['item']} {row['name'] or ''} {GRADE_WORDS[new.grade]}"
    same = line is not None and new.technical in (None, line.technical) and line.new_price == new.new_price
    if line is None:
        out.creates.append(row.planned(title=title, item_id=new.item_id))
    elif same:
        out.unchanged += 1
    else:
        out.changes.append(row.planned(title=title, before={"new_price": line.new_price}, item_id=new.item_id))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Set all of them at once."""
    rows = [
        NewLine(item.values["item_id"], PriceGrade(item.values["grade"]), item.values["new_price"],
                item.values["technical"])
        for item in (*plan.creates, *plan.changes)
    ]  # fmt: skip
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    set_lines(session, plan_id=context["plan"], rows=rows, actor=actor, at=at, source=facts)


KIND = Kind(
    name="adjustment-lines",
    version=1,
    title_zh="调价方案明细",
    title_en="Lines of an adjustment plan",
    permission=P.ADJUSTMENT_WRITE,
    columns=(
        Column("item", "项目编码", "Item code", ColumnKind.CODE, required=True, width=18, example="110200001"),
        Column("grade", "医院等级", "Hospital grade", ColumnKind.CHOICE, required=True, choices=GRADES, width=14,
               example="三级"),
        Column("new_price", "调整后价格", "New price", ColumnKind.DECIMAL, required=True, places=2, example="18.00",
               help_zh="元，最多 2 位小数", help_en="Yuan, at most 2 decimals"),
        Column("technical", "技术劳务", "Technical labour", ColumnKind.FLAG, width=12,
               help_zh="是/否；留空按项目目录", help_en="Yes or no; empty: as the catalogue says"),
        Column("name", "项目名称", "Name", max_length=400, width=36, help_zh="仅供核对", help_en="For checking by eye"),
        Column("unit", "计价单位", "Unit", max_length=80, help_zh="仅供核对", help_en="For checking by eye"),
        Column("old_price", "现行价格", "Price now", ColumnKind.DECIMAL, places=4, help_zh="仅供核对",
               help_en="For checking by eye"),
    ),
    key=("item", "grade"),
    plan=plan,
    apply=apply,
    context=context,
    back=("pricing.adjustment_lines", {"plan_id": "plan"}),
)  # fmt: skip
