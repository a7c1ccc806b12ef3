"""What a hospital bought beside the platform, by month: the other half of the online rate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalogue.drugs.rules.codes import VarietyKind
from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import DomainError
from kernel.money import places
from procurement.orders.figures.queries.sums import offline_of
from procurement.orders.figures.rules import period
from procurement.orders.figures.services import Beside, record_offline
from procurement.orders.services.plans import own_hospital

GOODS = (
    Choice(VarietyKind.DRUG.value, "药品", "Drugs"),
    Choice(VarietyKind.CONSUMABLE.value, "高值医用耗材", "High-value consumables"),
)


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare the rows with what the hospital reported before."""
    known, out = offline_of(session, own_hospital(actor)), Plan()
    for row in rows:
        month, goods = _month(row, at), VarietyKind(row["goods"])
        if month is None:
            out.issues.append(row.issue("offline-no-month", "month", value=row["month"]))
        elif places(row["amount"]) > 2:
            out.issues.append(row.issue("offline-decimals", "amount"))
        else:
            _compare(out, row, month, goods, known)
    return out


def _compare(
    out: Plan, row: Row, month: date, goods: VarietyKind, known: Mapping[tuple[date, VarietyKind], tuple[object, str]]
) -> None:
    old, new = known.get((month, goods)), (row["amount"], row["reason"] or "")
    given = {"day": month, "goods": goods, "amount": new[0], "reason": new[1]}
    title = f"{month:%Y-%m} {row['goods']}"
    if old is None:
        out.creates.append(row.planned(title=title, **given))
    elif old == new:
        out.unchanged += 1
    else:
        before = {"amount": old[0], "reason": old[1]}
        out.changes.append(row.planned(title=title, before=before, **given))


def _month(row: Row, at: datetime) -> date | None:
    """Return the first day of a month that has begun."""
    try:
        span = period(row["month"])
    except DomainError:
        return None
    return span.start if len(row["month"]) == 7 and span.start <= today(at) else None


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Write all of them at once."""
    rows = [
        Beside(item.values["day"], VarietyKind(item.values["goods"]), item.values["amount"], item.values["reason"])
        for item in (*plan.creates, *plan.changes)
    ]
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    record_offline(session, rows=rows, source=facts, actor=actor, at=at)


KIND = Kind(
    name="offline-purchases",
    version=1,
    title_zh="线下采购",
    title_en="Purchases beside the platform",
    permission=P.ORDER_PLAN,
    columns=(
        Column("month", "月份", "Month", ColumnKind.CODE, required=True, example="2026-03", help_zh="写成 2026-03",
               help_en="Written as 2026-03"),
        Column("goods", "类别", "Goods", ColumnKind.CHOICE, required=True, choices=GOODS, example="药品", width=16),
        Column("amount", "线下采购金额", "Amount", ColumnKind.DECIMAL, required=True, example="12000.00",
               help_zh="元，2 位小数；没有线下采购填 0", help_en="Yuan, 2 decimals; 0 where there was none"),
        Column("reason", "原因", "Reason", max_length=200, width=32),
    ),
    key=("month", "goods"),
    plan=plan,
    apply=apply,
    back=("procurement.figures", {}),
)  # fmt: skip
