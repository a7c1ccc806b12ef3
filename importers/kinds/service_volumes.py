"""How often hospitals charged service items in a year, by department where they tell them apart."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies
from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.parties.codes import OrganisationKind
from kernel.policy import covers
from pricing.items.queries.items import ids_of
from pricing.items.queries.volumes import of_hospitals
from pricing.items.services.volumes import Volume, record_volumes

FIRST_YEAR = 2000


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find hospital and item of every row, and hold it against what is known.

    Officers enter what the hospitals of their region charged, of items that these use.
    """
    everywhere = companies.all_by_code(session, OrganisationKind.HOSPITAL)
    hospitals = {code: one for code, one in everywhere.items() if covers(actor.region, one.region_code or "")}
    found, out = list(rows), Plan()
    regions = {hospitals[row["hospital"]].region_code or "" for row in found if row["hospital"] in hospitals}
    items = ids_of(session, {row["item"] for row in found}, {"", *regions})
    named = {hospitals[row["hospital"]].id for row in found if row["hospital"] in hospitals}
    known = of_hospitals(session, named, {row["year"] for row in found})
    for row in found:
        hospital = hospitals.get(row["hospital"])
        item = items.get(((hospital.region_code if hospital else "") or "", row["item"]))
        issues = [] if hospital else [row.issue("volume-unknown-hospital", "hospital")]
        issues += [] if item else [row.issue("volume-unknown-item", "item")]
        issues += [] if FIRST_YEAR <= row["year"] <= today(at).year else [row.issue("volume-year", "year")]
        out.issues += issues
        if hospital is None or item is None or issues:
            continue
        key = (hospital.id, item, row["year"], row["department"] or "")
        title = f"{hospital.shown_name} {row['item']} {row['year']}"
        _compare(out, row, known.get(key), title, {"hospital_id": hospital.id, "item_id": item})
    return out


def _compare(out: Plan, row: Row, old: Any, title: str, ids: dict[str, Any]) -> None:
    if old is None:
        out.creates.append(row.planned(title=title, **ids))
    elif old == (row["quantity"], row["revenue"]):
        out.unchanged += 1
    else:
        out.changes.append(row.planned(title=title, before={"quantity": old[0], "revenue": old[1]}, **ids))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    rows = [
        Volume(item.values["hospital_id"], item.values["item_id"], item.values["year"],
               item.values["department"] or "", item.values["quantity"], item.values["revenue"])
        for item in (*plan.creates, *plan.changes)
    ]  # fmt: skip
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    record_volumes(session, rows=rows, actor=actor, at=at, source=facts)


KIND = Kind(
    name="service-volumes",
    version=1,
    title_zh="医疗服务项目年度服务量",
    title_en="Annual volumes of service items",
    permission=P.ADJUSTMENT_WRITE,
    columns=(
        Column("hospital", "医疗机构信用代码", "Hospital code", ColumnKind.CODE, required=True, length=(18,), width=22,
               example="12320000466002000X"),
        Column("item", "项目编码", "Item code", ColumnKind.CODE, required=True, width=18, example="110200001"),
        Column("year", "年度", "Year", ColumnKind.INT, required=True, width=10, example="2025"),
        Column("department", "科室", "Department", max_length=60, width=18, example="内科",
               help_zh="不分科室时留空", help_en="Empty where departments are not told apart"),
        Column("quantity", "服务量", "Quantity", ColumnKind.QUANTITY, required=True, example="1200"),
        Column("revenue", "收入", "Revenue", ColumnKind.DECIMAL, required=True, places=2, example="12000.00",
               help_zh="元", help_en="Yuan"),
    ),
    key=("hospital", "item", "year", "department"),
    plan=plan,
    apply=apply,
    back=("pricing.adjustments", {}),
)  # fmt: skip
