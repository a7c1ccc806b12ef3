"""A hospital's demand, on the template of its collection: lots, specifications and the last two years are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Choice, Column, ColumnKind, Plan, Planned, Row, Rows
from importers.labels import short_names
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Issue
from kernel.i18n import _l
from kernel.identity import record_id
from procurement.demand.flow import LineReason
from procurement.demand.queries import calls, entry, lots
from procurement.demand.rules import Asked, Place, doubt, fault
from procurement.demand.services import reports

short_names(
    {
        "demand-item-changed": _l("Grey cells"), "demand-negative": _l("Below 0"), "demand-decimals": _l("Decimals"),
        "demand-unknown-item": _l("Unknown items"), "demand-unknown-company": _l("Unknown companies"),
    }
)  # fmt: skip
REASONS = {
    LineReason.PATIENTS_FEWER: ("患者减少", "Fewer patients"),
    LineReason.GUIDELINE_CHANGED: ("诊疗指南变化", "Guideline changed"),
    LineReason.SUBSTITUTED: ("被其他品种替代", "Replaced by another variety"),
    LineReason.DEPARTMENT_CLOSED: ("科室关停或搬迁", "Department closed or moved"),
    LineReason.STOCK_LEFT: ("库存较多", "Stock left over"),
    LineReason.PAST_EXCEPTIONAL: ("往年用量异常", "Past years were exceptional"),
    LineReason.OTHER: ("其他（材料留存备查）", "Another reason, kept on file"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the workbook is compared with."""

    rows: Mapping[tuple[str, str], entry.EntryRow]
    items: Mapping[str, entry.EntryRow]
    places: Mapping[int, Place]
    companies: Mapping[str, int]


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Which collection; one that the actor may not see is not found."""
    wanted = query.get("call", "")
    call = calls.one_call(session, record_id(wanted) or 0, actor)
    reports.own_hospital(actor)
    return {"call": call.id}


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Every row that may be filled in, with the last two years and what is in the draft."""
    call = calls.one_call(session, context["call"], actor)
    for row in entry.entry(session, call=call, hospital_id=reports.own_hospital(actor)):
        yield {
            "item": row.item, "variety": row.lot.variety.name, "specification": row.row.specification.asked_text,
            "unit": row.row.specification.asked_unit, "company_code": row.company.code if row.company else None,
            "company": row.company.name if row.company else None, "year_before": row.year_before,
            "last_year": row.last_year, "quantity": row.quantity, "reason": row.reason,
        }  # fmt: skip


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Compare with the draft; an empty quantity takes a line away."""
    known = _known(session, context, actor)
    out = Plan()
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row["item"], row["company_code"] or "")
        line, issues = _line(row, known, key)
        if key in first:
            issues.append(row.issue("row-repeated", "item", first=first[key]))
        first.setdefault(key, row.number)
        out.issues += issues
        if not issues:
            _compare(out, row, known, key, line)
    return out


def _known(session: Session, context: Context, actor: Actor) -> Known:
    call, hospital = calls.one_call(session, context["call"], actor), reports.own_hospital(actor)
    found = entry.entry(session, call=call, hospital_id=hospital)
    places = lots.places(session, call=call, hospital_id=hospital)
    made = [company for companies in lots.makers(session, call.id).values() for company in companies]
    reported = [row.company for row in found if row.company]
    return Known(
        {(row.item, row.company.code if row.company else ""): row for row in found},
        {row.item: row for row in found}, {place.specification_id: place for place in places},
        {company.code: company.id for company in [*made, *reported]},
    )  # fmt: skip


def _line(row: Row, known: Known, key: tuple[str, str]) -> tuple[Asked | None, list[Issue]]:
    """Read one row against the collection: the line it asks for (None: nothing), or everything wrong with it."""
    item = known.items.get(key[0])
    if item is None:
        return None, [row.issue("demand-unknown-item", "item")]
    issues = _moved(row, item)
    company_id = known.companies.get(key[1]) if key[1] else None
    if key[1] and company_id is None:
        return None, [*issues, row.issue("demand-unknown-company", "company_code")]
    if row["quantity"] is None:
        return None, issues
    reason = LineReason(row["reason"]) if row["reason"] else None
    line = Asked(item.row.specification_id, company_id, row["quantity"], reason)
    code, facts = fault(line, known.places.get(line.specification_id))
    if code:
        column = "company_code" if code in ("demand-company-without-product", "demand-brand-needed") else "quantity"
        issues.append(row.issue(code, column, **facts))
    return line, issues


def _moved(row: Row, item: entry.EntryRow) -> list[Issue]:
    """A row whose grey cells say something else was shifted or edited: its quantity can't be trusted."""
    expected = {"variety": item.lot.variety.name, "specification": item.row.specification.asked_text}
    return [
        row.issue("demand-item-changed", name, expected=text)
        for name, text in expected.items()
        if row[name] is not None and row[name] != text
    ]


