"""What a hospital bought beside the platform, by month: the other half of the online rate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from catalogue.drugs.queries import varieties
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
    known, listed, out = offline_of(session, own_hospital(actor)), list(rows), Plan()
    named = varieties.kinds_by_code(session, {row["variety"] for row in listed if row["variety"]})
    first: dict[tuple[date, VarietyKind, str], int] = {}
    for row in listed:
        month, goods, variety = _month(row, at), VarietyKind(row["goods"]), row["variety"] or ""
        if month is None:
            out.issues.append(row.issue("offline-no-month", "month", value=row["month"]))
        elif places(row["amount"]) > 2:
            out.issues.append(row.issue("offline-decimals", "amount"))
        elif variety and named.get(variety) is not goods:
            out.issues.append(row.issue("offline-no-variety", "variety", value=variety))
        elif (key := (month, goods, variety)) in first:  # a row without a variety has no whole key to be found by
            out.issues.append(row.issue("row-repeated", "month", first=first[key]))
        else:
            first[key] = row.number
            _compare(out, row, key, known)
    return out


def _compare(
    out: Plan, row: Row, key: tuple[date, VarietyKind, str],
    known: Mapping[tuple[date, VarietyKind, str], tuple[object, str]],
) -> None:  # fmt: skip
    old, new, (month, goods, variety) = known.get(key), (row["amount"], row["reason"] or ""), key
    given = {"day": month, "goods": goods, "variety": variety, "amount": new[0], "reason": new[1]}
    title = f"{month:%Y-%m} {row['goods']} {variety}".strip()
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
        Beside(item.values["day"], VarietyKind(item.values["goods"]), item.values["amount"], item.values["reason"],
               item.values["variety"])
        for item in (*plan.creates, *plan.changes)
    ]  # fmt: skip
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    record_offline(session, rows=rows, source=facts, actor=actor, at=at)


KIND = Kind(
    name="offline-purchases",
    version=2,
    title_zh="线下采购",
    title_en="Purchases beside the platform",
    permission=P.ORDER_PLAN,
    columns=(
        Column("month", "月份", "Month", ColumnKind.CODE, required=True, example="2026-03", help_zh="写成 2026-03",
               help_en="Written as 2026-03"),
        Column("goods", "类别", "Goods", ColumnKind.CHOICE, required=True, choices=GOODS, example="药品", width=16),
        Column("amount", "线下采购金额", "Amount", ColumnKind.DECIMAL, required=True, example="12000.00",
               help_zh="元，2 位小数；没有线下采购填 0", help_en="Yuan, 2 decimals; 0 where there was none"),
        Column("variety", "非中选品种编码", "Variety code of non-winning products", ColumnKind.CODE, present=True,
               width=22,
               help_zh="集采品种的非中选产品按品种填报，计入结余留用的非中选金额；其他线下采购留空",
               help_en="Non-winning products of a procured variety by its code: they count in the retained balance"),
        Column("reason", "原因", "Reason", max_length=200, width=32),
    ),
    plan=plan,
    apply=apply,
    back=("procurement.figures", {}),
)  # fmt: skip
