"""The board of supply for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.supply.warnings import queries
from procurement.supply.warnings.queries import Line

HEADERS = (
    "项目", "预警级别", "报告机构数", "涉及机构数", "报告占比", "库存可用天数中位数", "未结短缺数", "逾期未应答",
    "待应答", "最早供应日期",
)  # fmt: skip


def varieties(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the board by variety."""
    found = queries.board(session, actor, at, asked.get("region", "")[:12]).varieties
    return Sheet("短缺预警（品种）", HEADERS, [_row(one) for one in found], total=len(found))


def by_region(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return the board by region."""
    found = queries.board(session, actor, at, asked.get("region", "")[:12]).regions
    return Sheet("短缺预警（地区）", HEADERS, [_row(one) for one in found], total=len(found))


def _row(one: Line) -> tuple[Value, ...]:
    return (
        one.name, label(one.level) if one.level else "参数未设定", one.reporting, one.concerned, one.share, one.days,
        one.count, one.silent, one.waiting, one.supplies_on,
    )  # fmt: skip


export("procurement.supply-varieties", _l("Warnings by variety"), P.SUPPLY_WATCH, varieties)
export("procurement.supply-regions", _l("Warnings by region"), P.SUPPLY_WATCH, by_region)
