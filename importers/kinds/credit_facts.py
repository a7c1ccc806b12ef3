"""Credit facts: judgments, penalties, audit findings, breaches and collusion, a document a row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Choice, Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.errors import Issue
from kernel.money import places
from kernel.parties import queries as parties
from kernel.parties import regions
from kernel.parties.credit import BadCreditCode, credit_code
from pricing.credit import flow, queries
from pricing.credit.flow import Matter
from pricing.credit.models import CreditFact
from pricing.credit.national.flow import MATTERS
from pricing.credit.rules import as_written
from pricing.credit.services import NewFact, report_facts

SOURCES = {
    flow.Source.JUDGMENT: "判决", flow.Source.PENALTY: "行政处罚", flow.Source.AUDIT: "审计发现",
    flow.Source.BREACH: "违约移交", flow.Source.COLLUSION: "串通认定",
}  # fmt: skip
FIELDS = ("company_id", "matter", "subject_kind", "subject_id", "region_code", "happened_on", "note", "amount",
          "case_number", "source", "origin", "document", "effective_on", "single", "staff", "national_round",
          "shortage", "via_id")  # fmt: skip
COMPARED = {
    "amount": "amount", "single": "single", "happened_on": "happened", "effective_on": "effective",
    "region_code": "region", "source": "source", "staff": "staff", "national_round": "national", "shortage": "shortage",
}  # fmt: skip
"""What a document may not say otherwise a second time, by the column that says it."""
Known = Mapping[str, int]


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find each row's company; a document that is reported already stays as it is."""
    out = Plan()
    codes = {row[name] for row in rows for name in ("code", "holder") if row[name]}
    ids, places_ = parties.suppliers_by_code(session, codes), set(regions.by_code(session))
    read = [(row, _fact(row, ids)) for row in rows if _sound(out, row, ids, places_, at)]
    known: dict[Any, CreditFact | NewFact] = {**queries.facts_of(session, [fact.key for _row, fact in read])}
    for row, fact in read:
        _compare(out, row, fact, known.get(fact.key))
        known.setdefault(fact.key, fact)  # the same document, typed another way further down
    return out


def _sound(out: Plan, row: Row, ids: Known, places_: set[str], at: datetime) -> bool:
    """Say whether a row can be read; all of its mistakes become issues."""
    wrong: list[Issue] = []
    for name in ("code", "holder"):
        if row[name] and row[name] not in ids:
            wrong.append(row.issue(_why(row[name]), name, value=row[name], credit_code=row[name]))
    if row["region"] not in places_:
        wrong.append(row.issue("listing-no-region", "region", region=row["region"]))
    for name in ("happened", "effective"):
        if row[name] is not None and row[name] > today(at):
            wrong.append(row.issue("credit-bad-fact", name, day=row[name]))
    for name in ("amount", "single"):
        if row[name] is not None and places(row[name]) > 2:
            wrong.append(row.issue("amount-not-positive", name, value=str(row[name])))
    if row["single"] is not None and (row["amount"] is None or row["single"] > row["amount"]):
        wrong.append(row.issue("credit-single", "single", value=str(row["single"])))
    out.issues += wrong
    return not wrong


def _why(code: str) -> str:
    try:
        credit_code(code)
    except BadCreditCode as error:
        return error.code
    return "credit-unknown-company"


def _fact(row: Row, ids: Known) -> NewFact:
    company, matter = ids[row["holder"] or row["code"]], Matter(row["matter"])
    via = ids[row["code"]] if row["holder"] and row["holder"] != row["code"] else None
    number, document, origin = (as_written(row[name]) for name in ("case", "document", "origin"))
    return NewFact(
        company_id=company, matter=matter, subject_kind="document", region_code=row["region"],
        subject_id=f"{origin}/{document}/{number}/{company}", happened_on=row["happened"],
        note=row["note"], amount=row["amount"], case_number=number, source=flow.Source(row["source"]),
        origin=origin, document=row["document"], effective_on=row["effective"], single=row["single"],
        staff=bool(row["staff"]), national_round=bool(row["national"]), shortage=bool(row["shortage"]),
        via_id=via,
    )  # fmt: skip


