"""Non-winning products of a round's varieties that hospitals bought beside the platform, by agreement year."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.queries import companies
from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.kinds._retention_rows import LOT, context, lots_of, round_of
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.codes import OrganisationKind
from procurement.retention.queries.brought import other
from procurement.retention.services.inputs import Other, record_other

NAMES = ("amount", "passed", "drg")
ZERO = Decimal(0)


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find hospital and lot of every row, and compare with what is known."""
    hospitals = companies.all_by_code(session, OrganisationKind.HOSPITAL)
    lots = lots_of(session, round_of(session, context, actor))
    known, out = other(session, [lot.id for lot in lots.values()]), Plan()
    for row in rows:
        hospital, lot, new = hospitals.get(row["hospital"]), lots.get(row["lot"]), _amounts(row)
        issues = [] if hospital else [row.issue("retention-unknown-hospital", "hospital")]
        issues += [] if lot else [row.issue("retention-unknown-lot", "lot")]
        issues += [] if new[1] + new[2] <= new[0] else [row.issue("retention-parts", "amount")]
        out.issues += issues
        if hospital is None or lot is None or issues:
            continue
        old = known.get((hospital.id, lot.id, row["year"]))
        ids: dict[str, Any] = {"hospital_id": hospital.id, "lot_id": lot.id}
        title = f"{hospital.shown_name} {lot.number} {row['year']}"
        if old is None:
            out.creates.append(row.planned(title=title, **ids))
        elif old == new:
            out.unchanged += 1
        else:
            out.changes.append(row.planned(title=title, before=dict(zip(NAMES, old, strict=True)), **ids))
    return out


def _amounts(row: Row) -> tuple[Decimal, Decimal, Decimal]:
    return row["amount"], row["passed"] or ZERO, row["drg"] or ZERO


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    rows = [
        Other(item.values["hospital_id"], item.values["lot_id"], item.values["year"], item.values["amount"],
              item.values.get("passed") or ZERO, item.values.get("drg") or ZERO)
        for item in (*plan.creates, *plan.changes)
    ]  # fmt: skip
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    record_other(
        session, round_=round_of(session, context, actor), rows=rows, source=facts, actor=actor, at=at
    )  # fmt: skip


KIND = Kind(
    name="non-winning-use",
    version=1,
    title_zh="线下非中选产品使用",
    title_en="Non-winning use beside the platform",
    permission=P.RETENTION_RUN,
    columns=(
        Column("hospital", "医疗机构信用代码", "Hospital code", ColumnKind.CODE, required=True, length=(18,), width=22,
               example="12320000466002000X"),
        LOT,
        Column("year", "协议年度", "Agreement year", ColumnKind.INT, required=True, width=10, example="1",
               help_zh="第一协议年度填 1", help_en="1 for the first"),
        Column("amount", "使用金额", "Amount", ColumnKind.DECIMAL, required=True, places=2, example="12000.00",
               help_zh="元，未经平台采购的非中选产品", help_en="Yuan, of what was bought beside the platform"),
        Column("passed", "其中：通过一致性评价", "Of it passed", ColumnKind.DECIMAL, places=2, example="0",
               help_zh="元", help_en="Yuan"),
        Column("drg", "其中：DRG/DIP结余留用", "Of it under DRG/DIP", ColumnKind.DECIMAL, places=2, example="0",
               help_zh="元", help_en="Yuan"),
    ),
    key=("hospital", "lot", "year"),
    plan=plan,
    apply=apply,
    context=context,
    back=("procurement.retention_inputs", {}),
)  # fmt: skip
