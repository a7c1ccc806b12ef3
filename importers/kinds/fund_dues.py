"""What the fund owes hospitals for months, as the agency's finance has it: each hospital and month once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.money import places
from procurement.settlement.fund.queries import hospitals, of_keys
from procurement.settlement.fund.services import Due, say_due


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Hold the rows against what is entered: an entry is never changed."""
    ids = {one.code: one.id for one in hospitals(session)}
    read = [(row, _due(row, ids, at)) for row in rows]
    known = {key: one.amount for key, one in of_keys(session, [due.key for _row, due in read if due]).items()}
    out = Plan()
    for row, due in read:
        _compare(out, row, due, ids, known)
    return out


def _compare(out: Plan, row: Row, due: Due | None, ids: Mapping[str, int], known: Mapping[str, Decimal]) -> None:
    if row["hospital"] not in ids:
        out.issues.append(row.issue("demand-unknown-hospital", "hospital"))
    elif due is None:
        out.issues.append(row.issue("month-bad", "month", value=row["month"]))
    elif due.amount <= 0 or places(due.amount) > 2:
        out.issues.append(row.issue("amount-not-positive", "amount", value=str(due.amount)))
    elif due.key not in known:
        given: dict[str, Any] = {"hospital_id": due.hospital_id, "day": due.month, "note": due.note}
        out.creates.append(row.planned(title=f"{row['hospital']} {due.month:%Y-%m}", **given))
    elif known[due.key] == due.amount:
        out.unchanged += 1
    else:
        out.issues.append(row.issue("fund-due-other", "amount", before=f"{known[due.key]:,.2f}"))


def _due(row: Row, ids: Mapping[str, int], at: datetime) -> Due | None:
    """Read a row; None where the month is none, or has not come."""
    try:
        month = date.fromisoformat(f"{row['month']}-01")
    except ValueError:
        return None
    return Due(ids.get(row["hospital"], 0), month, row["amount"], row["note"] or "") if month <= today(at) else None


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Enter all of them at once."""
    dues = [
        Due(item.values["hospital_id"], item.values["day"], item.values["amount"], item.values["note"])
        for item in plan.creates
    ]
    say_due(session, dues=dues, actor=actor, at=at)


KIND = Kind(
    name="fund-dues",
    version=1,
    title_zh="基金应拨付医疗机构",
    title_en="What the fund owes hospitals",
    permission=P.FUND_PAY,
    columns=(
        Column("hospital", "医疗机构统一社会信用代码", "Hospital’s credit code", ColumnKind.CODE, required=True,
               example="12320000466007123X", width=26),
        Column("month", "月份", "Month", ColumnKind.CODE, required=True, example="2026-03", help_zh="写成 2026-03",
               help_en="Written as 2026-03"),
        Column("amount", "应拨付金额", "Amount", ColumnKind.DECIMAL, required=True, example="1250000.00",
               help_zh="元，2 位小数", help_en="Yuan, 2 decimals"),
        Column("note", "说明", "Note", max_length=200, width=32),
    ),
    key=("hospital", "month"),
    plan=plan,
    apply=apply,
    back=("procurement.settlement_fund", {}),
)  # fmt: skip
