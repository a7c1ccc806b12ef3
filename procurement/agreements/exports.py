"""Rows of agreements for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from procurement.agreements import queries
from procurement.agreements.ledger import queries as ledger
from procurement.agreements.ledger.flow import stages
from procurement.agreements.ledger.models import VolumeEntry
from procurement.agreements.models import Agreement
from procurement.rounds.exports import Joints, members

HEADERS = (
    "品种序号", "品种", "规格", "医疗机构", "医疗机构统一社会信用代码", "地区代码", "中选企业", "企业统一社会信用代码",
    "联合体成员", "中选价", "约定采购量", "已采购量", "协议年度", "协议开始", "协议结束",
)  # fmt: skip


def agreements(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return what the list page shows; prices are yuan per unit of the specification, volumes such units."""
    return rows_of(
        session,
        "协议",
        HEADERS,
        queries.listing(actor, **queries.asked(asked)),
        partial(_row, queries.joints(session, actor)),
    )


def _row(joints: Joints, each: Agreement) -> tuple[Value, ...]:
    hospital, company, specification = each.hospital, each.company, each.specification
    return (
        each.award.lot.number, specification.variety.name, specification.text, hospital.name, hospital.code,
        hospital.region_code, company.name, company.code,
        members(joints, each.award.lot_id, each.company_id), each.price, each.agreed, each.used, each.year, each.starts,
        each.ends - timedelta(days=1),
    )  # fmt: skip


ENTRIES = ("日期", "事项", "账户", "转出", "转入", "数量", "金额")


def entries(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return every entry of an agreement in the volume ledger, the newest first; units and yuan."""
    one = queries.one(session, record_id(asked.get("agreement", "")) or 0, actor)
    return rows_of(session, "量台账", ENTRIES, ledger.entries(one), _entry)


def _entry(each: VolumeEntry) -> tuple[Value, ...]:
    left, entered = stages(each.account.book, each.move)
    return (
        each.day, label(each.move), label(each.account.book), label(left), label(entered), each.quantity, each.amount,
    )  # fmt: skip


export("procurement.agreement-ledger", _l("Entries of an agreement"), P.LEDGER_READ, entries)
export("procurement.agreements", _l("Agreements"), P.AGREEMENT_READ, agreements)