def _compare(out: Plan, row: Row, fact: NewFact, known: CreditFact | NewFact | None) -> None:
    if known is None:
        given: dict[str, Any] = {name: getattr(fact, name) for name in FIELDS}
        out.creates.append(row.planned(title=f"{row['case']} {row['origin']} {row['document']}", **given))
        return
    differ = [name for name in COMPARED if getattr(known, name) != getattr(fact, name)]
    out.issues += [row.issue("credit-fact-differs", COMPARED[name], before=_said(known, name)) for name in differ]
    out.unchanged += not differ


def _said(known: CreditFact | NewFact, name: str) -> str:
    """Return what is known already as the workbook writes it."""
    value = getattr(known, name)
    if name == "source":
        return SOURCES[value]
    if isinstance(value, bool):
        return "是" if value else "否"
    return "—" if value is None else str(value)


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Report all of them at once."""
    rows = [NewFact(**{name: item.values[name] for name in FIELDS}) for item in plan.creates]
    report_facts(session, rows=rows, actor=actor, at=at)


KIND = Kind(
    name="credit-facts",
    version=1,
    title_zh="信用事实",
    title_en="Credit facts",
    permission=P.CREDIT_RATE,
    columns=(
        Column("code", "统一社会信用代码", "Credit code", ColumnKind.CODE, required=True, width=24,
               example="91320000MA1ABCDE0X", help_zh="实施行为的企业", help_en="The company that acted"),
        Column("holder", "上市许可持有人信用代码", "Holder's credit code", ColumnKind.CODE, width=24,
               help_zh="配送或代理企业受其委托的，记在持有人名下", help_en="Where a distributor acted for a holder"),
        Column("matter", "失信事项", "Matter", ColumnKind.CHOICE, required=True, example="给予回扣",
               choices=tuple(Choice(one.value, text, one.value) for one, text in MATTERS.items())),
        Column("source", "依据类型", "Rests on", ColumnKind.CHOICE, required=True, example="判决",
               choices=tuple(Choice(one.value, text, one.value) for one, text in SOURCES.items())),
        Column("case", "案号", "Case number", required=True, max_length=120, width=28, example="（2026）江01刑初12号"),
        Column("origin", "来源单位", "Reported by", required=True, max_length=120, width=24,
               example="江州市中级人民法院"),
        Column("document", "文书编号", "Document", required=True, max_length=120, width=28,
               example="（2026）江01刑初12号判决书"),
        Column("region", "地区代码", "Region code", ColumnKind.CODE, required=True, example="980000"),
        Column("happened", "行为日期", "Happened on", ColumnKind.DATE, required=True, example="2026-03-02"),
        Column("effective", "生效日期", "In effect from", ColumnKind.DATE, required=True, example="2026-09-01",
               help_zh="判决或处罚生效之日，近三年自此起算", help_en="Three years count from here"),
        Column("amount", "本文书认定金额", "Amount", ColumnKind.DECIMAL, example="600000.00",
               help_zh="元，2 位小数", help_en="Yuan, 2 decimals"),
        Column("single", "单笔最大金额", "Largest single amount", ColumnKind.DECIMAL, example="120000.00"),
        Column("staff", "涉及医保或采购工作人员", "Staff were bribed", ColumnKind.FLAG),
        Column("national", "国家集采", "National round", ColumnKind.FLAG),
        Column("shortage", "短缺药品涨价未纠正", "Shortage drug's price stayed raised", ColumnKind.FLAG,
               help_zh="经函询、约谈后仍未纠正", help_en="After inquiry or interview"),
        Column("note", "说明", "Description", required=True, max_length=400, width=40, example="在药品购销中给予回扣"),
    ),
    key=("code", "holder", "matter", "case", "origin", "document"),
    plan=plan,
    apply=apply,
    back=("pricing.credit_facts", {}),
)  # fmt: skip
