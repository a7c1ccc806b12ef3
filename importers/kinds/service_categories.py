"""Categories of medical-service items, with the beginnings of the codes that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.bulk import compare
from importers.columns import Column, ColumnKind, Plan, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Forbidden
from kernel.policy import nationwide
from pricing.items.models import ServiceCategory
from pricing.items.services.categories import KEY, put_categories


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Refuse officers of a city: the list holds in the whole nation."""
    if not nationwide(actor.region):
        raise Forbidden
    return {}


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the rows that stand; one that the list repeats word for word counts once."""
    for name in KEY:
        rows.columns[name] = [value or "" for value in rows.columns.get(name, [None] * len(rows))]
    repeated = _repeated(rows)
    rows.faulty |= repeated
    out = compare(session, rows, table=ServiceCategory.__table__, key=KEY, title="name")
    out.unchanged += len(repeated)
    return out


def _repeated(rows: Rows) -> set[int]:
    seen, found = set[tuple[str, ...]](), set[int]()
    for position in rows.good:
        key = tuple(rows.columns[name][position] for name in KEY)
        if key in seen:
            found.add(position)
        seen.add(key)
    return found


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    assert plan.block is not None
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    put_categories(session, columns=plan.block.columns, import_id=source.import_id, actor=actor, at=at, facts=facts)


KIND = Kind(
    name="service-categories",
    version=1,
    title_zh="医疗服务项目类目",
    title_en="Categories of service items",
    permission=P.SERVICE_WRITE,
    columns=(
        Column("code", "类目编码", "Category code", ColumnKind.CODE, required=True, width=14, example="3105"),
        Column("name", "类目名称", "Category", required=True, width=32, example="口腔颌面"),
        Column("charge", "费用项目", "Charge", width=18, example="一般诊疗费"),
        Column("national_pattern", "国标通配", "National codes begin so", ColumnKind.CODE, width=18, example="003105"),
        Column("local_pattern", "省标通配", "Local codes begin so", ColumnKind.CODE, width=18, example="f3105"),
        Column("level", "目录级别", "Level", width=12, example="1"),
    ),
    plan=plan,
    context=context,
    apply=apply,
    back=("pricing.service_items", {}),
)  # fmt: skip
