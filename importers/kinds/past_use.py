"""What hospitals used of specifications in past calendar years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies, varieties
from catalogue.drugs.rules.forms import chinese_name
from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Issue
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from procurement.demand.queries import past_use as queries
from procurement.demand.services.past_use import Used, record_past_use


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find hospital and specification of every row, and compare with what is known."""
    hospitals = companies.all_by_code(session, OrganisationKind.HOSPITAL)
    drugs = varieties.all_by_code(session)
    known = queries.all_by_key(session)
    out = Plan()
    for row in rows:
        hospital = hospitals.get(row["hospital"])
        specification_id = _specification(row, drugs)
        issues = _wrong(row, hospital, specification_id, drugs, at)
        out.issues += issues
        if issues or hospital is None or specification_id is None:
            continue
        old = known.get((hospital.id, specification_id, row["year"]))
        title = f"{hospital.shown_name} {drugs[row['variety']].name} {row['specification']} {row['year']}"
        if old is None:
            planned = row.planned(title=title, hospital_id=hospital.id, specification_id=specification_id)
            out.creates.append(planned)
        elif old == row["quantity"]:
            out.unchanged += 1
        else:
            before = {"quantity": old}
            ids = {"hospital_id": hospital.id, "specification_id": specification_id}
            out.changes.append(row.planned(title=title, before=before, **ids))
    return out


def _specification(row: Row, drugs: Mapping[str, Any]) -> int | None:
    """The specification of that text; where tablets and capsules share it, the form tells them apart."""
    variety = drugs.get(row["variety"])
    found = [each for each in variety.specifications if each.text == row["specification"]] if variety else []
    if len(found) > 1:
        found = [each for each in found if chinese_name(each.form) == row["form"]]
    return found[0].id if len(found) == 1 else None


def _wrong(
    row: Row, hospital: Organisation | None, specification_id: int | None, drugs: Mapping[str, Any], at: datetime
) -> list[Issue]:
    found = []
    if hospital is None:
        found.append(row.issue("demand-unknown-hospital", "hospital"))
    if row["variety"] not in drugs:
        found.append(row.issue("demand-unknown-variety", "variety", number=row["variety"]))
    elif specification_id is None:
        known = "、".join(f"{each.text} {chinese_name(each.form)}" for each in drugs[row["variety"]].specifications)
        found.append(row.issue("demand-unknown-specification-of", "specification", known=known))
    if not 2000 <= row["year"] <= today(at).year:
        found.append(row.issue("demand-year-out-of-range", "year"))
    return found


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them in one statement."""
    rows = [
        Used(item.values["hospital_id"], item.values["specification_id"], item.values["year"], item.values["quantity"])
        for item in [*plan.creates, *plan.changes]
    ]
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    record_past_use(session, rows=rows, source=facts, actor=actor, at=at)


KIND = Kind(
    name="past_use",
    version=1,
    title_zh="历年用量",
    title_en="Use of past years",
    permission=P.DEMAND_SET_UP,
    columns=(
        Column("hospital", "医疗机构信用代码", "Hospital code", ColumnKind.CODE, required=True, length=(18,), width=22,
               aliases=("医疗机构代码",), help_zh="统一社会信用代码，18 位", help_en="Unified social credit code",
               example="12320000466002000X"),
        Column("variety", "品种编号", "Variety number", ColumnKind.CODE, required=True, example="V0001"),
        Column("specification", "规格", "Specification", required=True, example="5mg",
               help_zh="与目录中的写法一致", help_en="As the catalogue writes it"),
        Column("form", "剂型", "Dosage form", example="普通片", help_zh="同一规格有两种剂型时须填写",
               help_en="Needed where two forms share the specification"),
        Column("year", "年份", "Year", ColumnKind.INT, required=True, width=8, example="2026"),
        Column("quantity", "用量", "Quantity", ColumnKind.QUANTITY, required=True, example="12000",
               help_zh="自然年用量，最小计量单位", help_en="Of the calendar year, in smallest units"),
    ),
    key=("hospital", "variety", "specification", "form", "year"),
    plan=plan,
    apply=apply,
)  # fmt: skip
