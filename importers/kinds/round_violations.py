"""The violation list of rounds; what is new waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Issue
from kernel.parties import queries as parties
from kernel.parties import regions
from pricing.credit.ratings.queries.ratings import governs
from pricing.credit.violations import queries
from pricing.credit.violations.flow import ViolationState
from pricing.credit.violations.models import RoundViolation
from pricing.credit.violations.services import NewViolation, propose

NOBODY = 0
"""The company of a row whose code is not known here: the row's other mistakes are told with that one."""
FIELDS = tuple(NewViolation.__dataclass_fields__)
COMPARED = ("region_code", "cancels", "suspended_from", "suspended_until", "conduct", "origin")


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find each row's company; an entry that stands already stays as it is."""
    out = Plan()
    ids = parties.suppliers_by_code(session, {row["code"] for row in rows if row["code"]})
    places = set(regions.by_code(session))
    read = [(row, _new(row, ids)) for row in rows]
    known = queries.known(session, {new.company_id for _row, new in read})
    for row, new in read:
        wrong = _misplaced(row, ids, places)
        wrong += [row.issue(issue.code, field, **issue.facts) for field, issue in new.faults().items()]
        out.issues += wrong
        if not wrong:
            _compare(out, row, new, known.get(new.key), actor)
    return out


def _misplaced(row: Row, ids: Mapping[str, int], places: set[str]) -> list[Issue]:
    wrong = []
    if row["code"] not in ids:
        wrong.append(row.issue("credit-unknown-company", "code", value=row["code"]))
    if row["region"] and row["region"] not in places:
        wrong.append(row.issue("listing-no-region", "region", region=row["region"]))
    return wrong


def _new(row: Row, ids: Mapping[str, int]) -> NewViolation:
    return NewViolation(
        company_id=ids.get(row["code"], NOBODY), round=row["round"], conduct=row["conduct"], origin=row["origin"],
        document=row["document"], cancels=bool(row["cancels"]), region_code=row["region"] or None,
        suspended_from=row["suspended_from"], suspended_until=row["suspended_until"],
    )  # fmt: skip


def _compare(out: Plan, row: Row, new: NewViolation, known: RoundViolation | None, actor: Actor) -> None:
    stands = known is not None and known.state is not ViolationState.DROPPED
    if not stands and not governs(actor, new.region_code):
        out.issues.append(row.issue("listing-other-region", "region", region=new.region_code or "全国"))
    elif known is None or not stands:
        out.creates.append(row.planned(title=f"{row['name'] or row['code']} {new.round}", **asdict(new)))
    elif all(getattr(known, name) == getattr(new, name) for name in COMPARED):
        out.unchanged += 1
    else:
        out.issues.append(row.issue("violation-differs", "document", before=str(known.suspended_until or known.round)))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Propose all of them."""
    rows = [NewViolation(**{name: item.values[name] for name in FIELDS}) for item in plan.creates]
    propose(session, rows=rows, actor=actor, at=at)


KIND = Kind(
    name="round-violations",
    version=1,
    title_zh="集采违规名单",
    title_en="Violation list of rounds",
    permission=P.CREDIT_RATE,
    columns=(
        Column("code", "统一社会信用代码", "Credit code", ColumnKind.CODE, required=True, width=24,
               example="91320000MA1ABCDE0X"),
        Column("name", "企业", "Company", max_length=200, width=32, help_zh="仅供核对", help_en="For checking by eye"),
        Column("round", "采购批次", "Round", required=True, max_length=120, width=30,
               example="第十批国家组织药品集中采购",
               help_zh="与文书一致，可为其他平台的批次", help_en="As the document calls it; also one not run here"),
        Column("region", "地区代码", "Region code", ColumnKind.CODE, help_zh="留空为全国", help_en="Empty: everywhere"),
        Column("conduct", "违规情形", "What it did", required=True, max_length=400, width=40, example="串通投标"),
        Column("cancels", "取消中选资格", "Winning status cancelled", ColumnKind.FLAG),
        Column("suspended_from", "暂停起始日期", "May not bid from", ColumnKind.DATE, example="2026-12-01"),
        Column("suspended_until", "暂停终止日期", "until", ColumnKind.DATE, example="2028-06-01",
               help_zh="可以重新申报的第一天", help_en="The first day on which it may bid again"),
        Column("origin", "作出单位", "Decided by", required=True, max_length=120, width=30, example="联合采购办公室"),
        Column("document", "文书编号", "Document", required=True, max_length=120, width=28, example="联采〔2026〕12号"),
    ),
    key=("code", "round", "document"),
    plan=plan,
    apply=apply,
    back=("pricing.violations", {}),
)  # fmt: skip
