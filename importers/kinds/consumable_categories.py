"""Categories of consumables: the beginnings of their codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.consumables.models import ConsumableCategory
from catalogue.consumables.rules.codes import is_category_only
from catalogue.consumables.services import put_categories
from importers.bulk import compare
from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the categories that stand."""
    issues = []
    for position, code in enumerate(rows.columns["code"]):
        if code is not None and position not in rows.faulty and not is_category_only(code):
            rows.faulty.add(position)
            issues.append(rows.issue(position, "not-a-category-code", "code"))
    table = ConsumableCategory.__table__
    out = compare(session, rows, table=table, key=("code",), title="name")
    out.issues = issues
    return out


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    assert plan.block is not None
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    put_categories(session, columns=plan.block.columns, import_id=source.import_id, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="consumable-categories",
    version=1,
    title_zh="耗材类目",
    title_en="Categories of consumables",
    permission=P.CATALOGUE_WRITE,
    columns=(
        Column("code", "类目编码", "Category code", ColumnKind.CODE, required=True, width=18, example="C020101052"),
        Column("name", "类目名称", "Category", required=True, width=28, example="鞘组"),
        Column("charge", "费用项目", "Charge", width=18),
        Column("level", "目录级别", "Level", width=12),
    ),
    key=("code",),
    plan=plan,
    apply=apply,
    back=("catalogue.consumable_categories", {}),
)  # fmt: skip
