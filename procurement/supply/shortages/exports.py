"""Shortages for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.supply.shortages import queries
from procurement.supply.shortages.models import Shortage

HEADERS = (
    "编号", "地区代码", "地区", "医疗机构", "产品", "规格", "批准文号", "生产企业", "需求数量", "库存", "日均用量",
    "可用天数", "状态", "报告时间", "应答期限", "应答", "原因", "可供数量", "供应日期", "应答时间", "办结方式",
    "办结时间", "说明",
)  # fmt: skip


def shortages(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the shortages that the list shows."""
    query = queries.listing(actor, **queries.asked(asked, at))
    return rows_of(session, "短缺报告", HEADERS, query, lambda each: _row(each, at))


def _row(each: Shortage, at: datetime) -> tuple[Value, ...]:
    return (
        each.number, each.region_code, each.region.name, each.hospital.name, each.product.registered_name,
        each.product.specification.text, each.product.approval_number, each.company.name, each.needed, each.stock,
        each.daily, each.days, label(each.state_at(at)), each.reported_at, each.due_at,
        label(each.reply) if each.reply else None, label(each.cause) if each.cause else None, each.supplies,
        each.supplies_on, each.answered_at, label(each.ending) if each.ending else None, each.closed_at, each.note,
    )  # fmt: skip


export("procurement.shortages", _l("Shortages"), P.SHORTAGE_READ, shortages)