def _compare(out: Plan, row: Row, known: Known, key: tuple[str, str], line: Asked | None) -> None:
    item = known.items[key[0]]
    old = known.rows.get(key)
    before = (old.quantity, old.reason) if old else (None, None)
    after = (line.quantity, line.reason) if line else (None, None)
    if before == after:
        out.unchanged += 1
        return
    specification_id, company_id = item.row.specification_id, known.companies.get(key[1]) if key[1] else None
    planned = Planned(
        row.number, f"{item.lot.variety.name} {item.row.specification.text}",
        {**row.values, "specification_id": specification_id, "company_id": company_id},
        {} if before[0] is None else {"quantity": before[0], "reason": before[1]},
        _slipped(row, known.places[specification_id], line),
    )  # fmt: skip
    (out.creates if before[0] is None else out.changes).append(planned)


def _slipped(row: Row, place: Place, line: Asked | None) -> Issue | None:
    issue = doubt(place, line.quantity) if line else None
    return row.issue(issue.code, "quantity", **issue.facts) if issue else None


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Save the draft; submitting it stays an act of its own."""
    lines, cleared = [], []
    for item in [*plan.creates, *plan.changes]:
        values = item.values
        if values.get("quantity") is None:
            cleared.append((values["specification_id"], values["company_id"] or 0))
        else:
            reason = LineReason(values["reason"]) if values.get("reason") else None
            quantity: Decimal = values["quantity"]
            lines.append(Asked(values["specification_id"], values["company_id"], quantity, reason))
    facts = {"import": source.import_id, "digest": source.digest, "sheet": source.sheet}
    reports.save_report(
        session, call_id=context["call"], lines=lines, cleared=cleared, source=facts, actor=actor, at=at
    )  # fmt: skip


_GREY: Sequence[Column] = (
    Column("item", "序号", "Item", ColumnKind.CODE, required=True, locked=True, width=8, example="3-2",
           help_zh="品种序号-规格序号，请勿修改", help_en="Lot and specification, not to be changed"),
    Column("variety", "品种", "Variety", locked=True, width=28, example="氨氯地平口服常释剂型"),
    Column("specification", "规格", "Specification", locked=True, width=16, example="5mg"),
    Column("unit", "单位", "Unit", locked=True, width=8, example="片"),
    Column("company_code", "企业信用代码", "Company code", ColumnKind.CODE, locked=True, width=22, length=(18,),
           help_zh="按厂牌报量时为该企业的统一社会信用代码；留空为按通用名报量",
           help_en="Of the company whose product is meant; empty: any company's, by generic name"),
    Column("company", "企业", "Company", locked=True, width=28),
    Column("year_before", "前年用量", "Used the year before", ColumnKind.QUANTITY, locked=True),
    Column("last_year", "上年用量", "Used last year", ColumnKind.QUANTITY, locked=True),
)  # fmt: skip

KIND = Kind(
    name="demand",
    version=1,
    title_zh="需求量填报",
    title_en="Demand report",
    permission=P.DEMAND_REPORT,
    columns=(
        *_GREY,
        Column("quantity", "需求量", "Demand", ColumnKind.QUANTITY, present=True, minimum=None, width=14,
               example="12000",
               help_zh="全年需求，按最小计量单位（片、支等）填写；空白为不填报，0 为不需要",
               help_en="A year's need in smallest units; empty reports nothing, 0 says that none is needed"),
        Column("reason", "偏低原因", "Reason if low", ColumnKind.CHOICE, width=24,
               choices=tuple(Choice(reason.value, *REASONS[reason]) for reason in LineReason),
               help_zh="低于近两年均值 80% 时，在该品种任一行选择原因",
               help_en="Below 80 % of the mean of two years, choose one in any row of the variety"),
    ),
    plan=plan,
    apply=apply,
    context=context,
    prefill=prefill,
    template_required=True,
    notes_zh=("导入只保存草稿，仍须在填报页面核对并提交。",),
    notes_en=("Importing saves the draft; it still has to be checked and submitted on the page.",),
    back=("procurement.demand_report", {"call_id": "call"}),
)  # fmt: skip
