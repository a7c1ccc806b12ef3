"""Applications of a hospital for new items: each row becomes a draft, to be looked at and submitted on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Issue
from pricing.items.applications.queries import about, applications
from pricing.items.applications.rules import Draft, alike, faults
from pricing.items.applications.services.applying import FIELDS, save_many


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Check each application, and warn of rows that are like an existing item."""
    out = Plan()
    own = applications.names_of(session, actor)
    known = about.known(session, today(at))
    for row in rows:
        draft = _draft(row.values)
        wrong = [row.issue(fault.code, field, **fault.facts) for field, fault in faults(draft, complete=False).items()]
        if draft.name in own:
            wrong.append(row.issue("new-item-known", "name"))
        if draft.urgent and not draft.urgency:
            wrong.append(row.issue("needed", "urgency"))
        if wrong:
            out.issues += wrong
        else:
            like = alike(draft.name, draft.connotation, known, most=1)
            planned = row.planned(title=draft.name)
            out.creates.append(replace(planned, warning=_warning(row, like[0].known.name)) if like else planned)
    return out


def _warning(row: Row, name: str) -> Issue:
    return row.issue("new-item-alike", "name", known=name)


def _draft(row: Mapping[str, Any]) -> Draft:
    values = {name: row.get(name) for name in FIELDS}
    texts = {name: (value or "").strip() for name, value in values.items() if name not in ("price", "urgent")}
    return Draft(**texts, price=values["price"], urgent=bool(values["urgent"]))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Begin all of them."""
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    drafts = [_draft(item.values) for item in plan.creates]
    save_many(session, drafts=drafts, source=facts, actor=actor, at=at)


KIND = Kind(
    name="new-items",
    version=1,
    title_zh="新增医疗服务价格项目申报",
    title_en="Applications for new items",
    permission=P.NEW_ITEM_FILE,
    columns=(
        Column("name", "项目名称", "Item", required=True, max_length=120, width=28, example="无创血流储备分数测定"),
        Column("connotation", "项目内涵", "Connotation", max_length=2000, width=48,
               help_zh="操作步骤、人员与使用的设备", help_en="The steps, who does them, and with what"),
        Column("excluded", "除外内容", "Excluded content", max_length=2000, width=28),
        Column("unit", "计价单位", "Unit", max_length=120, width=10, example="次"),
        Column("output", "服务产出", "Service output", max_length=2000, width=28),
        Column("composition", "价格构成", "Price composition", max_length=2000, width=36),
        Column("category_code", "类目编码", "Category", ColumnKind.CODE, max_length=120),
        Column("effect", "临床意义与效果", "Clinical meaning and effect", max_length=2000, width=36),
        Column("cost", "成本测算", "Reckoning of the cost", max_length=2000, width=36),
        Column("price", "拟申报价格", "Proposed price", ColumnKind.PRICE, places=2,
               help_zh="元/计价单位，最多 2 位小数", help_en="Yuan per unit, at most 2 decimals", example="480.00"),
        Column("urgent", "应急项目", "Emergency", ColumnKind.FLAG, help_zh="是：疫情、灾害、抢救所需，不受申报批次限制",
               help_en="Yes: an outbreak, a disaster, a rescue; not bound to a round"),
        Column("urgency", "应急理由", "Why it can't wait", max_length=2000, width=28),
    ),
    key=("name",),
    notes_zh=("导入后为草稿；请逐项查看相似项目、上传附件后提交。",),
    notes_en=("Rows become drafts: look at the items like each, add files, then submit.",),
    plan=plan,
    apply=apply,
    back=("pricing.new_items", {}),
)  # fmt: skip
